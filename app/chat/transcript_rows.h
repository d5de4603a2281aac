#pragma once
// Which rows a transcript has: those that a turn asks for, how they differ from those that are there, how far a row stands
// from the one above it, and what of a conversation can be searched, whether it is a row now or hidden. Pure functions of the
// turns; the model tells its views. GUI thread.

#include <utility>
#include <vector>

#include "app/chat/chat_model.h"

namespace ponder::app {

using TranscriptRow = ChatModel::Piece;
using TranscriptRows = std::vector<TranscriptRow>; // in the order of their turns

void appendRows(size_t index, const Turn& turn, bool thoughtOpen, TranscriptRows& rows); // index: of the turn
std::pair<size_t, size_t> rangeOf(const TranscriptRows& rows, size_t turn); // first, behind the last
int findRow(const TranscriptRows& rows, const TranscriptRow& wanted);       // -1: it is not there

// One stretch of rows that goes and one that comes in its place.
struct RowChange {
    size_t at = 0, removed = 0;
    TranscriptRows inserted;
};
RowChange changeTo(const TranscriptRows& wanted, const TranscriptRows& rows,
                   size_t turn); // of that turn's rows

int gapAbove(const TranscriptRows& rows, size_t at, const std::vector<Turn>& turns); // px at a scale of 100%

// What a role says of a row that is a block of an answer; of any other row as of an empty block.
QVariant blockData(const TranscriptRow& row, const Turn& turn, int role);

TranscriptRows searchablePieces(const std::vector<Turn>& turns);
QString plainTextOf(const TranscriptRow& piece, const std::vector<Turn>& turns);

} // namespace ponder::app
