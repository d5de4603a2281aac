// Find within the conversation: what is found, in which order, and that a hit stays the hit while an answer grows.
#include <doctest/doctest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "app/chat/find_model.h"

using namespace ponder::app;
using ponder::protocol::Role;

namespace {

MessageRecord question(qint64 id, const QString& text) {
    MessageRecord message;
    message.id = id;
    message.role = Role::User;
    message.segments = {{SegmentChannel::Question, text, {}, 0, 0, 0}};
    return message;
}

MessageRecord answer(qint64 id, const QString& thought, const QString& text) {
    MessageRecord message;
    message.id = id;
    message.role = Role::Assistant;
    message.segments = {{SegmentChannel::Thought, thought, {}, 1000, 9000, 5},
                        {SegmentChannel::Answer, text, {}, 9000, 9500, 5}};
    return message;
}

struct Chat {
    ChatModel model;
    QAbstractItemModelTester rows{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester hits{model.find(), QAbstractItemModelTester::FailureReportingMode::Fatal};
    FindModel& find = *model.find();
    MessageRecord asked = question(1, "Is Six divisible by six?");
    MessageRecord said = answer(2, "Let me see: six.\n\nSix is six.",
                                "**Si**x & so on\n\n| a | b |\n| - | - |\n| six | 6 |\n\n"
                                "```py\nsix = 6 # six\n```\n");
    Chat() { model.show({{&asked}, {&said}}); }
};

} // namespace

TEST_CASE("hits in questions, shut thoughts and answers, as they are read") {
    Chat chat;
    QSignalSpy wanted(&chat.find, &FindModel::wanted);
    chat.find.setQuery("six");
    CHECK(chat.find.count() == 2 + 3 + 1 + 1 + 2); // **Si**x is one word to who reads it
    CHECK(chat.find.current() == -1);
    chat.find.next();
    CHECK(chat.find.currentRow() == 0);
    CHECK(chat.find.currentOrdinal() == 0);
    chat.find.next();
    CHECK(chat.find.currentOrdinal() == 1);
    const int rows = chat.model.count();
    chat.find.next(); // in the thought, which opens
    CHECK(chat.model.count() == rows + 2);
    CHECK(chat.find.currentRow() == 2);
    CHECK(chat.find.currentStart() == 12);
    CHECK(wanted.size() == 3);
    CHECK(wanted.last()[0].toInt() == 2);
    chat.model.showThought(1, ChatModel::Shut);
    CHECK(chat.find.currentRow() == -1);
    chat.find.previous();
    chat.find.previous();
    chat.find.previous(); // round the beginning
    CHECK(chat.find.current() == chat.find.count() - 1);
    CHECK(chat.find.data(chat.find.index(0), FindModel::ExcerptRole).toString().contains("Six"));
    chat.find.setQuery("& so");
    CHECK(chat.find.count() == 1);
    chat.find.setQuery("nothing of that");
    CHECK(chat.find.count() == 0);
    chat.find.next();
    chat.find.startAt(3);
    CHECK(chat.find.currentRow() == -1);
    chat.find.clear();
    CHECK(chat.find.count() == 0);
}

TEST_CASE("the first hit is the one below what is read") {
    Chat chat;
    chat.find.setQuery("six");
    chat.find.startAt(2); // the thought stands above, shut
    CHECK(chat.find.currentRow() >= 2);
    chat.find.startAt(1000); // none below: from the beginning
    CHECK(chat.find.current() == 0);
}

TEST_CASE("a hit of the search opens at its place") {
    Chat chat;
    CHECK(chat.find.showHit(2, static_cast<int>(SegmentChannel::Thought), 18, 3));
    CHECK(chat.find.query() == "Six");
    CHECK(chat.find.currentRow() == 3); // the second part
    CHECK(chat.find.currentOrdinal() == 0);
    CHECK(chat.find.showHit(2, static_cast<int>(SegmentChannel::Thought), 25, 3));
    CHECK(chat.find.currentOrdinal() == 1);
    CHECK(chat.find.showHit(1, static_cast<int>(SegmentChannel::Question), 20, 3));
    CHECK(chat.find.currentRow() == 0);
    CHECK(chat.find.currentOrdinal() == 1);
    const QString text = textOf(chat.said, SegmentChannel::Answer);
    CHECK(chat.find.showHit(2, static_cast<int>(SegmentChannel::Answer), text.lastIndexOf("six"), 3));
    CHECK(chat.model.data(chat.model.index(chat.find.currentRow()), ChatModel::KindRole) == ChatModel::Code);
    CHECK(chat.find.currentOrdinal() == 1);
    CHECK(!chat.find.showHit(99, 1, 0, 3));
    CHECK(!chat.find.showHit(2, static_cast<int>(SegmentChannel::Answer), 1'000'000, 3));
    CHECK(!chat.find.showHit(2, static_cast<int>(SegmentChannel::Answer), -1, 3));
    CHECK(!chat.find.showHit(2, static_cast<int>(SegmentChannel::Answer), 0, 0));
}

TEST_CASE("a hit in a later segment of an answer opens at its place") {
    Chat chat;
    MessageRecord said = chat.said;
    said.id = 3;
    said.segments = {{SegmentChannel::Thought, "One six.", {}, 0, 1, 1},
                     {SegmentChannel::Answer, "A six here.\n\n", {}, 1, 2, 1},
                     {SegmentChannel::Thought, "\n\nAnother six.", {}, 2, 3, 1},
                     {SegmentChannel::Answer, "And a six there.", {}, 3, 4, 1}};
    chat.model.show({{&chat.asked}, {&said}});
    for (const SegmentChannel channel : {SegmentChannel::Thought, SegmentChannel::Answer}) {
        const qint64 offset = textOf(said, channel).lastIndexOf("six");
        REQUIRE(chat.find.showHit(3, static_cast<int>(channel), offset, 3));
        const QString row = chat.model.blockText(chat.find.currentRow());
        CHECK(row == (channel == SegmentChannel::Thought ? "Another six." : "And a six there."));
        CHECK(chat.find.currentStart() == row.indexOf("six"));
    }
}

TEST_CASE("the current hit stays while an answer grows") {
    Chat chat;
    MessageRecord live = answer(3, "", "");
    live.segments.clear();
    live.state = MessageState::Streaming;
    chat.find.setQuery("six");
    chat.find.next();
    chat.find.next();
    const int before = chat.find.count();
    chat.model.add(live);
    chat.model.append(SegmentChannel::Thought, "six\n\nsix");
    chat.model.flush();
    QSignalSpy found(&chat.find, &FindModel::hitsChanged);
    REQUIRE(found.wait(5000));
    CHECK(chat.find.count() == before + 2);
    CHECK(chat.find.current() == 1);
    chat.model.show({}); // another conversation: nothing is sought in it
    CHECK(chat.find.query().isEmpty());
}
