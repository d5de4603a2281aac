#include "app/storage/search_index.h"

#include <algorithm>

#include <QElapsedTimer>

namespace ponder::app {

namespace {

constexpr int kStepMs = 20;
constexpr int kMergePages = 64; // of a step of wiping
// FTS5 of SQLite 3.40 puts what a merge of everything leaves on a new level each time, and takes an index of more than 2,000 levels for
// damaged (fts5_index.c: FTS5_MAX_SEGMENT); newer ones stop at 64.
constexpr uint64_t kMostLevels = 1000;
constexpr int kStructureRow = 10;   // of the index's own table
constexpr int kStructureCookie = 4; // bytes before the number of levels

} // namespace

// Removing is a command of FTS5 that, as no text is stored, wants the words again.
Result<void> SearchIndex::change(Change how, qint64 row, const std::array<QByteArray, 4>& columns) {
    ASSIGN_OR_RETURN(
        Statement statement,
        m_database.prepare(how == Change::Remove
                               ? "INSERT INTO search (search, rowid, title, question, answer, thought) "
                                 "VALUES ('delete', ?, ?, ?, ?, ?)"
                               : "INSERT INTO search (rowid, title, question, answer, thought) "
                                 "VALUES (?, ?, ?, ?, ?)"));
    statement.bind(1, row);
    for (int i = 0; i < 4; ++i) statement.bindText(i + 2, columns[static_cast<size_t>(i)]);
    return statement.run();
}

// Whether the row is in the index by now; one that is not there yet comes with indexOlder().
Result<bool> SearchIndex::covers(const char* table, qint64 id) {
    ASSIGN_OR_RETURN(Statement from, m_database.prepare("SELECT value FROM upkeep WHERE name = ?"));
    ASSIGN_OR_RETURN(const bool row, from.bind(1, QLatin1String(table) + QStringLiteral("_from")).step());
    return row && id >= from.integer(0);
}

Result<void> SearchIndex::changeTitle(Change how, qint64 chat) {
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT title FROM chat WHERE id = ?"));
    ASSIGN_OR_RETURN(const bool row, query.bind(1, chat).step());
    return row ? change(how, -chat, {query.blob(0)}) : Result<void>{};
}

Result<void> SearchIndex::changeMessage(Change how, qint64 message) {
    ASSIGN_OR_RETURN(
        Statement query,
        m_database.prepare("SELECT s.channel, s.text FROM segment s JOIN message m ON m.id = s.message "
                           "WHERE m.id = ? AND m.state <> 'streaming' ORDER BY s.idx"));
    query.bind(1, message);
    std::array<QByteArray, 4> columns;
    bool any = false;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) break;
        const QByteArray channel = query.blob(0);
        QByteArray& column = columns[channel == "thought"                       ? 3
                                     : channel == "answer" || channel == "tool" ? 2
                                                                                : 1];
        if (!column.isEmpty()) column += '\n';
        column += query.blob(1);
        any = true;
    }
    return any ? change(how, message, columns) : Result<void>{};
}

Result<void> SearchIndex::addTitle(qint64 chat) {
    ASSIGN_OR_RETURN(const bool covered, covers("titles", chat));
    return covered ? changeTitle(Change::Add, chat) : Result<void>{};
}

Result<void> SearchIndex::removeTitle(qint64 chat) {
    ASSIGN_OR_RETURN(const bool covered, covers("titles", chat));
    return covered ? changeTitle(Change::Remove, chat) : Result<void>{};
}

Result<void> SearchIndex::addMessage(qint64 message) {
    ASSIGN_OR_RETURN(const bool covered, covers("messages", message));
    return covered ? changeMessage(Change::Add, message) : Result<void>{};
}

Result<void> SearchIndex::removeMessage(qint64 message) {
    ASSIGN_OR_RETURN(const bool covered, covers("messages", message));
    return covered ? changeMessage(Change::Remove, message) : Result<void>{};
}

Result<void> SearchIndex::removeChat(qint64 chat) {
    RETURN_IF_ERROR(removeTitle(chat));
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT id FROM message WHERE chat = ?"));
    query.bind(1, chat);
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) return {};
        RETURN_IF_ERROR(removeMessage(query.integer(0)));
    }
}

Result<bool> SearchIndex::indexOlder() {
    bool more = false;
    QElapsedTimer timer;
    timer.start();
    const auto step = [&](const char* name, const char* table, auto add) -> Result<void> {
        const QByteArray from = QByteArrayLiteral("SELECT value FROM upkeep WHERE name = '") + name + "_from'";
        ASSIGN_OR_RETURN(qint64 reached, m_database.number(from));
        if (reached <= 1) return {};
        ASSIGN_OR_RETURN(Statement next, m_database.prepare(QByteArrayLiteral("SELECT max(id) FROM ") +
                                                            table + " WHERE id < ?"));
        while (reached > 1 && timer.elapsed() < kStepMs) {
            RETURN_IF_ERROR(next.bind(1, reached).step());
            reached = next.integer(0); // 0: there is no other
            next.reset();
            if (reached > 0) RETURN_IF_ERROR(add(reached));
        }
        ASSIGN_OR_RETURN(Statement save, m_database.prepare("UPDATE upkeep SET value = ? WHERE name = ?"));
        more = more || reached > 1;
        return save.bind(1, reached).bind(2, QLatin1String(name) + QStringLiteral("_from")).run();
    };
    ASSIGN_OR_RETURN(
        const qint64 pending,
        m_database.number(
            "SELECT count(*) FROM upkeep WHERE name IN ('titles_from', 'messages_from') AND value > 1"));
    if (pending == 0) return false;
    const Result<void> done = m_database.transaction(Durability::Normal, [&]() -> Result<void> {
        RETURN_IF_ERROR(step("titles", "chat", [this](qint64 id) { return changeTitle(Change::Add, id); }));
        return step("messages", "message", [this](qint64 id) { return changeMessage(Change::Add, id); });
    });
    if (!done.ok()) return done.error();
    return more;
}

Result<void> SearchIndex::beginAnew() {
    return m_database.transaction(Durability::Normal, [this] { return dropIndex(m_database); });
}

// As SQLite writes numbers: seven bits a byte, the highest first, the top bit says that more follow.
Result<uint64_t> SearchIndex::levels() {
    ASSIGN_OR_RETURN(Statement query, m_database.prepare("SELECT block FROM search_data WHERE id = ?"));
    ASSIGN_OR_RETURN(const bool row, query.bind(1, qint64{kStructureRow}).step());
    const QByteArray structure = row ? query.blob(0) : QByteArray();
    uint64_t levels = 0;
    for (qsizetype i = kStructureCookie; i < std::min<qsizetype>(structure.size(), kStructureCookie + 4);
         ++i) {
        const auto byte = static_cast<uint8_t>(structure[i]);
        levels = levels << 7 | (byte & 0x7Fu);
        if (byte < 0x80) break;
    }
    return levels;
}

Result<bool> SearchIndex::wipe(bool first) {
    if (first) {
        ASSIGN_OR_RETURN(const uint64_t deep, levels());
        if (deep > kMostLevels) { // what was purged is gone with it
            RETURN_IF_ERROR(beginAnew());
            return false;
        }
    }
    // FTS5's optimize, in steps: a negative count begins it and positive ones go on until nothing changes any more.
    const qint64 before = m_database.changes();
    const QByteArray pages = QByteArray::number(first ? -kMergePages : kMergePages);
    RETURN_IF_ERROR(m_database.transaction(Durability::Normal, [&] {
        return m_database.execute("INSERT INTO search (search, rank) VALUES ('merge', " + pages + ")");
    }));
    return m_database.changes() - before >= 2;
}

Result<void> dropIndex(Database& copy) {
    ASSIGN_OR_RETURN(const qint64 there,
                     copy.number("SELECT count(*) FROM sqlite_master WHERE name = 'search'"));
    if (there == 0) return {}; // a schema older than the search
    return copy.execute(
        "INSERT INTO search (search) VALUES ('delete-all');"
        "UPDATE upkeep SET value = (SELECT coalesce(max(id), 0) + 1 FROM chat) WHERE name = 'titles_from';"
        "UPDATE upkeep SET value = (SELECT coalesce(max(id), 0) + 1 FROM message) WHERE name = "
        "'messages_from'");
}

} // namespace ponder::app
