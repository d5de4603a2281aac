// The words of an answer while they come, and what of them a save takes.
#include <doctest/doctest.h>

#include "app/chat/growing_answer.h"

using namespace ponder;
using namespace ponder::app;

TEST_CASE("nothing has come yet") {
    GrowingAnswer answer;
    CHECK(answer.isEmpty());
    CHECK(!answer.endsInThought());
    CHECK(!answer.isCutShort());
    CHECK(answer.ids().empty());
    CHECK(answer.since(answer.reached()).empty());
    CHECK(answer.take().empty());
}

TEST_CASE("tokens become segments by their channel, with their times and numbers") {
    GrowingAnswer answer;
    CHECK(answer.add(SegmentChannel::Thought, QString::fromUtf8("思"), 11, 100));
    CHECK(answer.add(SegmentChannel::Thought, QString::fromUtf8("考 🧠"), 12, 200));
    CHECK(answer.endsInThought());
    CHECK(answer.add(SegmentChannel::Answer, {}, 13, 300)); // a token without words
    CHECK(answer.add(SegmentChannel::Answer, "So", 14, 400));
    CHECK(!answer.endsInThought());
    CHECK(answer.ids() == std::vector<int32_t>{11, 12, 13, 14});
    const std::vector<Segment> wanted{
        {SegmentChannel::Thought, QString::fromUtf8("思考 🧠"), {11, 12}, 100, 200, 2},
        {SegmentChannel::Answer, "So", {13, 14}, 300, 400, 2}};
    CHECK(answer.segments() == wanted);
    CHECK(answer.take() == wanted);
    CHECK(answer.isEmpty());
}

TEST_CASE("the layout's end of a thought that was cut short is kept, and neither counted nor shown") {
    GrowingAnswer answer;
    answer.add(SegmentChannel::Thought, "Hm", 11, 100);
    answer.cutShort();
    CHECK(answer.isCutShort());
    CHECK(!answer.add(SegmentChannel::Thought, "\n", 90, 500));
    CHECK(answer.add(SegmentChannel::Answer, "So", 12, 600));
    CHECK(!answer.isCutShort());
    CHECK(answer.segments()[0] == Segment{SegmentChannel::Thought, "Hm\n", {11, 90}, 100, 100, 1, true});
}

TEST_CASE("what follows a place, put behind what was there, is the whole") {
    const QString words = QString::fromUtf8("a考🧠é");
    GrowingAnswer answer({{SegmentChannel::Thought, QString::fromUtf8("früher 🧠"), {1, 2, 3}, 1, 2, 3}});
    std::vector<Reached> places{{}, answer.reached()};
    CHECK(answer.since(answer.reached()).front().text.isEmpty()); // only its times, which may have changed
    for (int i = 0; i < 3000; ++i) {
        answer.add(i % 1000 < 700 ? SegmentChannel::Thought : SegmentChannel::Answer,
                   words.mid(i % 2 == 0 ? 0 : 2, 2), i, i);
        if (i % 97 == 0) places.push_back(answer.reached());
    }
    const std::vector<Segment> all = answer.segments();
    CHECK(all.size() == 6);
    for (const Reached& place : places) {
        const std::vector<Segment> rest = answer.since(place);
        REQUIRE(rest.size() == all.size() - place.segment);
        CHECK(all[place.segment].text.toUtf8().sliced(place.bytes) == rest[0].text.toUtf8());
        CHECK(std::vector<int32_t>(all[place.segment].ids.begin() + place.ids,
                                   all[place.segment].ids.end()) == rest[0].ids);
        for (size_t i = 1; i < rest.size(); ++i) CHECK(rest[i] == all[place.segment + i]);
    }
}
