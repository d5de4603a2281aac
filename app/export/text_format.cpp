// Plain text: the words and who said them.

#include "app/export/reading_order.h"
#include "app/export/writers.h"

namespace ponder::app {

namespace {

QString underlined(const QString& text, QChar with) {
    return text + QLatin1Char('\n') + QString(std::min<qsizetype>(text.size(), 72), with) +
           QStringLiteral("\n\n");
}

void write(const ExportTurn& turn, QString& out) {
    out += speaker(turn) + QStringLiteral(":\n");
    for (const Segment* segment : turn.segments) {
        if (segment->channel == SegmentChannel::Thought)
            out += QLatin1Char('[') + thoughtLine(*segment) + QStringLiteral("]\n");
        out += segment->text.trimmed() + QLatin1Char('\n');
        if (segment->channel == SegmentChannel::Thought) out += QStringLiteral("[End of the thought]\n\n");
    }
    const QString state = stateLine(*turn.message);
    if (!state.isEmpty()) out += QLatin1Char('[') + state + QStringLiteral("]\n");
    out += QLatin1Char('\n');
}

} // namespace

Result<QByteArray> writeText(const ConversationTree& tree, const ExportOptions& options) {
    ASSIGN_OR_RETURN(const std::vector<ExportBranch> branches, readingOrder(tree, options));
    QString out = underlined(titleOf(tree), QLatin1Char('='));
    const QString by = byline(tree, options);
    if (!by.isEmpty()) out += by + QStringLiteral("\n\n");
    for (size_t i = 0; i < branches.size(); ++i) {
        if (i > 0) out += underlined(branchLine(branches[i]), QLatin1Char('-'));
        for (const ExportTurn& turn : branches[i].turns) write(turn, out);
    }
    out.chop(1);
    return out.toUtf8();
}

} // namespace ponder::app
