// The store's thread: what it tells without being asked, and what it does when nobody asks.
#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QFile>

#include "app/storage/migrations.h"
#include "app/storage/store_thread.h"
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

// A thread and what it has told, by name.
struct Heard {
    StoreThread thread;
    QStringList told;
    QStringList copies;

    explicit Heard(int quietMs = 0) {
        thread.setQuietMs(quietMs);
        QObject::connect(&thread, &StoreThread::opened, &thread, [this] { tell("opened"); });
        QObject::connect(&thread, &StoreThread::failed, &thread,
                         [this](const QString& m) { tell("failed: " + m); });
        QObject::connect(&thread, &StoreThread::restored, &thread, [this] { tell("restored"); });
        QObject::connect(&thread, &StoreThread::diskLow, &thread, [this](qint64) { tell("low"); });
        QObject::connect(&thread, &StoreThread::diskEnough, &thread, [this] { tell("enough"); });
        QObject::connect(&thread, &StoreThread::damaged, &thread,
                         [this](const QString& m, const QStringList& backups) {
                             copies = backups;
                             tell("damaged: " + m);
                         });
        QObject::connect(&thread, &StoreThread::keptRemoved, &thread,
                         [this](int files) { tell(QString("removed: %1").arg(files)); });
    }

    void tell(const QString& what) {
        told << what;
        if (m_loop) m_loop->quit();
    }

    bool has(const QString& beginning) const {
        return std::any_of(told.begin(), told.end(),
                           [&](const QString& t) { return t.startsWith(beginning); });
    }

    void waitFor(const QString& beginning) {
        while (!has(beginning)) {
            QEventLoop loop;
            m_loop = &loop;
            loop.exec();
            m_loop = nullptr;
        }
    }

    template <typename Work>
    auto run(Work work) {
        std::optional<decltype(work(std::declval<ConversationStore&>()))> result;
        QEventLoop loop;
        thread.run(&thread, work, [&](auto done) {
            result = std::move(done);
            loop.quit();
        });
        while (!result) loop.exec();
        return std::move(*result);
    }

    size_t chats() {
        return run([](ConversationStore& store) { return store.chats(1000); })->size();
    }

private:
    QEventLoop* m_loop = nullptr;
};

// A database of some conversations, and a copy of it.
QString filled(const QTemporaryDir& folder) {
    const QString path = folder.filePath("ponder.db");
    ConversationStore store = opened(path);
    for (int i = 0; i < 50; ++i) exchange(store, "q", QString("words ").repeated(1000), "a");
    REQUIRE(backUp(store.database(), "daily").ok());
    return path;
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadOnly));
    return file.readAll();
}

void spoil(const QString& path, qint64 at, qint64 size) {
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadWrite));
    REQUIRE(file.seek(at));
    REQUIRE(file.write(QByteArray(size, 'Z')) == size);
}

} // namespace

TEST_CASE("a file that is no database: told with the copies, conversations in memory, and carried over") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    spoil(path, 0, 8192);
    const QByteArray before = bytesOf(path);
    Heard heard;
    heard.thread.open(path);
    heard.waitFor("opened");
    CHECK(heard.has("damaged: "));
    REQUIRE(heard.copies.size() == 1);
    CHECK(heard.chats() == 0);
    CHECK(
        heard.run([](ConversationStore& store) { return store.addQuestion(0, 0, "meanwhile", "Meanwhile"); })
            .ok());
    CHECK(bytesOf(path) == before);

    heard.thread.restoreBackup(heard.copies.front());
    heard.waitFor("restored");
    CHECK(heard.chats() == 51);
    CHECK(QDir(folder.filePath("backups")).entryList({"damaged-*"}, QDir::Files).size() == 1);
    CHECK(!heard.has("failed"));
}

TEST_CASE("damage inside of the file is found by the check that runs when nothing is asked") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    spoil(path, 30 * 4096, 8 * 4096);
    Heard heard;
    heard.thread.open(path);
    heard.waitFor("damaged: ");
    CHECK(heard.copies.size() == 1); // and no copy of the damaged one was made
    heard.thread.restoreBackup(heard.copies.front());
    heard.waitFor("restored");
    CHECK(heard.chats() == 50);
    CHECK(heard.told.count("restored") == 1);
}

TEST_CASE("a copy that is damaged, too, is not put back") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    const QString copy = backupsOf(path).front();
    spoil(copy, 30 * 4096, 8 * 4096);
    Heard heard;
    heard.thread.open(path);
    heard.waitFor("opened");
    heard.thread.restoreBackup(copy);
    heard.waitFor("failed");
    CHECK(heard.chats() == 50);
    CHECK(heard.run([](ConversationStore& store) { return store.addQuestion(0, 0, "goes on", "T"); }).ok());
}

TEST_CASE("a newer database is refused by the thread, too, and not a byte or a file of it changes") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    {
        auto database = Database::open(path);
        REQUIRE(database->execute("PRAGMA user_version=4711").ok());
    }
    const QByteArray before = bytesOf(path);
    const QStringList files = QDir(folder.path()).entryList(QDir::Files);
    {
        Heard heard;
        heard.thread.open(path);
        heard.waitFor("opened");
        CHECK(heard.has("failed: "));
        CHECK(heard.told.front().contains("4711"));
        CHECK(!heard.has("damaged"));
        CHECK(
            heard.run([](ConversationStore& store) { return store.addQuestion(0, 0, "in memory", "T"); }).ok());
        CHECK(heard.run([](ConversationStore& store) { return store.setSetting("a", "b"); }).ok());
        CHECK(heard.chats() == 1);
    }
    CHECK(bytesOf(path) == before);
    CHECK(QDir(folder.path()).entryList(QDir::Files) == files);
    CHECK(backupsOf(path).size() == 1);
}

TEST_CASE("a folder that cannot be made or written is told, and conversations go on in memory") {
    QTemporaryDir folder;
    QFile file(folder.filePath("file"));
    REQUIRE(file.open(QIODevice::WriteOnly));
    Heard heard;
    heard.thread.open(folder.filePath("file/below/ponder.db")); // a file stands where the folder should
    heard.waitFor("opened");
    CHECK(heard.has("failed: "));
    CHECK(heard.told.front().contains("folder"));
    CHECK(heard.run([](ConversationStore& store) { return store.addQuestion(0, 0, "q", "T"); }).ok());
    Heard directory;
    QDir(folder.path()).mkdir("ponder.db");
    directory.thread.open(folder.filePath("ponder.db"));
    directory.waitFor("opened");
    CHECK(directory.has("failed: "));
    CHECK(directory.chats() == 0);
}

TEST_CASE("when nobody asks: old titles are indexed, the trash emptied, purged chats wiped everywhere, a "
          "copy made") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    qint64 old = 0;
    {
        ConversationStore store = opened(path);
        old = exchange(store, "zqsecretxv", "t", "zqsecretxv").chat;
        REQUIRE(backUp(store.database(), "schema1").ok());
        REQUIRE(store.database()
                    .execute("UPDATE chat SET deleted_at = 1 WHERE id = " + QByteArray::number(old) +
                             "; INSERT INTO search (search) VALUES ('delete-all');"
                             "UPDATE upkeep SET value = 1000 WHERE name LIKE '%_from'")
                    .ok());
        REQUIRE(!filesWith(folder.path(), "zqsecretxv").isEmpty());
    }
    {
        Heard heard;
        heard.thread.open(path);
        heard.waitFor("opened");
        const auto left = [](ConversationStore& store) -> Result<bool> {
            ASSIGN_OR_RETURN(const auto purged, store.purgedInBackups());
            ASSIGN_OR_RETURN(
                const qint64 steps,
                store.database().number("SELECT count(*) FROM upkeep WHERE name = 'wipe' OR value > 1"));
            ASSIGN_OR_RETURN(const qint64 trash,
                             store.database().number("SELECT count(*) FROM chat WHERE deleted_at > 0"));
            return !purged.empty() || steps + trash > 0;
        };
        while (*heard.run(left)) {
        }
        CHECK(heard.run([](ConversationStore& store) { return store.search(parseSearchQuery("words"), 50); })
                  ->size() == 50);
        CHECK(filesWith(folder.path(), "zqsecretxv").isEmpty());
    }
    ConversationStore store = opened(path);
    checkIndexInStep(store);
    checkSound(store);
}

TEST_CASE("deleted for good, and a damaged file of it was kept aside: it goes, and that is told") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    qint64 chat = 0;
    {
        ConversationStore store = opened(path);
        chat = exchange(store, "zqsecretxv", "t", "a").chat;
        REQUIRE(backUp(store.database(), "daily").ok());
    }
    spoil(path, 0, 100);
    Heard heard;
    heard.thread.open(path);
    heard.waitFor("damaged");
    heard.thread.restoreBackup(heard.copies.front());
    heard.waitFor("restored");
    REQUIRE(filesWith(folder.path(), "zqsecretxv").size() >= 2);
    REQUIRE(heard.run([chat](ConversationStore& store) { return store.purgeChat(chat); }).ok());
    heard.waitFor("removed: 1");
    const auto left = [](ConversationStore& store) { return store.purgedInBackups(); };
    while (!heard.run(left)->empty()) {
    }
    CHECK(filesWith(folder.path(), "zqsecretxv").isEmpty());
    CHECK(QDir(folder.filePath("backups")).entryList({"damaged-*"}).isEmpty());
    CHECK(heard.told.count("removed: 1") == 1);
    CHECK(heard.chats() == 50);
}

TEST_CASE("little room is told once, and so is enough") {
    QTemporaryDir folder;
    Heard heard;
    heard.thread.open(filled(folder));
    heard.waitFor("opened");
    static std::atomic<qint64> bytes{1};
    bytes = 1;
    (void)heard.run([](ConversationStore& store) -> Result<void> {
        store.disk() = DiskGuard([] { return DiskSpace{bytes, 1'000'000'000}; });
        return {};
    });
    heard.waitFor("low");
    const auto added = heard.run([](ConversationStore& store) { return store.addQuestion(0, 0, "q", "T"); });
    const auto answer = heard.run([added](ConversationStore& store) {
        return store.beginAnswer(added->chat, added->message, "M", "{}");
    });
    for (int i = 0; i < 3; ++i)
        CHECK(!heard
                   .run([answer](ConversationStore& store) {
                       return store.saveProgress(*answer, {thoughtOf("held")});
                   })
                   .ok());
    CHECK(heard.told.count("low") == 1);
    bytes = 900'000'000;
    (void)heard.chats(); // whatever is asked next
    heard.waitFor("enough");
    CHECK(heard.run([added](ConversationStore& store) { return store.messages(added->chat); })
              ->at(1)
              .segments.size() == 1);
    CHECK(heard.told.count("enough") == 1);
}

TEST_CASE("what is asked before the end is done, and what asks no longer is not answered") {
    QTemporaryDir folder;
    const QString path = filled(folder);
    bool answered = false;
    {
        StoreThread thread;
        thread.open(path);
        auto asker = std::make_unique<QObject>();
        for (int i = 0; i < 20; ++i)
            thread.run(
                asker.get(),
                [i](ConversationStore& store) { return store.setSetting("last", QString::number(i)); },
                [&](Result<void>) { answered = true; });
        asker.reset();
    }
    QCoreApplication::processEvents();
    CHECK(!answered);
    CHECK(*opened(path).setting("last") == "19");
}
