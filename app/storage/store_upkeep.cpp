// What is done when nobody waits: writing what found no room, the index of what is older than it, wiping what was purged.
#include "app/storage/conversation_store.h"
#include "app/storage/rows.h"
#include "app/storage/search_index.h"

namespace ponder::app {

Result<ConversationStore::Upkeep> ConversationStore::upkeep() {
    if (!m_held.empty()) {
        if (!writeHeld().ok()) return Upkeep::Later;
        return Upkeep::More;
    }
    if (m_disk.low() && !m_disk.roomy()) return Upkeep::Later; // everything below only takes room
    m_disk.sayWritten();
    ASSIGN_OR_RETURN(const bool older, SearchIndex(m_database).indexOlder());
    if (older) return Upkeep::More;
    ASSIGN_OR_RETURN(const qint64 wipe, m_database.number("SELECT count(*) FROM upkeep WHERE name = 'wipe'"));
    if (wipe == 0) return Upkeep::Done;
    ASSIGN_OR_RETURN(const bool more, wipeStep());
    return more ? Upkeep::More : m_wiping ? Upkeep::Later : Upkeep::Done;
}

// Merges the index, so that removed words leave it, and then brings the log into the database and empties it.
Result<bool> ConversationStore::wipeStep() {
    ASSIGN_OR_RETURN(const bool more, SearchIndex(m_database).wipe(!std::exchange(m_wiping, true)));
    if (more) return true;
    // Not waited for, as the others on this thread would wait, too: a reader of what was before ends in a while.
    m_database.setPatience(0);
    const Result<qint64> busy = m_database.number("PRAGMA wal_checkpoint(TRUNCATE)");
    m_database.setPatience(Database::kPatienceMs);
    if (!busy.ok()) return busy.error();
    if (*busy != 0) return false;
    RETURN_IF_ERROR(m_database.execute("DELETE FROM upkeep WHERE name = 'wipe'"));
    m_wiping = false;
    return false;
}

Result<void> ConversationStore::mendIndex() { return SearchIndex(m_database).beginAnew(); }

Result<std::vector<PurgedChat>> ConversationStore::purgedInBackups() {
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT chat, created FROM purged"));
    std::vector<PurgedChat> chats;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) return chats;
        chats.push_back({query.integer(0), query.integer(1)});
    }
}

Result<void> ConversationStore::forgetPurged(const std::vector<PurgedChat>& chats) {
    return m_database.transaction(Durability::Full, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Statement forget,
                         m_database.prepare("DELETE FROM purged WHERE chat = ? AND created = ?"));
        for (const PurgedChat& chat : chats)
            RETURN_IF_ERROR(forget.bind(1, chat.chat).bind(2, chat.createdMs).run());
        return {};
    });
}

Result<void> ConversationStore::finishUpkeep() {
    for (;;) {
        ASSIGN_OR_RETURN(const Upkeep left, upkeep());
        if (left == Upkeep::Later)
            return Error{
                ErrorCode::Database,
                "something is left to be written: the disk is full or the database in use; try again"};
        if (left == Upkeep::Done) break;
    }
    ASSIGN_OR_RETURN(const std::vector<PurgedChat> purged, purgedInBackups());
    if (purged.empty()) return {};
    RETURN_IF_ERROR(purgeFromBackups(m_database.path(), purged));
    return forgetPurged(purged);
}

} // namespace ponder::app
