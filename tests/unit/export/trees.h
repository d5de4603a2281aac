#pragma once
// Conversations to export: a small one whose files are spelled out in the tests, and random ones of any shape.

#include "app/export/export_format.h"

namespace ponder::app {

// Question 1 with the answers 2 and 4 (4 is shown), question 3 below 2, answer 5 below 3.
ConversationTree smallTree();
ConversationTree randomTree(unsigned seed);

bool equal(const MessageRecord& a, const MessageRecord& b);
bool equal(const ConversationTree& a, const ConversationTree& b); // but for the number of the chat

} // namespace ponder::app
