#include "app/markdown/markdown.h"

#include <algorithm>
#include <string_view>

#include <md4c.h>

namespace ponder::app {

namespace {

constexpr int kMaxNesting = 32; // deeper lists and quotations are drawn at this depth

class Builder {
public:
    std::vector<Block> blocks;

    void enter(MD_BLOCKTYPE type, void* detail) {
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
            break;
        case MD_BLOCK_CODE: {
            const auto& lang = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang;
            open(BlockKind::Code).language = QString::fromUtf8(lang.text, static_cast<qsizetype>(lang.size));
            break;
        }
        case MD_BLOCK_P:
            open(BlockKind::Paragraph);
            break;
        case MD_BLOCK_TABLE:
            open(BlockKind::Table).columns =
                static_cast<int>(static_cast<MD_BLOCK_TABLE_DETAIL*>(detail)->col_count);
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD: {
            m_text.clear();
            const MD_ALIGN align = static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align;
            if (type == MD_BLOCK_TH)
                blocks.back().alignments.append(align == MD_ALIGN_RIGHT    ? Qt::AlignRight
                                                : align == MD_ALIGN_CENTER ? Qt::AlignHCenter
                                                                           : Qt::AlignLeft);
            break;
        }
        default:
            break;
        }
    }

    void leave(MD_BLOCKTYPE type) {
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
            blocks.back().cells.append(QString::fromUtf8(m_text));
            m_text.clear();
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
        if (!m_open) open(BlockKind::Paragraph); // the items of a tight list have no paragraph
        switch (type) {
        case MD_SPAN_EM:
            m_text += "<i>";
            break;
        case MD_SPAN_STRONG:
            m_text += "<b>";
            break;
        case MD_SPAN_DEL:
            m_text += "<s>";
            break;
        case MD_SPAN_CODE:
            m_text += "<code>";
            break;
        case MD_SPAN_A: {
            const auto& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
            const QByteArray address(href.text, static_cast<qsizetype>(href.size));
            const QByteArray lower = address.toLower();
            m_links.push_back(lower.startsWith("https://") || lower.startsWith("http://") ||
                              lower.startsWith("mailto:"));
            if (m_links.back()) {
                m_text += "<a href=\"";
                escape({address.constData(), static_cast<size_t>(address.size())});
                m_text += "\">";
            }
            break;
        }
        default:
            break; // an image is the text inside of it
        }
    }

    void leave(MD_SPANTYPE type) {
        switch (type) {
        case MD_SPAN_EM:
            m_text += "</i>";
            break;
        case MD_SPAN_STRONG:
            m_text += "</b>";
            break;
        case MD_SPAN_DEL:
            m_text += "</s>";
            break;
        case MD_SPAN_CODE:
            m_text += "</code>";
            break;
        case MD_SPAN_A:
            if (m_links.back()) m_text += "</a>";
            m_links.pop_back();
            break;
        default:
            break;
        }
    }

    void text(MD_TEXTTYPE type, std::string_view part) {
        if (!m_open) open(BlockKind::Paragraph);
        if (blocks.back().kind == BlockKind::Code) {
            m_text.append(part.data(), static_cast<qsizetype>(part.size()));
            return;
        }
        switch (type) {
        case MD_TEXT_NULLCHAR:
            m_text += "\xEF\xBF\xBD";
            break;
        case MD_TEXT_BR:
            m_text += "<br>";
            break;
        case MD_TEXT_SOFTBR:
            m_text += ' ';
            break;
        case MD_TEXT_ENTITY:
            m_text.append(part.data(), static_cast<qsizetype>(part.size()));
            break;
        default:
            escape(part);
        }
    }

private:
    void beginItem(const MD_BLOCK_LI_DETAIL& item) {
        closeLeaf();
        int& number = m_lists.back();
        m_marker = number < 0 ? QStringLiteral("•") : QString::number(number) + QLatin1Char('.');
        if (number >= 0) ++number;
        m_task = !item.is_task ? 0 : item.task_mark == ' ' ? 1 : 2;
    }

    Block& open(BlockKind kind) {
        closeLeaf();
        Block& block = blocks.emplace_back();
        block.kind = kind;
        block.indent = std::min(static_cast<int>(m_lists.size()), kMaxNesting);
        block.quote = std::min(m_quote, kMaxNesting);
        block.marker = std::exchange(m_marker, {});
        block.task = std::exchange(m_task, 0);
        m_open = true;
        return block;
    }

    void closeLeaf() {
        if (!m_open) return;
        m_open = false;
        Block& block = blocks.back();
        if (block.kind == BlockKind::Code && m_text.endsWith('\n')) m_text.chop(1);
        block.text = QString::fromUtf8(m_text);
        m_text.clear();
    }

    void escape(std::string_view part) {
        for (const char c : part) {
            switch (c) {
            case '<':
                m_text += "&lt;";
                break;
            case '>':
                m_text += "&gt;";
                break;
            case '&':
                m_text += "&amp;";
                break;
            case '"':
                m_text += "&quot;";
                break;
            default:
                m_text += c;
            }
        }
    }

    QByteArray m_text;
    QString m_marker;
    std::vector<int> m_lists;  // the next number of each list around, -1: bullets
    std::vector<bool> m_links; // whether each link around was let through
    int m_quote = 0, m_task = 0;
    bool m_open = false;
};

} // namespace

std::vector<Block> parseMarkdown(const QString& text) {
    const QByteArray utf8 = text.toUtf8();
    Builder builder;
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS |
                   MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_NOHTML;
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
    if (md_parse(utf8.constData(), static_cast<MD_SIZE>(utf8.size()), &parser, &builder) != 0) {
        // Out of memory inside the parser: the text as it is.
        Block plain;
        plain.text = text.toHtmlEscaped();
        return {plain};
    }
    return std::move(builder.blocks);
}

MarkdownStream::Change MarkdownStream::append(const QString& more) {
    m_text += more;
    std::vector<Block> blocks = parseMarkdown(m_text);
    Change change;
    change.before = m_blocks.size();
    change.after = blocks.size();
    const size_t common = std::min(change.before, change.after);
    while (change.firstChanged < common && m_blocks[change.firstChanged] == blocks[change.firstChanged])
        ++change.firstChanged;
    m_blocks = std::move(blocks);
    return change;
}

} // namespace ponder::app
