#include "app/export/html_body.h"

#include <QCoreApplication>
#include <QStringList>
#include <QXmlStreamReader>

#include "app/export/reading_order.h"
#include "app/formula/katex_engine.h"
#include "app/markdown/markdown.h"
#include "app/markdown/prose_html.h"

namespace ponder::app {

namespace {

// A character that XML 1.0 allows (2.2); halves of others are looked at by the caller, if at all.
bool isXml(QChar c) {
    return c == QLatin1Char('\t') || c == QLatin1Char('\n') || (c.unicode() >= 0x20 && c.unicode() < 0xFFFE);
}

const QString kParagraphEnd = QStringLiteral("</p>\n");

// Blocks are flat and know only how many lists and quotations are around them; here these are opened and closed again.
class Nesting {
public:
    explicit Nesting(QString& out) : m_out(out) {}

    void enter(const Block& block) {
        const bool numbered = block.marker.endsWith(QLatin1Char('.'));
        while (!m_open.empty() && (count(Kind::Quote) > block.quote || lists() > block.indent)) close();
        const bool fresh = !block.marker.isEmpty();
        if (fresh && !m_open.empty() && lists() == block.indent) {
            while (m_open.back() == Kind::Quote) close();
            // Another item, or another list right after the first.
            if (m_open.back() == (numbered ? Kind::Numbered : Kind::Bullets))
                m_out += QStringLiteral("</li><li>");
            else
                close();
        }
        while (count(Kind::Quote) < block.quote) open(Kind::Quote, QStringLiteral("<blockquote>"));
        while (lists() < block.indent) {
            const bool last = lists() + 1 == block.indent;
            if (last && numbered)
                open(Kind::Numbered, QStringLiteral("<ol start=\"%1\"><li>").arg(block.marker.chopped(1)));
            else
                open(Kind::Bullets, QStringLiteral("<ul><li>"));
        }
    }
    void end() {
        while (!m_open.empty()) close();
    }

private:
    enum class Kind { Quote, Bullets, Numbered };
    int count(Kind kind) const { return static_cast<int>(std::count(m_open.begin(), m_open.end(), kind)); }
    int lists() const { return count(Kind::Bullets) + count(Kind::Numbered); }
    void open(Kind kind, const QString& tag) {
        m_open.push_back(kind);
        m_out += tag;
    }
    void close() {
        const Kind kind = m_open.back();
        m_open.pop_back();
        m_out += kind == Kind::Quote     ? QStringLiteral("</blockquote>")
                 : kind == Kind::Bullets ? QStringLiteral("</li></ul>")
                                         : QStringLiteral("</li></ol>");
    }

    QString& m_out;
    std::vector<Kind> m_open;
};

bool isWellFormed(const QString& markup) {
    QXmlStreamReader reader(markup);
    while (!reader.atEnd()) reader.readNext();
    return !reader.hasError();
}

// MathML for a browser; on paper the sign that pdf_format.cpp puts the formula in the place of. Where neither can be had,
// the formula as it was written.
QString formulaOf(const QString& tex, const QString& source, bool display, const HtmlTarget& to) {
    if (to.use == HtmlUse::Paper && to.formulas) {
        Formula formula = layFormula(tex, display);
        if (formula.error.isEmpty()) {
            to.formulas->push_back({std::move(formula), display});
            return QString(QChar(QChar::ObjectReplacementCharacter));
        }
    } else if (to.use == HtmlUse::Screen) {
        const QString markup = formulaMathMl(tex, display);
        if (!markup.isEmpty() && isWellFormed(markup)) return markup;
    }
    return QStringLiteral("<code class=\"formula\">") + xmlEscaped(source) + QStringLiteral("</code>");
}

QString inlineOf(Prose prose, const HtmlTarget& to) {
    for (QChar& c : prose.text)
        if (c != QChar::LineSeparator && !isXml(c)) c = QChar::ReplacementCharacter;
    for (Span& span : prose.spans)
        for (QChar& c : span.target)
            if (!isXml(c)) c = QChar::ReplacementCharacter;
    return proseHtml(prose, [&to](const Span& span) { return formulaOf(span.target, span.source, false, to); })
        .replace(QLatin1String("<br>"), QLatin1String("<br/>"))
        .replace(QLatin1String("<a href="), QLatin1String("<a rel=\"noopener noreferrer\" href="));
}

QString tableOf(const Block& block, const HtmlTarget& to) {
    QString out = to.use == HtmlUse::Paper
                      ? QStringLiteral("<table border=\"1\" cellspacing=\"0\" cellpadding=\"4\" "
                                       "style=\"border-collapse:collapse;border-color:#8C867D\">")
                      : QStringLiteral("<div class=\"wide\"><table>");
    const qsizetype columns = std::max(1, block.columns);
    for (qsizetype first = 0; first < block.cells.list.size(); first += columns) {
        out += QStringLiteral("<tr>");
        for (qsizetype column = 0; column < columns && first + column < block.cells.list.size(); ++column) {
            const int align = block.alignments.value(column, Qt::AlignLeft);
            const QLatin1String side(align == Qt::AlignRight     ? "right"
                                     : align == Qt::AlignHCenter ? "center"
                                                                 : "left");
            const QLatin1String cell(first == 0 ? "th" : "td");
            out += QStringLiteral("<%1 align=\"%2\">%3</%1>")
                       .arg(cell, side, inlineOf(block.cells.list[first + column], to));
        }
        out += QStringLiteral("</tr>\n");
    }
    return out +
           (to.use == HtmlUse::Paper ? QStringLiteral("</table>\n") : QStringLiteral("</table></div>\n"));
}

QString codeOf(const Block& block, const HtmlTarget& to) {
    if (to.use == HtmlUse::Paper)
        return QStringLiteral(
                   "<table width=\"100%\" cellpadding=\"6\" cellspacing=\"0\" bgcolor=\"#F5F3EF\"><tr><td>"
                   "<pre style=\"white-space:pre-wrap\">%1</pre></td></tr></table>\n")
            .arg(xmlEscaped(block.text));
    const QString language = block.language.isEmpty()
                                 ? QString()
                                 : QStringLiteral(" title=\"%1\"").arg(xmlEscaped(block.language));
    return QStringLiteral("<pre%1><code>%2</code></pre>\n").arg(language, xmlEscaped(block.text));
}

QString blockOf(const Block& block, const HtmlTarget& to) {
    switch (block.kind) {
    case BlockKind::Heading: {
        // The title and the speakers stand above the headings of an answer.
        const int level = std::min(block.level + 2, 6);
        return QStringLiteral("<h%1>%2</h%1>\n").arg(level).arg(inlineOf(block.prose(), to));
    }
    case BlockKind::Code:
        return codeOf(block, to);
    case BlockKind::Table:
        return tableOf(block, to);
    case BlockKind::Rule:
        return QStringLiteral("<hr/>\n");
    case BlockKind::Formula:
        return QStringLiteral("<p class=\"formula\">") + formulaOf(block.text, block.source, true, to) +
               QStringLiteral("</p>\n");
    case BlockKind::Paragraph:
        break;
    }
    const QString task = block.task == 0   ? QString()
                         : block.task == 1 ? QStringLiteral("☐ ")
                                           : QStringLiteral("☑ ");
    return QStringLiteral("<p>") + task + inlineOf(block.prose(), to) + QStringLiteral("</p>\n");
}

// What is shown as it was written: paragraphs at empty lines, lines as they are.
QString paragraphs(const QString& text) {
    QString out;
    const QStringList parts = text.trimmed().split(QStringLiteral("\n\n"), Qt::SkipEmptyParts);
    for (const QString& part : parts)
        out += QStringLiteral("<p>") + xmlEscaped(part).replace(QLatin1Char('\n'), QLatin1String("<br/>")) +
               QStringLiteral("</p>\n");
    return out;
}

QString turnOf(const ExportTurn& turn, const HtmlTarget& to) {
    const MessageRecord& message = *turn.message;
    const bool asked = message.role == Role::User;
    // A heading of QTextDocument does not get smaller than it is, so on paper it is a paragraph.
    const QString head = to.use == HtmlUse::Screen ? QStringLiteral("<h2>%1</h2>\n")
                                                   : QStringLiteral("<p class=\"who\"><b>%1</b></p>\n");
    QString out = QStringLiteral("<div class=\"%1\">\n").arg(QLatin1String(asked ? "question" : "answer")) +
                  head.arg(xmlEscaped(speaker(turn)));
    for (const Segment* segment : turn.segments) {
        if (segment->channel == SegmentChannel::Thought)
            out += (to.use == HtmlUse::Screen
                        ? QStringLiteral(
                              "<details class=\"thought\"><summary>%1</summary>\n<div>%2</div></details>\n")
                        : QStringLiteral("<div class=\"thought\"><p><b>%1</b></p>\n%2</div>\n"))
                       .arg(thoughtLine(*segment), paragraphs(segment->text));
        else if (segment->channel == SegmentChannel::Answer)
            out += htmlOfMarkdown(segment->text, to);
        else
            out += paragraphs(segment->text);
    }
    const QString state = stateLine(message);
    if (!state.isEmpty()) out += QStringLiteral("<p class=\"state\">%1</p>\n").arg(xmlEscaped(state));
    return out + QStringLiteral("</div>\n");
}

} // namespace

QString xmlEscaped(const QString& text) {
    QString out;
    out.reserve(text.size() + text.size() / 16);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        switch (c.unicode()) {
        case '&':
            out += QLatin1String("&amp;");
            break;
        case '<':
            out += QLatin1String("&lt;");
            break;
        case '>':
            out += QLatin1String("&gt;");
            break;
        case '"':
            out += QLatin1String("&quot;");
            break;
        case '\t':
        case '\n':
            out += c;
            break;
        default:
            if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
                out += c;
                out += text[++i];
            } else if (!isXml(c) || c.isSurrogate() || c == QChar(QChar::ObjectReplacementCharacter)) {
                if (c != QLatin1Char('\r')) out += QChar(QChar::ReplacementCharacter);
            } else {
                out += c;
            }
        }
    }
    return out;
}

QString htmlOfMarkdown(const QString& text, const HtmlTarget& to) {
    QString out;
    Nesting nesting(out);
    for (const Block& block : parseMarkdown(text)) {
        if (block.continued && out.endsWith(kParagraphEnd)) {
            out.chop(kParagraphEnd.size());
            out += inlineOf(block.prose(), to) + kParagraphEnd;
            continue;
        }
        nesting.enter(block);
        out += blockOf(block, to);
    }
    nesting.end();
    return out;
}

Result<QString> htmlBody(const ConversationTree& tree, const ExportOptions& options, const HtmlTarget& to) {
    ASSIGN_OR_RETURN(const std::vector<ExportBranch> branches, readingOrder(tree, options));
    QString out = QStringLiteral("<h1>%1</h1>\n").arg(xmlEscaped(titleOf(tree)));
    const QString by = byline(tree, options);
    if (!by.isEmpty()) out += QStringLiteral("<p class=\"byline\">%1</p>\n").arg(xmlEscaped(by));
    for (size_t i = 0; i < branches.size(); ++i) {
        const QString line = xmlEscaped(branchLine(branches[i]));
        if (i > 0)
            out += to.use == HtmlUse::Screen
                       ? QStringLiteral("<details class=\"branch\"><summary>%1</summary>\n").arg(line)
                       : QStringLiteral("<hr/><p class=\"branch\"><b>%1</b></p>\n").arg(line);
        for (const ExportTurn& turn : branches[i].turns) out += turnOf(turn, to);
        if (i > 0 && to.use == HtmlUse::Screen) out += QStringLiteral("</details>\n");
    }
    return out;
}

} // namespace ponder::app
