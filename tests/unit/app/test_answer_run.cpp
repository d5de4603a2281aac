// One answer, moment by moment: every act in every state, the store refusing at each step, the engine ending at each step.
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSemaphore>

#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::protocol;

namespace {

// What the store refuses from now on, as a full disk does.
constexpr const char* kNoQuestions = "CREATE TRIGGER refuse BEFORE INSERT ON message WHEN NEW.role = 'user' "
                                     "BEGIN SELECT RAISE(ABORT, 'no room'); END";
constexpr const char* kNoAnswers = "CREATE TRIGGER refuse BEFORE INSERT ON message WHEN NEW.role = "
                                   "'assistant' BEGIN SELECT RAISE(ABORT, 'no room'); END";
constexpr const char* kNoWords =
    "CREATE TRIGGER refuse BEFORE INSERT ON segment WHEN NEW.channel <> 'question' BEGIN "
    "SELECT RAISE(ABORT, 'no room'); END;"
    "CREATE TRIGGER refuse_more BEFORE UPDATE OF text ON segment BEGIN SELECT RAISE(ABORT, 'no room'); END";
constexpr const char* kNoEnd =
    "CREATE TRIGGER refuse BEFORE UPDATE OF state ON message BEGIN SELECT RAISE(ABORT, 'no room'); END";
constexpr const char* kRoom = "DROP TRIGGER refuse; DROP TRIGGER IF EXISTS refuse_more";

// Brings a bench with a question into that state.
void bring(HandBench& bench, ChatController::State state) {
    if (state == ChatController::Waiting) {
        bench.backend.loads = false;
        bench.loader.open("synthetic:test");
        REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loading; }));
        REQUIRE(bench.chat.ask("Why?"));
        REQUIRE(bench.wait([&] { return bench.stored(1).size() == 2; }));
        return;
    }
    REQUIRE(bench.load());
    if (state == ChatController::Idle) return bench.exchange("Why?", "So");
    REQUIRE(bench.ask("Why?"));
    if (state == ChatController::Prefilling) return;
    bench.backend.started();
    bench.backend.say("Hm", Channel::Thought, 11);
    if (state == ChatController::Stopping) bench.chat.stop();
    REQUIRE(bench.chat.state() == state);
}

constexpr ChatController::State kStates[] = {ChatController::Idle, ChatController::Waiting,
                                             ChatController::Prefilling, ChatController::Generating,
                                             ChatController::Stopping};

struct Act {
    const char* name;
    void (*act)(ChatController& chat);
};
constexpr Act kActs[] = {
    {"ask", [](ChatController& c) { c.ask("More?"); }},
    {"stop", [](ChatController& c) { c.stop(); }},
    {"new", [](ChatController& c) { c.newConversation(); }},
    {"open itself", [](ChatController& c) { c.openConversation(c.chat()); }},
    {"open another", [](ChatController& c) { c.openConversation(4711); }},
    {"again", [](ChatController& c) { c.askAgain(); }},
    {"continue", [](ChatController& c) { c.continueAnswer(); }},
    {"edit", [](ChatController& c) { c.editQuestion(1, "Why so?"); }},
    {"regenerate", [](ChatController& c) { c.regenerate(2); }},
    {"older", [](ChatController& c) { c.showSibling(2, -1); }},
    {"newer", [](ChatController& c) { c.showSibling(2, 1); }},
    {"rename", [](ChatController& c) { c.renameChat(c.chat(), "Name"); }},
    {"pin", [](ChatController& c) { c.pinChat(c.chat(), true); }},
    {"trash", [](ChatController& c) { c.trashChat(c.chat()); }},
    {"undo", [](ChatController& c) { c.undoTrash(); }},
    {"purge", [](ChatController& c) { c.purgeChat(c.chat()); }},
    {"hit", [](ChatController& c) { c.openHit(c.chat(), 1, 0, 0, 3); }},
    {"think", [](ChatController& c) { c.setThink(!c.think()); }},
    {"copy",
     [](ChatController& c) {
         for (int row = -1; row < 4; ++row) {
             c.copyAnswer(row);
             c.copyBoth(row);
             c.copyThought(row);
             c.copyBlock(row);
         }
     }},
    {"the notice's button", [](ChatController& c) { c.actOn(c.transcript()->count() - 1); }},
    {"save now", [](ChatController& c) { c.saveNow(); }},
};

} // namespace

TEST_CASE("every act in every state, twice: nothing is lost, nothing is busy for ever") {
    for (const ChatController::State state : kStates) {
        for (const Act& act : kActs) {
            CAPTURE(int(state));
            CAPTURE(act.name);
            HandBench bench;
            bring(bench, state);
            act.act(bench.chat);
            act.act(bench.chat);
            // Whatever has been asked of the engine ends now, however often it is asked.
            bench.backend.loads = true;
            REQUIRE(bench.wait([&] {
                for (const Request& request : std::vector(bench.backend.requests))
                    bench.backend.deliver(
                        {request.id, ErrorEvent{ErrorCode::Cancelled, "ended by the test"}});
                return !bench.chat.busy();
            }));
            if (std::string(act.name) == "purge") continue;
            auto messages = bench.inStore([](ConversationStore& s) { return s.messages(1); });
            REQUIRE(messages.ok());
            REQUIRE(!messages->empty());
            CHECK(textOf(messages->front(), SegmentChannel::Question) == "Why?");
            if (state == ChatController::Generating || state == ChatController::Stopping) {
                REQUIRE(messages->size() >= 2);
                CHECK(textOf(messages->at(1), SegmentChannel::Thought) == "Hm");
            }
            const auto streaming = bench.inStore([](ConversationStore& s) {
                return s.database().number("SELECT count(*) FROM message WHERE state = 'streaming'");
            });
            CHECK(*streaming == 0);
        }
    }
}

TEST_CASE("stopped before the store has answered: it ends as soon as it is numbered") {
    HandBench bench;
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    bench.chat.stop();
    CHECK(bench.chat.state() == ChatController::Stopping);
    bench.chat.stop();
    REQUIRE(bench.idle());
    CHECK(bench.backend.count<GenerateRequest>() == 0);
    CHECK(bench.stored()[1].state == MessageState::Stopped);
}

TEST_CASE("an engine that does not answer a stop is not waited for") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    const std::string id = bench.backend.last<GenerateRequest>()->id;
    bench.chat.stop();
    CHECK(bench.chat.state() == ChatController::Stopping); // at once
    CHECK(bench.backend.count<StopRequest>() == 1);
    REQUIRE(bench.idle()); // and nothing has been said
    CHECK(bench.stored()[1].state == MessageState::Stopped);
    CHECK(bench.stored()[1].stats.contains("thoughtTokens"));
    bench.backend.deliver({id, TokenEvent{Channel::Thought, "too late", 12}});
    CHECK(textOf(bench.stored()[1], SegmentChannel::Thought) == "Hm");
    CHECK(bench.chat.ask("And now?"));
}

TEST_CASE(
    "the store does not take the question: nothing is generated, and the words are in the composer again") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.sql(kNoQuestions);
    REQUIRE(bench.chat.ask("Why?"));
    CHECK(bench.chat.draft().isEmpty());
    bench.chat.setDraft("typed meanwhile");
    REQUIRE(bench.idle());
    CHECK(bench.chat.draft() == "Why?\n\ntyped meanwhile");
    CHECK(bench.chat.notice()->shown());
    CHECK(bench.chat.transcript()->count() == 0);
    CHECK(bench.chat.chat() == 0);
    CHECK(bench.backend.count<GenerateRequest>() == 0);
    bench.sql(kRoom);
    bench.exchange("Why?", "So");
    CHECK(bench.stored().size() == 2);
}

TEST_CASE("the store does not take an edited question: what was shown is shown again") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.exchange("Why?", "So");
    bench.sql(kNoQuestions);
    REQUIRE(bench.chat.editQuestion(bench.stored()[0].id, "Why so?"));
    REQUIRE(bench.idle());
    CHECK(bench.questions() == QStringList{"Why?"});
    CHECK(bench.answer() == "So");
    CHECK(bench.chat.draft() == "Why so?");
}

TEST_CASE("the store does not take the answer's row: the question stands, and can be asked again") {
    HandBench bench;
    REQUIRE(bench.load());
    bench.sql(kNoAnswers);
    REQUIRE(bench.chat.ask("Why?"));
    REQUIRE(bench.idle());
    CHECK(bench.questions() == QStringList{"Why?"});
    CHECK(bench.chat.notice()->shown());
    CHECK(bench.backend.count<GenerateRequest>() == 0);
    bench.sql(kRoom);
    bench.chat.askAgain();
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.say("So");
    bench.backend.done();
    REQUIRE(bench.idle());
    CHECK(bench.stored().size() == 2);
}

TEST_CASE("no room while it is written: said, and written with the next second in which there is") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    bench.sql(kNoWords);
    bench.backend.say(" so", Channel::Thought, 12);
    REQUIRE(bench.wait([&] { return bench.chat.notice()->shown(); }));
    CHECK(bench.chat.state() == ChatController::Generating);
    bench.sql(kRoom);
    REQUIRE(bench.wait([&] { return !bench.chat.notice()->shown(); }));
    CHECK(textOf(bench.stored()[1], SegmentChannel::Thought) == "Hm so");
    bench.backend.done();
    REQUIRE(bench.idle());
}

TEST_CASE("each second the store is given what is new, and all of it where it has lost some") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    const auto stored = [&] { return textOf(bench.stored()[1], SegmentChannel::Thought); };
    REQUIRE(bench.wait([&] { return stored() == "Hm"; }));
    bench.sql("UPDATE segment SET text = 'hm' WHERE channel = 'thought'"); // by which its words are known
    bench.backend.say(" so", Channel::Thought, 12);
    REQUIRE(bench.wait([&] { return stored() == "hm so"; }));
    bench.sql("UPDATE segment SET text = 'h' WHERE channel = 'thought'");
    bench.backend.say(" it", Channel::Thought, 13);
    REQUIRE(bench.wait([&] { return stored() == "Hm so it"; }));
    bench.backend.say("Yes", Channel::Answer, 14);
    REQUIRE(bench.wait([&] { return bench.stored()[1].segments.size() == 2; }));
    bench.sql("UPDATE segment SET text = 'hm' WHERE channel = 'thought'");
    bench.backend.done(); // the end of it brings all
    REQUIRE(bench.idle());
    REQUIRE(bench.wait([&] { return bench.stored()[1].state == MessageState::Done; }));
    CHECK(stored() == "Hm so it");
    CHECK(bench.stored()[1].segments[0].ids == std::vector<int32_t>{11, 12, 13});
}

TEST_CASE("a store so slow that a second's save is due before the last one is done: saved again at once") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    QSemaphore hold;
    const auto held = [&hold](ConversationStore&) { return hold.tryAcquire(1, kWaitMs); };
    const auto passes = [&bench](int milliseconds) {
        QElapsedTimer clock;
        clock.start();
        REQUIRE(bench.wait([&] { return clock.hasExpired(milliseconds); }));
    };
    bench.store.run(&bench.chat, held, [](bool) {});
    bench.backend.say(" one", Channel::Thought, 12);
    passes(2 * kSaveMs); // it is with the store
    bench.backend.say(" two", Channel::Thought, 13);
    passes(2 * kSaveMs); // and this is due
    hold.release();
    bench.inStore([](ConversationStore&) { return true; }); // the first save is done and heard of
    CHECK(textOf(bench.stored()[1], SegmentChannel::Thought) == "Hm one two");
    bench.backend.done();
    REQUIRE(bench.idle());
}

TEST_CASE("no room at its end: the answer is held until the store has it") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    bench.sql(kNoEnd);
    bench.backend.say("Yes", Channel::Answer, 12);
    bench.backend.done();
    REQUIRE(bench.idle());
    REQUIRE(bench.wait([&] { return bench.chat.notice()->shown(); }));
    CHECK(bench.answer() == "Yes");
    // Left and opened again: what the store lacks is there.
    const qint64 chat = bench.chat.chat();
    bench.chat.newConversation();
    bench.chat.openConversation(chat);
    REQUIRE(bench.wait([&] { return bench.chat.chat() == chat; }));
    CHECK(bench.answer() == "Yes");
    CHECK(!bench.chat.busy());
    bench.sql(kRoom);
    REQUIRE(bench.wait([&] { return bench.stored(chat)[1].state == MessageState::Done; }));
    CHECK(textOf(bench.stored(chat)[1], SegmentChannel::Answer) == "Yes");
    REQUIRE(bench.wait([&] { return !bench.chat.notice()->shown(); }));
}

TEST_CASE("the engine ends at each step: the text stays, one line says so, and it can go on") {
    for (const ChatController::State state :
         {ChatController::Prefilling, ChatController::Generating, ChatController::Stopping}) {
        CAPTURE(int(state));
        HandBench bench;
        bring(bench, state);
        bench.backend.die();
        REQUIRE(bench.idle());
        const auto messages = bench.stored();
        REQUIRE(messages.size() == 2);
        const bool stopped = state == ChatController::Stopping; // what a person wanted is no failure
        CHECK(messages[1].state == (stopped ? MessageState::Stopped : MessageState::Interrupted));
        CHECK(messages[1].errorText.isEmpty() == stopped);
        if (state != ChatController::Prefilling) CHECK(textOf(messages[1], SegmentChannel::Thought) == "Hm");
        bench.chat.continueAnswer(); // at once, while the model is loaded again
        REQUIRE(bench.reaches(ChatController::Prefilling));
        CHECK(bench.backend.generation().continueIds.size() == messages[1].segments.size());
        bench.backend.say("Yes", Channel::Answer, 12);
        bench.backend.done();
        REQUIRE(bench.idle());
        CHECK(bench.stored()[2].state == MessageState::Done);
    }
}

TEST_CASE("what it ran with and on is kept with the answer, also when the model came after the question") {
    const auto settings = [](const MessageRecord& answer) {
        return QJsonDocument::fromJson(answer.settings.toUtf8()).object();
    };
    HandBench bench;
    bring(bench, ChatController::Waiting);
    CHECK(!settings(bench.stored(1)[1]).contains("quantization")); // nothing is claimed before it is known
    CHECK(!settings(bench.stored(1)[1]).contains("device"));
    bench.backend.deliver(
        {bench.backend.last<LoadRequest>()->id,
         LoadedEvent{{"/m.gguf", "Hand", "qwen2", "Q4_K", 1000, 10, 2, 512, true, {}}, {}, 0.1}});
    REQUIRE(bench.reaches(ChatController::Prefilling));
    // A crash from here on costs none of it.
    CHECK(settings(bench.stored()[1])["quantization"].toString() == "Q4_K");
    CHECK(settings(bench.stored()[1])["device"].toString() == "GPU");
    CHECK(bench.stored()[1].modelName == "Hand");
    bench.backend.started();
    bench.backend.say("So");
    bench.backend.done();
    REQUIRE(bench.idle());
    bench.exchange("And?", "Yes"); // with the model there from the beginning
    for (const MessageRecord& message : bench.stored()) {
        if (message.role == Role::User) continue;
        CHECK(settings(message)["quantization"].toString() == "Q4_K");
        CHECK(settings(message)["device"].toString() == "GPU");
        CHECK(settings(message)["temperature"].toDouble() == doctest::Approx(0.6));
    }
}

TEST_CASE("a cache of 8 bits is kept with the answer, that of the model and not of the settings") {
    const QTemporaryDir folder;
    Settings settings(folder.filePath("window.ini"));
    HandBench bench;
    bench.loader.follow(settings);
    const auto kept = [&](qint64 answer) {
        const QJsonObject with = QJsonDocument::fromJson(bench.stored()[answer].settings.toUtf8()).object();
        const QVariantList rows = statisticsOf(turnOf(bench.stored()[answer]));
        const bool shown = std::any_of(rows.begin(), rows.end(), [](const QVariant& row) {
            return row.toMap()["label"] == "Cache" && row.toMap()["value"] == "8 bits";
        });
        CHECK(shown == with.contains("cache"));
        return with["cache"].toString();
    };
    REQUIRE(bench.load());
    settings.setCache(Settings::Q8); // from the next model on
    bench.exchange("Why?", "So");
    CHECK(kept(1) == "");
    REQUIRE(bench.load());
    settings.setCache(Settings::F16);
    bench.exchange("And?", "Yes");
    CHECK(kept(3) == "q8");
    settings.setCache(Settings::Q8);
    bench.backend.in8Bits = false;
    REQUIRE(bench.load());
    CHECK(!bench.loader.notice()->shown());
    bench.exchange("Then?", "No");
    CHECK(kept(5) == "");
}

TEST_CASE("the plan with another cache, for this one load") {
    const QTemporaryDir folder;
    Settings settings(folder.filePath("window.ini"));
    settings.setPlanWhen(Settings::PlanAlways);
    HandBench bench;
    bench.loader.follow(settings);
    const auto planned = [&](int bits, bool refused) {
        return bench.wait([&] {
            return bench.backend.state() != ChatBackend::State::Loading &&
                   bench.loader.plan()["cacheBits"].toInt() == bits &&
                   bench.loader.plan()["cacheRefused"].toBool() == refused;
        });
    };
    const auto asked = [&] {
        return std::get<InspectRequest>(bench.backend.last<InspectRequest>()->body).options;
    };
    bench.loader.open("synthetic:test");
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Planned; }));
    CHECK(asked().cache == Cache::F16);
    bench.loader.planCache(8);
    REQUIRE(planned(8, false));
    CHECK(asked().cache == Cache::Q8);
    CHECK(asked().context == 0); // still the plan's to choose
    bench.loader.planAgain(256);
    CHECK(asked().context == 256);
    CHECK(asked().cache == Cache::Q8);
    bench.backend.in8Bits = false; // as with a context that leaves layers to the CPU
    bench.loader.planAgain(384);
    REQUIRE(planned(16, true));
    CHECK(asked().context == 384);
    bench.backend.in8Bits = true;
    bench.loader.planAgain(256); // the wish stands
    REQUIRE(planned(8, false));
    bench.backend.in8Bits = false;
    bench.loader.planCache(16);
    REQUIRE(planned(16, false));
    bench.loader.planCache(8);
    REQUIRE(planned(16, true));
    CHECK(bench.loader.status() == ModelLoader::Planned);
    CHECK(!bench.loader.notice()->shown());
    bench.loader.load();
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; }));
    const auto& load = std::get<LoadRequest>(bench.backend.last<LoadRequest>()->body);
    CHECK(load.options.cache == Cache::F16);
    CHECK(load.options.context == 256);
    CHECK(settings.cache() == Settings::F16);
    bench.backend.in8Bits = true;
    bench.loader.open("synthetic:test");
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Planned; }));
    CHECK(asked().cache == Cache::F16); // of the next one nothing is wished
}

TEST_CASE("8 bits that are refused only over loading are planned in 16") {
    const QTemporaryDir folder;
    Settings settings(folder.filePath("window.ini"));
    settings.setCache(Settings::Q8);
    settings.setPlanWhen(Settings::PlanNever);
    HandBench bench;
    bench.loader.follow(settings);
    bench.backend.loads = false;
    bench.loader.open("synthetic:test");
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loading; }));
    bench.backend.loads = true;
    bench.backend.deliver({bench.backend.last<LoadRequest>()->id,
                           ErrorEvent{ErrorCode::UnsupportedArchitecture, "Heads of 80 values."}});
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loaded; }));
    CHECK(bench.loader.cache() == Cache::F16);
    // What has nothing to do with the cache is told as ever.
    bench.backend.loads = false;
    bench.loader.open("synthetic:test");
    REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loading; }));
    for (int i = 0; i < 2; ++i) {
        REQUIRE(bench.wait([&] { return bench.loader.status() == ModelLoader::Loading; }));
        CHECK(!bench.loader.notice()->shown());
        bench.backend.deliver({bench.backend.last<LoadRequest>()->id,
                               ErrorEvent{ErrorCode::UnsupportedArchitecture, "No such layers."}});
    }
    CHECK(bench.loader.status() == ModelLoader::NoModel);
    CHECK(bench.loader.notice()->text().contains("No such layers"));
}

TEST_CASE("the engine ends over loading, or is given up, while a question waits") {
    HandBench bench;
    bring(bench, ChatController::Waiting);
    bench.backend.die();
    REQUIRE(bench.idle());
    CHECK(bench.stored(1)[1].state == MessageState::Stopped);
    CHECK(bench.loader.notice()->shown());

    HandBench other;
    bring(other, ChatController::Waiting);
    other.backend.markUnavailable({ErrorCode::EngineDied, "the engine ended by itself with status 7"});
    REQUIRE(other.idle());
    CHECK(other.stored(1).size() == 2);
    CHECK(!other.chat.ask("And now?"));
}

TEST_CASE("the engine dies while the store is at work: the answer waits for the model that is loaded again") {
    HandBench bench;
    REQUIRE(bench.load());
    REQUIRE(bench.chat.ask("Why?"));
    bench.backend.die();
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.say("So");
    bench.backend.done();
    REQUIRE(bench.idle());
    CHECK(bench.stored()[1].state == MessageState::Done);
}

TEST_CASE("the conversation that is being answered is thrown away, brought back, deleted for good") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    const qint64 chat = bench.chat.chat();
    bench.chat.trashChat(chat);
    CHECK(bench.chat.chat() == 0);
    CHECK(bench.chat.transcript()->count() == 0);
    CHECK(bench.chat.conversations()->count() == 0);
    REQUIRE(bench.wait([&] { return bench.chat.trashed() == "Why?"; }));
    REQUIRE(bench.wait([&] { return bench.stored(chat)[1].state == MessageState::Stopped; }));
    CHECK(textOf(bench.stored(chat)[1], SegmentChannel::Thought) == "Hm");
    CHECK(bench.chat.conversations()->count() == 0); // its end does not bring it back
    bench.chat.undoTrash();
    REQUIRE(bench.wait([&] { return bench.chat.chat() == chat; }));
    CHECK(bench.chat.trashed().isEmpty());
    CHECK(bench.chat.conversations()->count() == 1);
    bench.chat.continueAnswer();
    REQUIRE(bench.reaches(ChatController::Prefilling));
    bench.backend.say("secret");
    bench.chat.purgeChat(chat);
    CHECK(bench.chat.chat() == 0);
    const auto left = bench.inStore(
        [](ConversationStore& s) { return s.database().number("SELECT count(*) FROM segment"); });
    CHECK(*left == 0);
    CHECK(!bench.chat.notice()->shown()); // nothing has tried to write to what is gone
}

TEST_CASE("ended in the middle: the next start finds it interrupted, with all that was said") {
    QTemporaryDir folder;
    {
        HandBench bench(folder.filePath("ponder.db"));
        bring(bench, ChatController::Generating);
        bench.backend.say(" so", Channel::Thought, 12);
        bench.chat.saveNow();
    }
    HandBench bench(folder.filePath("ponder.db"));
    REQUIRE(bench.wait([&] { return bench.chat.chat() != 0; }));
    CHECK(bench.stored()[1].state == MessageState::Interrupted);
    CHECK(textOf(bench.stored()[1], SegmentChannel::Thought) == "Hm so");
}

TEST_CASE("as long as an answer may be: it goes on; with a full context: it does not") {
    for (const bool full : {false, true}) {
        CAPTURE(full);
        HandBench bench;
        bring(bench, ChatController::Generating);
        GenerationStats stats;
        stats.context = 512;
        stats.contextUsed = full ? 512 : 100;
        bench.backend.deliver(
            {bench.backend.last<GenerateRequest>()->id, DoneEvent{FinishReason::Length, stats}});
        REQUIRE(bench.idle());
        CHECK(bench.stored()[1].state == MessageState::Length);
        CHECK(bench.last(ChatModel::KindRole) == ChatModel::NoticeRow);
        bench.chat.actOn(bench.chat.transcript()->count() - 1);
        CHECK(bench.chat.busy() == !full);
        CHECK((bench.chat.chat() == 0) == full); // a new conversation instead
    }
}

TEST_CASE("how experts were used is kept with the answer and stands in its statistics") {
    HandBench bench;
    bring(bench, ChatController::Generating);
    GenerationStats stats;
    stats.expertPairs = 96;
    stats.expertDeviceShare = 0.75;
    bench.backend.deliver({bench.backend.last<GenerateRequest>()->id, DoneEvent{FinishReason::Stop, stats}});
    REQUIRE(bench.idle());
    CHECK(bench.stored()[1].stats.contains("\"expertDeviceShare\":0.75"));
    QStringList values;
    for (const QVariant& row : bench.chat.transcript()->statistics(bench.stored()[1].id))
        values << row.toMap()[QStringLiteral("value")].toString();
    CHECK(values.contains(QStringLiteral("75 %")));
}
