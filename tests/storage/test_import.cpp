// A tree that leaves a database and comes into another one is the same tree.
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

// Everything of a message but its numbers, and its answers below it.
QString drawn(const std::vector<MessageRecord>& messages, qint64 parent, const QString& indent = {}) {
    QString text;
    for (const MessageRecord& m : messages) {
        if (m.parent != parent) continue;
        text += indent + QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8")
                             .arg(static_cast<int>(m.role))
                             .arg(static_cast<int>(m.state))
                             .arg(m.modelName, m.errorCode, m.errorText, m.settings, m.stats)
                             .arg(m.createdMs);
        for (const Segment& s : m.segments) {
            text += QStringLiteral(" [%1 %2 %3 %4 %5")
                        .arg(static_cast<int>(s.channel))
                        .arg(s.text)
                        .arg(s.startMs)
                        .arg(s.endMs)
                        .arg(s.tokens);
            for (const int32_t id : s.ids) text += QStringLiteral(" %1").arg(id);
            text += "]";
        }
        text += "\n" + drawn(messages, m.id, indent + "  ");
    }
    return text;
}

std::vector<MessageRecord> tree() {
    const auto message = [](qint64 id, qint64 parent, Role role, MessageState state,
                            std::vector<Segment> segments) {
        MessageRecord record;
        record.id = id;
        record.parent = parent;
        record.role = role;
        record.state = state;
        record.modelName = role == Role::Assistant ? "R1 „7B“" : "";
        record.settings = R"({"temperature":0.6,"seed":"18446744073709551615"})";
        record.stats = R"({"answerTokens":12})";
        record.createdMs = 1'700'000'000'000 + id;
        record.segments = std::move(segments);
        return record;
    };
    const Segment question{SegmentChannel::Question, "Why? 为什么 🧠\n\ttabbed", {}, 1, 2, 0};
    const Segment answer{SegmentChannel::Answer, "Because.", {1, -2, INT32_MIN}, 30, 40, 3};
    // Two roots, branches, numbers in no order, a child before its parent.
    auto messages = std::vector<MessageRecord>{
        message(90, 7, Role::Assistant, MessageState::Done,
                {thoughtOf("t"), answer, thoughtOf("again"), answer}),
        message(7, 0, Role::User, MessageState::Done, {question}),
        message(8, 7, Role::Assistant, MessageState::Error, {}),
        message(12, 90, Role::User, MessageState::Done, {question}),
        message(500, 12, Role::Assistant, MessageState::Stopped, {thoughtOf("")}),
        message(11, 0, Role::User, MessageState::Done, {question}),
        message(13, 0, Role::System, MessageState::Done, {{SegmentChannel::Tool, "tool", {}, 0, 0, 0}}),
        message(14, 11, Role::Assistant, MessageState::Length, {answer}),
    };
    messages[2].errorCode = "engine_died";
    messages[2].errorText = "It died.";
    return messages;
}

} // namespace

TEST_CASE("an imported tree is equal but for its numbers") {
    ConversationStore first = opened(), second = opened();
    exchange(second, "in the way", "a", "b"); // so that numbers differ
    ChatRecord chat;
    chat.title = "标题 \"quoted\"";
    chat.pinned = true;
    chat.createdMs = 5;
    chat.updatedMs = 6;
    chat.draft = "not sent";
    chat.head = 500;
    const auto there = first.importTree(chat, tree());
    REQUIRE(there.ok());
    const auto once = *first.messages(*there);
    const auto here = second.importTree(*first.chat(*there), once);
    REQUIRE(here.ok());
    const auto twice = *second.messages(*here);
    CHECK(once.size() == 8);
    CHECK(drawn(once, 0) == drawn(twice, 0));
    const ChatRecord a = *first.chat(*there), b = *second.chat(*here);
    CHECK(a.title == b.title);
    CHECK(b.pinned);
    CHECK(b.createdMs == 5);
    CHECK(b.updatedMs == 6);
    CHECK(b.draft == "not sent");
    CHECK(*here != *there);
    for (const MessageRecord& message : twice)
        if (message.id == b.head) CHECK(message.state == MessageState::Stopped);
    checkSound(second);
    checkIndexInStep(second);
}

TEST_CASE("what is no tree is refused, whole") {
    ConversationStore store = opened();
    const auto refused = [&store](const std::function<void(ChatRecord&, std::vector<MessageRecord>&)>& spoil) {
        ChatRecord chat;
        auto messages = tree();
        spoil(chat, messages);
        const auto result = store.importTree(chat, messages);
        CHECK(!result.ok());
        if (!result.ok()) CHECK(result.error().message.find("no tree") != std::string::npos);
    };
    refused([](auto&, auto& m) { m[3].parent = 4711; });
    refused([](auto&, auto& m) { m[3].id = 7; });
    refused([](auto&, auto& m) { m[3].id = 0; });
    refused([](auto&, auto& m) { m[1].parent = 500; });
    refused([](auto&, auto& m) { m[3].parent = 12; });
    refused([](auto& c, auto&) { c.head = 4711; });
    CHECK(*store.database().number("SELECT count(*) FROM chat") == 0);
    CHECK(*store.database().number("SELECT count(*) FROM message") == 0);
    checkIndexInStep(store);
    CHECK(store.importTree({}, {}).ok()); // an empty one is a conversation that has not begun
}

TEST_CASE("an answer that was streaming elsewhere is interrupted here") {
    ConversationStore store = opened();
    auto messages = tree();
    messages[0].state = MessageState::Streaming;
    const auto chat = store.importTree({}, messages);
    REQUIRE(chat.ok());
    int interrupted = 0;
    const auto taken = store.messages(*chat);
    for (const MessageRecord& message : *taken) interrupted += message.state == MessageState::Interrupted;
    CHECK(interrupted == 1);
}

TEST_CASE("drafts are kept, one a conversation and one for the next") {
    ConversationStore store = opened();
    REQUIRE(store.setDraft(0, "for a new one").ok());
    CHECK(*store.draft(0) == "for a new one");
    const auto added = store.addQuestion(0, 0, "for a new one", "T");
    CHECK(store.draft(0)->isEmpty());
    REQUIRE(store.setDraft(added->chat, "next 下一个").ok());
    REQUIRE(store.setDraft(0, "untouched").ok());
    CHECK(store.chat(added->chat)->draft == "next 下一个");
    CHECK(*store.draft(added->chat) == "next 下一个");
    REQUIRE(store.addQuestion(added->chat, added->message, "next", "").ok());
    CHECK(store.draft(added->chat)->isEmpty());
    CHECK(*store.draft(0) == "untouched");
    CHECK(store.draft(4711)->isEmpty());
}
