#pragma once
// Libraries of many conversations for benchmarks and tests: seeded, so that two of the same size are equal; a quarter of
// the text is Chinese. Any thread, with a store of its own.

#include "app/storage/conversation_store.h"

namespace ponder::app::testing {

struct LibrarySize {
    int chats = 100;
    int messages = 2000;      // of all chats together; questions and answers in turn
    qint64 bytes = 1'000'000; // of all texts together, in UTF-8
    quint32 seed = 1;
};

// Written at once and without care for power cuts; the search index is made by the store's upkeep.
Result<void> makeLibrary(ConversationStore& store, const LibrarySize& size);

} // namespace ponder::app::testing
