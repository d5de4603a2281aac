// A disk without room: nothing that was said to be written is lost, whatever write fails, and the one who wrote is told.
#include <set>

#include "app/storage/migrations.h"
#include "tests/storage/failing_vfs.h"
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

// What the store has acknowledged.
struct Told {
    std::set<QString> texts; // of questions and finished answers
    std::set<qint64> purged; // chats
    QString title;           // of the first chat
    qint64 chat = 0;
    std::set<QString> held; // finished answers that found no room
    int refused = 0;
};

template <typename T>
bool ok(Told& told, const Result<T>& result) {
    if (result.ok()) return true;
    ++told.refused;
    CHECK(result.error().message.size() > 20);
    return false;
}

// A day with the window: everything that writes.
Told live(ConversationStore& store) {
    Told told;
    for (int i = 0; i < 3; ++i) {
        const QString question = QString("question %1 问题 ").arg(i) + QString(500, 'q');
        const auto added = store.addQuestion(0, 0, question, QString("title %1").arg(i));
        if (!ok(told, added)) continue;
        told.texts.insert(question);
        if (told.chat == 0) {
            told.chat = added->chat;
            told.title = "title " + QString::number(i);
        }
        const auto answer = store.beginAnswer(added->chat, added->message, "M", "{}");
        if (!ok(told, answer)) continue;
        MessageRecord message;
        message.id = *answer;
        message.chat = added->chat;
        Reached reached;
        for (int part = 1; part <= 3; ++part) {
            message.segments = {thoughtOf(QString("thought %1 思考 ").arg(i) + QString(3000 * part, 't'))};
            std::vector<Segment> rest = message.segments;
            rest[0].text = QString::fromUtf8(rest[0].text.toUtf8().sliced(reached.bytes));
            if (reached.ids > 0) rest[0].ids.clear();
            const bool written = ok(told, store.saveProgress(message.id, rest, reached));
            reached = written ? Reached{0, message.segments[0].text.toUtf8().size(), 4} : Reached();
        }
        message.segments.push_back({SegmentChannel::Answer, QString("answer %1 回答").arg(i), {1}, 1, 2, 1});
        message.state = MessageState::Done;
        if (ok(told, store.finishAnswer(message)))
            told.texts.insert(message.segments[1].text);
        else
            told.held.insert(message.segments[1].text);
    }
    if (told.chat != 0) {
        if (ok(told, store.renameChat(told.chat, "renamed"))) told.title = "renamed";
        (void)ok(told, store.pinChat(told.chat, true));
        (void)ok(told, store.setDraft(told.chat, "draft"));
        (void)ok(told, store.trashChat(told.chat));
        (void)ok(told, store.restoreChat(told.chat));
        const auto chat = store.chat(told.chat);
        const auto messages = store.messages(told.chat);
        if (chat.ok() && messages.ok()) {
            const auto copy = store.importTree(*chat, *messages);
            if (ok(told, copy) && ok(told, store.purgeChat(*copy))) told.purged.insert(*copy);
        }
    }
    (void)ok(told, store.finishUpkeep());
    return told;
}

std::set<QString> textsOf(ConversationStore& store) {
    std::set<QString> texts;
    auto query = store.database().prepare("SELECT s.text FROM segment s JOIN message m ON m.id = s.message "
                                          "WHERE m.state <> 'streaming'");
    while (*query->step()) texts.insert(query->text(0));
    return texts;
}

void checkKept(ConversationStore& store, const Told& told) {
    const std::set<QString> texts = textsOf(store);
    for (const QString& text : told.texts) CHECK(texts.contains(text));
    for (const qint64 chat : told.purged) CHECK(store.chat(chat).error().code == ErrorCode::NotFound);
    if (told.chat == 0) return;
    auto title = store.database().prepare("SELECT title FROM chat WHERE id = ?"); // it may be in the trash
    REQUIRE(*title->bind(1, told.chat).step());
    CHECK(title->text(0) == told.title);
}

} // namespace

TEST_CASE("whichever write finds no room, nothing acknowledged is lost, and the rest is written when there "
          "is room") {
    FailingVfs vfs;
    int writes = 0;
    {
        QTemporaryDir folder;
        ConversationStore store = opened(folder.filePath("ponder.db"));
        vfs.failAt(0, false);
        const Told told = live(store);
        CHECK(told.refused == 0);
        CHECK(told.texts.size() == 6);
        writes = vfs.writes();
    }
    REQUIRE(writes > 50);
    int refusals = 0;
    for (const bool forGood : {false, true}) {
        for (int n = 1; n <= writes; ++n) {
            CAPTURE(n);
            CAPTURE(forGood);
            QTemporaryDir folder;
            const QString path = folder.filePath("ponder.db");
            Told told;
            {
                ConversationStore store = opened(path);
                vfs.failAt(n, forGood);
                told = live(store);
                // The index is made in steps of so many milliseconds, so another run has a few writes fewer.
                if (n < writes - writes / 8) CHECK(vfs.failed());
                // A checkpoint may fail unheard, for everything is in the log still; with no room at all somebody hears.
                if (forGood && n < writes / 2) CHECK(told.refused > 0);
                refusals += told.refused;
                if (forGood && !told.held.empty()) CHECK(store.holdsBack());
                vfs.makeRoom();
                CHECK(store.finishUpkeep().ok());
                CHECK(!store.holdsBack());
                checkKept(store, told);
                const std::set<QString> texts = textsOf(store);
                for (const QString& text : told.held) CHECK(texts.contains(text));
                checkSound(store);
                checkIndexInStep(store);
            }
            ConversationStore again = opened(path);
            checkKept(again, told);
            checkSound(again);
        }
    }
    CHECK(refusals > writes);
}

TEST_CASE("a migration that finds no room leaves the database of before") {
    FailingVfs vfs;
    bool whole = false;
    for (int n = 1; !whole; ++n) {
        CAPTURE(n);
        REQUIRE(n < 1000);
        QTemporaryDir folder;
        const QString path = folder.filePath("ponder.db");
        {
            auto database = Database::open(path);
            REQUIRE(migrate(*database, {migrations().front()}).ok());
            REQUIRE(
                database->execute("INSERT INTO chat (title, created, updated) VALUES ('kept', 1, 2)").ok());
        }
        vfs.failAt(n, true);
        auto store = ConversationStore::open(path);
        whole = !vfs.failed();
        if (!whole && !store.ok()) CHECK(store.error().message.find("make room") != std::string::npos);
        vfs.makeRoom();
        if (store.ok()) continue;
        ConversationStore again = opened(path);
        CHECK(again.chats(5)->front().title == "kept");
        checkSound(again);
    }
}

TEST_CASE("when the disk is nearly full an answer in progress is kept in memory, and told") {
    QTemporaryDir folder;
    ConversationStore store = opened(folder.filePath("ponder.db"));
    DiskSpace space{1'000'000'000'000, 1'000'000'000'000};
    store.disk() = DiskGuard([&space] { return space; });
    const auto question = *store.addQuestion(0, 0, "Why?", "Why");
    const qint64 answer = *store.beginAnswer(question.chat, question.message, "M", "{}");
    REQUIRE(store.saveProgress(answer, {thoughtOf("one")}).ok());
    CHECK(!store.disk().low());

    space.freeBytes = 60 << 20;
    std::vector<Segment> given{thoughtOf("one two")};
    Reached after;
    SUBCASE("given anew") {}
    SUBCASE("given what is new of it") {
        given = {{SegmentChannel::Thought, " two", {}, 10, 20, 4}};
        after = {0, 3, 4};
    }
    const auto held = store.saveProgress(answer, given, after);
    REQUIRE(!held.ok());
    CHECK(held.error().message.find("62 MB") != std::string::npos);
    CHECK(store.disk().low());
    CHECK(store.holdsBack());
    CHECK(*store.upkeep() == ConversationStore::Upkeep::Later);
    CHECK(*store.database().number("SELECT length(text) FROM segment WHERE channel = 'thought'") == 3);
    CHECK(store.messages(question.chat)->at(1).segments == std::vector<Segment>{thoughtOf("one two")}); // shown
    // A question still has its place.
    CHECK(store.addQuestion(0, 0, "Small?", "Small").ok());

    space.freeBytes = 100 << 20; // a little more is not enough to begin again
    CHECK(*store.upkeep() == ConversationStore::Upkeep::Later);
    space.freeBytes = 200 << 20;
    while (*store.upkeep() == ConversationStore::Upkeep::More) {
    }
    CHECK(!store.holdsBack());
    CHECK(!store.disk().low());
    CHECK(store.messages(question.chat)->at(1).segments == std::vector<Segment>{thoughtOf("one two")});
    // Who was not told that it is written gives it again.
    REQUIRE(store.saveProgress(answer, given, after).ok());
    CHECK(store.messages(question.chat)->at(1).segments == std::vector<Segment>{thoughtOf("one two")});
}

TEST_CASE(
    "a finished answer that finds no room is written when there is, and not after its conversation is gone") {
    QTemporaryDir folder;
    ConversationStore store = opened(folder.filePath("ponder.db"));
    std::vector<MessageRecord> answers;
    for (int i = 0; i < 2; ++i) {
        const auto question = *store.addQuestion(0, 0, "Why?", "Why");
        MessageRecord& answer = answers.emplace_back();
        answer.chat = question.chat;
        answer.id = *store.beginAnswer(question.chat, question.message, "M", "{}");
        answer.segments = {thoughtOf(QString("tok ").repeated(25'000))};
        answer.state = MessageState::Done;
    }
    const qint64 pages = *store.database().number("PRAGMA page_count");
    REQUIRE(store.database().execute("PRAGMA max_page_count=" + QByteArray::number(pages)).ok());
    for (const MessageRecord& answer : answers) CHECK(!store.finishAnswer(answer).ok());
    CHECK(store.disk().low());
    CHECK(*store.upkeep() == ConversationStore::Upkeep::Later);
    CHECK(store.messages(answers[0].chat)->at(1).state == MessageState::Done);
    REQUIRE(store.database().execute("PRAGMA max_page_count=1000000").ok());
    REQUIRE(store.purgeChat(answers[1].chat).ok());
    REQUIRE(store.finishUpkeep().ok());
    CHECK(!store.holdsBack());
    CHECK(*store.database().number(
              "SELECT count(*) FROM message WHERE state = 'done' AND role = 'assistant'") == 1);
    checkIndexInStep(store);
}

TEST_CASE("the room that counts as little depends on the disk") {
    DiskSpace space{10 << 20, 16 << 20};
    DiskGuard tiny([&space] { return space; });
    CHECK(tiny.roomy());
    space.freeBytes = 1000 << 10;
    CHECK(!tiny.roomy());
    space.freeBytes = 1500 << 10;
    CHECK(!tiny.roomy());
    space.freeBytes = 3 << 20;
    CHECK(tiny.roomy());
    CHECK(DiskGuard(QString()).roomy());
    QTemporaryDir folder;
    DiskGuard real(folder.filePath("ponder.db"));
    (void)real.roomy();
    CHECK(real.freeBytes() > 0);
}
