// Copies of the database: made when due, whole or not there at all, put back without destroying anything.
#include <QDateTime>
#include <QDir>
#include <QFile>

#include "app/storage/backups.h"
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

const StopWanted kNever = [] { return false; };

void setAge(const QString& path, qint64 ms) {
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadWrite));
    REQUIRE(file.setFileTime(QDateTime::currentDateTime().addMSecs(-ms), QFileDevice::FileModificationTime));
}

void overwrite(const QString& path, qint64 at, const QByteArray& bytes) {
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadWrite));
    REQUIRE(file.seek(at));
    REQUIRE(file.write(bytes) == bytes.size());
}

} // namespace

TEST_CASE("a copy a day, when something has changed, beside those of migrations") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    ConversationStore store = opened(path);
    CHECK(backUpDaily(path, kNever)->isEmpty()); // nothing to lose yet
    exchange(store, "q", "t", "a");
    const QString first = *backUpDaily(path, kNever);
    CHECK(QFile::exists(first));
    CHECK(backUpDaily(path, kNever)->isEmpty()); // not a second one on the day
    setAge(first, kDailyMs + 1000);
    const QString second = *backUpDaily(path, kNever);
    CHECK(!second.isEmpty());
    for (const QString& copy : {first, second}) setAge(copy, 2 * kDailyMs);
    setAge(path, 3 * kDailyMs);
    setAge(path + "-wal", 3 * kDailyMs);
    CHECK(backUpDaily(path, kNever)->isEmpty()); // unchanged since
    exchange(store, "q", "t", "a");
    for (int i = 0; i < kBackupsKept + 1; ++i) REQUIRE(backUp(store.database(), "schema1").ok());
    CHECK(!backUpDaily(path, kNever)->isEmpty());
    const QStringList copies = backupsOf(path);
    CHECK(copies.size() == kBackupsKept + kDailyKept);
    CHECK(copies.front().endsWith("daily.db"));
    CHECK(!QFile::exists(first));
    for (const QString& copy : copies) CHECK(flawsOf(copy)->isEmpty());
    CHECK(QDir(folder.filePath("backups"))
              .entryList({"*.part", "*-wal", "*-shm", "*-journal"}, QDir::Files)
              .isEmpty());
}

TEST_CASE("a copy whose time others have in their names gets a later one") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    ConversationStore store = opened(path);
    exchange(store, "q", "t", "a");
    REQUIRE(QDir(folder.path()).mkpath("backups"));
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QString last;
    for (int ms = 0; ms < 200; ++ms) {
        last = folder.filePath("backups/ponder-" + now.addMSecs(ms).toString("yyyyMMdd-HHmmss-zzz") +
                               "-schema1.db");
        QFile taken(last);
        REQUIRE(taken.open(QIODevice::WriteOnly));
    }
    const Result<QString> copy = backUp(store.database(), "schema1");
    REQUIRE(copy.ok());
    CHECK(*copy > last);
    CHECK(flawsOf(*copy)->isEmpty());
}

TEST_CASE("a copy that was interrupted leaves nothing behind") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    ConversationStore store = opened(path);
    for (int i = 0; i < 200; ++i) exchange(store, "q", QString("t ").repeated(2000), "a");
    CHECK(!backUpDaily(path, [] { return true; }).ok());
    CHECK(backupsOf(path).isEmpty());
    CHECK(QDir(folder.filePath("backups")).entryList(QDir::Files).isEmpty());
    QFile left(folder.filePath("backups/ponder-0.db.part")); // of a program that was killed
    REQUIRE(left.open(QIODevice::WriteOnly));
    left.close();
    REQUIRE(!backUpDaily(path, kNever)->isEmpty());
    CHECK(!left.exists());
}

TEST_CASE("damage is found") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    {
        ConversationStore store = opened(path);
        for (int i = 0; i < 50; ++i) exchange(store, "q", QString("t ").repeated(2000), "a");
        CHECK(flawsOf(path)->isEmpty()); // while it is open, too
    }
    CHECK(flawsOf(path)->isEmpty());
    overwrite(path, 20 * 4096, QByteArray(3 * 4096, '\x5a'));
    const auto flaws = flawsOf(path);
    REQUIRE(flaws.ok());
    CHECK(!flaws->isEmpty());
    overwrite(path, 0, QByteArray(100, 'x'));
    CHECK(flawsOf(path)->size() == 1);
    CHECK(!flawsOf(folder.filePath("nothing.db")).ok());
}

TEST_CASE("a copy put back takes the place of the database, which is kept") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    QString copy;
    {
        ConversationStore store = opened(path);
        exchange(store, "in the copy", "t", "a");
        copy = *backUp(store.database(), "daily");
        exchange(store, "after the copy", "t", "a");
    }
    REQUIRE(putBack(copy, path).ok());
    {
        ConversationStore store = opened(path);
        CHECK(store.chats(10)->size() == 1);
        CHECK(found(store, "copy").size() == 1);
        checkSound(store);
    }
    QDir backups(folder.filePath("backups"));
    const QStringList aside = backups.entryList({"damaged-*.db"}, QDir::Files);
    REQUIRE(aside.size() == 1);
    CHECK(opened(backups.filePath(aside.front())).chats(10)->size() == 2);
    CHECK(QFile::exists(copy));
    // What is deleted for good is deleted there, too, and the rest of it stays.
    {
        ConversationStore store = opened(path);
        REQUIRE(store.purgeChat(store.chats(1)->front().id).ok());
        REQUIRE(store.finishUpkeep().ok());
    }
    CHECK(opened(backups.filePath(aside.front())).chats(10)->size() == 1);
    CHECK(opened(copy).chats(10)->empty());
    CHECK(filesWith(folder.path(), "in the copy").isEmpty());
    CHECK(!filesWith(folder.path(), "after the copy").isEmpty());
    // A copy that is not there changes nothing.
    CHECK(!putBack(folder.filePath("nothing.db"), path).ok());
    CHECK(opened(path).chats(10)->empty());
}
