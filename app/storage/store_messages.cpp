// Questions, answers and their segments: the tree of a conversation.
#include <QtEndian>

#include "app/storage/conversation_store.h"
#include "app/storage/rows.h"
#include "app/storage/search_index.h"

namespace ponder::app {

namespace {

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

// As saveProgress() would leave them.
void goOn(std::vector<Segment>& segments, const std::vector<Segment>& rest, const Reached& after) {
    if (after.segment > segments.size() || (after.segment == segments.size() && after.bytes > 0)) return;
    Segment begun;
    if (after.segment < segments.size()) begun = std::move(segments[after.segment]);
    segments.resize(after.segment);
    segments.insert(segments.end(), rest.begin(), rest.end());
    if (rest.empty() || (after.bytes == 0 && after.ids == 0)) return;
    Segment& last = segments[after.segment];
    last.text = QString::fromUtf8(begun.text.toUtf8().left(after.bytes)) + last.text;
    begun.ids.resize(std::min(begun.ids.size(), static_cast<size_t>(after.ids)));
    last.ids.insert(last.ids.begin(), begun.ids.begin(), begun.ids.end());
}

} // namespace

Result<std::vector<MessageRecord>> ConversationStore::messages(qint64 chat) {
    ASSIGN_OR_RETURN(
        Statement query,
        m_database.prepare("SELECT m.id, coalesce(m.parent, 0), m.role, m.state, m.model_name, m.error_code, "
                           "m.error_text, m.settings, m.stats, m.created, "
                           "m.thought_shown, "
                           "s.id, s.channel, s.text, s.ids, s.t_start, s.t_end, s.tokens, s.cut_short "
                           "FROM message m LEFT JOIN segment s ON s.message = m.id "
                           "WHERE m.chat = ? ORDER BY m.id, s.idx"));
    query.bind(1, chat);
    std::vector<MessageRecord> records;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) break;
        if (records.empty() || records.back().id != query.integer(0)) {
            MessageRecord& message = records.emplace_back();
            message.id = query.integer(0);
            message.chat = chat;
            message.parent = query.integer(1);
            message.role = meaningOf<Role>(kRoleWords, query.text(2)).value_or(Role::User);
            message.state = meaningOf<MessageState>(kStateWords, query.text(3)).value_or(MessageState::Error);
            message.modelName = query.text(4);
            message.errorCode = query.text(5);
            message.errorText = query.text(6);
            message.settings = query.text(7);
            message.stats = query.text(8);
            message.createdMs = query.integer(9);
            if (!query.isNull(10))
                message.thoughtShown =
                    meaningOf<ThoughtShown>(kShownWords, query.text(10)).value_or(ThoughtShown::Shut);
        }
        if (query.isNull(11)) continue;
        records.back().segments.push_back(
            {meaningOf<SegmentChannel>(kChannelWords, query.text(12)).value_or(SegmentChannel::Answer),
             query.text(13), unpackIds(query.blob(14)), query.integer(15), query.integer(16),
             static_cast<int>(query.integer(17)), query.integer(18) != 0});
    }
    for (MessageRecord& message : records)
        if (const auto found = m_held.find(message.id); found != m_held.end()) {
            const MessageRecord& held = found->second.message;
            goOn(message.segments, held.segments, found->second.after);
            if (held.state != MessageState::Streaming) {
                message.state = held.state;
                message.errorCode = held.errorCode;
                message.errorText = held.errorText;
                if (!held.settings.isEmpty()) message.settings = held.settings;
                message.stats = held.stats;
            }
        }
    return records;
}

Result<void> ConversationStore::writeSegments(qint64 message, const std::vector<Segment>& segments,
                                              const Reached& after) {
    const bool goesOn = !segments.empty() && (after.bytes > 0 || after.ids > 0);
    if (goesOn) RETURN_IF_ERROR(appendToSegment(message, segments.front(), after));
    ASSIGN_OR_RETURN(
        Statement insert,
        m_database.prepare(
            "INSERT INTO segment (message, idx, channel, text, ids, t_start, t_end, tokens, cut_short) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message, idx) DO UPDATE SET "
            "channel=excluded.channel, text=excluded.text, ids=excluded.ids, t_start=excluded.t_start, "
            "t_end=excluded.t_end, tokens=excluded.tokens, cut_short=excluded.cut_short"));
    for (size_t i = goesOn ? 1 : 0; i < segments.size(); ++i) {
        const Segment& segment = segments[i];
        RETURN_IF_ERROR(insert.bind(1, message)
                            .bind(2, static_cast<qint64>(after.segment + i))
                            .bind(3, wordText(kChannelWords, segment.channel))
                            .bind(4, segment.text)
                            .bind(5, packIds(segment.ids))
                            .bind(6, segment.startMs)
                            .bind(7, segment.endMs)
                            .bind(8, qint64{segment.tokens})
                            .bind(9, qint64{segment.cutShort})
                            .run());
    }
    ASSIGN_OR_RETURN(Statement rest,
                     m_database.prepare("DELETE FROM segment WHERE message = ? AND idx >= ?"));
    return rest.bind(1, message).bind(2, static_cast<qint64>(after.segment + segments.size())).run();
}

// Counted in bytes: characters would be counted from the beginning each time. || makes a text of whatever it joins.
Result<void> ConversationStore::appendToSegment(qint64 message, const Segment& more, const Reached& after) {
    ASSIGN_OR_RETURN(
        Statement update,
        m_database.prepare("UPDATE segment SET text = CAST(substr(CAST(text AS BLOB), 1, ?1) || ?2 AS TEXT), "
                           "ids = CAST(substr(ids, 1, ?3) || ?4 AS BLOB), "
                           "t_start = ?5, t_end = ?6, tokens = ?7, cut_short = ?8 "
                           "WHERE message = ?9 AND idx = ?10 AND channel = ?11 "
                           "AND length(CAST(text AS BLOB)) >= ?1 AND length(ids) >= ?3"));
    const qint64 before = m_database.changes();
    RETURN_IF_ERROR(update.bind(1, after.bytes)
                        .bind(2, more.text)
                        .bind(3, after.ids * 4)
                        .bind(4, packIds(more.ids))
                        .bind(5, more.startMs)
                        .bind(6, more.endMs)
                        .bind(7, qint64{more.tokens})
                        .bind(8, qint64{more.cutShort})
                        .bind(9, message)
                        .bind(10, static_cast<qint64>(after.segment))
                        .bind(11, wordText(kChannelWords, more.channel))
                        .run());
    if (m_database.changes() > before) return {};
    return Error{ErrorCode::Database,
                 QStringLiteral("%1 bytes of this answer were kept and are no longer in the database: all of "
                                "it is written again")
                     .arg(after.bytes)
                     .toStdString()};
}

Result<void> ConversationStore::changeSegments(qint64 message, const std::vector<Segment>& segments,
                                               const Reached& after) {
    SearchIndex index(m_database);
    RETURN_IF_ERROR(index.removeMessage(message)); // nothing, while it is in progress
    RETURN_IF_ERROR(writeSegments(message, segments, after));
    return index.addMessage(message);
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
        SearchIndex index(m_database);
        RETURN_IF_ERROR(index.addMessage(added.message));
        if (chat == 0) {
            RETURN_IF_ERROR(index.addTitle(added.chat));
            RETURN_IF_ERROR(setDraft(0, {}));
        }
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

Result<void> ConversationStore::setModel(qint64 message, const QString& modelName, const QString& settings) {
    ASSIGN_OR_RETURN(Statement update,
                     m_database.prepare("UPDATE message SET model_name = ?, settings = ? WHERE id = ?"));
    return update.bind(1, modelName).bind(2, settings).bind(3, message).run();
}

Result<void> ConversationStore::saveProgress(qint64 message, const std::vector<Segment>& segments,
                                             const Reached& after) {
    MessageRecord record;
    record.id = message;
    record.state = MessageState::Streaming;
    record.segments = segments;
    if (!m_disk.roomy()) {
        m_held[message] = {std::move(record), after};
        return Error{
            ErrorCode::Database,
            QStringLiteral("the disk has %1 MB left: make room, the answer is kept in memory until then and "
                           "written when it is finished")
                .arg(m_disk.freeBytes() / 1'000'000)
                .toStdString()};
    }
    return noRoom(
        m_database.transaction(Durability::Normal, [&] { return changeSegments(message, segments, after); }),
        std::move(record), after);
}

Result<void> ConversationStore::finishAnswer(const MessageRecord& message) {
    return noRoom(writeFinished(message), message);
}

// Passes the result on; what found no room is kept for another try.
Result<void> ConversationStore::noRoom(const Result<void>& written, MessageRecord message,
                                       const Reached& after) {
    if (written.ok()) {
        m_disk.sayWritten();
        m_held.erase(message.id);
    } else if (m_database.takeFaults().full) {
        m_disk.sayFull();
        const qint64 id = message.id;
        m_held[id] = {std::move(message), after};
    }
    return written;
}

Result<void> ConversationStore::writeHeld() {
    while (!m_held.empty()) {
        const auto [message, after] = m_held.begin()->second;
        if (message.state != MessageState::Streaming) {
            RETURN_IF_ERROR(finishAnswer(message));
        } else {
            RETURN_IF_ERROR(saveProgress(message.id, message.segments, after));
        }
        m_held.erase(message.id);
    }
    return {};
}

Result<void> ConversationStore::writeFinished(const MessageRecord& message) {
    return m_database.transaction(Durability::Full, [&]() -> Result<void> {
        SearchIndex index(m_database);
        RETURN_IF_ERROR(index.removeMessage(message.id));
        RETURN_IF_ERROR(writeSegments(message.id, message.segments));
        ASSIGN_OR_RETURN(Statement finish,
                         m_database.prepare("UPDATE message SET state = ?, error_code = ?, error_text = ?, "
                                            // A model may have come only after the answer was begun.
                                            "stats = ?, model_name = coalesce(nullif(?, ''), model_name), "
                                            "settings = coalesce(nullif(?, ''), settings) WHERE id = ?"));
        RETURN_IF_ERROR(finish.bind(1, wordText(kStateWords, message.state))
                            .bind(2, message.errorCode)
                            .bind(3, message.errorText)
                            .bind(4, message.stats.isEmpty() ? QStringLiteral("{}") : message.stats)
                            .bind(5, message.modelName)
                            .bind(6, message.settings)
                            .bind(7, message.id)
                            .run());
        RETURN_IF_ERROR(index.addMessage(message.id));
        ASSIGN_OR_RETURN(Statement touch, m_database.prepare("UPDATE chat SET updated = ? WHERE id = ?"));
        return touch.bind(1, now()).bind(2, message.chat).run();
    });
}

Result<void> ConversationStore::setThoughtShown(qint64 message, ThoughtShown shown) {
    ASSIGN_OR_RETURN(Statement update,
                     m_database.prepare("UPDATE message SET thought_shown = ? WHERE id = ?"));
    return update.bind(1, wordText(kShownWords, shown)).bind(2, message).run();
}

Result<void> ConversationStore::forgetThoughtsShown(qint64 chat) {
    ASSIGN_OR_RETURN(Statement update,
                     m_database.prepare("UPDATE message SET thought_shown = NULL WHERE chat = ?"));
    return update.bind(1, chat).run();
}

Result<void> ConversationStore::setHead(qint64 chat, qint64 message) {
    ASSIGN_OR_RETURN(Statement update, m_database.prepare("UPDATE chat SET head_message = ? WHERE id = ?"));
    return update.bind(1, message).bind(2, chat).run();
}

} // namespace ponder::app
