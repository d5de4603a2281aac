#pragma once
// Puts the conversations of a script into a store, as if they had been held, and plays its troubles with the disk.
// Each on the thread that it names.

#include "app/fake_script.h"
#include "app/storage/store_thread.h"

namespace ponder::app {

Result<void> fillStore(ConversationStore& store, const FakeScript& script); // on the store's thread
void playStoreTroubles(StoreThread& store, const FakeScript& script); // GUI thread; what the store would say

} // namespace ponder::app
