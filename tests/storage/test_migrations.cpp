// The way from older schemas to the present one.
#include <doctest/doctest.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "app/storage/backups.h"
#include "app/storage/migrations.h"
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

const Migration kFirst{1, "001_a",
                       "CREATE TABLE a (x INTEGER); CREATE TABLE migration (version INTEGER PRIMARY KEY, "
                       "name TEXT, applied INTEGER)"};
const Migration kSecond{2, "002_b",
                        "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'z'; CREATE TABLE b (x)"};
const Migration kBroken{3, "003_c", "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)"};

Database openedDatabase(const QString& path) {
    auto database = Database::open(path);
    REQUIRE(database.ok());
    return std::move(database).value();
}

} // namespace

TEST_CASE("the embedded migrations are numbered without a gap and lead to a database that opens") {
    CHECK(!migrations().empty());
    Database database = openedDatabase({});
    REQUIRE(migrate(database).ok());
    CHECK(*database.number("PRAGMA user_version") == migrations().back().version);
    CHECK(*database.number("SELECT count(*) FROM migration") == static_cast<qint64>(migrations().size()));
    REQUIRE(migrate(database).ok()); // and again: nothing to do
    CHECK(*database.number("SELECT count(*) FROM migration") == static_cast<qint64>(migrations().size()));
}

TEST_CASE("a step keeps what is there, and a copy is made before it") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    {
        Database database = openedDatabase(path);
        REQUIRE(migrate(database, {kFirst}).ok());
        REQUIRE(database.execute("INSERT INTO a VALUES (7)").ok());
    }
    Database database = openedDatabase(path);
    REQUIRE(migrate(database, {kFirst, kSecond}).ok());
    CHECK(*database.number("SELECT x FROM a WHERE y = 'z'") == 7);
    const QStringList copies = QDir(folder.filePath("backups")).entryList(QDir::Files);
    REQUIRE(copies.size() == 1);
    Database copy = openedDatabase(folder.filePath("backups/" + copies.front()));
    CHECK(*copy.number("PRAGMA user_version") == 1);
    CHECK(*copy.number("SELECT x FROM a") == 7);
}

TEST_CASE("a step that fails leaves the step before it") {
    QTemporaryDir folder;
    Database database = openedDatabase(folder.filePath("ponder.db"));
    REQUIRE(migrate(database, {kFirst, kSecond}).ok());
    const auto result = migrate(database, {kFirst, kSecond, kBroken});
    REQUIRE(!result.ok());
    CHECK(result.error().code == ErrorCode::Database);
    CHECK(*database.number("PRAGMA user_version") == 2);
    CHECK(*database.number("SELECT count(*) FROM sqlite_master WHERE name = 'c'") == 0);
}

TEST_CASE("five copies are kept") {
    QTemporaryDir folder;
    Database database = openedDatabase(folder.filePath("ponder.db"));
    for (int i = 0; i < kBackupsKept + 2; ++i) REQUIRE(backUp(database, QString("test%1").arg(i)).ok());
    const QStringList copies = QDir(folder.filePath("backups")).entryList(QDir::Files, QDir::Name);
    CHECK(copies.size() == kBackupsKept);
    CHECK(copies.back().contains("test6"));
}

TEST_CASE("a newer database is refused, its numbers are told, and nothing in it changes") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    {
        Database database = openedDatabase(path);
        REQUIRE(database.execute("CREATE TABLE future (x); PRAGMA user_version=4711").ok());
    }
    const auto store = ConversationStore::open(path);
    REQUIRE(!store.ok());
    CHECK(store.error().message.find("4711") != std::string::npos);
    CHECK(store.error().message.find("newer") != std::string::npos);
    Database database = openedDatabase(path);
    CHECK(*database.number("PRAGMA user_version") == 4711);
    CHECK(*database.number("SELECT count(*) FROM sqlite_master WHERE type = 'table'") == 1);
}

TEST_CASE("what is no database is refused in a sentence") {
    QTemporaryDir folder;
    QFile file(folder.filePath("ponder.db"));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(8192, 'x'));
    file.close();
    const auto store = ConversationStore::open(file.fileName());
    REQUIRE(!store.ok());
    CHECK(store.error().code == ErrorCode::Database);
}

// A migration comes with tests/data/storage/schema-N.sql: a dump of a database as the schema before it wrote it.
TEST_CASE("every schema there ever was can be opened, with all that is in it") {
    for (int version = 1; version <= migrations().back().version; ++version) {
        CAPTURE(version);
        QFile fixture(QString(PONDER_SCHEMA_FIXTURES "/schema-%1.sql").arg(version));
        REQUIRE(fixture.open(QIODevice::ReadOnly));
        QTemporaryDir folder;
        const QString path = folder.filePath("ponder.db");
        {
            Database database = openedDatabase(path);
            REQUIRE(database.execute(fixture.readAll()).ok());
            REQUIRE(*database.number("PRAGMA user_version") == version);
        }
        auto store = ConversationStore::open(path);
        REQUIRE(store.ok());
        const auto chats = store->chats(10);
        REQUIRE(chats.ok());
        REQUIRE(chats->size() == 2);
        CHECK(chats->front().title == "A pinned one");
        const auto messages = store->messages(chats->back().id);
        REQUIRE(messages.ok());
        REQUIRE(messages->size() == 3);
        CHECK(messages->at(1).parent == messages->at(0).id);
        CHECK(messages->at(2).parent == messages->at(0).id);
        REQUIRE(messages->at(1).segments.size() == 2);
        CHECK(messages->at(1).segments[0].channel == SegmentChannel::Thought);
        CHECK(messages->at(1).segments[0].text == QString::fromUtf8("Hm … 為什麼"));
        CHECK(messages->at(1).segments[1].ids == std::vector<int32_t>{1, 151646, -1});
        CHECK(messages->at(2).state == MessageState::Interrupted); // it was streaming
        // What schema 3 brought, and what older ones know nothing of.
        const bool reading = version >= 3;
        CHECK(chats->back().place == (reading ? ReadingPlace{2, -1, 0.25} : ReadingPlace{}));
        CHECK(chats->front().place == ReadingPlace{});
        CHECK(messages->at(1).thoughtShown == (reading ? std::optional(ThoughtShown::Full) : std::nullopt));
        CHECK(!messages->at(2).thoughtShown);
        CHECK(!messages->at(1).segments[0].cutShort);
        CHECK(messages->at(2).segments[0].cutShort == reading);
        CHECK(*store->setting("chat.last") == "1");
        CHECK(store->models(5)->front().path == "/models/a.gguf");
        REQUIRE(store->finishUpkeep().ok());
        CHECK(found(*store, "為什") == QStringList{"thought 5 為什"});
        CHECK(found(*store, "pinned") == QStringList{"title 2 pinned"});
        CHECK(found(*store, "cut").size() == 1);
        checkSound(*store);
        checkIndexInStep(*store);
    }
}
