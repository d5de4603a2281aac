// Asking, stopping, losing the engine, coming back: with the scripted backend and a real store.
#include <doctest/doctest.h>

#include <QTemporaryDir>
#include <QtTest/QTest>

#include "app/chat/chat_controller.h"
#include "app/fake_backend.h"

using namespace ponder;
using namespace ponder::app;

namespace {

constexpr int kWaitMs = 30'000;

// What the window has, without the window.
struct Bench {
    Bench(const QString& script, const QString& database)
        : backend(*fakeScript(script)), loader(backend, store), chat(backend, store, loader) {
        store.open(database);
        backend.start();
        chat.openLast();
        loader.openLast();
    }
    template <typename Predicate>
    bool wait(Predicate predicate) {
        return QTest::qWaitFor(predicate, kWaitMs);
    }
    bool load() {
        loader.open("synthetic:test");
        return wait([&] { return loader.status() == ModelLoader::Loaded; });
    }
    bool idle() {
        return wait([&] { return !chat.busy(); });
    }
    // What the store has, after everything before it was written.
    std::vector<MessageRecord> stored() {
        std::optional<std::vector<MessageRecord>> messages;
        const qint64 id = chat.chat();
        store.run(
            &chat, [id](ConversationStore& s) { return s.messages(id); },
            [&](Result<std::vector<MessageRecord>> r) { messages = *r; });
        REQUIRE(wait([&] { return messages.has_value(); }));
        return *messages;
    }
    int last(int role) {
        return chat.transcript()->data(chat.transcript()->index(chat.transcript()->count() - 1), role).toInt();
    }

    StoreThread store;
    FakeBackend backend;
    ModelLoader loader;
    ChatController chat;
};

} // namespace

TEST_CASE("asked, answered, closed, opened again: everything is there") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    QString answer;
    {
        Bench bench("instant", path);
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
    Bench bench("instant", path);
    REQUIRE(bench.wait([&] { return bench.chat.transcript()->count() > 2; }));
    CHECK(bench.chat.title() == "How many?");
    CHECK(bench.chat.transcript()->answerText(2) == answer.trimmed());
    REQUIRE(bench.wait(
        [&] { return bench.loader.status() == ModelLoader::Loaded; })); // by itself, for it was the last
}

TEST_CASE("asked while the model loads: it starts when it is loaded") {
    Bench bench("loading", {});
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
    Bench bench("slow", {});
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
    Bench bench("engine-died", {});
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
        Bench bench(script, {});
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
    Bench bench("context", {});
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.idle());
    CHECK(bench.stored()[1].errorCode == "context_full");
    CHECK(bench.last(ChatModel::KindRole) == ChatModel::NoticeRow);
}

TEST_CASE("what is dropped and is no model is named") {
    Bench bench("instant", {});
    bench.loader.openUrls({QUrl::fromLocalFile("/tmp/notes.txt")});
    REQUIRE(bench.loader.notice()->shown());
    CHECK(bench.loader.notice()->text().contains("notes.txt"));
    bench.loader.openUrls({});
    bench.loader.openUrls({QUrl::fromLocalFile("/tmp/notes.txt"), QUrl::fromLocalFile("/tmp/Model.GGUF")});
    CHECK(!bench.loader.notice()->shown());
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; }));
}

TEST_CASE("another conversation in the middle of an answer") {
    Bench bench("slow", {});
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("First?"));
    REQUIRE(bench.wait([&] { return bench.chat.state() == ChatController::Generating; }));
    const qint64 first = bench.chat.chat();
    bench.chat.newConversation();
    CHECK(!bench.chat.busy());
    CHECK(bench.chat.transcript()->count() == 0);
    bench.chat.openConversation(first);
    REQUIRE(bench.wait([&] { return bench.chat.chat() == first; }));
    CHECK(bench.stored()[1].state == MessageState::Stopped);
}

TEST_CASE("a database that cannot be used is told, and the window still works") {
    QTemporaryDir folder;
    {
        auto database = Database::open(folder.filePath("ponder.db"));
        REQUIRE(database->execute("PRAGMA user_version=4711").ok());
    }
    Bench bench("instant", folder.filePath("ponder.db"));
    REQUIRE(bench.wait([&] { return bench.chat.notice()->shown(); }));
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.idle());
}
