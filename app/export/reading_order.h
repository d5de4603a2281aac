#pragma once
// A tree of messages as somebody reads it: the branch that is shown first, then every other branch from where it leaves
// the ones before it. And the words that stand around messages in each format. Pure; any thread.

#include <vector>

#include "app/export/export_format.h"

namespace ponder::app {

struct ExportTurn {
    const MessageRecord* message = nullptr;
    int version = 1, versions = 1;        // which of the messages that hang below the same parent
    std::vector<const Segment*> segments; // those that are wanted, none of them empty
};

struct ExportBranch {
    const MessageRecord* after = nullptr; // where it begins; null: at the beginning of the conversation
    std::vector<ExportTurn> turns;
};

// The branches of what options ask for; they point into the tree. An error: there is nothing to write.
Result<std::vector<ExportBranch>> readingOrder(const ConversationTree& tree, const ExportOptions& options);

// The messages alone, for formats that keep the tree: parents before children.
Result<std::vector<const MessageRecord*>> chosenMessages(const ConversationTree& tree,
                                                         const ExportOptions& options);

QString titleOf(const ConversationTree& tree);
QString byline(const ConversationTree& tree, const ExportOptions& options); // the day and the models
QString speaker(const ExportTurn& turn);        // "You", "R1 Distill Qwen 7B, version 2 of 3"
QString thoughtLine(const Segment& segment);    // "Thought for 9.6 s, 556 tokens"
QString branchLine(const ExportBranch& branch); // "Another version, after “Why is …”"; empty for the first
QString stateLine(const MessageRecord& message); // why it ends where it does; empty: because it was finished

} // namespace ponder::app
