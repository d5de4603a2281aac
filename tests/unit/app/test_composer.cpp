// What belongs to the composer: drafts that survive everything, and a context meter that is exact.
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::protocol;

namespace {

// Counts three tokens for each message and one for each character, and five for the whole, as layouts do.
uint32_t tokensOf(const CountRequest& request) {
    uint32_t count = request.think ? 5 : 6;
    for (const Message& message : request.messages)
        count += 3 + static_cast<uint32_t>(message.ids.empty() ? message.content.size() : message.ids.size());
    return count;
}

// Answers every count that has come; how many there were.
int answerCounts(HandBench& bench) {
    int answered = 0;
    for (bool more = true; more;) {
        more = false;
        for (const Request& request : std::vector(bench.backend.requests)) {
            const auto* count = std::get_if<CountRequest>(&request.body);
            if (!count) continue;
            more = true;
            ++answered;
            std::erase_if(bench.backend.requests,
                          [&](const Request& other) { return other.id == request.id; });
            bench.backend.deliver({request.id, CountedEvent{tokensOf(*count)}});
        }
    }
    return answered;
}

} // namespace

TEST_CASE("a draft is in the database half a second after the last key, and there again after a crash") {
    QTemporaryDir folder;
    const QString database = folder.filePath("ponder.db");
    HandBench bench(database);
    bench.chat.setDraft("half a tho");
    bench.chat.setDraft("half a thought");
    REQUIRE(bench.wait(
        [&] { return *bench.inStore([](ConversationStore& s) { return s.draft(0); }) == "half a thought"; }));
    HandBench other(database); // while the first has not ended: as after kill -9
    REQUIRE(other.wait([&] { return other.chat.draft() == "half a thought"; }));
}

TEST_CASE("every conversation has its draft, and the new one, too") {
    QTemporaryDir folder;
    const QString database = folder.filePath("ponder.db");
    qint64 first = 0, second = 0;
    {
        HandBench bench(database);
        REQUIRE(bench.load());
        bench.exchange("First?", "Yes");
        first = bench.chat.chat();
        bench.chat.setDraft("of the first");
        bench.chat.newConversation();
        CHECK(bench.chat.draft().isEmpty());
        bench.exchange("Second?", "Yes");
        second = bench.chat.chat();
        bench.chat.setDraft("of the second");
        bench.chat.newConversation();
        bench.chat.setDraft("of none");
        bench.chat.openConversation(first);
        REQUIRE(bench.wait([&] { return bench.chat.chat() == first; }));
        CHECK(bench.chat.draft() == "of the first");
        bench.chat.openConversation(second);
        REQUIRE(bench.wait([&] { return bench.chat.chat() == second; }));
        CHECK(bench.chat.draft() == "of the second");
        bench.chat.newConversation();
        CHECK(bench.chat.draft() == "of none");
        bench.chat.setDraft("of none, longer");
        bench.chat.saveNow(); // the window is closed at once
    }
    HandBench bench(database);
    bench.chat.newConversation();
    REQUIRE(bench.wait([&] { return bench.chat.draft() == "of none, longer"; }));
    CHECK(bench.storedChat(first).draft == "of the first");
    CHECK(bench.storedChat(second).draft == "of the second");
}

TEST_CASE("what is asked is no draft any more; what is typed meanwhile is one") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.chat.setDraft("Why?");
    REQUIRE(bench.chat.ask(bench.chat.draft()));
    CHECK(bench.chat.draft().isEmpty());
    bench.chat.setDraft("And then");
    REQUIRE(bench.reaches(ChatController::Prefilling));
    CHECK(bench.chat.draft() == "And then");
    REQUIRE(bench.wait([&] { return bench.storedChat().draft == "And then"; })); // of the chat that began
    CHECK(bench.inStore([](ConversationStore& s) { return s.draft(0); })->isEmpty());
}

TEST_CASE("the meter says exactly what the next prompt will take") {
    for (const bool think : {true, false}) {
        CAPTURE(think);
        HandBench bench;
        REQUIRE(bench.load());
        bench.chat.setThink(think);
        answerCounts(bench);
        CHECK(bench.chat.contextUsed() == 0);
        bench.exchange("First?", "An answer");
        bench.chat.setDraft("  Second question?  ");
        answerCounts(bench);
        CountRequest sent; // what will be asked
        sent.think = think;
        sent.messages = {{Role::User, "First?", {}},
                         {Role::Assistant, "An answer", {7}},
                         {Role::User, "Second question?", {}}};
        CHECK(bench.chat.contextUsed() == static_cast<int>(tokensOf(sent)));
        CHECK(bench.chat.draftTokens() == 16);
        REQUIRE(bench.ask(bench.chat.draft()));
        CHECK(bench.backend.generation().messages == sent.messages);
        bench.backend.started(tokensOf(sent));
        CHECK(bench.chat.contextUsed() == static_cast<int>(tokensOf(sent)));
        bench.backend.say("more");
        CHECK(bench.chat.contextUsed() == static_cast<int>(tokensOf(sent)) + 1);
        bench.backend.done();
    }
}

TEST_CASE("typing fast: one count at a time, and the last one counts") {
    HandBench bench;
    REQUIRE(bench.load());
    answerCounts(bench);
    QString text;
    for (int i = 0; i < 50; ++i) {
        text += 'x';
        bench.chat.setDraft(text);
        CHECK(bench.backend.count<CountRequest>() <= 1);
    }
    CHECK(answerCounts(bench) <= 3);
    CHECK(bench.chat.draftTokens() == 50);
    bench.chat.setDraft({});
    CHECK(bench.chat.draftTokens() == 0);
}

TEST_CASE("typing below 100,000 tokens: what stands above is counted once") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("Long?", std::string(100'000, 'x'));
    answerCounts(bench);
    for (const char* typed : {"a", "ab", "abc"}) {
        bench.chat.setDraft(typed);
        for (const Request& request : bench.backend.requests)
            if (const auto* count = std::get_if<CountRequest>(&request.body))
                CHECK(count->messages.size() == 1);
        answerCounts(bench);
    }
    CHECK(bench.chat.draftTokens() == 3);
}

TEST_CASE("where nothing can count nothing is claimed, and typing goes on") {
    ScriptBench bench("count-fails");
    bench.chat.setDraft("Why?");
    CHECK(bench.chat.draftTokens() == -1);
    REQUIRE(bench.load());
    bench.chat.setDraft("Why so?");
    REQUIRE(bench.chat.ask("Why?"));
    bench.chat.stop();
    REQUIRE(bench.idle());
    CHECK(bench.chat.draftTokens() == 0);
}

TEST_CASE("a count that the engine's death cuts off is done again with the next model") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.chat.setDraft("Why?");
    bench.backend.die();
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; }));
    REQUIRE(bench.wait([&] { return bench.backend.count<CountRequest>() > 0; }));
    answerCounts(bench);
    CHECK(bench.chat.draftTokens() == 4);
}
