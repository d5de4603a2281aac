#pragma once
// How rows become records and the other way round: for the files of the store only. The thread of the database.

#include <QDateTime>

#include "app/storage/database.h"
#include "app/storage/words.h"

namespace ponder::app {

template <typename Enum, size_t N>
QString wordText(const std::array<const char*, N>& words, Enum value) {
    return QString::fromLatin1(wordOf(words, value));
}

// "SELECT id, … FROM chat " for chatOf().
inline QByteArray selectChats() {
    return QByteArrayLiteral(
        "SELECT id, title, pinned, created, updated, coalesce(head_message, 0), draft, "
        "coalesce(deleted_at, 0), coalesce(read_message, 0), read_piece, read_part FROM chat ");
}

inline ChatRecord chatOf(const Statement& row) {
    return {row.integer(0), row.text(1),    row.integer(2) != 0,
            row.integer(3), row.integer(4), row.integer(5),
            row.text(6),    row.integer(7), {row.integer(8), static_cast<int>(row.integer(9)), row.real(10)}};
}

inline Result<std::vector<ChatRecord>> chatsOf(Statement& query) {
    std::vector<ChatRecord> records;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) return records;
        records.push_back(chatOf(query));
    }
}

inline Statement& bindParent(Statement& statement, int parameter, qint64 parent) {
    return parent == 0 ? statement.bindNull(parameter) : statement.bind(parameter, parent);
}

inline Error noSuchChat(qint64 id) {
    return {ErrorCode::NotFound,
            "conversation " + std::to_string(id) + " is no longer there: choose another one"};
}

inline qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

} // namespace ponder::app
