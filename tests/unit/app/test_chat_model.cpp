// The transcript: the rows it makes, what changes while an answer grows, and what is said about a thought.
#include <doctest/doctest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "app/chat/chat_model.h"

using namespace ponder::app;
using ponder::protocol::Role;

namespace {

MessageRecord question(const QString& text) {
    MessageRecord message;
    message.id = 1;
    message.role = Role::User;
    message.segments = {{SegmentChannel::Question, text, {}, 0, 0, 0}};
    return message;
}

MessageRecord streaming() {
    MessageRecord message;
    message.id = 2;
    message.role = Role::Assistant;
    message.state = MessageState::Streaming;
    return message;
}

MessageRecord ended(MessageState state, const QString& code = {}, const QString& text = {}) {
    MessageRecord message = streaming();
    message.state = state;
    message.errorCode = code;
    message.errorText = text;
    return message;
}

QList<int> kinds(const ChatModel& model) {
    QList<int> list;
    for (int row = 0; row < model.count(); ++row)
        list << model.data(model.index(row), ChatModel::KindRole).toInt();
    return list;
}

int shown(const ChatModel& model, int row) {
    return model.data(model.index(row), ChatModel::ShownRole).toInt();
}

QString labelOf(const ChatModel& model, int row) {
    return model.data(model.index(row), ChatModel::LabelRole).toString();
}

} // namespace

TEST_CASE("an answer from question to foot") {
    ChatModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.add(question("Why?"));
    model.add(streaming());
    CHECK(kinds(model) == QList<int>{ChatModel::Question, ChatModel::Thought});
    model.setPhase(ChatModel::Reading);
    model.setPrefill(5, 10);
    CHECK(model.data(model.index(1), ChatModel::ProgressRole).toDouble() == 0.5);
    model.append(SegmentChannel::Thought, "Hm");
    model.append(SegmentChannel::Thought, " so");
    QSignalSpy grew(&model, &ChatModel::thoughtGrew);
    model.flush();
    REQUIRE(grew.size() == 1); // two tokens, one change
    CHECK(grew[0][1].toString() == "Hm so");
    CHECK(model.thoughtText(1) == "Hm so");
    CHECK(shown(model, 1) == ChatModel::Tail); // its end while live
    model.append(SegmentChannel::Answer, "One\n\n- tw");
    model.flush();
    CHECK(shown(model, 1) == ChatModel::Shut); // shut when done
    CHECK(kinds(model) ==
          QList<int>{ChatModel::Question, ChatModel::Thought, ChatModel::Text, ChatModel::Text});
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.append(SegmentChannel::Answer, "o");
    model.flush();
    REQUIRE(changed.size() == 1); // the open block only
    CHECK(changed[0][0].toModelIndex().row() == 3);
    CHECK(!changed[0][2].value<QList<int>>().isEmpty());
    model.append(SegmentChannel::Answer, "\n\n```py\nx");
    model.flush();
    model.finish(ended(MessageState::Done));
    CHECK(kinds(model).last() == ChatModel::Footer);
    CHECK(kinds(model).contains(ChatModel::Code));
    CHECK(labelOf(model, 1) == "Thought for a moment");
    CHECK(model.answerText(4) == "One\n\n- two\n\n```py\nx");
}

TEST_CASE("a model that does not think has no thought") {
    ChatModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.add(question("Why?"));
    model.add(streaming());
    model.setPhase(ChatModel::Reading);
    model.append(SegmentChannel::Answer, "Seven.");
    model.flush();
    CHECK(kinds(model) == QList<int>{ChatModel::Question, ChatModel::Text});
    model.finish(ended(MessageState::Done));
    CHECK(kinds(model) == QList<int>{ChatModel::Question, ChatModel::Text, ChatModel::Footer});
}

TEST_CASE("the person's toggle wins") {
    ChatModel model;
    model.add(streaming());
    model.append(SegmentChannel::Thought, "Hm");
    model.flush();
    model.toggleThought(0);
    CHECK(shown(model, 0) == ChatModel::Shut);
    model.toggleLastThought();
    model.append(SegmentChannel::Answer, "So");
    model.flush();
    CHECK(shown(model, 0) == ChatModel::Tail);
    model.showThought(1, ChatModel::Full);
    CHECK(shown(model, 0) == ChatModel::Full);
    CHECK(kinds(model) == QList<int>{ChatModel::Thought, ChatModel::Part, ChatModel::Text});
    model.toggleThought(99);
    model.toggleThought(-1);
}

TEST_CASE("what the person chose is told, and comes with the conversation of the last time") {
    MessageRecord answer = ended(MessageState::Done);
    answer.parent = 1;
    answer.segments = {{SegmentChannel::Thought, "Hm, a thought", {1}, 1000, 2000, 1},
                       {SegmentChannel::Answer, "So", {2}, 2000, 3000, 1}};
    const Conversation conversation({}, {question("Why?"), answer});
    ChatModel model;
    std::vector<std::pair<qint64, ThoughtShown>> told;
    int forgotten = 0;
    QObject::connect(&model, &ChatModel::thoughtChosen,
                     [&](qint64 message, ThoughtShown shown) { told.emplace_back(message, shown); });
    QObject::connect(&model, &ChatModel::choicesForgotten, [&] { ++forgotten; });
    model.show(conversation.path());
    CHECK(shown(model, 1) == ChatModel::Shut);
    CHECK(told.empty());
    model.toggleThought(1);
    model.showThought(1, ChatModel::Tail);
    REQUIRE(told.size() == 2);
    CHECK(told[0] == std::pair{qint64{2}, ThoughtShown::Full});
    CHECK(told[1] == std::pair{qint64{2}, ThoughtShown::Tail});

    ChatModel next; // of the next start
    answer.thoughtShown = ThoughtShown::Full;
    const Conversation again({}, {question("Why?"), answer});
    next.show(again.path());
    CHECK(shown(next, 1) == ChatModel::Full);
    CHECK(next.data(next.index(2), ChatModel::KindRole).toInt() == ChatModel::Part);

    // A hit opens what it is in; that is no choice of the person.
    ChatModel found;
    told.clear();
    QObject::connect(&found, &ChatModel::thoughtChosen,
                     [&](qint64 message, ThoughtShown s) { told.emplace_back(message, s); });
    found.show(conversation.path());
    CHECK(found.reveal({1, ChatModel::Part, 0}) == 2);
    CHECK(told.empty());

    model.setAllThoughts(true);
    CHECK(forgotten == 1);
    CHECK(shown(model, 1) == ChatModel::Full);
}

TEST_CASE("interrupted, stopped and full: what is said, and the text kept") {
    ChatModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.add(question("Why?"));
    model.add(streaming());
    model.append(SegmentChannel::Thought, "Hm");
    model.finish(ended(MessageState::Interrupted, "device_lost", "the graphics device was lost at token 2"));
    CHECK(kinds(model) ==
          QList<int>{ChatModel::Question, ChatModel::Thought, ChatModel::Footer, ChatModel::NoticeRow});
    CHECK(model.data(model.index(3), ChatModel::ButtonRole).toString() == "Continue the answer");
    CHECK(labelOf(model, 1) == "Thought for a moment, interrupted");
    model.add(question("And?")); // then the button of the older notice goes
    CHECK(model.data(model.index(3), ChatModel::ButtonRole).toString().isEmpty());
    model.add(streaming());
    model.append(SegmentChannel::Thought, "Hm");
    model.finish(ended(MessageState::Stopped));
    CHECK(labelOf(model, 5) == "Thought for a moment, then stopped");
    model.add(streaming());
    model.append(SegmentChannel::Answer, "long");
    model.finish(ended(MessageState::Length));
    CHECK(kinds(model).last() == ChatModel::NoticeRow);
}

TEST_CASE("an answer that never began leaves no row, and late tokens change nothing") {
    ChatModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const MessageRecord asked = question("Why?");
    model.add(asked);
    model.add(streaming());
    model.show({{&asked}});
    CHECK(model.count() == 1);
    model.append(SegmentChannel::Answer, "late");
    model.flush();
    model.finish(ended(MessageState::Done));
    CHECK(model.count() == 1);
}

TEST_CASE("a stored conversation shows as the streamed one did") {
    ChatModel live, stored;
    QAbstractItemModelTester tester(&stored, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QString answer = "# A\n\ntext\n\n| a |\n| - |\n| 1 |\n";
    live.add(question("Why?"));
    live.add(streaming());
    live.append(SegmentChannel::Thought, "Hm");
    for (const QChar c : answer) {
        live.append(SegmentChannel::Answer, c);
        live.flush();
    }
    MessageRecord done = ended(MessageState::Done);
    done.segments = {{SegmentChannel::Thought, "Hm", {1}, 1000, 10'600, 5},
                     {SegmentChannel::Answer, answer, {2}, 10'600, 11'000, 9}};
    live.finish(done);
    const MessageRecord asked = question("Why?");
    stored.show({{&asked}, {&done}});
    CHECK(kinds(live) == kinds(stored));
    CHECK(labelOf(stored, 1) == "Thought for 9.6 s");
    for (int row = 0; row < stored.count(); ++row)
        CHECK(live.data(live.index(row), ChatModel::TextRole) ==
              stored.data(stored.index(row), ChatModel::TextRole));
}
