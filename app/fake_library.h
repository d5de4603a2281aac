#pragma once
// Puts the conversations of a script into a store, as if they had been held. On the store's thread.

#include "app/fake_script.h"
#include "app/storage/conversation_store.h"

namespace ponder::app {

Result<void> fillStore(ConversationStore& store, const FakeScript& script);

} // namespace ponder::app
