// A thought in parts and steps: nothing is lost however it arrives, parts stay short, and steps are found by their words.
#include <doctest/doctest.h>

#include "app/chat/thought_text.h"

using namespace ponder::app;

namespace {

ThoughtText fed(const QString& text, qsizetype piece) {
    ThoughtText thought;
    for (qsizetype at = 0; at < text.size(); at += piece) thought.append(text.mid(at, piece));
    return thought;
}

std::vector<StepKind> kinds(const ThoughtText& thought) {
    std::vector<StepKind> found;
    for (const ThoughtPart& part : thought.parts())
        if (part.begins) found.push_back(part.kind);
    return found;
}

} // namespace

TEST_CASE("the text is the same however it is cut") {
    QString text = "\n\nI have to count.\n\nn² = 4\nso n = 2\n\n \n\nWait, no.\n";
    text += QString(5000, QChar(u'天')) + QString::fromUcs4(U"😀") + QString(3000, QChar(u'x'));
    for (const qsizetype piece : {1, 2, 7, 100'000}) {
        const ThoughtText thought = fed(text, piece);
        CHECK(thought.text() == text);
        CHECK(thought.length() == text.size());
        qint64 offset = 0;
        for (const ThoughtPart& part : thought.parts()) {
            CHECK(part.offset == offset);
            offset += part.text.size();
            CHECK(part.text.size() <= 2100);
            CHECK(!part.text.front().isLowSurrogate());
        }
        CHECK(thought.parts().size() == fed(text, 1).parts().size());
        CHECK(kinds(thought) == kinds(fed(text, 1)));
    }
}

TEST_CASE("running text has a break where a part is cut") {
    ThoughtText thought;
    QString running;
    const QString text(4500, QChar(u'y'));
    for (const QChar c : text) running += thought.append(c);
    CHECK(thought.parts().size() == 3);
    CHECK(running.count('\n') == 2);
    CHECK(running.remove('\n') == text);
    CHECK(thought.parts()[1].joined);
    CHECK(thought.steps() == 1);
}

TEST_CASE("steps by the words that open them") {
    ThoughtText thought =
        fed("I have to count the n.\n\nn² + n = n(n + 1).\n\nIf n is 0, it works.\n\n"
            "2025 / 3 = 675. Wait, that is one class.\n\nLet me check a small range.\n\nBoth fit.",
            3);
    CHECK(kinds(thought) ==
          std::vector<StepKind>{StepKind::Plan, StepKind::Compute, StepKind::Backtrack, StepKind::Check});
    CHECK(thought.steps() == 4);
    CHECK(thought.segments().size() == 4);
    CHECK(fed("首先，看看。\n\n等等，不对。\n\n因此是七。", 1).steps() == 3);
}

TEST_CASE("the conclusion is what stands before the answer") {
    ThoughtText thought = fed("I have to add.\n\n2 + 2 = 4 it is.", 4);
    CHECK(thought.parts().back().kind == StepKind::Compute);
    thought.close(true);
    CHECK(thought.parts().back().kind == StepKind::Conclude);
    ThoughtText cut = fed("I have to add.\n\n2 + 2 =", 4);
    cut.close(false);
    CHECK(cut.parts().back().kind == StepKind::Compute);
    ThoughtText none;
    none.close(true);
    CHECK(none.isEmpty());
    CHECK(none.segments().empty());
    CHECK(none.tail(100).isEmpty());
}

TEST_CASE("many steps are merged, and a place is found") {
    QString text;
    for (int i = 0; i < 400; ++i) text += i % 2 ? "Wait, no.\n\n" : "Let me check that.\n\n";
    const ThoughtText thought = fed(text, 9);
    CHECK(thought.steps() == 400);
    CHECK(thought.segments().size() <= 40);
    qint64 length = 0;
    for (const ThoughtText::Segment& segment : thought.segments()) length += segment.length;
    CHECK(length == text.size());
    CHECK(thought.partAt(-5) == 0);
    CHECK(thought.partAt(thought.parts()[7].offset) == 7);
    CHECK(thought.partAt(thought.parts()[7].offset - 1) == 6);
    CHECK(thought.partAt(1'000'000) == thought.parts().size() - 1);
    CHECK(thought.tail(50).size() >= 50);
    CHECK(thought.tail(50).size() < 100);
    CHECK(thought.tail(1'000'000) == text);
}
