// Titles: the question's first words, then what the model calls it, unless a person has named it.
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::protocol;

namespace {

bool isTitle(const Request& request) {
    const auto* generate = std::get_if<GenerateRequest>(&request.body);
    return generate && !generate->think && generate->maxTokens < 100;
}

const Request* titleRequest(HandBench& bench) {
    const Request* found = nullptr;
    REQUIRE(bench.wait([&] {
        for (const Request& request : bench.backend.requests)
            if (isTitle(request)) found = &request;
        return found != nullptr;
    }));
    return found;
}

void say(HandBench& bench, const std::string& id, const std::string& title) {
    bench.backend.deliver({id, TokenEvent{Channel::Answer, title, 1}});
    bench.backend.deliver({id, DoneEvent{FinishReason::Stop, {}}});
}

} // namespace

TEST_CASE("first words of a question") {
    CHECK(automaticTitle("Why?") == "Why?");
    CHECK(automaticTitle(" two\n lines ") == "two lines");
    const QString cut = automaticTitle(QString("word ").repeated(30));
    CHECK(cut.size() <= 49);
    CHECK(cut.endsWith(QString::fromUtf8("word…")));
    CHECK(automaticTitle(QString::fromUtf8("😀").repeated(40)).toUcs4().back() == 0x2026u);
    CHECK(!automaticTitle(QString::fromUtf8("😀").repeated(40)).contains(QChar::ReplacementCharacter));
}

TEST_CASE("what a model says, as a title") {
    const auto cleaned = [](const char* said) { return cleanedTitle(QString::fromUtf8(said)); };
    CHECK(cleaned("Multiples of six") == "Multiples of six");
    CHECK(cleaned("\n\n**Title:** “Multiples of six.”\n\nI chose it because") == "Multiples of six");
    CHECK(cleaned("# Multiples   of\tsix.") == "Multiples of six");
    CHECK(cleaned("\"Titel: Vielfache\"") == "Vielfache");
    CHECK(cleaned("标题：天空为什么是蓝色的。") == QString::fromUtf8("天空为什么是蓝色的"));
    CHECK(cleaned("Why is the sky blue?") == "Why is the sky blue?");
    CHECK(cleaned("Don't stop") == "Don't stop");
    CHECK(cleaned("  \n \"\" \n**.**") == "");
    CHECK(cleaned("").isEmpty());
    CHECK(cleanedTitle(QString("word ").repeated(50)).size() <= 60);
    CHECK(cleanedTitle(QString("w").repeated(500)).size() == 60);
}

TEST_CASE("after the first answer the model names it, greedy and without a thought") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("How many n up to 2025 make n squared plus n divisible by 6, please?", "1350");
    CHECK(bench.chat.title().startsWith("How many n up to 2025"));
    const Request request = *titleRequest(bench);
    const auto& told = std::get<GenerateRequest>(request.body);
    CHECK(told.sampling.temperature == 0);
    CHECK(told.messages.back().content.find("1350") != std::string::npos);
    CHECK(!bench.chat.busy());
    say(bench, request.id, "\"Divisible by six.\"");
    REQUIRE(bench.wait([&] { return bench.chat.title() == "Divisible by six"; }));
    CHECK(bench.storedChat().title == "Divisible by six");
    auto* list = bench.chat.conversations();
    CHECK(list->data(list->index(0), ConversationListModel::TitleRole) == "Divisible by six");
    const int before = bench.backend.count<GenerateRequest>();
    bench.exchange("And up to 3000?", "2000");
    CHECK(bench.backend.count<GenerateRequest>() == before + 1); // once is enough
}

TEST_CASE("a question has the right of way: the title stops, and is made after it") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("Why?", "So");
    const std::string first = titleRequest(bench)->id;
    REQUIRE(bench.chat.ask("And then?"));
    bool stopped = false;
    for (const Request& request : bench.backend.requests)
        if (const auto* stop = std::get_if<StopRequest>(&request.body)) stopped |= stop->target == first;
    CHECK(stopped); // before anything is generated for the question
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.say("Then");
    bench.backend.deliver({first, DoneEvent{FinishReason::Cancelled, {}}});
    CHECK(bench.chat.title() == "Why?");
    bench.backend.done();
    REQUIRE(bench.idle());
    const Request again = *titleRequest(bench);
    CHECK(again.id != first);
    say(bench, again.id, "A reason");
    REQUIRE(bench.wait([&] { return bench.chat.title() == "A reason"; }));
}

TEST_CASE("a renamed conversation stays renamed, whatever the model is about to say") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("Why?", "So");
    const std::string id = titleRequest(bench)->id;
    bench.chat.renameChat(bench.chat.chat(), "  Mine \n own ");
    CHECK(bench.chat.title() == "Mine own");
    say(bench, id, "The model's");
    bench.exchange("And?", "Then");
    CHECK(bench.chat.title() == "Mine own");
    CHECK(bench.storedChat().title == "Mine own");
    bench.chat.renameChat(bench.chat.chat(), "   "); // no name is no name
    CHECK(bench.chat.title() == "Mine own");
}

TEST_CASE("renamed before there is an answer, thrown away meanwhile, engine gone: no title, no harm") {
    HandBench bench;
    REQUIRE(bench.load());
    REQUIRE(bench.ask("Why?"));
    bench.chat.renameChat(bench.chat.chat(), "Mine");
    bench.backend.say("So");
    bench.backend.done();
    REQUIRE(bench.idle());
    (void)bench.stored();
    for (const Request& request : bench.backend.requests) CHECK(!isTitle(request));

    bench.chat.newConversation();
    bench.exchange("Other?", "Yes");
    const std::string id = titleRequest(bench)->id;
    bench.chat.trashChat(bench.chat.chat());
    say(bench, id, "Too late");
    bench.backend.die();
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; }));
    CHECK(!bench.chat.notice()->shown());
}

TEST_CASE("with the scripted backend, from the question to the title in the list") {
    ScriptBench bench("title");
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("How many n?"));
    REQUIRE(bench.idle());
    REQUIRE(bench.wait([&] { return bench.chat.title() == "Multiples of six up to 2025"; }));
}
