// Opening; models and settings. The rest of the class is in store_*.cpp, a noun each.
#include "app/storage/conversation_store.h"

#include <QDir>
#include <QFileInfo>

#include "app/storage/migrations.h"
#include "app/storage/search_index.h"

namespace ponder::app {

Result<ConversationStore> ConversationStore::open(const QString& path) {
    if (!path.isEmpty() && !QFileInfo(path).dir().mkpath(QStringLiteral("."))) {
        return Error{ErrorCode::Io, "the folder of " + path.toStdString() +
                                        " could not be made: check that its parent may be written"};
    }
    RETURN_IF_ERROR(refuseNewer(path));
    ASSIGN_OR_RETURN(Database database, Database::open(path));
    RETURN_IF_ERROR(migrate(database));
    ConversationStore store(std::move(database));
    RETURN_IF_ERROR(store.endStreaming());
    return store;
}

// SQLite numbers from the greatest one that is there, so something is there that nothing lists.
Result<void> ConversationStore::numberFrom(qint64 first) {
    return m_database.transaction(Durability::Normal, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Statement chat,
                         m_database.prepare("INSERT INTO chat (id, title, created, updated, archived) "
                                            "VALUES (?, '', 0, 0, 1)"));
        RETURN_IF_ERROR(chat.bind(1, first).run());
        ASSIGN_OR_RETURN(Statement message,
                         m_database.prepare("INSERT INTO message (id, chat, role, state, created) "
                                            "VALUES (?, ?, 'system', 'done', 0)"));
        return message.bind(1, first).bind(2, first).run();
    });
}

// Nothing streams when the program starts: whatever says so was cut off.
Result<void> ConversationStore::endStreaming() {
    ASSIGN_OR_RETURN(const qint64 cutOff,
                     m_database.number("SELECT count(*) FROM message WHERE state = 'streaming'"));
    if (cutOff == 0) return {};
    return m_database.transaction(Durability::Full, [this]() -> Result<void> {
        std::vector<qint64> messages;
        ASSIGN_OR_RETURN(Statement query,
                         m_database.prepare("SELECT id FROM message WHERE state = 'streaming'"));
        for (;;) {
            ASSIGN_OR_RETURN(const bool row, query.step());
            if (!row) break;
            messages.push_back(query.integer(0));
        }
        RETURN_IF_ERROR(m_database.execute(
            "UPDATE message SET state='interrupted', error_code='engine_died' WHERE state='streaming'"));
        for (const qint64 message : messages) RETURN_IF_ERROR(SearchIndex(m_database).addMessage(message));
        return {};
    });
}

Result<void> ConversationStore::rememberModel(const ModelRecord& model) {
    ASSIGN_OR_RETURN(Statement insert,
                     m_database.prepare(
                         "INSERT INTO model (path, name, architecture, quantization, size, modified, used) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET name=excluded.name, "
                         "architecture=excluded.architecture, quantization=excluded.quantization, "
                         "size=excluded.size, modified=excluded.modified, used=excluded.used"));
    return insert.bind(1, model.path)
        .bind(2, model.name)
        .bind(3, model.architecture)
        .bind(4, model.quantization)
        .bind(5, model.sizeBytes)
        .bind(6, model.modifiedMs)
        .bind(7, model.usedMs)
        .run();
}

Result<std::vector<ModelRecord>> ConversationStore::models(int limit) {
    ASSIGN_OR_RETURN(Statement query,
                     m_database.prepare("SELECT path, name, architecture, quantization, size, modified, used "
                                        "FROM model ORDER BY used DESC LIMIT ?"));
    query.bind(1, qint64{limit});
    std::vector<ModelRecord> records;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) return records;
        records.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.integer(4),
                           query.integer(5), query.integer(6)});
    }
}

Result<void> ConversationStore::forgetModel(const QString& path) {
    ASSIGN_OR_RETURN(Statement gone, m_database.prepare("DELETE FROM model WHERE path = ?"));
    return gone.bind(1, path).run();
}

Result<QString> ConversationStore::setting(const QString& name) {
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT value FROM setting WHERE name = ?"));
    ASSIGN_OR_RETURN(const bool row, query.bind(1, name).step());
    return row ? query.text(0) : QString();
}

Result<void> ConversationStore::setSetting(const QString& name, const QString& value) {
    ASSIGN_OR_RETURN(Statement insert,
                     m_database.prepare("INSERT INTO setting (name, value) VALUES (?, ?) "
                                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    return insert.bind(1, name).bind(2, value).run();
}

} // namespace ponder::app
