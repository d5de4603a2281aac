#include "app/chat/transcript_rows.h"

#include <algorithm>

namespace ponder::app {

namespace {

ChatModel::Kind kindOf(const Block& block) {
    switch (block.kind) {
    case BlockKind::Paragraph:
        return ChatModel::Text;
    case BlockKind::Heading:
        return ChatModel::Heading;
    case BlockKind::Code:
        return ChatModel::Code;
    case BlockKind::Table:
        return ChatModel::Table;
    case BlockKind::Rule:
        return ChatModel::Rule;
    case BlockKind::Formula:
        return ChatModel::Formula;
    }
    return ChatModel::Text;
}

} // namespace

void appendRows(size_t index, const Turn& turn, bool thoughtOpen, TranscriptRows& rows) {
    if (!turn.isAnswer()) {
        rows.push_back({index, ChatModel::Question, 0});
        return;
    }
    if (turn.phase != ThoughtPhase::None) rows.push_back({index, ChatModel::Thought, 0});
    if (turn.phase != ThoughtPhase::None && thoughtOpen)
        for (size_t i = 0; i < turn.thought.parts().size(); ++i) rows.push_back({index, ChatModel::Part, i});
    for (size_t i = 0; i < turn.answer.blocks().size(); ++i)
        rows.push_back({index, kindOf(turn.answer.blocks()[i]), i});
    if (turn.state == MessageState::Streaming) return;
    // Where nothing was written the notice says it all.
    const bool empty = turn.phase == ThoughtPhase::None && turn.answer.blocks().empty() && turn.siblings < 2;
    if (!empty || !turn.hasNotice()) rows.push_back({index, ChatModel::Footer, 0});
    if (turn.hasNotice()) rows.push_back({index, ChatModel::NoticeRow, 0});
}

std::pair<size_t, size_t> rangeOf(const TranscriptRows& rows, size_t turn) {
    const auto before = [](const TranscriptRow& row, size_t wanted) { return row.turn < wanted; };
    const auto first = std::lower_bound(rows.begin(), rows.end(), turn, before);
    const auto last = std::lower_bound(first, rows.end(), turn + 1, before);
    return {static_cast<size_t>(first - rows.begin()), static_cast<size_t>(last - rows.begin())};
}

int findRow(const TranscriptRows& rows, const TranscriptRow& wanted) {
    const auto [first, last] = rangeOf(rows, wanted.turn);
    for (size_t row = first; row < last; ++row)
        if (rows[row] == wanted) return static_cast<int>(row);
    return -1;
}

RowChange changeTo(const TranscriptRows& wanted, const TranscriptRows& rows, size_t turn) {
    const auto [first, last] = rangeOf(rows, turn);
    const size_t had = last - first;
    size_t above = 0, below = 0;
    while (above < had && above < wanted.size() && rows[first + above] == wanted[above]) ++above;
    while (above + below < had && above + below < wanted.size() &&
           rows[last - 1 - below] == wanted[wanted.size() - 1 - below])
        ++below;
    const auto at = [&](size_t row) { return wanted.begin() + static_cast<std::ptrdiff_t>(row); };
    return {first + above, had - above - below, {at(above), at(wanted.size() - below)}};
}

int gapAbove(const TranscriptRows& rows, size_t at, const std::vector<Turn>& turns) {
    const TranscriptRow& row = rows[at];
    if (at == 0) return 24;
    const TranscriptRow& above = rows[at - 1];
    switch (row.kind) {
    case ChatModel::Question:
        return above.kind == ChatModel::Question ? 8 : 24;
    case ChatModel::Thought: // under a question its actions keep their space
        return above.kind == ChatModel::Question ? 0 : 20;
    case ChatModel::Part: {
        if (above.kind == ChatModel::Thought) return 6;
        const ThoughtPart& part = turns[row.turn].thought.parts()[row.block];
        return part.joined ? 0 : part.begins ? 16 : 10;
    }
    case ChatModel::NoticeRow:
        return 12;
    case ChatModel::Footer:
        return 8;
    default:
        break;
    }
    if (above.kind == ChatModel::Question) return 4;
    if (above.kind == ChatModel::Thought) return 8;
    if (row.kind == ChatModel::Heading || above.kind == ChatModel::Part) return 16;
    const auto& blocks = turns[row.turn].answer.blocks();
    if (blocks[row.block].continued) return 0;
    const bool listItem = blocks[row.block].indent > 0 && row.block > 0 && blocks[row.block - 1].indent > 0;
    return listItem ? 2 : 10;
}

QVariant blockData(const TranscriptRow& row, const Turn& turn, int role) {
    static const Block none;
    const bool isBlock = row.kind == ChatModel::Text || row.kind == ChatModel::Heading ||
                         row.kind == ChatModel::Code || row.kind == ChatModel::Table ||
                         row.kind == ChatModel::Rule || row.kind == ChatModel::Formula;
    const Block& block = isBlock ? turn.answer.blocks()[row.block] : none;
    switch (role) {
    case Qt::DisplayRole:
    case ChatModel::TextRole:
        return block.text;
    case ChatModel::LevelRole:
        return block.level;
    case ChatModel::IndentRole:
        return block.indent;
    case ChatModel::QuoteRole:
        return block.quote;
    case ChatModel::MarkerRole:
        return block.marker;
    case ChatModel::TaskRole:
        return block.task;
    case ChatModel::LanguageRole:
        return block.language;
    case ChatModel::CellsRole:
        return block.cells;
    case ChatModel::ProseRole:
        return QVariant::fromValue(block.prose());
    case ChatModel::SourceRole:
        return block.source;
    case ChatModel::ColumnsRole:
        return block.columns;
    case ChatModel::AlignmentsRole:
        return QVariant::fromValue(block.alignments.toList());
    default:
        return {};
    }
}

TranscriptRows searchablePieces(const std::vector<Turn>& turns) {
    TranscriptRows all;
    for (size_t i = 0; i < turns.size(); ++i) {
        const Turn& turn = turns[i];
        if (!turn.isAnswer()) all.push_back({i, ChatModel::Question, 0});
        for (size_t part = 0; part < turn.thought.parts().size(); ++part)
            all.push_back({i, ChatModel::Part, part});
        for (size_t block = 0; block < turn.answer.blocks().size(); ++block)
            all.push_back({i, kindOf(turn.answer.blocks()[block]), block});
    }
    return all;
}

QString plainTextOf(const TranscriptRow& piece, const std::vector<Turn>& turns) {
    if (piece.turn >= turns.size()) return {};
    const Turn& turn = turns[piece.turn];
    if (piece.kind == ChatModel::Question) return turn.question;
    if (piece.kind == ChatModel::Part)
        return piece.block < turn.thought.parts().size() ? turn.thought.parts()[piece.block].shown()
                                                         : QString();
    if (piece.block >= turn.answer.blocks().size()) return {};
    const Block& block = turn.answer.blocks()[piece.block];
    if (block.kind == BlockKind::Formula) return block.source;
    if (block.kind != BlockKind::Table)
        return block.text; // a formula in it is one character, as in the document
    QString cells;
    for (const Prose& cell : block.cells.list) cells += cell.text + QLatin1Char('\n');
    return cells;
}

} // namespace ponder::app
