#pragma once
// Keeps the table `search` of the database in step with chats and messages. What a call changes belongs to the transaction
// of the caller, so that the text and its index are committed together or not at all. An answer in progress is not in the
// index, nor is what is older than the index until indexOlder() has come to it. Same thread as the database; owns nothing.

#include <array>

#include "app/storage/database.h"

namespace ponder::app {

class SearchIndex {
public:
    explicit SearchIndex(Database& database) : m_database(database) {}

    Result<void> addTitle(qint64 chat);
    Result<void> removeTitle(qint64 chat); // before the title changes or goes
    Result<void> addMessage(qint64 message);
    Result<void> removeMessage(qint64 message); // before its text or its state changes or goes
    Result<void> removeChat(qint64 chat);       // title and messages

    // One step of a few milliseconds, committed; true: there is more to do.
    Result<bool> indexOlder();
    // A removed row leaves its words behind until the parts of the index are merged. One step of that; true: more to do.
    Result<bool> wipe(bool first);
    // Forgets all of it; indexOlder() makes it anew.
    Result<void> beginAnew();

private:
    enum class Change { Add, Remove };
    Result<void> change(Change how, qint64 row, const std::array<QByteArray, 4>& columns);
    Result<bool> covers(const char* table, qint64 id);
    Result<uint64_t> levels();
    Result<void> changeTitle(Change how, qint64 chat);
    Result<void> changeMessage(Change how, qint64 message);

    Database& m_database;
};

// In a copy of the database: forgets the whole index, which is then made anew when the copy is put back.
Result<void> dropIndex(Database& copy);

} // namespace ponder::app
