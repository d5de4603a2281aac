// Markdown: answers as the model wrote them, thoughts as quotations.

#include <QStringList>

#include "app/export/reading_order.h"
#include "app/export/writers.h"

namespace ponder::app {

namespace {

// What a block of code begins with, if the line begins or ends one: CommonMark 0.30, 4.5.
QString fenceOf(const QString& line) {
    qsizetype indent = 0;
    while (indent < line.size() && line[indent] == QLatin1Char(' ')) ++indent;
    if (indent > 3 || indent == line.size()) return {};
    const QChar mark = line[indent];
    if (mark != QLatin1Char('`') && mark != QLatin1Char('~')) return {};
    qsizetype end = indent;
    while (end < line.size() && line[end] == mark) ++end;
    if (end - indent < 3) return {};
    if (mark == QLatin1Char('`') && line.indexOf(QLatin1Char('`'), end) >= 0) return {};
    return QString(end - indent, mark);
}

// An answer that was cut off within a block of code must not swallow what stands below it.
QString closed(QString text) {
    QString open;
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        const QString fence = fenceOf(line);
        if (fence.isEmpty()) continue;
        if (open.isEmpty())
            open = fence;
        else if (fence[0] == open[0] && fence.size() >= open.size() && line.trimmed() == fence)
            open.clear();
    }
    if (!open.isEmpty()) text += (text.endsWith(QLatin1Char('\n')) ? QString() : QStringLiteral("\n")) + open;
    return text;
}

QString trimmedEnd(QString text) {
    while (!text.isEmpty() && text.back().isSpace()) text.chop(1);
    while (text.startsWith(QLatin1Char('\n'))) text.remove(0, 1);
    return text;
}

QString quoted(const QString& text) {
    QString out;
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (const QString& line : lines)
        out += (line.isEmpty() ? QStringLiteral(">") : QStringLiteral("> ") + line) + QLatin1Char('\n');
    return out;
}

// A title or a name is words, whatever signs are in it.
QString escaped(const QString& text) {
    QString out;
    for (const QChar c : text) {
        if (QStringLiteral("\\`*_[]<>#").contains(c)) out += QLatin1Char('\\');
        out += c;
    }
    return out;
}

void write(const ExportTurn& turn, QString& out) {
    out += QStringLiteral("## ") + escaped(speaker(turn)) + QStringLiteral("\n\n");
    for (const Segment* segment : turn.segments) {
        const QString text = closed(trimmedEnd(segment->text));
        if (segment->channel == SegmentChannel::Thought)
            out += QStringLiteral("> **") + thoughtLine(*segment) + QStringLiteral("**\n>\n") + quoted(text) +
                   QLatin1Char('\n');
        else
            out += text + QStringLiteral("\n\n");
    }
    const QString state = stateLine(*turn.message);
    if (!state.isEmpty()) out += QLatin1Char('*') + escaped(state) + QStringLiteral("*\n\n");
}

} // namespace

Result<QByteArray> writeMarkdown(const ConversationTree& tree, const ExportOptions& options) {
    ASSIGN_OR_RETURN(const std::vector<ExportBranch> branches, readingOrder(tree, options));
    QString out = QStringLiteral("# ") + escaped(titleOf(tree)) + QStringLiteral("\n\n");
    const QString by = byline(tree, options);
    if (!by.isEmpty()) out += escaped(by) + QStringLiteral("\n\n");
    for (size_t i = 0; i < branches.size(); ++i) {
        if (i > 0)
            out += QStringLiteral("---\n\n**") + escaped(branchLine(branches[i])) + QStringLiteral("**\n\n");
        for (const ExportTurn& turn : branches[i].turns) write(turn, out);
    }
    out.chop(1);
    return out.toUtf8();
}

} // namespace ponder::app
