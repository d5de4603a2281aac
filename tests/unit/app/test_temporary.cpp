// A conversation that is never kept: nothing of it may be found in the data folder, whatever is done with it.
#include <QDirIterator>

#include "app/application.h"
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::protocol;

namespace {

QStringList filesWith(const QString& folder, const QByteArray& bytes) {
    QStringList files;
    QDirIterator all(folder, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        if (!file.open(QIODevice::ReadOnly)) continue;
        if (file.readAll().toLower().contains(bytes)) files << file.fileName();
    }
    return files;
}

size_t chatsKept(HandBench& bench) {
    return bench.inStore([](ConversationStore& store) { return store.chats(100); })->size();
}

} // namespace

TEST_CASE("asked, answered, asked again, edited, cut off: nothing of it comes to the disk") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    HandBench bench(path);
    REQUIRE(bench.load());
    bench.exchange("an ordinary one", "zqordinaryxv");
    const qint64 ordinary = bench.chat.chat();
    bench.chat.setDraft("half of a question");
    int gone = 0;
    QObject::connect(&bench.chat, &ChatController::temporaryGone, &bench.chat, [&] { ++gone; });

    bench.chat.newTemporary();
    CHECK(bench.chat.isTemporary());
    CHECK(bench.chat.chat() == 0); // so no act on a kept conversation is offered
    CHECK(bench.chat.transcript()->count() == 0);
    CHECK(bench.chat.draft().isEmpty());
    const QString title = bench.chat.title();
    CHECK(!title.isEmpty());
    bench.chat.setDraft("zqdraftxv");
    REQUIRE(bench.ask("zqquestionxv?"));
    bench.backend.started();
    bench.backend.say("zqthoughtxv", Channel::Thought, 3);
    bench.backend.say("zqanswerxv", Channel::Answer, 4);
    bench.backend.done();
    REQUIRE(bench.idle());
    CHECK(bench.chat.title() == title); // not its first words
    CHECK(bench.answer() == "zqanswerxv");
    bench.exchange("zqsecondxv", "zqanotherxv");
    CHECK(bench.backend.generation().messages.size() == 3); // the model is told all of it
    const qint64 question = bench.chat.transcript()->messageAt(0);
    REQUIRE(bench.chat.editQuestion(question, "zqeditedxv"));
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.started();
    bench.backend.say("zqversionxv", Channel::Answer, 4);
    bench.backend.done();
    REQUIRE(bench.idle());
    bench.chat.showSibling(bench.chat.transcript()->messageAt(0), -1);
    CHECK(bench.questions().first() == "zqquestionxv?");
    bench.chat.transcript()->showThought(1, ChatModel::Full);
    bench.chat.setDraft("zqdraftagainxv");
    QTest::qWait(0);
    bench.chat.saveNow(); // as at the end of the program, and every moment before
    REQUIRE(bench.ask("zqlastxv"));
    bench.backend.started();
    bench.backend.say("zqlivexv", Channel::Answer, 4);
    CHECK(chatsKept(bench) == 1);
    CHECK(bench.chat.conversations()->count() == 1);
    CHECK(bench.inStore([](ConversationStore& store) { return store.setting("chat.last"); }).value() ==
          QString::number(ordinary));

    CHECK(gone == 0);
    bench.chat.openConversation(ordinary); // left in the middle of an answer
    REQUIRE(bench.wait([&] { return bench.chat.chat() == ordinary; }));
    CHECK(gone == 1);
    CHECK(!bench.chat.isTemporary());
    CHECK(!bench.chat.busy());
    CHECK(bench.chat.title() == "an ordinary one");
    CHECK(bench.chat.draft() == "half of a question");
    CHECK(bench.stored().size() == 2);
    bench.backend.done(FinishReason::Cancelled); // the engine comes to it late
    bench.exchange("and another", "fine");

    bench.chat.newTemporary(); // an empty one, left: nothing is gone that was there
    CHECK(bench.chat.questions() == 0);
    bench.chat.newConversation();
    CHECK(gone == 1);
    CHECK(bench.stored(ordinary).size() == 4);
    CHECK(!filesWith(folder.path(), "zqordinaryxv").isEmpty());
    CHECK(filesWith(folder.path(), "zqdraft").isEmpty());
    for (const char* word : {"zqquestion", "zqthought", "zqanswer", "zqsecond", "zqanother", "zqedited",
                             "zqversion", "zqlast", "zqlive"}) {
        CAPTURE(word);
        CHECK(filesWith(folder.path(), word).isEmpty());
    }
}

TEST_CASE("left at every moment of an answer: it stops, and what is asked next has nothing to do with it") {
    for (int moment = 0; moment < 4; ++moment) {
        CAPTURE(moment);
        QTemporaryDir folder;
        HandBench bench(folder.filePath("ponder.db"));
        REQUIRE(bench.load());
        bench.exchange("an ordinary one", "ordinary");
        bench.chat.newTemporary();
        REQUIRE(bench.chat.ask("zqquestionxv")); // 0: its store has not answered yet
        if (moment > 0) REQUIRE(bench.reaches(ChatController::Prefilling));
        if (moment > 1) bench.backend.started();
        if (moment > 2) bench.backend.say("zqanswerxv", Channel::Answer, 4);
        bench.chat.newConversation();
        CHECK(!bench.chat.isTemporary());
        CHECK(!bench.chat.busy());
        bench.exchange("the next one", "fine");
        CHECK(bench.chat.transcript()->count() == 3);
        CHECK(bench.chat.conversations()->count() == 2);
        CHECK(chatsKept(bench) == 2);
        bench.chat.newTemporary();
        CHECK(bench.chat.transcript()->count() == 0);
        CHECK(filesWith(folder.path(), "zqquestion").isEmpty()); // no shorter: a checksum may say anything
        CHECK(filesWith(folder.path(), "zqanswer").isEmpty());
    }
}

TEST_CASE("its numbers are those of no kept conversation or message") {
    QTemporaryDir folder;
    HandBench bench(folder.filePath("ponder.db"));
    REQUIRE(bench.load());
    bench.exchange("kept", "kept");
    const qint64 kept = bench.chat.transcript()->messageAt(0);
    bench.chat.transcript()->toggleLastThought();
    bench.chat.newTemporary();
    bench.exchange("not kept", "not kept");
    const qint64 other = bench.chat.transcript()->messageAt(0);
    CHECK(kept < 1000);
    CHECK(other > (qint64{1} << 50));
    CHECK(other < (qint64{1} << 53)); // whole as a double
    // What is done to a conversation by its number finds none.
    bench.chat.trashChat(bench.chat.chat());
    bench.chat.renameChat(bench.chat.chat(), "name");
    CHECK(bench.chat.isTemporary());
    CHECK(chatsKept(bench) == 1);
}

TEST_CASE("the program with its own folder: not in the settings either") {
    QTemporaryDir folder;
    {
        StartOptions options;
        options.dataFolder = folder.path();
        options.engineProgram = "/no/such/program";
        Application application(options);
        application.start();
        ChatController& chat = *application.chat();
        chat.newTemporary();
        chat.setDraft("zqdraftxv");
        QTest::qWait(700); // longer than a draft waits
        chat.newConversation();
        chat.newTemporary();
        chat.setDraft("zqdraftxv");
    }
    CHECK(filesWith(folder.path(), "zqdraftxv").isEmpty());
}
