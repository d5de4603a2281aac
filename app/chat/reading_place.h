#pragma once
// Between a row of the transcript and a place that can be kept: rows are counted anew whenever a thought is opened, places
// are of the message. GUI thread, as the model is.

#include "app/chat/chat_model.h"

namespace ponder::app {

// part: of that row, above the top of the view. A row that is not there: the end.
ReadingPlace placeAt(const ChatModel& transcript, int row, double part);

struct PlacedRow {
    int row = -1; // the end, or a message that is not shown
    double part = 0;
};
// What is hidden in a thought that is shut by now is at its head.
PlacedRow rowOf(const ChatModel& transcript, const ReadingPlace& place);

} // namespace ponder::app
