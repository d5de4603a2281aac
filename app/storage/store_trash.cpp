// The trash: put in, taken back, emptied.
#include <limits>

#include "app/storage/conversation_store.h"
#include "app/storage/rows.h"
#include "app/storage/search_index.h"

namespace ponder::app {

Result<std::vector<ChatRecord>> ConversationStore::trash(int limit, const ChatRecord& last) {
    ASSIGN_OR_RETURN(Statement query,
                     m_database.prepare(selectChats() +
                                        "WHERE deleted_at IS NOT NULL AND (deleted_at, id) < (?, ?) "
                                        "ORDER BY deleted_at DESC, id DESC LIMIT ?"));
    query.bind(1, last.id == 0 ? std::numeric_limits<qint64>::max() : last.deletedMs);
    query.bind(2, last.id).bind(3, qint64{limit});
    return chatsOf(query);
}

Result<void> ConversationStore::trashChat(qint64 chat) {
    ASSIGN_OR_RETURN(
        Statement update,
        m_database.prepare("UPDATE chat SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"));
    return update.bind(1, now()).bind(2, chat).run();
}

Result<void> ConversationStore::restoreChat(qint64 chat) {
    ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET deleted_at = NULL WHERE id = ?"));
    return update.bind(1, chat).run();
}

Result<void> ConversationStore::purgeChat(qint64 chat) {
    const Result<void> done = m_database.transaction(Durability::Full, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(
            Statement note,
            m_database.prepare("INSERT OR IGNORE INTO purged SELECT id, created FROM chat WHERE id = ?"));
        RETURN_IF_ERROR(note.bind(1, chat).run());
        RETURN_IF_ERROR(m_database.execute("INSERT OR REPLACE INTO upkeep VALUES ('wipe', 1)"));
        RETURN_IF_ERROR(SearchIndex(m_database).removeChat(chat));
        // Without this the deletion would go down from parent to child, and SQLite follows that 1000 messages deep only.
        ASSIGN_OR_RETURN(Statement flatten,
                         m_database.prepare("UPDATE message SET parent = NULL WHERE chat = ?"));
        RETURN_IF_ERROR(flatten.bind(1, chat).run());
        ASSIGN_OR_RETURN(Statement remove, m_database.prepare("DELETE FROM chat WHERE id = ?"));
        return remove.bind(1, chat).run();
    });
    if (done.ok())
        std::erase_if(m_held, [chat](const auto& held) { return held.second.message.chat == chat; });
    return done;
}

Result<int> ConversationStore::purgeTrash(qint64 olderThanMs) {
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT id FROM chat WHERE deleted_at <= ?"));
    query.bind(1, now() - olderThanMs);
    std::vector<qint64> chats;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) break;
        chats.push_back(query.integer(0));
    }
    for (const qint64 chat : chats) RETURN_IF_ERROR(purgeChat(chat));
    return static_cast<int>(chats.size());
}

} // namespace ponder::app
