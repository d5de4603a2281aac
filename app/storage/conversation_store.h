#pragma once
// Conversations, models and settings in one SQLite file. It owns the database; one thread at a time, in the program the
// one of store_thread.h. When a call returns, what it wrote is committed: questions and finished answers so that a power
// cut cannot take them, an answer in progress so that a crash cannot.

#include <map>
#include <vector>

#include "app/storage/backups.h"
#include "app/storage/database.h"
#include "app/storage/disk_guard.h"
#include "app/storage/records.h"
#include "app/storage/search_query.h"

namespace ponder::app {

// Names of settings.
inline const QString kLastChat = QStringLiteral("chat.last");   // its number
inline const QString kLastModel = QStringLiteral("model.last"); // its path

inline constexpr qint64 kTrashKeptMs = 30LL * 24 * 60 * 60 * 1000;

class ConversationStore {
public:
    // Migrates what is older, refuses what is newer, and marks answers that were cut off by a crash as interrupted.
    static Result<ConversationStore> open(const QString& path);
    // Conversations and messages get numbers above that, so that they cannot be taken for those of another store.
    Result<void> numberFrom(qint64 first);

    // Pinned first, then the latest; the page after `last` (a default one: the first page).
    Result<std::vector<ChatRecord>> chats(int limit, const ChatRecord& last = {});
    Result<ChatRecord> chat(qint64 id);                       // NotFound: also what lies in the trash
    Result<std::vector<MessageRecord>> messages(qint64 chat); // the whole tree, parents before children

    struct Added {
        qint64 chat = 0, message = 0;
    };
    // chat 0: begins a conversation with that title.
    Result<Added> addQuestion(qint64 chat, qint64 parent, const QString& text, const QString& title);
    // An empty answer in state streaming; it becomes the head of its chat. `segments`: what it goes on from.
    Result<qint64> beginAnswer(qint64 chat, qint64 parent, const QString& modelName, const QString& settings,
                               const std::vector<Segment>& segments = {});
    // What writes it, once that is known: the model may come only after the answer was begun.
    Result<void> setModel(qint64 message, const QString& modelName, const QString& settings);
    // When the disk has no room for one of these, it is told, and the text is held here until there is.
    // `segments` is what follows the place `after`, which the store must have reached; what it has beyond that goes.
    Result<void> saveProgress(qint64 message, const std::vector<Segment>& segments, const Reached& after = {});
    Result<void> finishAnswer(const MessageRecord& message);

    Result<void> renameChat(qint64 chat, const QString& title);
    Result<void> pinChat(qint64 chat, bool pinned);
    Result<void> setHead(qint64 chat, qint64 message);
    // How it was left by who read it: the place, and the person's choice for a thought.
    Result<void> setPlace(qint64 chat, const ReadingPlace& place);
    Result<void> setThoughtShown(qint64 message, ThoughtShown shown);
    Result<void> forgetThoughtsShown(qint64 chat);
    // chat 0: what is being written for a conversation that has not begun. addQuestion() empties the one it belongs to.
    Result<void> setDraft(qint64 chat, const QString& text);
    Result<QString> draft(qint64 chat);

    // A chat with its whole tree, as it was exported. The numbers in the records only say which message is whose parent
    // (and the head); new ones are given. All or nothing; refused where the parents are no tree.
    Result<qint64> importTree(const ChatRecord& chat, const std::vector<MessageRecord>& messages);

    // The trash: the latest first; the page after `last`. Nothing in it is listed or found otherwise.
    Result<std::vector<ChatRecord>> trash(int limit, const ChatRecord& last = {});
    Result<void> trashChat(qint64 chat);
    Result<void> restoreChat(qint64 chat);
    // For good. When the call returns the rows are gone; what could be dug out of the free pages, the search index, the
    // log and the backups is wiped by upkeep, which the store's thread does when it has nothing else to do.
    Result<void> purgeChat(qint64 chat);
    Result<int>
    purgeTrash(qint64 olderThanMs = kTrashKeptMs); // what was trashed longer ago; 0: all. How many went

    // At most `limit`, the best first, titles before messages.
    Result<std::vector<SearchHit>> search(const SearchQuery& query, int limit);

    Result<void> rememberModel(const ModelRecord& model);
    Result<std::vector<ModelRecord>> models(int limit); // the last used first
    Result<void> forgetModel(const QString& path);

    Result<QString> setting(const QString& name); // empty: never set
    Result<void> setSetting(const QString& name, const QString& value);

    // What is left to do when nobody waits: a step of a few milliseconds. More: again, at once. Later: in a while, when
    // there may be room on the disk or nobody reads any more. Done: until something changes.
    enum class Upkeep { More, Later, Done };
    Result<Upkeep> upkeep();
    // The part that touches the backups only, which may take seconds and runs elsewhere: the list, and that it is done.
    Result<std::vector<PurgedChat>> purgedInBackups();
    Result<void> forgetPurged(const std::vector<PurgedChat>& chats);
    Result<void> finishUpkeep(); // all of it, here and now
    // The search finds nothing until upkeep has made its index anew: for one that SQLite has found damaged (Faults::index).
    Result<void> mendIndex();

    bool holdsBack() const { return !m_held.empty(); } // an answer that found no room
    DiskGuard& disk() { return m_disk; }
    Database& database() { return m_database; }

private:
    explicit ConversationStore(Database database)
        : m_database(std::move(database)), m_disk(m_database.path()) {}
    Result<void> endStreaming();
    Result<void> writeSegments(qint64 message, const std::vector<Segment>& segments,
                               const Reached& after = {});
    Result<void> appendToSegment(qint64 message, const Segment& more, const Reached& after);
    Result<void> changeSegments(qint64 message, const std::vector<Segment>& segments, const Reached& after);
    Result<void> writeFinished(const MessageRecord& message);
    Result<void> writeHeld();
    Result<void> noRoom(const Result<void>& written, MessageRecord message, const Reached& after = {});
    Result<bool> wipeStep();

    Database m_database;
    DiskGuard m_disk;
    struct Held {
        MessageRecord message; // in state Streaming: what follows `after`
        Reached after;
    };
    std::map<qint64, Held> m_held; // by number
    bool m_wiping = false;         // the merging of the index has begun
};

} // namespace ponder::app
