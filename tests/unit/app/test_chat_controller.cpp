// Asking, stopping, losing the engine, coming back: with the scripted backend and a real store.
#include "app/fake_library.h"
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;

TEST_CASE("asked, answered, closed, opened again: everything is there") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    QString answer;
    {
        ScriptBench bench("instant", path);
        REQUIRE(bench.load());
        REQUIRE(bench.chat.ask("  How many?  "));
        CHECK(!bench.chat.ask("at the same time")); // the text stays in the composer
        REQUIRE(bench.idle());
        const auto messages = bench.stored();
        REQUIRE(messages.size() == 2);
        CHECK(textOf(messages[0], SegmentChannel::Question) == "How many?");
        CHECK(messages[1].state == MessageState::Done);
        CHECK(messages[1].segments.size() == 2);
        CHECK(messages[1].segments[0].ids.size() == static_cast<size_t>(messages[1].segments[0].tokens));
        answer = textOf(messages[1], SegmentChannel::Answer);
        CHECK(bench.chat.title() == "How many?");
        CHECK(bench.chat.conversations()->count() == 1);
    }
    ScriptBench bench("instant", path);
    REQUIRE(bench.wait([&] { return bench.chat.transcript()->count() > 2; }));
    CHECK(bench.chat.title() == "How many?");
    CHECK(bench.chat.transcript()->answerText(2) == answer.trimmed());
    REQUIRE(bench.wait(
        [&] { return bench.loader.status() == ModelLoader::Loaded; })); // by itself, for it was the last
}

TEST_CASE("asked while the model loads: it starts when it is loaded") {
    ScriptBench bench("loading");
    REQUIRE(bench.wait([&] { return !bench.loader.device().isEmpty(); }));
    bench.loader.open("synthetic:test");
    REQUIRE(bench.chat.ask("Why?"));
    CHECK(bench.chat.state() == ChatController::Waiting);
    REQUIRE(bench.wait([&] { return bench.chat.chat() != 0; }));
    bench.chat.stop(); // and stopping ends both
    REQUIRE(bench.idle());
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::NoModel; }));
    CHECK(bench.stored()[0].segments[0].text == "Why?");
}

TEST_CASE("stopped: what there was is kept") {
    ScriptBench bench("slow");
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.wait([&] { return bench.chat.state() == ChatController::Generating; }));
    bench.chat.stop();
    REQUIRE(bench.idle());
    const auto messages = bench.stored();
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].state == MessageState::Stopped);
    CHECK(!messages[1].segments[0].text.isEmpty());
    CHECK(bench.chat.ask("And now?"));
    bench.chat.stop(); // before the store has numbered it
    REQUIRE(bench.idle());
    CHECK(bench.stored().size() == 4);
}

TEST_CASE("the engine dies: one line, the text kept, and the answer goes on from there beside it") {
    ScriptBench bench("engine-died");
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.idle());
    auto messages = bench.stored();
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].state == MessageState::Interrupted);
    CHECK(messages[1].errorCode == "engine_died");
    CHECK(
        messages[1].errorText.startsWith("The engine was ended by signal 9. Everything up to here is kept"));
    CHECK(messages[1].errorText.endsWith("started again."));
    const QString before = textOf(messages[1], SegmentChannel::Thought);
    CHECK(!before.isEmpty());
    CHECK(bench.last(ChatModel::KindRole) == ChatModel::NoticeRow);
    CHECK(!bench.loader.notice()->shown());                                            // once is enough
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; })); // again, by itself
    bench.chat.actOn(bench.chat.transcript()->count() - 1);
    REQUIRE(bench.idle());
    messages = bench.stored();
    REQUIRE(messages.size() == 3);
    CHECK(messages[2].state == MessageState::Done);
    CHECK(messages[2].parent == messages[0].id);
    CHECK(textOf(messages[2], SegmentChannel::Thought).startsWith(before));
    CHECK(textOf(messages[1], SegmentChannel::Thought) == before);
}

TEST_CASE("refused files and loads: a notice, and the window goes on") {
    for (const char* script :
         {"malformed", "architecture", "quantization", "shard", "too-large", "no-device", "device-memory"}) {
        CAPTURE(script);
        ScriptBench bench(script);
        bench.loader.open("/m.gguf");
        REQUIRE(bench.wait([&] { return bench.loader.notice()->shown(); }));
        CHECK(bench.loader.status() == ModelLoader::NoModel);
        CHECK(!bench.loader.notice()->title().isEmpty());
        CHECK(!bench.loader.notice()->text().isEmpty());
        CHECK(!bench.loader.notice()->button().isEmpty());
        CHECK(!bench.chat.ask("Why?"));
    }
}

TEST_CASE("a prompt longer than the context") {
    ScriptBench bench("context");
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.idle());
    CHECK(bench.stored()[1].errorCode == "context_full");
    CHECK(bench.last(ChatModel::KindRole) == ChatModel::NoticeRow);
}

TEST_CASE("what is dropped and is no model is named") {
    ScriptBench bench("instant");
    bench.loader.openUrls({QUrl::fromLocalFile("/tmp/notes.txt")});
    REQUIRE(bench.loader.notice()->shown());
    CHECK(bench.loader.notice()->text().contains("notes.txt"));
    bench.loader.openUrls({});
    bench.loader.openUrls({QUrl::fromLocalFile("/tmp/notes.txt"), QUrl::fromLocalFile("/tmp/Model.GGUF")});
    CHECK(!bench.loader.notice()->shown());
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; }));
}

TEST_CASE("left in the middle of an answer: it goes on, is saved, and is there alive when one comes back") {
    ScriptBench bench("slow");
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("First?"));
    REQUIRE(bench.reaches(ChatController::Generating));
    const qint64 first = bench.chat.chat();
    bench.chat.newConversation();
    CHECK(!bench.chat.busy());
    CHECK(bench.chat.transcript()->count() == 0);
    auto* list = bench.chat.conversations();
    CHECK(list->data(list->index(list->rowOf(first)), ConversationListModel::LiveRole).toBool());
    const auto written = [&] { return textOf(bench.stored(first)[1], SegmentChannel::Thought); };
    const QString before = written();
    REQUIRE(bench.wait([&] { return written().size() > before.size(); })); // nobody looks, and it is kept
    bench.chat.openConversation(first);
    REQUIRE(bench.reaches(ChatController::Generating));
    CHECK(bench.questions() == QStringList{"First?"});
    CHECK(bench.stored(first).size() == 2);
    bench.chat.stop();
    REQUIRE(bench.idle());
    CHECK(bench.stored(first)[1].state == MessageState::Stopped);
    CHECK(!list->data(list->index(list->rowOf(first)), ConversationListModel::LiveRole).toBool());
}

TEST_CASE("two conversations answered at once") {
    ScriptBench bench("instant");
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("First?"));
    bench.chat.newConversation(); // before the store has numbered it
    REQUIRE(bench.chat.ask("Second?"));
    REQUIRE(bench.idle());
    REQUIRE(bench.wait([&] { return bench.chat.conversations()->count() == 2; }));
    const qint64 second = bench.chat.chat();
    CHECK(bench.stored(second)[1].state == MessageState::Done);
    const qint64 first = 3 - second; // the ids are 1 and 2
    REQUIRE(bench.wait([&] { return bench.stored(first)[1].state == MessageState::Done; }));
    CHECK(textOf(bench.stored(first)[0], SegmentChannel::Question) == "First?");
    CHECK(textOf(bench.stored(second)[0], SegmentChannel::Question) == "Second?");
}

TEST_CASE("an engine that ends or hangs at any moment: the question is kept, the window goes on") {
    for (const char* name : {"dies-loading", "dies-reading", "hang", "engine-died", "device-lost"}) {
        CAPTURE(name);
        FakeScript script = *fakeScript(name);
        script.hangMs = 30;
        script.loadMs = 40;
        script.prefillMs = 40;
        script.tokensPerSecond = 4000;
        ScriptBench bench(script);
        REQUIRE(bench.wait([&] { return !bench.loader.device().isEmpty(); }));
        bench.loader.open("synthetic:test");
        REQUIRE(bench.chat.ask("Why?"));
        REQUIRE(bench.idle());
        REQUIRE(bench.chat.chat() != 0);
        auto messages = bench.stored();
        REQUIRE(messages.size() == 2);
        CHECK(textOf(messages[0], SegmentChannel::Question) == "Why?");
        if (QString(name) == "dies-loading") {
            CHECK(bench.loader.notice()->shown());
            REQUIRE(bench.load());
            bench.chat.continueAnswer();
        } else {
            CHECK(messages[1].state == MessageState::Interrupted);
            CHECK(!messages[1].errorText.isEmpty());
            CHECK(bench.last(ChatModel::KindRole) == ChatModel::NoticeRow);
            bench.chat.actOn(bench.chat.transcript()->count() - 1); // at once: it waits for the model
        }
        REQUIRE(bench.wait([&] { return bench.stored().size() == 3; }));
        REQUIRE(bench.idle());
        messages = bench.stored();
        CHECK(messages[2].state == MessageState::Done);
        CHECK(textOf(messages[2], SegmentChannel::Thought)
                  .startsWith(textOf(messages[1], SegmentChannel::Thought)));
    }
}

TEST_CASE("every script plays: opened, asked, answered or refused, and nothing is busy for ever") {
    for (const QString& name : fakeScriptNames()) {
        if (name == "many" || name == "big") continue; // only larger
        CAPTURE(name.toStdString());
        FakeScript script = *fakeScript(name);
        script.tokensPerSecond = 0;
        script.loadMs = script.prefillMs = script.hangMs = 0;
        if (name == "long-thought") script.turns.front().thought.truncate(5000);
        ScriptBench bench(script);
        bench.store.run(
            &bench.chat, [script](ConversationStore& store) { return fillStore(store, script); },
            [](Result<void> filled) { REQUIRE(filled.ok()); });
        playStoreTroubles(bench.store, script);
        CHECK(bench.chat.notice()->shown() == (script.diskFreeBytes >= 0));
        bench.loader.open("synthetic:test");
        REQUIRE(bench.wait([&] { return !bench.loader.isBusy(); }));
        if (bench.chat.ask("Why?")) REQUIRE(bench.idle());
    }
}

TEST_CASE("a database that cannot be used is told, and the window still works") {
    QTemporaryDir folder;
    {
        auto database = Database::open(folder.filePath("ponder.db"));
        REQUIRE(database->execute("PRAGMA user_version=4711").ok());
    }
    ScriptBench bench("instant", folder.filePath("ponder.db"));
    REQUIRE(bench.wait([&] { return bench.chat.notice()->shown(); }));
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.idle());
}
