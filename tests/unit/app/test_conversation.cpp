// The tree of a conversation: versions beside each other, the path that is seen, what is told of it; and the acts on it.
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;

namespace {

MessageRecord message(qint64 id, qint64 parent, Role role, const QString& text,
                      std::vector<int32_t> ids = {}) {
    MessageRecord record;
    record.id = id;
    record.chat = 1;
    record.parent = parent;
    record.role = role;
    record.modelName = role == Role::Assistant ? "A" : "";
    record.segments = {{role == Role::User ? SegmentChannel::Question : SegmentChannel::Answer, text,
                        std::move(ids), 0, 0, 0}};
    return record;
}

// 1 - 2 - 4 - 5
//   \ 3         6 beside 4, 7 begins anew
std::vector<MessageRecord> tree() {
    return {message(1, 0, Role::User, "one"),
            message(2, 1, Role::Assistant, "answer", {20, 21}),
            message(3, 1, Role::Assistant, "other"),
            message(4, 2, Role::User, "two"),
            message(5, 4, Role::Assistant, "deep", {50}),
            message(6, 2, Role::User, "two, edited"),
            message(7, 0, Role::User, "one, edited")};
}

std::vector<qint64> ids(const std::vector<PathEntry>& path) {
    std::vector<qint64> found;
    for (const PathEntry& entry : path) found.push_back(entry.message->id);
    return found;
}

using Ids = std::vector<qint64>;

} // namespace

TEST_CASE("the path, and which version of how many each message is") {
    Conversation conversation({1, "t", false, 0, 0, 5, {}, 0}, tree());
    const auto path = conversation.path();
    CHECK(ids(path) == Ids{1, 2, 4, 5});
    CHECK(path[0].sibling == 0);
    CHECK(path[0].siblings == 2);
    CHECK(path[1].siblings == 2);
    CHECK(path[2].siblings == 2);
    CHECK(path[3].siblings == 1);
    CHECK(conversation.questions() == 2);
    CHECK(conversation.siblingsOf(6) == Ids{4, 6});
    CHECK(conversation.siblingsOf(99).empty());
}

TEST_CASE("turning to another version and back ends where one was") {
    Conversation conversation({1, "t", false, 0, 0, 5, {}, 0}, tree());
    CHECK(conversation.leafOf(7) == 7);
    conversation.showLeaf(7);
    CHECK(ids(conversation.path()) == Ids{7});
    CHECK(conversation.leafOf(1) == 5); // the newest child of 2 is 6, but 4 was last seen
    conversation.showLeaf(3);
    CHECK(conversation.leafOf(1) == 3);
    CHECK(conversation.leafOf(2) == 5);
}

TEST_CASE("a head that is not there, and circles, as only damaged files have them") {
    CHECK(Conversation({1, "t", false, 0, 0, 4711, {}, 0}, tree()).head() == 7); // the newest beginning
    auto messages = tree();
    messages[0].parent = 5;
    const Conversation circle({1, "t", false, 0, 0, 5, {}, 0}, messages);
    CHECK(!circle.path().empty());
    CHECK(circle.leafOf(5) == 5);
    CHECK(Conversation({1, "t", false, 0, 0, 0, {}, 0}, {}).path().empty());
}

TEST_CASE("what is told: answers by their ids to the model that wrote them, by their words to another") {
    const Conversation conversation({1, "t", false, 0, 0, 5, {}, 0}, tree());
    const History history = conversation.historyTo(4);
    REQUIRE(history.turns.size() == 3);
    CHECK(history.toldTo("A")[1].ids == std::vector<int32_t>{20, 21});
    CHECK(history.toldTo("B")[1].ids.empty());
    CHECK(history.toldTo("B")[1].content == "answer");
    auto messages = tree();
    messages[1].segments.front().channel = SegmentChannel::Thought; // stopped within its thought
    CHECK(Conversation({1, "t", false, 0, 0, 4, {}, 0}, messages).historyTo(4).turns.size() == 2);
}

TEST_CASE("edited, regenerated, turned back, asked below: nothing is overwritten, the path survives") {
    QTemporaryDir folder;
    const QString database = folder.filePath("ponder.db");
    qint64 chat = 0;
    {
        HandBench bench(database);
        REQUIRE(bench.load());
        bench.exchange("One?", "First answer");
        bench.exchange("Two?", "Second answer");
        chat = bench.chat.chat();
        auto messages = bench.stored();
        REQUIRE(messages.size() == 4);
        const int before = bench.backend.count<protocol::GenerateRequest>();
        REQUIRE(bench.chat.editQuestion(messages[2].id, " Two, edited? "));
        CHECK(bench.questions() == QStringList{"One?", "Two, edited?"}); // at once
        REQUIRE(bench.wait([&] { return bench.backend.count<protocol::GenerateRequest>() > before; }));
        CHECK(bench.backend.generation().messages.size() == 3);
        CHECK(bench.backend.generation().messages[2].content == "Two, edited?");
        bench.backend.say("Third answer");
        bench.backend.done();
        REQUIRE(bench.idle());
        messages = bench.stored();
        REQUIRE(messages.size() == 6);
        CHECK(messages[4].parent == messages[2].parent);
        CHECK(textOf(messages[2], SegmentChannel::Question) == "Two?");

        bench.chat.regenerate(messages[5].id);
        bench.chat.regenerate(messages[5].id); // pressed twice: once is meant
        REQUIRE(bench.reaches(ChatController::Prefilling));
        bench.backend.say("Fourth answer");
        bench.backend.done();
        REQUIRE(bench.idle());
        messages = bench.stored();
        REQUIRE(messages.size() == 7);
        CHECK(messages[6].parent == messages[4].id);
        CHECK(bench.answer() == "Fourth answer");

        bench.chat.showSibling(messages[6].id, -1);
        CHECK(bench.answer() == "Third answer");
        bench.chat.showSibling(messages[5].id, -1); // there is none before it
        CHECK(bench.answer() == "Third answer");
        bench.chat.showSibling(messages[4].id, -1);
        CHECK(bench.questions() == QStringList{"One?", "Two?"});
        CHECK(bench.answer() == "Second answer");
        bench.chat.showSibling(messages[2].id, 1);
        CHECK(bench.answer() == "Third answer"); // where one was
        bench.exchange("Below?", "Fifth answer");
        CHECK(bench.stored().back().parent != 0);
        CHECK(bench.stored()[7].parent == messages[5].id);
        bench.chat.showSibling(messages[4].id, -1);
        CHECK(bench.storedChat().head == messages[3].id);
    }
    HandBench again(database);
    REQUIRE(again.wait([&] { return again.chat.chat() == chat; }));
    CHECK(again.questions() == QStringList{"One?", "Two?"});
    CHECK(again.stored().size() == 9);
}

TEST_CASE("the first question edited begins the conversation anew, beside what was") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("One?", "First answer");
    const auto messages = bench.stored();
    CHECK(!bench.chat.editQuestion(messages[1].id, "an answer is not edited"));
    CHECK(!bench.chat.editQuestion(messages[0].id, "  "));
    CHECK(!bench.chat.editQuestion(4711, "nobody"));
    bench.chat.setDraft("half a thought");
    REQUIRE(bench.chat.editQuestion(messages[0].id, "Uno?"));
    REQUIRE(bench.reaches(ChatController::Prefilling));
    CHECK(bench.backend.generation().messages.size() == 1);
    bench.backend.say("Primo");
    bench.backend.done();
    REQUIRE(bench.idle());
    CHECK(bench.stored()[2].parent == 0);
    CHECK(bench.chat.draft() == "half a thought");
    CHECK(bench.storedChat().draft == "half a thought"); // the store, too, has not taken it for the question
    CHECK(bench.chat.conversations()->count() == 1);
}

TEST_CASE("edited while its answer is being written: that is kept as stopped, and the new one begins") {
    HandBench bench;
    REQUIRE(bench.load());
    REQUIRE(bench.ask("One?"));
    bench.backend.started();
    bench.backend.say("Begun");
    const qint64 question = bench.stored()[0].id;
    REQUIRE(bench.chat.editQuestion(question, "Uno?"));
    REQUIRE(bench.wait([&] { return bench.stored().size() == 4; }));
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.say("Primo");
    bench.backend.done();
    REQUIRE(bench.idle());
    REQUIRE(bench.wait([&] { return bench.stored()[1].state == MessageState::Stopped; }));
    CHECK(textOf(bench.stored()[1], SegmentChannel::Answer) == "Begun");
    CHECK(bench.answer() == "Primo");
}

TEST_CASE(
    "another version is looked at while one is being written: it goes on, and is alive when one turns back") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("One?", "First answer");
    const auto before = bench.stored();
    bench.chat.regenerate(before[1].id);
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.started();
    bench.backend.say("Sec");
    const qint64 live = bench.stored()[2].id;
    bench.chat.showSibling(live, -1);
    CHECK(!bench.chat.busy());
    CHECK(bench.answer() == "First answer");
    bench.backend.say("ond");
    bench.chat.showSibling(before[1].id, 1);
    CHECK(bench.chat.state() == ChatController::Generating);
    bench.backend.say(" answer");
    bench.backend.done();
    REQUIRE(bench.idle());
    CHECK(bench.answer() == "Second answer");
    CHECK(textOf(bench.stored()[2], SegmentChannel::Answer) == "Second answer");
}

TEST_CASE("going on: exactly the stored ids, the frame they stand in, the thought still open") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.chat.setThink(true);
    REQUIRE(bench.ask("Why?"));
    bench.backend.started();
    bench.backend.say("Hm", protocol::Channel::Thought, 11);
    bench.backend.say("", protocol::Channel::Thought, 12);
    bench.chat.stop();
    bench.backend.done(protocol::FinishReason::Cancelled);
    REQUIRE(bench.idle());
    bench.chat.setThink(false); // for what comes next, not for what was begun
    bench.chat.continueAnswer();
    bench.chat.continueAnswer(); // pressed twice
    REQUIRE(bench.reaches(ChatController::Prefilling));
    CHECK(bench.backend.generation().continueIds == std::vector<int32_t>{11, 12});
    CHECK(bench.backend.generation().think);
    CHECK(!bench.chat.think());
    bench.backend.say(" so", protocol::Channel::Thought, 13);
    bench.backend.say("Yes", protocol::Channel::Answer, 14);
    bench.backend.done();
    REQUIRE(bench.idle());
    const auto messages = bench.stored();
    REQUIRE(messages.size() == 3);
    CHECK(textOf(messages[1], SegmentChannel::Thought) == "Hm");
    CHECK(textOf(messages[2], SegmentChannel::Thought) == "Hm so");
    CHECK(messages[2].segments[0].ids == std::vector<int32_t>{11, 12, 13});
    CHECK(messages[2].segments[1].ids == std::vector<int32_t>{14});
    CHECK(messages[2].parent == messages[0].id);
}

TEST_CASE("an answer without ids, or of another model, is not gone on with as if it could be") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("One?", "First answer");
    bench.sql("UPDATE segment SET ids = x'' WHERE channel = 'answer'");
    const qint64 chat = bench.chat.chat();
    const auto reopen = [&] {
        bench.chat.newConversation();
        bench.chat.openConversation(chat);
        REQUIRE(bench.wait([&] { return bench.chat.chat() == chat; }));
    };
    reopen();
    bench.chat.continueAnswer();
    CHECK(!bench.chat.busy());
    CHECK(bench.chat.notice()->shown());
    bench.sql("UPDATE segment SET ids = x'07000000' WHERE channel = 'answer'");
    bench.sql("UPDATE message SET model_name = 'Other' WHERE role = 'assistant'");
    reopen();
    bench.chat.continueAnswer();
    REQUIRE(bench.wait([&] { return bench.stored().size() == 3; }));
    REQUIRE(bench.wait([&] { return bench.stored()[2].state == MessageState::Error; }));
    CHECK(bench.stored()[2].errorText.contains("Other"));
    CHECK(textOf(bench.stored()[2], SegmentChannel::Answer) == "First answer");
}
