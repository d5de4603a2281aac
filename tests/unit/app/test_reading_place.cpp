// Where a conversation is read: rows and places, and both over leaving, coming back and the next start.
#include "app/application.h"
#include "app/chat/reading_place.h"
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;

namespace {

MessageRecord message(qint64 id, Role role, std::vector<Segment> segments) {
    MessageRecord record;
    record.id = id;
    record.parent = id - 1;
    record.role = role;
    record.segments = std::move(segments);
    return record;
}

Conversation twoTurns() {
    const Segment question{SegmentChannel::Question, "Why?", {}, 0, 0, 0};
    const Segment thought{
        SegmentChannel::Thought, "First a plan.\n\nThen a check.\n\nWait, no.", {1}, 0, 5000, 9};
    const Segment answer{
        SegmentChannel::Answer, "# So\n\none\n\n- two\n- three\n\n```\nfour\n```\n", {2}, 0, 1, 9};
    return Conversation({},
                        {message(1, Role::User, {question}), message(2, Role::Assistant, {thought, answer}),
                         message(3, Role::User, {question}), message(4, Role::Assistant, {thought, answer})});
}

int kind(const ChatModel& model, int row) {
    return model.data(model.index(row), ChatModel::KindRole).toInt();
}

// What the window tells and is told.
struct Reader {
    explicit Reader(ChatController& chat) {
        QObject::connect(&chat, &ChatController::placeAsked, &chat, [this, &chat] {
            ++asked;
            chat.readAt(row, part);
        });
        QObject::connect(&chat, &ChatController::placeWanted, &chat, [this](int at, double above) {
            wantedRow = at;
            wantedPart = above;
        });
    }
    int asked = 0, row = -1, wantedRow = -1;
    double part = 0, wantedPart = -1;
};

} // namespace

TEST_CASE("every row is a place, and every place the same row again, whatever is open above it") {
    const Conversation conversation = twoTurns();
    ChatModel model;
    model.show(conversation.path());
    model.showThought(1, ChatModel::Full);
    std::vector<ReadingPlace> places;
    std::vector<int> kinds;
    for (int row = 0; row < model.count(); ++row) {
        places.push_back(placeAt(model, row, 0.5));
        kinds.push_back(kind(model, row));
        CHECK(places.back().message == model.messageAt(row));
        CHECK(rowOf(model, places.back()).row == row);
        CHECK(rowOf(model, places.back()).part == 0.5);
        for (size_t other = 0; other + 1 < places.size(); ++other)
            CHECK((places[other] == places.back()) == false);
    }
    REQUIRE(std::count(kinds.begin(), kinds.end(), int(ChatModel::Part)) == 3);
    for (const bool openBelow : {false, true}) {
        model.showThought(1, ChatModel::Shut);
        if (openBelow) model.setAllThoughts(true);
        for (size_t i = 0; i < places.size(); ++i) {
            const PlacedRow at = rowOf(model, places[i]);
            CAPTURE(i);
            REQUIRE(at.row >= 0);
            CHECK(model.messageAt(at.row) == places[i].message);
            const bool hidden = kinds[i] == ChatModel::Part && !openBelow;
            CHECK(kind(model, at.row) == (hidden ? int(ChatModel::Thought) : kinds[i]));
            CHECK(at.part == (hidden ? 0 : 0.5)); // the half of what is not there says nothing
        }
    }
}

TEST_CASE("places that are nowhere") {
    const Conversation conversation = twoTurns();
    ChatModel model;
    CHECK(placeAt(model, 0, 0) == ReadingPlace{});
    CHECK(rowOf(model, {2, 1, 0.5}).row == -1);
    model.show(conversation.path());
    CHECK(placeAt(model, -1, 0.5) == ReadingPlace{});
    CHECK(placeAt(model, 1000, 0.5) == ReadingPlace{});
    CHECK(rowOf(model, {}).row == -1);
    CHECK(rowOf(model, {4711, 1, 0.5}).row == -1);
    const PlacedRow beyond = rowOf(model, {2, 1000, 0.5}); // its answer was longer once
    CHECK(model.messageAt(beyond.row) == 2);
    CHECK(model.messageAt(beyond.row + 1) == 3);
    CHECK(rowOf(model, {2, -1000, 0.5}).row == 1);
    CHECK(rowOf(model, {2, std::numeric_limits<int>::min(), 0.5}).row == 1);
    CHECK(rowOf(model, {2, 1, 99.0}).part == 1);
    CHECK(placeAt(model, 3, -4).part == 0);
}

TEST_CASE("left and opened again, in the same window and at the next start; a hit and the end win") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    qint64 chat = 0;
    {
        ScriptBench bench("instant", path);
        Reader reader(bench.chat);
        REQUIRE(bench.load());
        REQUIRE(bench.chat.ask("How many?"));
        REQUIRE(bench.idle());
        chat = bench.chat.chat();
        CHECK(reader.wantedRow == -1); // what is asked is read at its end
        bench.chat.transcript()->toggleThought(1);
        REQUIRE(kind(*bench.chat.transcript(), 2) == ChatModel::Part);
        reader.row = 2;
        reader.part = 0.25;
        bench.chat.newConversation();
        CHECK(reader.asked == 1);
        CHECK(bench.storedChat(chat).place.piece == -1);

        bench.chat.openConversation(chat);
        REQUIRE(bench.wait([&] { return reader.wantedRow == 2; }));
        CHECK(reader.wantedPart == 0.25);
        CHECK(bench.at(1, ChatModel::ShownRole).toInt() == ChatModel::Full);

        reader.row = -1; // read to its end
        bench.chat.newConversation();
        CHECK(bench.storedChat(chat).place == ReadingPlace{});
        reader.wantedRow = -1;
        bench.chat.openConversation(chat);
        REQUIRE(bench.wait([&] { return bench.chat.chat() == chat; }));
        CHECK(reader.wantedRow == -1);

        reader.row = 2;
        bench.chat.newConversation();
        bool hit = false;
        QObject::connect(&bench.chat, &ChatController::hitWanted, &bench.chat, [&] { hit = true; });
        bench.chat.openHit(chat, bench.stored(chat)[0].id, int(SegmentChannel::Question), 0, 3);
        REQUIRE(bench.wait([&] { return hit; }));
        CHECK(reader.wantedRow == -1);
        bench.chat.keepPlace(); // as the window goes
    }
    {
        ScriptBench bench("instant", path);
        Reader reader(bench.chat);
        REQUIRE(bench.wait([&] { return reader.wantedRow == 2; }));
        CHECK(reader.wantedPart == 0.25);
        CHECK(bench.at(1, ChatModel::ShownRole).toInt() == ChatModel::Full); // as the person chose it
        bench.chat.transcript()->showThought(1, ChatModel::Shut);
    }
    ScriptBench bench("instant", path);
    Reader reader(bench.chat);
    REQUIRE(bench.wait([&] { return reader.wantedRow == 1; })); // its head
    CHECK(bench.at(1, ChatModel::ShownRole).toInt() == ChatModel::Shut);
    bench.chat.transcript()->showThought(1, ChatModel::Tail);
    bench.chat.transcript()->setAllThoughts(true); // and every choice is forgotten
    CHECK(!bench.stored()[1].thoughtShown);
}

TEST_CASE("a thought opened before the store has numbered its answer is kept open") {
    HandBench bench;
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    bench.chat.transcript()->setPhase(ChatModel::Live);
    bench.chat.transcript()->showThought(1, ChatModel::Full);
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.started();
    bench.backend.say("Hm", protocol::Channel::Thought);
    bench.backend.say("So");
    bench.backend.done();
    REQUIRE(bench.idle());
    CHECK(bench.stored()[1].thoughtShown == ThoughtShown::Full);
    CHECK(bench.at(1, ChatModel::ShownRole).toInt() == ChatModel::Full);
}

TEST_CASE("every thought open: at the next start, too") {
    QTemporaryDir folder;
    StartOptions options;
    options.dataFolder = folder.path();
    options.script = fakeScript("instant");
    {
        Application application(options);
        CHECK(!application.chat()->transcript()->allThoughts());
        application.chat()->transcript()->toggleAllThoughts();
    }
    Application application(options);
    CHECK(application.chat()->transcript()->allThoughts());
}
