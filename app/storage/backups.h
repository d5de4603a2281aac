#pragma once
// The copies of the database in the folder "backups" beside it: made before a migration and once a day, put back when the
// database is damaged, and cleared of what was deleted for good. Nothing here touches an open connection but backUp(), so
// the rest may run beside the store's thread. Long work ends early when `stop` says so.

#include <functional>
#include <vector>

#include <QStringList>

#include "app/storage/database.h"

namespace ponder::app {

inline constexpr int kBackupsKept = 5; // of those made before a migration
inline constexpr int kDailyKept = 2;
inline constexpr qint64 kDailyMs = 24LL * 60 * 60 * 1000;

using StopWanted = std::function<bool()>;

struct PurgedChat {
    qint64 chat = 0, createdMs = 0;
};

QStringList backupsOf(const QString& path); // the newest first

// A consistent copy; the oldest of its kind beyond those kept go. It appears under its name when it is whole.
Result<QString> backUp(Database& database, const QString& label);

// The copy of the day, if the last one is older than that and the database has changed. Empty: none was due.
Result<QString> backUpDaily(const QString& path, const StopWanted& stop);

// What quick_check has to say, a line each; empty: the database is sound. One that cannot be read as a database at all has
// one line. An error is anything else, such as being stopped.
Result<QStringList> flawsOf(const QString& path, const StopWanted& stop = {});

// Files that putBack() kept of a damaged database are written anew without the chats; one that cannot be read to its last
// page might hold their words where nobody finds them, so it is removed. Returns how many were.
Result<int> purgeFromBackups(const QString& path, const std::vector<PurgedChat>& chats,
                             const StopWanted& stop = {});

// Puts `backup` in the place of the database at `path`, which nobody has open; what stood there is kept in the folder under
// a name that begins with "damaged-".
Result<void> putBack(const QString& backup, const QString& path);

} // namespace ponder::app
