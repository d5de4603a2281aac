#include "app/storage/migrations.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>

#include "app/storage/backups.h"

static void initResources() {
    Q_INIT_RESOURCE(migrations);
} // Q_INIT_RESOURCE must stand outside of namespaces

namespace ponder::app {

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> all = [] {
        initResources();
        std::vector<Migration> steps;
        const QDir folder(QStringLiteral(":/ponder/migrations"));
        for (const QString& name : folder.entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name)) {
            QFile file(folder.filePath(name));
            PONDER_CHECK(file.open(QIODevice::ReadOnly));
            steps.push_back({name.left(3).toInt(), QFileInfo(name).completeBaseName(), file.readAll()});
        }
        for (size_t i = 0; i < steps.size(); ++i) PONDER_CHECK(steps[i].version == static_cast<int>(i) + 1);
        return steps;
    }();
    return all;
}

namespace {

Error newer(qint64 have, int latest) {
    return {ErrorCode::Database,
            QStringLiteral(
                "the conversations were written by a newer Ponder (their schema is %1, this program knows "
                "%2): start the newer one, or set PONDER_DATA_DIR to another folder")
                .arg(have)
                .arg(latest)
                .toStdString()};
}

} // namespace

Result<void> refuseNewer(const QString& path) {
    constexpr qint64 kUserVersion =
        60; // where the header of an SQLite file has it, big-endian (sqlite.org/fileformat2)
    QFile file(path);
    if (path.isEmpty() || !file.open(QIODevice::ReadOnly)) return {};
    const QByteArray header = file.read(kUserVersion + 4);
    if (header.size() < kUserVersion + 4 || !header.startsWith("SQLite format 3")) return {};
    const auto have = qFromBigEndian<qint32>(header.constData() + kUserVersion);
    if (have > migrations().back().version) return newer(have, migrations().back().version);
    return {};
}

Result<void> migrate(Database& database, const std::vector<Migration>& steps) {
    ASSIGN_OR_RETURN(const qint64 have, database.number("PRAGMA user_version"));
    const int latest = steps.empty() ? 0 : steps.back().version;
    if (have > latest) return newer(have, latest);
    if (have > 0 && have < latest && !database.path().isEmpty())
        if (auto copy = backUp(database, QStringLiteral("schema%1").arg(have)); !copy.ok())
            return copy.error();
    for (const Migration& step : steps) {
        if (step.version <= have) continue;
        const Result<void> done = database.transaction(Durability::Full, [&]() -> Result<void> {
            RETURN_IF_ERROR(database.execute(step.sql));
            ASSIGN_OR_RETURN(
                Statement note,
                database.prepare("INSERT INTO migration (version, name, applied) VALUES (?, ?, ?)"));
            RETURN_IF_ERROR(note.bind(1, qint64{step.version})
                                .bind(2, step.name)
                                .bind(3, QDateTime::currentMSecsSinceEpoch())
                                .run());
            return database.execute("PRAGMA user_version=" + QByteArray::number(step.version));
        });
        if (!done.ok()) return done.error();
    }
    return {};
}

} // namespace ponder::app
