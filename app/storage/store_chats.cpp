// The list of conversations, and what is said about one of them: its title, its pin, its draft.
#include <limits>

#include "app/storage/conversation_store.h"
#include "app/storage/rows.h"
#include "app/storage/search_index.h"

namespace ponder::app {

namespace {

const QString kNewDraft = QStringLiteral("draft.new"); // of a conversation that has not begun

} // namespace

Result<std::vector<ChatRecord>> ConversationStore::chats(int limit, const ChatRecord& last) {
    // Keyset paging: the cost of a page does not grow with what lies before it, as the index begins at the key.
    ASSIGN_OR_RETURN(
        Statement query,
        m_database.prepare(selectChats() +
                           "WHERE deleted_at IS NULL AND archived = 0 AND (pinned, updated, id) < (?, ?, ?) "
                           "ORDER BY pinned DESC, updated DESC, id DESC LIMIT ?"));
    constexpr qint64 kBeforeAll = std::numeric_limits<qint64>::max();
    query.bind(1, last.id == 0 ? kBeforeAll : qint64{last.pinned});
    query.bind(2, last.updatedMs).bind(3, last.id).bind(4, qint64{limit});
    return chatsOf(query);
}

Result<ChatRecord> ConversationStore::chat(qint64 id) {
    ASSIGN_OR_RETURN(Statement query,
                     m_database.prepare(selectChats() + "WHERE id = ? AND deleted_at IS NULL"));
    ASSIGN_OR_RETURN(const bool row, query.bind(1, id).step());
    if (!row) return noSuchChat(id);
    return chatOf(query);
}

Result<void> ConversationStore::renameChat(qint64 chat, const QString& title) {
    return m_database.transaction(Durability::Normal, [&]() -> Result<void> {
        SearchIndex index(m_database);
        RETURN_IF_ERROR(index.removeTitle(chat));
        ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET title = ? WHERE id = ?"));
        RETURN_IF_ERROR(update.bind(1, title).bind(2, chat).run());
        return index.addTitle(chat);
    });
}

Result<void> ConversationStore::pinChat(qint64 chat, bool pinned) {
    ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET pinned = ? WHERE id = ?"));
    return update.bind(1, qint64{pinned}).bind(2, chat).run();
}

Result<void> ConversationStore::setPlace(qint64 chat, const ReadingPlace& place) {
    ASSIGN_OR_RETURN(Statement update,
                     m_database.prepare("UPDATE chat SET read_message = nullif(?, 0), read_piece = ?, "
                                        "read_part = ? WHERE id = ?"));
    return update.bind(1, place.message).bind(2, qint64{place.piece}).bind(3, place.part).bind(4, chat).run();
}

Result<void> ConversationStore::setDraft(qint64 chat, const QString& text) {
    if (chat == 0) return setSetting(kNewDraft, text);
    ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET draft = ? WHERE id = ?"));
    return update.bind(1, text).bind(2, chat).run();
}

Result<QString> ConversationStore::draft(qint64 chat) {
    if (chat == 0) return setting(kNewDraft);
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT draft FROM chat WHERE id = ?"));
    ASSIGN_OR_RETURN(const bool row, query.bind(1, chat).step());
    return row ? query.text(0) : QString();
}

} // namespace ponder::app
