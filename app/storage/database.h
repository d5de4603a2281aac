#pragma once
// SQLite with owners for everything it hands out. Database owns the connection, Statement a prepared statement; both are
// movable and belong to the thread that opened them. Every failure is an Error with SQLite's own words and number.

#include <functional>
#include <memory>

#include <QByteArray>
#include <QString>

#include "models/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ponder::app {

// How sure a commit must be before it counts: Full survives a power cut (questions, finished answers), Normal a crash of
// the program (an answer in progress).
enum class Durability { Normal, Full };

// Live: the database that the program writes. Copy: a backup, which is opened to be changed for once and leaves no log
// beside it. ReadOnly: to look at the live one while somebody else writes it.
enum class Access { Live, Copy, ReadOnly };

// What went wrong since the last look that concerns more than the call that failed.
struct Faults {
    bool full = false;    // no room on the disk
    bool damaged = false; // the file contradicts itself
    bool index = false;   // only the index of the full-text search does: it can be made anew
};

class Statement {
public:
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) noexcept = default;

    // Parameters are numbered from 1; the values are copied.
    Statement& bind(int parameter, qint64 value);
    Statement& bind(int parameter, double value);
    Statement& bind(int parameter, const QString& value);
    Statement& bind(int parameter, const QByteArray& value);
    Statement& bindText(int parameter, const QByteArray& utf8);
    Statement& bindNull(int parameter);

    Result<bool> step(); // true: there is a row
    Result<void> run();  // to the end, ready to be bound again
    void reset();        // the same, before the end

    // Columns are numbered from 0.
    qint64 integer(int column) const;
    double real(int column) const;
    QString text(int column) const;
    QByteArray blob(int column) const; // of a text: its UTF-8
    bool isNull(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Statement(sqlite3* connection, Faults* faults, sqlite3_stmt* statement)
        : m_connection(connection), m_faults(faults), m_statement(statement) {}

    sqlite3* m_connection;
    Faults* m_faults;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

class Database {
public:
    // An empty path: in memory, gone with the object. Sets foreign keys and secure delete, on the live one WAL.
    // `faults`: what kind of failure it was, if it was one.
    static Result<Database> open(const QString& path, Access access = Access::Live, Faults* faults = nullptr);
    Database(Database&&) noexcept = default;
    Database& operator=(Database&&) noexcept = default;

    const QString& path() const { return m_path; }
    Result<void> execute(const QByteArray& sql); // one or several statements without parameters
    Result<Statement> prepare(const QByteArray& sql);
    Result<void> transaction(Durability durability, const std::function<Result<void>()>& body);
    Result<qint64> number(const QByteArray& sql); // the first column of the first row
    qint64 lastInsertId() const;
    qint64 changes() const; // rows, since it was opened

    // How long a call waits for another connection that holds the file.
    static constexpr int kPatienceMs = 2000;
    void setPatience(int ms);

    // Asked often during a long statement, on its thread; true ends it with an error.
    void setInterrupt(std::function<bool()> wanted);
    Faults takeFaults() { return std::exchange(*m_faults, {}); }

    sqlite3* connection() { return m_connection.get(); } // for the tokenizer

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    Result<void> prepareFor(Access access);
    Database(QString path, sqlite3* connection) : m_path(std::move(path)), m_connection(connection) {}

    QString m_path;
    // Behind pointers, for statements and SQLite keep their addresses when the database is moved.
    std::unique_ptr<Faults> m_faults = std::make_unique<Faults>();
    std::unique_ptr<std::function<bool()>> m_interrupt = std::make_unique<std::function<bool()>>();
    std::unique_ptr<sqlite3, Close> m_connection;
};

} // namespace ponder::app
