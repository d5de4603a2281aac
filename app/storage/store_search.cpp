// Full-text search.
#include "app/storage/conversation_store.h"

namespace ponder::app {

Result<std::vector<SearchHit>> ConversationStore::search(const SearchQuery& query, int limit) {
    if (query.empty() || limit <= 0) return std::vector<SearchHit>{};
    return std::vector<SearchHit>{};
}

} // namespace ponder::app
