#include "app/chat/reading_place.h"

#include <algorithm>

namespace ponder::app {

namespace {

// Which list of its message the row is in, and what a place in that counts by.
enum class Of { Beginning, Thought, Answer };

Of listOf(const ChatModel& transcript, int row) {
    switch (transcript.data(transcript.index(row), ChatModel::KindRole).toInt()) {
    case ChatModel::Question:
    case ChatModel::Thought:
        return Of::Beginning;
    case ChatModel::Part:
        return Of::Thought;
    default:
        return Of::Answer;
    }
}

} // namespace

ReadingPlace placeAt(const ChatModel& transcript, int row, double part) {
    ReadingPlace place;
    place.message = transcript.messageAt(row); // 0: nothing, or not numbered yet
    if (place.message == 0) return {};
    const Of of = listOf(transcript, row);
    for (int at = row; of != Of::Beginning && transcript.messageAt(at) == place.message; --at)
        if (listOf(transcript, at) == of) place.piece += of == Of::Thought ? -1 : 1;
    place.part = std::clamp(part, 0.0, 1.0);
    return place;
}

PlacedRow rowOf(const ChatModel& transcript, const ReadingPlace& place) {
    if (place.message == 0) return {};
    const Of wanted = place.piece == 0 ? Of::Beginning : place.piece < 0 ? Of::Thought : Of::Answer;
    qint64 left = std::abs(qint64{place.piece}); // of any file: the least int has no positive
    int nearest = -1;
    for (int row = 0; row < transcript.count(); ++row) {
        if (transcript.messageAt(row) != place.message) continue;
        const Of of = listOf(transcript, row);
        if (nearest < 0 || of == wanted) nearest = row;
        if (of != wanted) continue;
        if (wanted == Of::Beginning || --left == 0) return {row, std::clamp(place.part, 0.0, 1.0)};
    }
    return {nearest, 0};
}

} // namespace ponder::app
