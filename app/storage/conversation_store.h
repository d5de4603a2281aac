#pragma once
// Conversations, models and settings in one SQLite file. It owns the database; one thread at a time, in the program the
// one of store_thread.h. When a call returns, what it wrote is committed: questions and finished answers so that a power
// cut cannot take them, an answer in progress so that a crash cannot.

#include <vector>

#include "app/storage/database.h"
#include "app/storage/records.h"

namespace ponder::app {

class ConversationStore {
public:
    // Migrates what is older, refuses what is newer, and marks answers that were cut off by a crash as interrupted.
    static Result<ConversationStore> open(const QString& path);

    // Pinned first, then the latest; the page after `last` (a default one: the first page).
    Result<std::vector<ChatRecord>> chats(int limit, const ChatRecord& last = {});
    Result<ChatRecord> chat(qint64 id);
    Result<std::vector<MessageRecord>> messages(qint64 chat); // the whole tree, parents before children

    struct Added {
        qint64 chat = 0, message = 0;
    };
    // chat 0: begins a conversation with that title.
    Result<Added> addQuestion(qint64 chat, qint64 parent, const QString& text, const QString& title);
    // An empty answer in state streaming; it becomes the head of its chat. `segments`: what it goes on from.
    Result<qint64> beginAnswer(qint64 chat, qint64 parent, const QString& modelName, const QString& settings,
                               const std::vector<Segment>& segments = {});
    Result<void> saveProgress(qint64 message, const std::vector<Segment>& segments);
    Result<void> finishAnswer(const MessageRecord& message);

    Result<void> renameChat(qint64 chat, const QString& title);
    Result<void> setHead(qint64 chat, qint64 message);

    Result<void> rememberModel(const ModelRecord& model);
    Result<std::vector<ModelRecord>> models(int limit); // the last used first

    Result<QString> setting(const QString& name); // empty: never set
    Result<void> setSetting(const QString& name, const QString& value);

    Database& database() { return m_database; }

private:
    explicit ConversationStore(Database database) : m_database(std::move(database)) {}
    Result<void> writeSegments(qint64 message, const std::vector<Segment>& segments);

    Database m_database;
};

} // namespace ponder::app
