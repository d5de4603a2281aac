#include "app/storage/database.h"

#include <sqlite3.h>

#include <QFileInfo>

#include "app/storage/tokenizer.h"

namespace ponder::app {

namespace {

Error failure(sqlite3* connection, Faults* faults, const char* doing) {
    const int code = connection ? sqlite3_extended_errcode(connection) : SQLITE_NOMEM;
    const QString words = QString::fromUtf8(connection ? sqlite3_errmsg(connection) : "out of memory");
    QString advice;
    switch (code & 0xff) {
    case SQLITE_FULL:
        faults->full = true;
        advice = QStringLiteral("; make room on the disk, nothing new is saved until then");
        break;
    case SQLITE_IOERR:
        advice = QStringLiteral("; check the disk, what was written before is kept");
        break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        advice = QStringLiteral("; check that the folder may be written");
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        advice = QStringLiteral("; another program holds the file, close it");
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        if (code == SQLITE_CORRUPT_VTAB) {
            faults->index = true;
            advice = QStringLiteral("; the index of the search is damaged and made anew, try again");
            break;
        }
        faults->damaged = true;
        advice = QStringLiteral("; the file is damaged, put back a copy from the folder backups");
        break;
    default:
        break;
    }
    return {ErrorCode::Database, QStringLiteral("%1: %2 (SQLite %3)%4")
                                     .arg(QString::fromUtf8(doing), words)
                                     .arg(code)
                                     .arg(advice)
                                     .toStdString()};
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Statement& Statement::bind(int parameter, qint64 value) {
    PONDER_CHECK(sqlite3_bind_int64(m_statement.get(), parameter, value) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(int parameter, double value) {
    PONDER_CHECK(sqlite3_bind_double(m_statement.get(), parameter, value) == SQLITE_OK);
    return *this;
}

// A value that is too large or does not fit into memory stays NULL; the NOT NULL of the schema then refuses the row with
// an ordinary error.
Statement& Statement::bind(int parameter, const QString& value) {
    return bindText(parameter, value.toUtf8());
}

Statement& Statement::bindText(int parameter, const QByteArray& utf8) {
    sqlite3_bind_text64(m_statement.get(), parameter, utf8.isNull() ? "" : utf8.constData(),
                        static_cast<sqlite3_uint64>(utf8.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind(int parameter, const QByteArray& value) {
    sqlite3_bind_blob64(m_statement.get(), parameter, value.isNull() ? "" : value.constData(),
                        static_cast<sqlite3_uint64>(value.size()), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bindNull(int parameter) {
    PONDER_CHECK(sqlite3_bind_null(m_statement.get(), parameter) == SQLITE_OK);
    return *this;
}

Result<bool> Statement::step() {
    const int result = sqlite3_step(m_statement.get());
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    Error error = failure(m_connection, m_faults, "reading or writing the conversations failed");
    sqlite3_reset(m_statement.get());
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, step());
        if (!row) break;
    }
    reset();
    return {};
}

void Statement::reset() {
    sqlite3_reset(m_statement.get());
    sqlite3_clear_bindings(m_statement.get());
}

qint64 Statement::integer(int column) const { return sqlite3_column_int64(m_statement.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(m_statement.get(), column); }
bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

QString Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return QString::fromUtf8(data, sqlite3_column_bytes(m_statement.get(), column));
}

QByteArray Statement::blob(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    return QByteArray(data, sqlite3_column_bytes(m_statement.get(), column));
}

Result<Database> Database::open(const QString& path, Access access, Faults* faults) {
    sqlite3* connection = nullptr;
    const QByteArray name = path.isEmpty() ? QByteArrayLiteral(":memory:") : path.toUtf8();
    const int flags = access == Access::Live   ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                      : access == Access::Copy ? SQLITE_OPEN_READWRITE
                                               : SQLITE_OPEN_READONLY;
    const int result = sqlite3_open_v2(name.constData(), &connection, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(path, connection);
    const Result<void> ready =
        result == SQLITE_OK
            ? database.prepareFor(access)
            : failure(connection, database.m_faults.get(),
                      QStringLiteral("%1 could not be opened").arg(path).toUtf8().constData());
    if (faults) *faults = *database.m_faults;
    if (!ready.ok()) return ready.error();
    return database;
}

Result<void> Database::prepareFor(Access access) {
    sqlite3_extended_result_codes(m_connection.get(), 1);
    setPatience(kPatienceMs);
    RETURN_IF_ERROR(registerFullText(m_connection.get()));
    RETURN_IF_ERROR(execute("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;"
                            "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY"));
    if (access != Access::Live) return {};
    // SQLite opens what it may only read, too, and would say so at the first write.
    if (sqlite3_db_readonly(m_connection.get(), "main") == 1) {
        return Error{ErrorCode::Database,
                     QStringLiteral("%1 may only be read (SQLite %2): check that the file and "
                                    "its folder may be written")
                         .arg(m_path)
                         .arg(SQLITE_READONLY)
                         .toStdString()};
    }
    return execute("PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=16777216; PRAGMA cache_size=-16000");
}

void Database::setPatience(int ms) { sqlite3_busy_timeout(m_connection.get(), ms); }

void Database::setInterrupt(std::function<bool()> wanted) {
    constexpr int kOperations = 2000; // of SQLite's machine, well under a millisecond
    *m_interrupt = std::move(wanted);
    if (!*m_interrupt) return sqlite3_progress_handler(m_connection.get(), 0, nullptr, nullptr);
    sqlite3_progress_handler(
        m_connection.get(), kOperations,
        [](void* asked) { return (*static_cast<std::function<bool()>*>(asked))() ? 1 : 0; },
        m_interrupt.get());
}

Result<void> Database::execute(const QByteArray& sql) {
    if (sqlite3_exec(m_connection.get(), sql.constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure(m_connection.get(), m_faults.get(), "writing the conversations failed");
    return {};
}

Result<Statement> Database::prepare(const QByteArray& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_connection.get(), sql.constData(), -1, &statement, nullptr) != SQLITE_OK)
        return failure(m_connection.get(), m_faults.get(), "the conversations could not be read");
    return Statement(m_connection.get(), m_faults.get(), statement);
}

Result<void> Database::transaction(Durability durability, const std::function<Result<void>()>& body) {
    // The pragma has no effect inside a transaction, so it comes first; FULL is the resting state.
    RETURN_IF_ERROR(
        execute(durability == Durability::Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
    RETURN_IF_ERROR(execute("BEGIN IMMEDIATE"));
    Result<void> result = body();
    if (result.ok()) result = execute("COMMIT");
    // A full disk may have rolled back by itself; then there is nothing left to undo.
    if (!result.ok() && sqlite3_get_autocommit(m_connection.get()) == 0) (void)execute("ROLLBACK").ok();
    return result;
}

Result<qint64> Database::number(const QByteArray& sql) {
    ASSIGN_OR_RETURN(Statement statement, prepare(sql));
    ASSIGN_OR_RETURN(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
}

qint64 Database::lastInsertId() const { return sqlite3_last_insert_rowid(m_connection.get()); }
qint64 Database::changes() const { return sqlite3_total_changes64(m_connection.get()); }

} // namespace ponder::app
