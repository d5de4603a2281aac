// The rows of a transcript: what a turn asks for, the smallest change from one list to another, distances, what is searched.
#include <doctest/doctest.h>

#include "app/chat/transcript_rows.h"

using namespace ponder::app;

namespace {

Turn questionTurn(const QString& text) {
    Turn turn;
    turn.question = text;
    return turn;
}

Turn answerTurn(const QString& thought, const QString& answer, MessageState state = MessageState::Done) {
    Turn turn;
    turn.role = ponder::protocol::Role::Assistant;
    turn.state = state;
    turn.thought.append(thought);
    if (!thought.isEmpty()) turn.phase = ThoughtPhase::Finished;
    turn.answer.append(answer);
    return turn;
}

TranscriptRows rowsFor(const std::vector<Turn>& turns, bool open) {
    TranscriptRows rows;
    for (size_t i = 0; i < turns.size(); ++i) appendRows(i, turns[i], open, rows);
    return rows;
}

QList<int> kinds(const TranscriptRows& rows) {
    QList<int> all;
    for (const TranscriptRow& row : rows) all << row.kind;
    return all;
}

// The rows as they are after the change.
TranscriptRows after(const RowChange& change, TranscriptRows rows) {
    const auto at = rows.begin() + static_cast<std::ptrdiff_t>(change.at);
    const auto rest = rows.erase(at, at + static_cast<std::ptrdiff_t>(change.removed));
    rows.insert(rest, change.inserted.begin(), change.inserted.end());
    return rows;
}

} // namespace

TEST_CASE("a thought has rows of its own only while it is open") {
    const std::vector<Turn> turns{questionTurn("Why?"), answerTurn("So.\n\nWait, no.", "One\n\n# Two")};
    CHECK(kinds(rowsFor(turns, false)) == QList<int>{ChatModel::Question, ChatModel::Thought, ChatModel::Text,
                                                     ChatModel::Heading, ChatModel::Footer});
    CHECK(kinds(rowsFor(turns, true)) == QList<int>{ChatModel::Question, ChatModel::Thought, ChatModel::Part,
                                                    ChatModel::Part, ChatModel::Text, ChatModel::Heading,
                                                    ChatModel::Footer});
    CHECK(kinds(rowsFor({answerTurn("", "Yes", MessageState::Streaming)}, true)) ==
          QList<int>{ChatModel::Text}); // what stands under an answer comes when it has ended
}

TEST_CASE(
    "the change between any two lists of a turn leads from one to the other, and touches no other turn") {
    const auto turn = [](int parts, int blocks, MessageState state) {
        QString thought, answer;
        for (int i = 0; i < parts; ++i) thought += QStringLiteral("Part %1.\n\n").arg(i);
        for (int i = 0; i < blocks; ++i) answer += QStringLiteral("Block %1.\n\n").arg(i);
        return answerTurn(thought, answer, state);
    };
    std::vector<Turn> shapes;
    for (int parts : {0, 1, 3})
        for (int blocks : {0, 1, 2})
            for (const MessageState state : {MessageState::Streaming, MessageState::Done})
                shapes.push_back(turn(parts, blocks, state));
    for (const Turn& from : shapes)
        for (const Turn& to : shapes)
            for (const bool open : {false, true}) {
                const TranscriptRows was = rowsFor({questionTurn("a"), from, questionTurn("b")}, open);
                const TranscriptRows expected = rowsFor({questionTurn("a"), to, questionTurn("b")}, !open);
                TranscriptRows wanted;
                appendRows(1, to, !open, wanted);
                const RowChange change = changeTo(wanted, was, 1);
                CHECK(after(change, was) == expected);
                CHECK(change.at >= 1);
                CHECK(change.at + change.removed <= was.size() - 1);
            }
}

TEST_CASE("a part that comes is one row that comes") {
    Turn turn = answerTurn("One.\n\nTwo.", "");
    turn.state = MessageState::Streaming;
    const TranscriptRows was = rowsFor({questionTurn("a"), turn}, true);
    turn.thought.append("\n\nThree.");
    TranscriptRows wanted;
    appendRows(1, turn, true, wanted);
    const RowChange change = changeTo(wanted, was, 1);
    CHECK(change.at == was.size());
    CHECK(change.removed == 0);
    CHECK(change.inserted.size() == 1);
    CHECK(changeTo(wanted, after(change, was), 1).inserted.empty());
}

TEST_CASE("rows are found, and what is hidden is not") {
    const std::vector<Turn> turns{questionTurn("Why?"), answerTurn("So.\n\nWait, no.", "One")};
    const TranscriptRows open = rowsFor(turns, true), shut = rowsFor(turns, false);
    for (size_t row = 0; row < open.size(); ++row) CHECK(findRow(open, open[row]) == static_cast<int>(row));
    CHECK(findRow(shut, {1, ChatModel::Part, 1}) == -1);
    CHECK(findRow(shut, {7, ChatModel::Text, 0}) == -1);
    CHECK(rangeOf(open, 1) == std::pair<size_t, size_t>{1, open.size()});
    CHECK(rangeOf(open, 2) == std::pair<size_t, size_t>{open.size(), open.size()});
}

TEST_CASE("distances: turns, steps, paragraphs of a step, items of a list") {
    const std::vector<Turn> turns{questionTurn("Why?"),
                                  answerTurn("First, so.\n\nand so.\n\nWait, no.", "One\n\n- a\n- b")};
    const TranscriptRows rows = rowsFor(turns, true);
    QList<int> gaps;
    for (size_t row = 0; row < rows.size(); ++row) gaps << gapAbove(rows, row, turns);
    CHECK(gaps == QList<int>{24, 0, 6, 10, 16, 16, 10, 2, 8});
}

TEST_CASE("what is searched is everything, whatever is shown") {
    const std::vector<Turn> turns{questionTurn("Why?"),
                                  answerTurn("So.\n\nWait, no.", "One\n\n| a | b |\n|---|---|\n| c | d |")};
    QStringList texts;
    for (const TranscriptRow& piece : searchablePieces(turns)) texts << plainTextOf(piece, turns);
    CHECK(texts == QStringList{"Why?", "So.", "Wait, no.", "One", "a\nb\nc\nd\n"});
    CHECK(plainTextOf({9, ChatModel::Text, 0}, turns).isEmpty());
    CHECK(plainTextOf({1, ChatModel::Part, 9}, turns).isEmpty());
    CHECK(plainTextOf({1, ChatModel::Text, 9}, turns).isEmpty());
}
