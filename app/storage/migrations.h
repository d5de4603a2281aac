#pragma once
// The numbered steps from an older schema to the present one. Each is a file migrations/NNN_name.sql, embedded by CMake,
// and runs in a transaction of its own that ends by setting user_version. Before the first step on a database that holds
// something, a copy is made beside it. Same thread as the database.

#include <vector>

#include "app/storage/database.h"

namespace ponder::app {

struct Migration {
    int version = 0; // 1, 2, …: what user_version is afterwards
    QString name;    // "001_conversations"
    QByteArray sql;
};

const std::vector<Migration>& migrations();

// Refuses a database that is newer than the last of the steps, without touching it.
Result<void> migrate(Database& database, const std::vector<Migration>& steps = migrations());

// The same by a look at the file alone, so that not even a log is made beside a newer one.
Result<void> refuseNewer(const QString& path);

} // namespace ponder::app
