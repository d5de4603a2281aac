// The program killed at any moment: what was acknowledged is there, and the database is sound.
#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

// Runs `work` in a child, which says over the pipe how far it is; killed some time after it has said `steps` things.
template <typename Work>
std::vector<int> killedAfter(int steps, Work work) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        work([&](int said) { (void)!write(ends[1], &said, sizeof said); });
        _exit(0);
    }
    close(ends[1]);
    std::vector<int> heard;
    int said = 0;
    while (static_cast<int>(heard.size()) < steps && read(ends[0], &said, sizeof said) == sizeof said)
        heard.push_back(said);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(ends[0], &said, sizeof said) == sizeof said)
        heard.push_back(said); // what it said before it died
    close(ends[0]);
    return heard;
}

} // namespace

TEST_CASE("killed while it writes, the answer is there up to the last save, marked as interrupted") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    for (int saves : {1, 3, 17}) {
        CAPTURE(saves);
        const auto heard = killedAfter(saves, [&](auto say) {
            auto store = ConversationStore::open(path);
            const auto question = store->addQuestion(0, 0, "Why?", "Why");
            const auto answer = store->beginAnswer(question->chat, question->message, "M", "{}");
            const QString second = QString::fromUtf8("思考 🧠").repeated(50);
            for (int i = 1;; ++i) { // mostly what is new, now and then all of it
                const int from = i % 5 == 0 ? 0 : i - 1;
                const Segment more{SegmentChannel::Thought, second.repeated(i - from), {}, 10, i, i};
                const Reached after{0, from * second.toUtf8().size(), 0};
                if (store->saveProgress(*answer, {more}, after).ok()) say(i);
            }
        });
        ConversationStore store = opened(path);
        checkSound(store);
        checkIndexInStep(store);
        const auto messages = store.messages(store.chats(1)->front().id);
        REQUIRE(messages->size() == 2);
        CHECK(messages->at(0).segments[0].text == "Why?");
        CHECK(messages->at(1).state == MessageState::Interrupted);
        REQUIRE(messages->at(1).segments.size() == 1);
        const Segment& thought = messages->at(1).segments[0];
        CHECK(thought.tokens >= heard.back());
        CHECK(thought.text == QString::fromUtf8("思考 🧠").repeated(50 * thought.tokens));
    }
}

TEST_CASE("killed at any moment of anything, nothing acknowledged is lost and nothing half done is left") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    std::mt19937 random(7);
    std::vector<int> expected; // the numbers of the questions that were acknowledged
    int next = 0;
    for (int round = 0; round < 60; ++round) {
        CAPTURE(round);
        const auto heard = killedAfter(1 + static_cast<int>(random() % 6), [&](auto say) {
            auto store = ConversationStore::open(path);
            if (!store.ok()) _exit(1);
            for (int i = next;; ++i) {
                const auto added =
                    store->addQuestion(0, 0, QString("question%1 问题").arg(i), QString("t%1").arg(i));
                if (!added.ok()) _exit(1);
                say(i);
                MessageRecord answer;
                answer.chat = added->chat;
                answer.id = *store->beginAnswer(added->chat, added->message, "M", "{}");
                answer.segments = {thoughtOf(QString("thinking 思考 ").repeated(50 + i % 7))};
                (void)store->saveProgress(answer.id, answer.segments).ok();
                (void)store->finishAnswer(answer).ok();
                (void)store->renameChat(added->chat, QString("renamed%1").arg(i)).ok();
                const auto copy = store->importTree(*store->chat(added->chat), *store->messages(added->chat));
                if (copy.ok()) (void)store->purgeChat(*copy).ok();
                (void)store->upkeep().ok();
                if (i % 5 == 0) (void)backUp(store->database(), "daily").ok();
                if (i % 3 == 0) (void)store->finishUpkeep().ok();
            }
        });
        REQUIRE(!heard.empty());
        expected.insert(expected.end(), heard.begin(), heard.end());
        ConversationStore store = opened(path);
        checkSound(store);
        if (round % 10 == 9) checkIndexInStep(store);
        CHECK(*store.database().number("SELECT count(*) FROM message WHERE state = 'streaming'") == 0);
        next = static_cast<int>(*store.database().number("SELECT count(*) FROM message")) * 1000 + round + 1;
        auto there = store.database().prepare("SELECT 1 FROM segment WHERE text = ?");
        for (const int number : heard) {
            CHECK(*there->bind(1, QString("question%1 问题").arg(number)).step());
            there->reset();
        }
        // A copy under a proper name is a whole one.
        for (const QString& copy : backupsOf(path)) CHECK(flawsOf(copy)->empty());
    }
    ConversationStore store = opened(path);
    REQUIRE(store.finishUpkeep().ok());
    checkIndexInStep(store);
    for (const int number : expected) CHECK(found(store, QString("question%1 ").arg(number)).size() >= 1);
}
