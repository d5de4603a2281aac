#include "app/markdown/block_builder.h"

#include <algorithm>

#include <QHash>
#include <QTextDocument>

#include <md4c.h>

#include "app/markdown/markdown_tree.h"

namespace ponder::app {

namespace {

constexpr int kMaxNesting = 8; // deeper lists and quotations are drawn at this depth
constexpr qsizetype kMaxParagraph =
    4000; // characters; a longer one becomes several rows, each quick to lay out
constexpr qsizetype kSentenceSearch = 600;

QString entity(std::string_view name) {
    thread_local QHash<QByteArray, QString> known;
    const QByteArray key(name.data(), static_cast<qsizetype>(name.size()));
    const auto found = known.constFind(key);
    if (found != known.constEnd()) return *found;
    QTextDocument document; // Qt's own table of names
    document.setHtml(QString::fromUtf8(key));
    return *known.insert(key, document.toPlainText());
}

class Builder {
public:
    Builder(std::string_view text, const std::vector<Placeholder>& formulas)
        : m_source(text), m_formulas(formulas) {}

    BuiltBlocks built;

    void enter(MD_BLOCKTYPE type, void* detail) {
        ++m_depth;
        switch (type) {
        case MD_BLOCK_QUOTE:
            closeLeaf();
            ++m_quote;
            break;
        case MD_BLOCK_UL:
            closeLeaf();
            m_lists.push_back(-1);
            break;
        case MD_BLOCK_OL:
            closeLeaf();
            m_lists.push_back(static_cast<int>(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start));
            break;
        case MD_BLOCK_LI:
            beginItem(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
            break;
        case MD_BLOCK_HR:
            open(BlockKind::Rule);
            closeLeaf();
            break;
        case MD_BLOCK_H:
            open(BlockKind::Heading).level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
            m_top = m_depth == 2; // the document itself is a block
            break;
        case MD_BLOCK_CODE: {
            const auto& lang = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang;
            open(BlockKind::Code).language = QString::fromUtf8(lang.text, static_cast<qsizetype>(lang.size));
            break;
        }
        case MD_BLOCK_P:
            open(BlockKind::Paragraph);
            m_top = m_depth == 2;
            break;
        case MD_BLOCK_TABLE:
            open(BlockKind::Table).columns =
                static_cast<int>(static_cast<MD_BLOCK_TABLE_DETAIL*>(detail)->col_count);
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            beginCell(type == MD_BLOCK_TH, static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align);
            break;
        default:
            break;
        }
    }

    void leave(MD_BLOCKTYPE type) {
        --m_depth;
        switch (type) {
        case MD_BLOCK_QUOTE:
            closeLeaf();
            --m_quote;
            break;
        case MD_BLOCK_UL:
        case MD_BLOCK_OL:
            closeLeaf();
            m_lists.pop_back();
            break;
        case MD_BLOCK_LI:
            if (!m_marker.isEmpty()) open(BlockKind::Paragraph); // an item without anything in it
            closeLeaf();
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            built.blocks.back().cells.list.append(takeProse());
            break;
        case MD_BLOCK_H:
        case MD_BLOCK_CODE:
        case MD_BLOCK_P:
        case MD_BLOCK_TABLE:
            closeLeaf();
            break;
        default:
            break;
        }
    }

    void enter(MD_SPANTYPE type, void* detail) {
        ensureOpen();
        OpenSpan span;
        span.start = size();
        switch (type) {
        case MD_SPAN_EM:
            span.kind = SpanKind::Italic;
            break;
        case MD_SPAN_STRONG:
            span.kind = SpanKind::Bold;
            break;
        case MD_SPAN_DEL:
            span.kind = SpanKind::Struck;
            break;
        case MD_SPAN_CODE:
            span.kind = SpanKind::Code;
            break;
        case MD_SPAN_A: {
            const auto& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
            span.kind = SpanKind::Link;
            span.target = QString::fromUtf8(href.text, static_cast<qsizetype>(href.size));
            span.shown = span.target.startsWith(QLatin1String("https://"), Qt::CaseInsensitive) ||
                         span.target.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) ||
                         span.target.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive);
            break;
        }
        default:
            span.shown = false; // an image is the text inside of it
        }
        m_open.append(span);
    }

    void leave(MD_SPANTYPE) {
        closeSpan(m_open.back());
        m_open.pop_back();
    }

    void text(MD_TEXTTYPE type, std::string_view part) {
        const bool inside = part.data() >= m_source.data() && part.data() < m_source.data() + m_source.size();
        const size_t begin = inside ? static_cast<size_t>(part.data() - m_source.data()) : SIZE_MAX;
        if (m_isOpen && built.blocks.back().kind == BlockKind::Code) {
            noteBegin(begin);
            return appendSource(part, begin);
        }
        if (!m_isOpen && (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)) return; // behind a display formula
        if (!m_isOpen && type == MD_TEXT_NORMAL && part.find_first_not_of(" \t") == std::string_view::npos)
            return;
        if (!startsWithDisplay(type, begin)) ensureOpen();
        noteBegin(begin);
        switch (type) {
        case MD_TEXT_NULLCHAR:
            m_text += QChar(QChar::ReplacementCharacter);
            break;
        case MD_TEXT_BR:
            m_text += QChar(QChar::LineSeparator);
            break;
        case MD_TEXT_SOFTBR:
            m_text += QLatin1Char(' ');
            break;
        case MD_TEXT_ENTITY:
            appendClean(entity(part));
            break;
        case MD_TEXT_CODE:
            appendSource(part, begin);
            break;
        default:
            appendText(part, begin);
        }
    }

private:
    struct OpenSpan {
        SpanKind kind = SpanKind::Bold;
        int start = 0;
        QString target;
        bool shown = true;
    };

    int size() const { return static_cast<int>(m_text.size()); }

    void ensureOpen() {
        if (m_isOpen) return;
        open(BlockKind::Paragraph); // the items of a tight list have no paragraph
        for (OpenSpan& span : m_open) span.start = 0;
    }

    void noteBegin(size_t begin) {
        if (begin == SIZE_MAX) return;
        if (m_isOpen && built.blocks.back().begin < 0)
            built.blocks.back().begin = static_cast<qsizetype>(begin);
        if (!m_top) return;
        m_top = false;
        const size_t before = begin == 0 ? std::string_view::npos : m_source.rfind('\n', begin - 1);
        built.tops.push_back(before == std::string_view::npos ? 0 : before + 1);
        built.topBlocks.push_back(built.blocks.size() - (m_isOpen ? 1 : 0));
    }

    void beginItem(const MD_BLOCK_LI_DETAIL& item) {
        closeLeaf();
        int& number = m_lists.back();
        m_marker = number < 0 ? QStringLiteral("•") : QString::number(number) + QLatin1Char('.');
        if (number >= 0 && number < INT_MAX) ++number;
        m_task = !item.is_task ? 0 : item.task_mark == ' ' ? 1 : 2;
    }

    void beginCell(bool heading, MD_ALIGN align) {
        takeProse();
        if (heading)
            built.blocks.back().alignments.append(align == MD_ALIGN_RIGHT    ? Qt::AlignRight
                                                  : align == MD_ALIGN_CENTER ? Qt::AlignHCenter
                                                                             : Qt::AlignLeft);
    }

    Block& open(BlockKind kind) {
        closeLeaf();
        Block& block = built.blocks.emplace_back();
        block.kind = kind;
        block.begin = -1;
        block.indent = std::min(static_cast<int>(m_lists.size()), kMaxNesting);
        block.quote = std::min(m_quote, kMaxNesting);
        block.marker = std::exchange(m_marker, {});
        block.task = std::exchange(m_task, 0);
        m_isOpen = true;
        return block;
    }

    void closeSpan(const OpenSpan& span) {
        if (span.shown && size() > span.start)
            m_spans.append({span.kind, span.start, size() - span.start, span.target, {}});
    }

    Prose takeProse() {
        std::stable_sort(m_spans.begin(), m_spans.end(),
                         [](const Span& a, const Span& b) { return a.start < b.start; });
        return {std::exchange(m_text, {}), std::exchange(m_spans, {})};
    }

    void closeLeaf() {
        if (!m_isOpen) return;
        m_isOpen = false;
        Block& block = built.blocks.back();
        if (block.kind == BlockKind::Code && m_text.endsWith(QLatin1Char('\n'))) m_text.chop(1);
        if (block.kind == BlockKind::Table || block.kind == BlockKind::Formula) return;
        const Prose prose = takeProse();
        block.text = prose.text;
        block.spans = prose.spans;
        if (block.kind == BlockKind::Paragraph) splitLong();
    }

    void splitLong() {
        while (built.blocks.back().text.size() > kMaxParagraph) {
            Block rest = built.blocks.back();
            Block& block = built.blocks.back();
            const int at = static_cast<int>(splitPoint(block.text));
            rest.text.remove(0, at);
            block.text.truncate(at);
            rest.continued = true;
            rest.marker.clear();
            rest.task = 0;
            rest.spans.clear();
            QList<Span> kept;
            for (const Span& span : block.spans) {
                const int end = span.start + span.length;
                if (span.start < at) {
                    kept.append(span);
                    kept.back().length = std::min(end, at) - span.start;
                }
                if (end > at) {
                    rest.spans.append(span);
                    rest.spans.back().start = std::max(0, span.start - at);
                    rest.spans.back().length = end - std::max(span.start, at);
                }
            }
            block.spans = kept;
            built.blocks.push_back(std::move(rest));
        }
    }

    // Behind the last sentence that fits, else behind a word, else between two characters.
    static qsizetype splitPoint(const QString& text) {
        qsizetype word = 0;
        for (qsizetype i = kMaxParagraph; i > kMaxParagraph - kSentenceSearch; --i) {
            if (text[i - 1] == QChar(0x3002)) return i; // the full stop of Chinese
            if (!text[i - 1].isSpace()) continue;
            if (word == 0) word = i;
            if (text[i - 2] == QLatin1Char('.')) return i;
        }
        if (word > 0) return word;
        return text[kMaxParagraph].isLowSurrogate() ? kMaxParagraph - 1 : kMaxParagraph;
    }

    std::vector<Placeholder>::const_iterator formulaFrom(size_t begin) const {
        return std::lower_bound(m_formulas.begin(), m_formulas.end(), begin,
                                [](const Placeholder& formula, size_t at) { return formula.at < at; });
    }

    bool startsWithDisplay(MD_TEXTTYPE type, size_t begin) const {
        if (type != MD_TEXT_NORMAL || begin == SIZE_MAX) return false;
        const auto formula = formulaFrom(begin);
        return formula != m_formulas.end() && formula->at == begin && formula->display;
    }

    // Text of a paragraph: its placeholders become formulas.
    void appendText(std::string_view part, size_t begin) {
        size_t done = 0;
        if (begin != SIZE_MAX)
            for (auto formula = formulaFrom(begin);
                 formula != m_formulas.end() && formula->at < begin + part.size(); ++formula) {
                appendPlain(part.substr(done, formula->at - begin - done));
                appendFormula(*formula);
                done = formula->at - begin + formula->size;
            }
        appendPlain(part.substr(std::min(done, part.size())));
    }

    void appendPlain(std::string_view part) {
        if (!m_isOpen) { // behind a display formula
            part.remove_prefix(std::min(part.size(), part.find_first_not_of(" \t")));
            if (part.empty()) return;
            ensureOpen();
        }
        if (!part.empty()) appendClean(QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size())));
    }

    // Code: what was taken for a formula stands as it was written.
    void appendSource(std::string_view part, size_t begin) {
        size_t done = 0;
        if (begin != SIZE_MAX)
            for (auto formula = formulaFrom(begin);
                 formula != m_formulas.end() && formula->at < begin + part.size(); ++formula) {
                appendRaw(part.substr(done, formula->at - begin - done));
                m_text += formula->source;
                done = formula->at - begin + formula->size;
            }
        appendRaw(part.substr(std::min(done, part.size())));
    }

    void appendRaw(std::string_view part) {
        appendClean(QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size())));
    }

    // Control characters have no picture; some would end a line or turn a document around.
    void appendClean(QString text) {
        for (QChar& c : text) {
            const char16_t unit = c.unicode();
            const bool control = (unit < 0x20 && unit != '\n' && unit != '\t') ||
                                 (unit >= 0x7F && unit < 0xA0) || unit == QChar::ObjectReplacementCharacter ||
                                 unit == QChar::ParagraphSeparator;
            if (control) c = QChar::ReplacementCharacter;
        }
        m_text += text;
    }

    void appendFormula(const Placeholder& formula) {
        if (m_isOpen && (!formula.display || built.blocks.back().kind != BlockKind::Paragraph)) {
            m_spans.append({SpanKind::Formula, size(), 1, formula.tex, formula.source});
            m_text += QChar(QChar::ObjectReplacementCharacter);
            return;
        }
        if (!m_isOpen && !formula.display) {
            ensureOpen();
            return appendFormula(formula);
        }
        // A display formula is a row of its own, and the words around it are paragraphs.
        for (const OpenSpan& span : m_open) closeSpan(span);
        while (m_isOpen && !m_text.isEmpty() && m_text.back().isSpace()) m_text.chop(1);
        for (Span& span : m_spans) span.length = std::min(span.length, size() - span.start);
        m_spans.removeIf([](const Span& span) { return span.length <= 0; });
        if (m_isOpen && m_text.isEmpty()) {
            m_spans.clear();
            built.blocks.back().kind = BlockKind::Formula;
        } else {
            open(BlockKind::Formula);
        }
        Block& block = built.blocks.back();
        if (block.begin < 0) block.begin = static_cast<qsizetype>(formula.at);
        block.text = formula.tex;
        block.source = formula.source;
        closeLeaf();
    }

    std::string_view m_source;
    const std::vector<Placeholder>& m_formulas;
    QString m_text;
    QList<Span> m_spans;
    QList<OpenSpan> m_open;
    QString m_marker;
    std::vector<int> m_lists; // the next number of each list around, -1: bullets
    int m_quote = 0, m_task = 0, m_depth = 0;
    bool m_isOpen = false, m_top = false;
};

} // namespace

BuiltBlocks buildBlocks(std::string_view text, const std::vector<Placeholder>& formulas) {
    Builder builder(text, formulas);
    MD_PARSER parser{};
    parser.flags = markdownFlags();
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
        return static_cast<Builder*>(self)->enter(type, detail), 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
        return static_cast<Builder*>(self)->leave(type), 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
        return static_cast<Builder*>(self)->enter(type, detail), 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
        return static_cast<Builder*>(self)->leave(type), 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* part, MD_SIZE size, void* self) {
        return static_cast<Builder*>(self)->text(type, {part, size}), 0;
    };
    builder.built.failed = md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &builder) != 0;
    return std::move(builder.built);
}

} // namespace ponder::app
