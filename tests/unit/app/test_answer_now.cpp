// "Answer now": the thought ends where it is, and the model answers; whatever goes wrong in between, nothing is lost.
#include <QJsonDocument>
#include <QJsonObject>

#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::protocol;

namespace {

// A thought of two tokens is being written.
void think(HandBench& bench) {
    REQUIRE(bench.load());
    REQUIRE(bench.ask("Why?"));
    bench.backend.started();
    CHECK(!bench.chat.thinking());
    CHECK(!bench.chat.answerNow()); // there is none yet
    bench.backend.say("Hm, ", Channel::Thought, 11);
    bench.backend.say("well", Channel::Thought, 12);
    REQUIRE(bench.chat.thinking());
}

// What the engine says to a stop, counts and all.
void stopped(HandBench& bench) {
    GenerationStats stats;
    stats.promptTokens = 10;
    stats.thoughtTokens = 2;
    stats.thoughtSeconds = 4;
    stats.prefillSeconds = 0.5;
    stats.tokensPerSecond = 0.5;
    stats.contextUsed = 12;
    bench.backend.deliver(
        {bench.backend.last<GenerateRequest>()->id, DoneEvent{FinishReason::Cancelled, stats}});
}

// The layout's end of a thought, as the engine sends it first.
void closed(HandBench& bench) {
    bench.backend.started(15);
    bench.backend.say("\n", Channel::Thought, 90);
    bench.backend.say("", Channel::Thought, 91);
    bench.backend.say("\n\n", Channel::Answer, 92);
}

QString label(HandBench& bench) { return bench.at(1, ChatModel::LabelRole).toString(); }

} // namespace

TEST_CASE("the thought is stopped, closed, and answered, as one message") {
    HandBench bench;
    think(bench);
    CHECK(bench.chat.answerNow());
    CHECK(!bench.chat.thinking());
    CHECK(!bench.chat.answerNow()); // pressed twice
    CHECK(bench.backend.count<StopRequest>() == 1);
    CHECK(bench.backend.count<GenerateRequest>() == 1);
    bench.backend.say(", so", Channel::Thought, 13); // what was on its way
    stopped(bench);
    REQUIRE(bench.backend.count<GenerateRequest>() == 2);
    CHECK(bench.backend.generation().continueIds == std::vector<int32_t>{11, 12, 13});
    CHECK(bench.backend.generation().closeThought);
    CHECK(bench.backend.generation().think);
    REQUIRE(bench.backend.generation().messages.size() == 1);
    CHECK(bench.backend.generation().messages[0].content == "Why?");
    CHECK(bench.chat.state() == ChatController::Generating);
    CHECK(label(bench) == "Thought for a moment, cut short");
    CHECK(bench.wait([&] { return bench.stored()[1].segments.size() == 1; }));
    CHECK(bench.stored()[1].segments[0].cutShort); // kept before the answer begins
    closed(bench);
    bench.backend.say("Because.", Channel::Answer, 20);
    CHECK(!bench.chat.thinking());
    GenerationStats stats;
    stats.answerTokens = 2;
    stats.answerSeconds = 1;
    stats.tokensPerSecond = 2;
    stats.contextUsed = 20;
    bench.backend.deliver({bench.backend.last<GenerateRequest>()->id, DoneEvent{FinishReason::Stop, stats}});
    REQUIRE(bench.idle());
    const auto messages = bench.stored();
    REQUIRE(messages.size() == 2);
    const MessageRecord& answer = messages[1];
    CHECK(answer.state == MessageState::Done);
    REQUIRE(answer.segments.size() == 2);
    CHECK(answer.segments[0].ids == std::vector<int32_t>{11, 12, 13, 90, 91}); // all of them: it can go on
    CHECK(answer.segments[0].tokens == 3);                                     // what the model wrote
    CHECK(answer.segments[0].cutShort);
    CHECK(answer.segments[1].ids == std::vector<int32_t>{92, 20});
    CHECK(!answer.segments[1].cutShort);
    CHECK(textOf(answer, SegmentChannel::Answer) == "\n\nBecause.");
    const QJsonObject counts = QJsonDocument::fromJson(answer.stats.toUtf8()).object();
    CHECK(counts["thoughtTokens"].toInt() == 2);
    CHECK(counts["answerTokens"].toInt() == 2);
    CHECK(counts["promptTokens"].toInt() == 10);
    CHECK(counts["thoughtSeconds"].toDouble() == 4);
    CHECK(counts["prefillSeconds"].toDouble() == 0.5);
    CHECK(counts["tokensPerSecond"].toDouble() == doctest::Approx(4.0 / 5));
    CHECK(counts["contextUsed"].toInt() == 20);
    CHECK(label(bench) == "Thought for a moment, cut short");
    // And as it is read from the store.
    const qint64 chat = bench.chat.chat();
    bench.chat.newConversation();
    bench.chat.openConversation(chat);
    REQUIRE(bench.wait([&] { return bench.chat.chat() == chat; }));
    CHECK(label(bench) == "Thought for a moment, cut short");
    CHECK(bench.answer() == "Because.");
}

TEST_CASE("it ended its thought by itself meanwhile") {
    SUBCASE("and has begun to answer: that goes on, and nothing was cut") {
        HandBench bench;
        think(bench);
        REQUIRE(bench.chat.answerNow());
        bench.backend.say("So", Channel::Answer, 13);
        stopped(bench);
        CHECK(bench.backend.generation().continueIds == std::vector<int32_t>{11, 12, 13});
        CHECK(!bench.backend.generation().closeThought);
        bench.backend.say(" be it", Channel::Answer, 14);
        bench.backend.done();
        REQUIRE(bench.idle());
        CHECK(textOf(bench.stored()[1], SegmentChannel::Answer) == "So be it");
        CHECK(!bench.stored()[1].segments[0].cutShort);
    }
    SUBCASE("and is done: then it is") {
        HandBench bench;
        think(bench);
        REQUIRE(bench.chat.answerNow());
        bench.backend.say("So", Channel::Answer, 13);
        bench.backend.done();
        REQUIRE(bench.idle());
        CHECK(bench.backend.generation().continueIds.empty()); // nothing was gone on with
        CHECK(bench.stored()[1].state == MessageState::Done);
    }
}

TEST_CASE("stopped after all, at each step: what there is stays") {
    for (int step = 0; step < 3; ++step) {
        CAPTURE(step);
        HandBench bench;
        think(bench);
        REQUIRE(bench.chat.answerNow());
        if (step > 0) stopped(bench);
        if (step > 1) closed(bench);
        bench.chat.stop();
        CHECK(bench.chat.state() == ChatController::Stopping);
        bench.backend.done(FinishReason::Cancelled);
        REQUIRE(bench.idle());
        CHECK(bench.backend.count<GenerateRequest>() == (step > 0 ? 2 : 1));
        const MessageRecord answer = bench.stored()[1];
        CHECK(answer.state == MessageState::Stopped);
        CHECK(textOf(answer, SegmentChannel::Thought).startsWith("Hm, well"));
        CHECK(answer.segments[0].cutShort == (step > 0));
    }
}

TEST_CASE("the engine ends in between, at each step: nothing is lost, and it goes on to the answer") {
    for (int step = 0; step < 3; ++step) {
        CAPTURE(step);
        HandBench bench;
        think(bench);
        REQUIRE(bench.chat.answerNow());
        if (step > 0) stopped(bench);
        if (step > 1) closed(bench);
        bench.backend.die();
        REQUIRE(bench.idle());
        const MessageRecord cut = bench.stored()[1];
        CHECK(cut.state == MessageState::Interrupted);
        CHECK(textOf(cut, SegmentChannel::Thought).startsWith("Hm, well"));
        CHECK(!bench.chat.thinking());
        bench.chat.continueAnswer();
        REQUIRE(bench.reaches(ChatController::Prefilling));
        const GenerateRequest& request = bench.backend.generation();
        const std::vector<int32_t> ids =
            step < 2 ? std::vector<int32_t>{11, 12} : std::vector<int32_t>{11, 12, 90, 91, 92};
        CHECK(request.continueIds == ids);
        CHECK(request.closeThought == (step == 1)); // that is still to be done
        bench.backend.started();
        bench.backend.say("So", Channel::Answer, 30);
        bench.backend.done();
        REQUIRE(bench.idle());
        CHECK(bench.stored()[2].state == MessageState::Done);
        CHECK(bench.stored()[2].segments[0].cutShort == (step > 0));
    }
}

TEST_CASE("the window goes in between: the next start has the thought, and that it was cut short") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    {
        HandBench bench(path);
        think(bench);
        REQUIRE(bench.chat.answerNow());
        stopped(bench);
        bench.chat.saveNow();
    }
    HandBench bench(path);
    REQUIRE(bench.wait([&] { return bench.chat.transcript()->count() > 2; }));
    CHECK(label(bench) == "Thought for a moment, cut short");
    CHECK(bench.stored()[1].state == MessageState::Interrupted);
    CHECK(bench.stored()[1].segments[0].ids == std::vector<int32_t>{11, 12});
}

TEST_CASE("with the scripted backend: the rest of the thought is not written, the whole answer is") {
    FakeScript script = *fakeScript("instant");
    const FakeTurn turn = script.turns[0];
    REQUIRE(turn.thought.size() > 100);
    script.tokensPerSecond = 200;
    ScriptBench bench(script);
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("How many?"));
    REQUIRE(bench.wait([&] { return bench.chat.thinking(); }));
    REQUIRE(bench.chat.answerNow());
    REQUIRE(bench.idle());
    const MessageRecord answer = bench.stored()[1];
    CHECK(answer.state == MessageState::Done);
    CHECK(textOf(answer, SegmentChannel::Thought).size() < turn.thought.size());
    CHECK(turn.thought.startsWith(textOf(answer, SegmentChannel::Thought)));
    CHECK(textOf(answer, SegmentChannel::Answer) == turn.answer);
    CHECK(answer.segments[0].cutShort);
    // Another one is not touched by it.
    REQUIRE(bench.chat.ask("And now?"));
    REQUIRE(bench.wait([&] { return bench.chat.thinking(); }));
    bench.chat.stop();
    REQUIRE(bench.idle());
    CHECK(!bench.stored().back().segments[0].cutShort);
}
