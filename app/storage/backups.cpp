#include "app/storage/backups.h"

#include <unistd.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThread>

#include "app/storage/search_index.h"

namespace ponder::app {

namespace {

const QString kDaily = QStringLiteral("daily");
const QString kPattern = QStringLiteral("ponder-*.db");
const QString kDamaged = QStringLiteral("damaged-");
const QString kUnfinished = QStringLiteral(".part");
const QString kStampForm = QStringLiteral("yyyyMMdd-HHmmss-zzz");

QDir folderOf(const QString& path) { return QDir(QFileInfo(path).dir().filePath(QStringLiteral("backups"))); }

Result<void> makeFolder(const QDir& folder) {
    if (folder.mkpath(QStringLiteral("."))) return {};
    return Error{ErrorCode::Io, "the folder " + folder.path().toStdString() +
                                    " could not be made: check that its parent may be written"};
}

// The time for a file's name, which no other has that begins with `before`: the next millisecond is waited for if need be.
QString freeStamp(const QDir& folder, const QString& before) {
    for (;;) {
        const QString stamp = QDateTime::currentDateTimeUtc().toString(kStampForm);
        if (folder.entryList({before + stamp + QLatin1Char('*')}, QDir::Files).isEmpty()) return stamp;
        QThread::msleep(1);
    }
}

bool isDaily(const QString& name) { return name.endsWith(QStringLiteral("-%1.db").arg(kDaily)); }

// The names begin with the time, so their order is that of time.
void dropOldest(QDir folder, bool daily) {
    QStringList copies = folder.entryList({kPattern}, QDir::Files, QDir::Name);
    copies.removeIf([daily](const QString& name) { return isDaily(name) != daily; });
    while (copies.size() > (daily ? kDailyKept : kBackupsKept)) folder.remove(copies.takeFirst());
}

Error notDone(const QString& what, const QString& why) {
    return {ErrorCode::Io, QStringLiteral("%1: %2; what was there is untouched").arg(what, why).toStdString()};
}

// A file's bytes are where they belong only after this, whatever its name is by then.
Result<void> flush(QFile& file) {
    if (file.flush() && fsync(file.handle()) == 0) return {};
    return notDone(file.fileName() + QStringLiteral(" could not be written"), file.errorString());
}

} // namespace

QStringList backupsOf(const QString& path) {
    if (path.isEmpty()) return {};
    const QDir folder = folderOf(path);
    QStringList copies;
    for (const QString& name : folder.entryList({kPattern}, QDir::Files, QDir::Name | QDir::Reversed))
        copies << folder.filePath(name);
    return copies;
}

Result<QString> backUp(Database& database, const QString& label) {
    QDir folder = folderOf(database.path());
    RETURN_IF_ERROR(makeFolder(folder));
    for (const QString& name : folder.entryList({QLatin1Char('*') + kUnfinished}, QDir::Files))
        folder.remove(name);
    const QString target = folder.filePath(
        QStringLiteral("ponder-%1-%2.db").arg(freeStamp(folder, QStringLiteral("ponder-")), label));
    const Result<void> copied = [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Statement statement, database.prepare("VACUUM INTO ?"));
        return statement.bind(1, target + kUnfinished).run();
    }();
    if (!copied.ok()) {
        QFile::remove(target + kUnfinished);
        return copied.error();
    }
    if (!QFile::rename(target + kUnfinished, target))
        return notDone(target + QStringLiteral(" could not be given its name"),
                       QStringLiteral("check the folder"));
    dropOldest(folder, label == kDaily);
    return target;
}

Result<QString> backUpDaily(const QString& path, const StopWanted& stop) {
    QDateTime last;
    for (const QString& copy : backupsOf(path))
        if (isDaily(copy) && !last.isValid()) last = QFileInfo(copy).lastModified();
    QDateTime changed = QFileInfo(path).lastModified();
    if (const QFileInfo log(path + QStringLiteral("-wal")); log.exists() && log.size() > 0)
        changed = std::max(changed, log.lastModified());
    if (last.isValid() && (last.msecsTo(QDateTime::currentDateTime()) < kDailyMs || changed <= last))
        return QString();
    ASSIGN_OR_RETURN(Database database, Database::open(path, Access::ReadOnly));
    // Before the first conversation there is nothing to copy.
    ASSIGN_OR_RETURN(const qint64 any, database.number("SELECT count(*) FROM (SELECT 1 FROM chat LIMIT 1)"));
    if (any == 0) return QString();
    database.setInterrupt(stop);
    return backUp(database, kDaily);
}

Result<QStringList> flawsOf(const QString& path, const StopWanted& stop) {
    Faults faults;
    auto database = Database::open(path, Access::ReadOnly, &faults);
    if (!database.ok() && faults.damaged)
        return QStringList{QString::fromStdString(database.error().message)};
    if (!database.ok()) return database.error();
    database->setInterrupt(stop);
    QStringList flaws;
    const auto check = [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Statement query, database->prepare("PRAGMA quick_check(5)"));
        for (;;) {
            ASSIGN_OR_RETURN(const bool row, query.step());
            if (!row) return {};
            if (const QString line = query.text(0); line != QStringLiteral("ok")) flaws << line;
        }
    };
    const Result<void> checked = check();
    if (checked.ok()) return flaws;
    if (database->takeFaults().damaged) return QStringList{QString::fromStdString(checked.error().message)};
    return checked.error();
}

namespace {

Result<bool> removeChats(Database& database, const std::vector<PurgedChat>& chats) {
    bool changed = false;
    for (const PurgedChat& chat : chats) {
        ASSIGN_OR_RETURN(Statement flatten,
                         database.prepare("UPDATE message SET parent = NULL WHERE chat IN "
                                          "(SELECT id FROM chat WHERE id = ? AND created = ?)"));
        RETURN_IF_ERROR(flatten.bind(1, chat.chat).bind(2, chat.createdMs).run());
        const qint64 before = database.changes();
        ASSIGN_OR_RETURN(Statement remove, database.prepare("DELETE FROM chat WHERE id = ? AND created = ?"));
        RETURN_IF_ERROR(remove.bind(1, chat.chat).bind(2, chat.createdMs).run());
        changed = changed || database.changes() > before;
    }
    return changed;
}

Result<void> purgeFromCopy(const QString& copy, const std::vector<PurgedChat>& chats, const StopWanted& stop) {
    ASSIGN_OR_RETURN(Database database, Database::open(copy, Access::Copy));
    database.setInterrupt(stop);
    bool changed = false;
    RETURN_IF_ERROR(database.transaction(Durability::Full, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(changed, removeChats(database, chats));
        return changed ? dropIndex(database) : Result<void>{};
    }));
    // Written anew, for the pages between those in use still hold what was in them.
    return changed ? database.execute("VACUUM") : Result<void>{};
}

const QStringList kParts{QString(), QStringLiteral("-wal"), QStringLiteral("-shm"),
                         QStringLiteral("-journal")};

// What can be read of a damaged database, without the chats, in a new file. `faults` are those of either.
Result<void> salvage(const QString& damaged, const QString& fresh, const std::vector<PurgedChat>& chats,
                     const StopWanted& stop, Faults& faults) {
    QFile::remove(fresh);
    const auto copied = [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Database database, Database::open(damaged, Access::Copy, &faults));
        database.setInterrupt(stop);
        const auto copy = [&]() -> Result<void> {
            ASSIGN_OR_RETURN(Statement into, database.prepare("VACUUM INTO ?"));
            return into.bind(1, fresh).run();
        };
        const Result<void> done = copy();
        faults = database.takeFaults();
        return done;
    };
    RETURN_IF_ERROR(copied());
    ASSIGN_OR_RETURN(Database database, Database::open(fresh, Access::Copy, &faults));
    database.setInterrupt(stop);
    const Result<void> cleared = database.transaction(Durability::Full, [&]() -> Result<void> {
        RETURN_IF_ERROR(removeChats(database, chats));
        // Whose chat is lost cannot be told, so it may be one of these.
        RETURN_IF_ERROR(
            database.execute("DELETE FROM segment WHERE message NOT IN (SELECT id FROM message WHERE "
                             "chat IN (SELECT id FROM chat));"
                             "UPDATE message SET parent = NULL WHERE chat NOT IN (SELECT id FROM chat);"
                             "DELETE FROM message WHERE chat NOT IN (SELECT id FROM chat)"));
        return dropIndex(database);
    });
    const Result<void> done = cleared.ok() ? database.execute("VACUUM") : cleared;
    faults = database.takeFaults();
    return done;
}

// The file that was put aside under that name, with whatever lies beside it. True: it was removed.
Result<bool> clearDamaged(const QString& file, const std::vector<PurgedChat>& chats, const StopWanted& stop) {
    if (const auto flaws = flawsOf(file, stop);
        flaws.ok() && flaws->isEmpty() && purgeFromCopy(file, chats, stop).ok())
        return false; // it was sound after all, or is since it was written anew
    const QString fresh = file + kUnfinished;
    Faults faults;
    const Result<void> done = salvage(file, fresh, chats, stop, faults);
    // No reason to give it up: there may be time or room another day.
    if (!done.ok() && ((stop && stop()) || faults.full)) {
        QFile::remove(fresh);
        return done.error();
    }
    const auto flaws = flawsOf(fresh, stop);
    const bool sound = done.ok() && flaws.ok() && flaws->isEmpty();
    for (const QString& part : kParts) {
        if (QFile::exists(file + part) && !QFile::remove(file + part))
            return notDone(file + part + QStringLiteral(" could not be removed"),
                           QStringLiteral("check the folder"));
        if (!sound || !part.isEmpty()) QFile::remove(fresh + part);
    }
    if (!sound) return true;
    if (!QFile::rename(fresh, file))
        return notDone(fresh + QStringLiteral(" could not be renamed to ") + file,
                       QStringLiteral("do it by hand"));
    return false;
}

// When it was put aside: nothing of what was begun long after that is in it. An imported chat may say that it was begun
// on a computer whose clock went fast, hence the day.
bool mayHold(const QString& name, const std::vector<PurgedChat>& chats) {
    const QString time = name.mid(kDamaged.size(), kStampForm.size());
    QDateTime aside = QDateTime::fromString(time, kStampForm);
    aside.setTimeSpec(Qt::UTC);
    if (!aside.isValid()) return true;
    const qint64 last = aside.toMSecsSinceEpoch() + kDailyMs, present = QDateTime::currentMSecsSinceEpoch();
    return std::any_of(chats.begin(), chats.end(), [&](const PurgedChat& chat) {
        return chat.createdMs <= last || chat.createdMs > present;
    });
}

} // namespace

Result<int> purgeFromBackups(const QString& path, const std::vector<PurgedChat>& chats,
                             const StopWanted& stop) {
    for (const QString& copy : backupsOf(path)) RETURN_IF_ERROR(purgeFromCopy(copy, chats, stop));
    QDir folder = folderOf(path);
    // Of copies that were broken off.
    QFile::remove(path + kUnfinished);
    for (const QString& name : folder.entryList({QLatin1Char('*') + kUnfinished}, QDir::Files))
        folder.remove(name);
    // By the names of all parts: a log may be all that is left of one.
    QStringList kept;
    for (const QString& name : folder.entryList({kDamaged + QLatin1Char('*')}, QDir::Files, QDir::Name)) {
        const QString file = name.left(name.lastIndexOf(QStringLiteral(".db")) + 3);
        if (name.contains(QStringLiteral(".db")) && !kept.contains(file)) kept << file;
    }
    int removed = 0;
    for (const QString& name : kept) {
        if (!mayHold(name, chats)) continue;
        ASSIGN_OR_RETURN(const bool gone, clearDamaged(folder.filePath(name), chats, stop));
        removed += gone;
    }
    return removed;
}

Result<void> putBack(const QString& backup, const QString& path) {
    QDir folder = folderOf(path);
    RETURN_IF_ERROR(makeFolder(folder));
    // First the copy, whole and on the disk, under another name; only then is anything moved.
    const QString fresh = path + kUnfinished;
    QFile::remove(fresh);
    if (!QFile::copy(backup, fresh))
        return notDone(QStringLiteral("%1 could not be copied").arg(backup),
                       QStringLiteral("is there room on the disk?"));
    QFile copied(fresh);
    if (!copied.open(QIODevice::ReadWrite))
        return notDone(fresh + QStringLiteral(" could not be opened"), copied.errorString());
    RETURN_IF_ERROR(flush(copied));
    copied.close();
    const QString aside = folder.filePath(kDamaged + freeStamp(folder, kDamaged) + QStringLiteral(".db"));
    for (const QString& part : {QStringLiteral("-wal"), QStringLiteral("-shm"), QString()}) {
        if (!QFile::exists(path + part)) continue;
        if (!QFile::rename(path + part, aside + part))
            return notDone(path + part + QStringLiteral(" could not be moved to ") + aside,
                           QStringLiteral("check the folder"));
    }
    if (!QFile::rename(fresh, path))
        return notDone(fresh + QStringLiteral(" could not be renamed to ") + path,
                       QStringLiteral("do it by hand"));
    return {};
}

} // namespace ponder::app
