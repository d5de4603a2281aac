// A tree from outside gets numbers of this database.
#include <map>

#include "app/storage/conversation_store.h"
#include "app/storage/rows.h"
#include "app/storage/search_index.h"

namespace ponder::app {

namespace {

Error noTree(const QString& why) {
    return {
        ErrorCode::MalformedFile,
        QStringLiteral(
            "the messages of the conversation are no tree: %1; nothing of it was taken, choose another file")
            .arg(why)
            .toStdString()};
}

// Parents before their children, as numbers are given in this order.
Result<std::vector<const MessageRecord*>> inOrder(const std::vector<MessageRecord>& messages) {
    std::map<qint64, std::vector<const MessageRecord*>> children;
    std::map<qint64, bool> known;
    for (const MessageRecord& message : messages) {
        if (message.id == 0 || !known.emplace(message.id, true).second)
            return noTree(QStringLiteral("the number %1 is given twice or is 0").arg(message.id));
        children[message.parent].push_back(&message);
    }
    for (const MessageRecord& message : messages)
        if (message.parent != 0 && !known.contains(message.parent))
            return noTree(
                QStringLiteral("message %1 answers %2, which is not there").arg(message.id).arg(message.parent));
    std::vector<const MessageRecord*> order = children[0];
    for (size_t i = 0; i < order.size(); ++i) {
        const auto& next = children[order[i]->id];
        order.insert(order.end(), next.begin(), next.end());
    }
    if (order.size() != messages.size())
        return noTree(QStringLiteral("some of them answer each other in a ring"));
    return order;
}

} // namespace

Result<qint64> ConversationStore::importTree(const ChatRecord& chat,
                                             const std::vector<MessageRecord>& messages) {
    ASSIGN_OR_RETURN(const std::vector<const MessageRecord*> order, inOrder(messages));
    std::map<qint64, qint64> numbers{{0, 0}}; // there -> here
    qint64 id = 0;
    const Result<void> done = m_database.transaction(Durability::Full, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(
            Statement begin,
            m_database.prepare("INSERT INTO chat (title, pinned, created, updated, draft, deleted_at) "
                               "VALUES (?, ?, ?, ?, ?, nullif(?, 0))"));
        RETURN_IF_ERROR(begin.bind(1, chat.title)
                            .bind(2, qint64{chat.pinned})
                            .bind(3, chat.createdMs)
                            .bind(4, chat.updatedMs)
                            .bind(5, chat.draft)
                            .bind(6, chat.deletedMs)
                            .run());
        id = m_database.lastInsertId();
        SearchIndex index(m_database);
        RETURN_IF_ERROR(index.addTitle(id));
        ASSIGN_OR_RETURN(Statement insert,
                         m_database.prepare(
                             "INSERT INTO message (chat, parent, role, state, model_name, error_code, "
                             "error_text, settings, stats, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
        for (const MessageRecord* message : order) {
            const MessageState state =
                message->state == MessageState::Streaming ? MessageState::Interrupted : message->state;
            insert.bind(1, id)
                .bind(3, wordText(kRoleWords, message->role))
                .bind(4, wordText(kStateWords, state));
            insert.bind(5, message->modelName).bind(6, message->errorCode).bind(7, message->errorText);
            insert.bind(8, message->settings).bind(9, message->stats).bind(10, message->createdMs);
            RETURN_IF_ERROR(bindParent(insert, 2, numbers[message->parent]).run());
            numbers[message->id] = m_database.lastInsertId();
            RETURN_IF_ERROR(writeSegments(numbers[message->id], message->segments));
            RETURN_IF_ERROR(index.addMessage(numbers[message->id]));
        }
        const auto head = numbers.find(chat.head);
        if (head == numbers.end())
            return noTree(QStringLiteral("its last message %1 is not there").arg(chat.head));
        ASSIGN_OR_RETURN(Statement set,
                         m_database.prepare("UPDATE chat SET head_message = nullif(?, 0) WHERE id = ?"));
        return set.bind(1, head->second).bind(2, id).run();
    });
    if (!done.ok()) return done.error();
    return id;
}

} // namespace ponder::app
