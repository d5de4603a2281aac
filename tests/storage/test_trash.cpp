// The trash: what lies in it can be taken back, what left it is nowhere any more.
#include <QDir>
#include <QFile>

#include "app/storage/backups.h"
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

TEST_CASE("what is in the trash is neither listed nor found, and comes back as it was") {
    ConversationStore store = opened();
    const Exchange kept = exchange(store, "kept", "a", "b");
    const Exchange gone = exchange(store, "wanted", "a", "b", "Wanted");
    REQUIRE(store.pinChat(gone.chat, true).ok());
    REQUIRE(store.trashChat(gone.chat).ok());
    CHECK(store.chats(10)->size() == 1);
    CHECK(store.chats(10)->front().id == kept.chat);
    CHECK(store.chat(gone.chat).error().code == ErrorCode::NotFound);
    CHECK(found(store, "wanted").isEmpty());
    const auto trash = store.trash(10);
    REQUIRE(trash->size() == 1);
    CHECK(trash->front().title == "Wanted");
    CHECK(trash->front().deletedMs > 0);
    CHECK(store.chat(kept.chat)->deletedMs == 0);
    REQUIRE(store.restoreChat(gone.chat).ok());
    CHECK(store.trash(10)->empty());
    CHECK(store.chats(10)->front().pinned);
    CHECK(store.messages(gone.chat)->size() == 2);
}

TEST_CASE("the trash is read in pages, the latest first") {
    ConversationStore store = opened();
    for (int i = 0; i < 25; ++i) {
        const auto added = store.addQuestion(0, 0, "q", QString::number(i));
        REQUIRE(store.trashChat(added->chat).ok());
    }
    REQUIRE(store.database().execute("UPDATE chat SET deleted_at = 1000 + id / 4").ok());
    QStringList seen;
    ChatRecord last;
    for (;;) {
        const auto page = store.trash(7, last);
        if (page->empty()) break;
        for (const ChatRecord& chat : *page) seen << chat.title;
        last = page->back();
    }
    CHECK(seen.size() == 25);
    CHECK(seen.front() == "24");
    CHECK(seen.back() == "0");
    CHECK(seen.removeDuplicates() == 0);
}

TEST_CASE("after thirty days the trash is emptied, not before") {
    ConversationStore store = opened();
    const Exchange old = exchange(store, "old", "a", "b"), fresh = exchange(store, "fresh", "a", "b");
    REQUIRE(store.trashChat(old.chat).ok());
    REQUIRE(store.trashChat(fresh.chat).ok());
    REQUIRE(store.database()
                .execute("UPDATE chat SET deleted_at = deleted_at - " + QByteArray::number(kTrashKeptMs) +
                         " WHERE id = " + QByteArray::number(old.chat))
                .ok());
    CHECK(*store.purgeTrash() == 1);
    REQUIRE(store.trash(10)->size() == 1);
    CHECK(store.trash(10)->front().id == fresh.chat);
    CHECK(*store.purgeTrash(0) == 1);
    CHECK(store.trash(10)->empty());
    CHECK(*store.purgeTrash(0) == 0);
    checkSound(store);
}

TEST_CASE("a conversation deeper than SQLite follows can be deleted for good") {
    ConversationStore store = opened();
    ChatRecord chat;
    std::vector<MessageRecord> messages(3000);
    for (size_t i = 0; i < messages.size(); ++i) {
        messages[i].id = static_cast<qint64>(i) + 1;
        messages[i].parent = static_cast<qint64>(i);
        messages[i].segments = {{SegmentChannel::Question, "q", {}, 0, 0, 0}};
    }
    chat.head = 3000;
    const auto imported = store.importTree(chat, messages);
    REQUIRE(imported.ok());
    REQUIRE(store.purgeChat(*imported).ok());
    CHECK(*store.database().number("SELECT count(*) FROM message") == 0);
    CHECK(*store.database().number("SELECT count(*) FROM segment") == 0);
    CHECK(store.purgeChat(4711).ok()); // one that is not there is gone already
}

TEST_CASE("deleted for good is in no file any more: database, log, index, backups") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    const QList<QByteArray> words{"zqtitlexv", "zqquestionxv", "zqthoughtxv",        "zqanswerxv",
                                  "zqdraftxv", "zqerrorxv",    QByteArray("龘靐齉"), "zqsettingxv"};
    const QString filler = QString("a few ordinary words 普通的话 ").repeated(60);
    ConversationStore store = opened(path);
    for (int i = 0; i < 30; ++i) exchange(store, filler, filler, filler, "ordinary");
    const auto secret = store.addQuestion(0, 0, "Zqquestionxv 龘靐齉 " + filler, "zqtitlexv");
    REQUIRE(secret.ok());
    MessageRecord answer;
    answer.chat = secret->chat;
    answer.id = *store.beginAnswer(secret->chat, secret->message, "M", R"({"x":"zqsettingxv"})");
    for (int i = 1; i < 20; ++i) { // pages are written over and over
        answer.segments = {thoughtOf("zqthoughtxv " + filler.repeated(i))};
        REQUIRE(store.saveProgress(answer.id, answer.segments).ok());
    }
    answer.segments.push_back({SegmentChannel::Answer, "zqanswerxv " + filler, {}, 1, 2, 3});
    answer.state = MessageState::Error;
    answer.errorText = "zqerrorxv";
    REQUIRE(store.finishAnswer(answer).ok());
    REQUIRE(store.setDraft(secret->chat, "zqdraftxv").ok());
    for (int i = 0; i < 30; ++i) exchange(store, filler, filler, filler, "ordinary");
    REQUIRE(backUp(store.database(), "schema1").ok());
    REQUIRE(backUp(store.database(), "daily").ok());
    // Files of a damaged database that were kept aside: sound after all; with a hole in a page of texts; no longer a
    // database; the log of one alone; and one from before all of it, which is nobody's business.
    const QDir backups(folder.filePath("backups"));
    const auto kept = [&](const char* when, qint64 holeAt, qint64 holeSize) {
        const QString name = backups.filePath(QString("damaged-%1.db").arg(when));
        REQUIRE(QFile::copy(backupsOf(path).front(), name));
        QFile file(name);
        REQUIRE(file.open(QIODevice::ReadWrite));
        if (holeSize > 0) {
            REQUIRE(file.seek(holeAt < 0 ? file.size() + holeAt : holeAt));
            REQUIRE(file.write(QByteArray(holeSize, 'Z')) == holeSize);
        }
    };
    kept("99990101-000000-001", 0, 0);
    kept("99990101-000000-002", -3 * 4096, 4096);
    kept("99990101-000000-003", 0, 100);
    QFile log(backups.filePath("damaged-99990101-000000-005.db-wal"));
    REQUIRE(log.open(QIODevice::WriteOnly));
    for (const QByteArray& word : words) REQUIRE(log.write(word + "Zqquestionxv") > 0);
    log.close();
    QFile older(backups.filePath("damaged-20010101-000000-004.db"));
    REQUIRE(older.open(QIODevice::WriteOnly));
    older.write("older than the chat, and no database any more");
    older.close();
    for (const QByteArray& word : words) {
        CAPTURE(word.toStdString());
        if (!word.startsWith("zqquestion")) CHECK(filesWith(folder.path(), word).size() >= 3);
    }

    REQUIRE(store.trashChat(secret->chat).ok());
    REQUIRE(store.purgeChat(secret->chat).ok());
    CHECK(found(store, "zqthoughtxv").isEmpty());
    REQUIRE(store.finishUpkeep().ok());
    for (const QByteArray& word : words) {
        CAPTURE(word.toStdString());
        CHECK(filesWith(folder.path(), word).isEmpty());
    }
    CHECK(filesWith(folder.path(), "Zqquestionxv").isEmpty());
    CHECK(backups.entryList({"damaged-*"}) ==
          QStringList{"damaged-20010101-000000-004.db", "damaged-99990101-000000-001.db"});
    {
        ConversationStore sound = opened(backups.filePath("damaged-99990101-000000-001.db"));
        CHECK(sound.chats(100)->size() == 60);
        checkSound(sound);
    }
    CHECK(backups.entryList({"*.part"}).isEmpty());
    checkSound(store);
    checkIndexInStep(store);
    CHECK(store.purgedInBackups()->empty());

    // The backups are whole but for that, and are found in again when put back.
    const QStringList copies = backupsOf(path);
    REQUIRE(copies.size() == 2);
    for (const QString& copy : copies) {
        ConversationStore again = opened(copy);
        CHECK(again.chats(100)->size() == 60);
        REQUIRE(again.finishUpkeep().ok());
        checkSound(again);
        checkIndexInStep(again);
        CHECK(found(again, "ordinary", 100).size() == 100);
    }
}

TEST_CASE("another conversation under a number that was given before stays in the backups") {
    QTemporaryDir folder;
    ConversationStore store = opened(folder.filePath("ponder.db"));
    const Exchange first = exchange(store, "first", "a", "b");
    REQUIRE(store.purgeChat(first.chat).ok()); // and before the backups are cleared:
    REQUIRE(store.database().execute("UPDATE purged SET created = created - 5").ok());
    const Exchange second = exchange(store, "second", "a", "b");
    REQUIRE(second.chat == first.chat);
    REQUIRE(backUp(store.database(), "daily").ok());
    REQUIRE(store.finishUpkeep().ok());
    ConversationStore copy = opened(backupsOf(folder.filePath("ponder.db")).front());
    CHECK(copy.chats(10)->size() == 1);
}
