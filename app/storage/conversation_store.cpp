#include "app/storage/conversation_store.h"

#include <array>
#include <cstring>

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QtEndian>

#include "app/storage/migrations.h"

namespace ponder::app {

namespace {

template <typename Enum, size_t N>
QString nameOf(const std::array<const char*, N>& names, Enum value) {
    return QString::fromLatin1(names[static_cast<size_t>(value)]);
}

template <typename Enum, size_t N>
Enum valueOf(const std::array<const char*, N>& names, const QString& name, Enum otherwise) {
    for (size_t i = 0; i < N; ++i)
        if (name == QLatin1String(names[i])) return static_cast<Enum>(i);
    return otherwise;
}

// In the order of the enumerations; the schema checks the same words.
constexpr std::array kRoles{"system", "user", "assistant"};
constexpr std::array kStates{"streaming", "done", "stopped", "length", "interrupted", "error"};
constexpr std::array kChannels{"question", "thought", "answer", "tool", "attachment"};

QByteArray packIds(const std::vector<int32_t>& ids) {
    QByteArray bytes(static_cast<qsizetype>(ids.size() * 4), Qt::Uninitialized);
    for (size_t i = 0; i < ids.size(); ++i) qToLittleEndian<qint32>(ids[i], bytes.data() + i * 4);
    return bytes;
}

std::vector<int32_t> unpackIds(const QByteArray& bytes) {
    std::vector<int32_t> ids(static_cast<size_t>(bytes.size() / 4));
    for (size_t i = 0; i < ids.size(); ++i) ids[i] = qFromLittleEndian<qint32>(bytes.constData() + i * 4);
    return ids;
}

ChatRecord chatOf(const Statement& row) {
    return {row.integer(0), row.text(1),    row.integer(2) != 0, row.integer(3),
            row.integer(4), row.integer(5), row.text(6)};
}

Statement& bindParent(Statement& statement, int parameter, qint64 parent) {
    return parent == 0 ? statement.bindNull(parameter) : statement.bind(parameter, parent);
}

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

} // namespace

Result<ConversationStore> ConversationStore::open(const QString& path) {
    if (!path.isEmpty() && !QFileInfo(path).dir().mkpath(QStringLiteral("."))) {
        return Error{ErrorCode::Io, "the folder of " + path.toStdString() +
                                        " could not be made; check that its parent may be written"};
    }
    ASSIGN_OR_RETURN(Database database, Database::open(path));
    RETURN_IF_ERROR(migrate(database));
    // Nothing streams when the program starts: whatever says so was cut off.
    RETURN_IF_ERROR(database.execute(
        "UPDATE message SET state='interrupted', error_code='engine_died' WHERE state='streaming'"));
    return ConversationStore(std::move(database));
}

Result<std::vector<ChatRecord>> ConversationStore::chats(int limit, const ChatRecord& last) {
    // Keyset paging: the cost of a page does not grow with what lies before it.
    ASSIGN_OR_RETURN(
        Statement query,
        m_database.prepare(
            "SELECT id, title, pinned, created, updated, coalesce(head_message, 0), draft FROM chat "
            "WHERE deleted_at IS NULL AND archived = 0 "
            "AND (?1 = 0 OR (pinned, updated, id) < (?2, ?3, ?1)) "
            "ORDER BY pinned DESC, updated DESC, id DESC LIMIT ?4"));
    query.bind(1, last.id).bind(2, qint64{last.pinned}).bind(3, last.updatedMs).bind(4, qint64{limit});
    std::vector<ChatRecord> records;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) return records;
        records.push_back(chatOf(query));
    }
}

Result<ChatRecord> ConversationStore::chat(qint64 id) {
    ASSIGN_OR_RETURN(
        Statement query,
        m_database.prepare(
            "SELECT id, title, pinned, created, updated, coalesce(head_message, 0), draft FROM chat "
            "WHERE id = ? AND deleted_at IS NULL"));
    ASSIGN_OR_RETURN(const bool row, query.bind(1, id).step());
    if (!row)
        return Error{ErrorCode::NotFound,
                     "conversation " + std::to_string(id) + " is no longer there; choose another one"};
    return chatOf(query);
}

Result<std::vector<MessageRecord>> ConversationStore::messages(qint64 chat) {
    ASSIGN_OR_RETURN(
        Statement query,
        m_database.prepare("SELECT m.id, coalesce(m.parent, 0), m.role, m.state, m.model_name, m.error_code, "
                           "m.error_text, m.settings, m.stats, m.created, "
                           "s.id, s.channel, s.text, s.ids, s.t_start, s.t_end, s.tokens "
                           "FROM message m LEFT JOIN segment s ON s.message = m.id "
                           "WHERE m.chat = ? ORDER BY m.id, s.idx"));
    query.bind(1, chat);
    std::vector<MessageRecord> records;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) return records;
        if (records.empty() || records.back().id != query.integer(0)) {
            MessageRecord& message = records.emplace_back();
            message.id = query.integer(0);
            message.chat = chat;
            message.parent = query.integer(1);
            message.role = valueOf(kRoles, query.text(2), Role::User);
            message.state = valueOf(kStates, query.text(3), MessageState::Error);
            message.modelName = query.text(4);
            message.errorCode = query.text(5);
            message.errorText = query.text(6);
            message.settings = query.text(7);
            message.stats = query.text(8);
            message.createdMs = query.integer(9);
        }
        if (query.isNull(10)) continue;
        records.back().segments.push_back({valueOf(kChannels, query.text(11), SegmentChannel::Answer),
                                           query.text(12), unpackIds(query.blob(13)), query.integer(14),
                                           query.integer(15), static_cast<int>(query.integer(16))});
    }
}

Result<void> ConversationStore::writeSegments(qint64 message, const std::vector<Segment>& segments) {
    ASSIGN_OR_RETURN(
        Statement insert,
        m_database.prepare("INSERT INTO segment (message, idx, channel, text, ids, t_start, t_end, tokens) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message, idx) DO UPDATE SET "
                           "channel=excluded.channel, text=excluded.text, ids=excluded.ids, "
                           "t_start=excluded.t_start, t_end=excluded.t_end, tokens=excluded.tokens"));
    for (size_t i = 0; i < segments.size(); ++i) {
        const Segment& segment = segments[i];
        RETURN_IF_ERROR(insert.bind(1, message)
                            .bind(2, static_cast<qint64>(i))
                            .bind(3, nameOf(kChannels, segment.channel))
                            .bind(4, segment.text)
                            .bind(5, packIds(segment.ids))
                            .bind(6, segment.startMs)
                            .bind(7, segment.endMs)
                            .bind(8, qint64{segment.tokens})
                            .run());
    }
    return {};
}

Result<ConversationStore::Added> ConversationStore::addQuestion(qint64 chat, qint64 parent,
                                                                const QString& text, const QString& title) {
    Added added{chat, 0};
    const Result<void> done = m_database.transaction(Durability::Full, [&]() -> Result<void> {
        const qint64 time = now();
        if (added.chat == 0) {
            ASSIGN_OR_RETURN(
                Statement begin,
                m_database.prepare("INSERT INTO chat (title, created, updated) VALUES (?, ?, ?)"));
            RETURN_IF_ERROR(begin.bind(1, title).bind(2, time).bind(3, time).run());
            added.chat = m_database.lastInsertId();
        }
        ASSIGN_OR_RETURN(Statement insert,
                         m_database.prepare("INSERT INTO message (chat, parent, role, state, created) "
                                            "VALUES (?, ?, 'user', 'done', ?)"));
        insert.bind(1, added.chat).bind(3, time);
        RETURN_IF_ERROR(bindParent(insert, 2, parent).run());
        added.message = m_database.lastInsertId();
        RETURN_IF_ERROR(writeSegments(added.message, {{SegmentChannel::Question, text, {}, time, time, 0}}));
        ASSIGN_OR_RETURN(
            Statement head,
            m_database.prepare("UPDATE chat SET head_message = ?, updated = ?, draft = '' WHERE id = ?"));
        return head.bind(1, added.message).bind(2, time).bind(3, added.chat).run();
    });
    if (!done.ok()) return done.error();
    return added;
}

Result<qint64> ConversationStore::beginAnswer(qint64 chat, qint64 parent, const QString& modelName,
                                              const QString& settings, const std::vector<Segment>& segments) {
    qint64 id = 0;
    const Result<void> done = m_database.transaction(Durability::Normal, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Statement insert,
                         m_database.prepare(
                             "INSERT INTO message (chat, parent, role, model_name, settings, state, created) "
                             "VALUES (?, ?, 'assistant', ?, ?, 'streaming', ?)"));
        RETURN_IF_ERROR(
            insert.bind(1, chat).bind(2, parent).bind(3, modelName).bind(4, settings).bind(5, now()).run());
        id = m_database.lastInsertId();
        RETURN_IF_ERROR(writeSegments(id, segments));
        ASSIGN_OR_RETURN(Statement head, m_database.prepare("UPDATE chat SET head_message = ? WHERE id = ?"));
        return head.bind(1, id).bind(2, chat).run();
    });
    if (!done.ok()) return done.error();
    return id;
}

Result<void> ConversationStore::saveProgress(qint64 message, const std::vector<Segment>& segments) {
    return m_database.transaction(Durability::Normal, [&] { return writeSegments(message, segments); });
}

Result<void> ConversationStore::finishAnswer(const MessageRecord& message) {
    return m_database.transaction(Durability::Full, [&]() -> Result<void> {
        RETURN_IF_ERROR(writeSegments(message.id, message.segments));
        ASSIGN_OR_RETURN(Statement finish,
                         m_database.prepare("UPDATE message SET state = ?, error_code = ?, error_text = ?, "
                                            "stats = ? WHERE id = ?"));
        RETURN_IF_ERROR(finish.bind(1, nameOf(kStates, message.state))
                            .bind(2, message.errorCode)
                            .bind(3, message.errorText)
                            .bind(4, message.stats.isEmpty() ? QStringLiteral("{}") : message.stats)
                            .bind(5, message.id)
                            .run());
        ASSIGN_OR_RETURN(Statement touch, m_database.prepare("UPDATE chat SET updated = ? WHERE id = ?"));
        return touch.bind(1, now()).bind(2, message.chat).run();
    });
}

Result<void> ConversationStore::renameChat(qint64 chat, const QString& title) {
    ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET title = ? WHERE id = ?"));
    return update.bind(1, title).bind(2, chat).run();
}

Result<void> ConversationStore::setHead(qint64 chat, qint64 message) {
    ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET head_message = ? WHERE id = ?"));
    return update.bind(1, message).bind(2, chat).run();
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
