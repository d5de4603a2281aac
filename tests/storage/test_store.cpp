// What is written is there afterwards: as a tree, in pages.
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

TEST_CASE("a conversation comes back as it was written") {
    QTemporaryDir folder;
    const QString path = folder.filePath("deep/er/ponder.db");
    qint64 chat = 0;
    MessageRecord answer;
    {
        ConversationStore store = opened(path);
        const auto added = store.addQuestion(0, 0, "Wie geht’s?", "Title");
        REQUIRE(added.ok());
        chat = added->chat;
        answer.chat = chat;
        answer.id = *store.beginAnswer(chat, added->message, "Model", R"({"seed":"1"})");
        answer.segments = {thoughtOf(QString::fromUtf8("思考 🧠\nzwei")),
                           {SegmentChannel::Answer, "", {}, 20, 21, 0}};
        REQUIRE(store.saveProgress(answer.id, answer.segments).ok());
        answer.segments[1].text = "Gut.";
        answer.state = MessageState::Done;
        answer.stats = R"({"answerTokens":1})";
        REQUIRE(store.finishAnswer(answer).ok());
    }
    ConversationStore store = opened(path);
    const auto record = store.chat(chat);
    REQUIRE(record.ok());
    CHECK(record->title == "Title");
    CHECK(record->head == answer.id);
    const auto messages = store.messages(chat);
    REQUIRE(messages->size() == 2);
    CHECK(messages->at(1).segments == answer.segments);
    CHECK(messages->at(1).state == MessageState::Done);
    CHECK(messages->at(1).stats == answer.stats);
    CHECK(messages->at(1).modelName == "Model");
}

TEST_CASE("an answer in progress grows by what is new, from whatever place the store has reached") {
    ConversationStore store = opened();
    const auto question = *store.addQuestion(0, 0, "Why?", "Why");
    const qint64 answer = *store.beginAnswer(question.chat, question.message, "M", "{}");
    const auto segments = [&] { return store.messages(question.chat)->at(1).segments; };
    const QString odd = QString::fromUtf8("é思🧠") + QChar(u'\0') + "'";
    const qint64 bytes = odd.toUtf8().size();
    Segment thought{SegmentChannel::Thought, odd, {1, 2}, 10, 20, 2};
    REQUIRE(store.saveProgress(answer, {thought}).ok());
    const Segment more{SegmentChannel::Thought, odd + "tail", {-3}, 10, 30, 3, true};
    const Segment wanted{SegmentChannel::Thought, odd + odd + "tail", {1, 2, -3}, 10, 30, 3, true};
    for (int again = 0; again < 2; ++again) { // the second time it is there already
        REQUIRE(store.saveProgress(answer, {more}, {0, bytes, 2}).ok());
        CHECK(segments() == std::vector<Segment>{wanted});
    }
    const Segment said{SegmentChannel::Answer, "So", {4}, 31, 32, 1};
    REQUIRE(store
                .saveProgress(answer, {{SegmentChannel::Thought, "!", {5}, 10, 31, 4, true}, said},
                              {0, 2 * bytes + 4, 3})
                .ok());
    REQUIRE(segments().size() == 2);
    CHECK(segments()[0].text == odd + odd + "tail!");
    CHECK(segments()[1] == said);
    REQUIRE(store.saveProgress(answer, {said}, {1, 0, 0}).ok()); // a segment from its beginning
    CHECK(segments()[1] == said);
    REQUIRE(store.saveProgress(answer, {thought}).ok()); // and all of it
    CHECK(segments() == std::vector<Segment>{thought});
    CHECK(*store.database().number("SELECT count(*) FROM segment WHERE typeof(text) <> 'text' OR "
                                   "typeof(ids) <> 'blob'") == 0);

    // What the store has not reached cannot be gone on from: an error, and what is there stays.
    for (const Reached& ahead : {Reached{0, bytes + 1, 2}, Reached{0, bytes, 3}, Reached{1, 1, 1}}) {
        const auto refused = store.saveProgress(answer, {more}, ahead);
        REQUIRE(!refused.ok());
        CHECK(refused.error().message.find("written again") != std::string::npos);
        CHECK(segments() == std::vector<Segment>{thought});
    }
    CHECK(!store.saveProgress(answer, {said}, {0, bytes, 2}).ok()); // of another channel
    CHECK(segments() == std::vector<Segment>{thought});
    CHECK(!store.holdsBack());
    checkSound(store);
}

TEST_CASE("answers beside each other are children of one question, and nothing is overwritten") {
    ConversationStore store = opened();
    const auto question = *store.addQuestion(0, 0, "Why?", "Why");
    const qint64 first = *store.beginAnswer(question.chat, question.message, "M", "{}", {thoughtOf("one")});
    const qint64 second = *store.beginAnswer(question.chat, question.message, "M", "{}", {thoughtOf("two")});
    CHECK(store.chat(question.chat)->head == second);
    REQUIRE(store.setHead(question.chat, first).ok());
    CHECK(store.chat(question.chat)->head == first);
    const auto messages = store.messages(question.chat);
    REQUIRE(messages->size() == 3);
    CHECK(messages->at(1).segments[0].text == "one");
    CHECK(messages->at(2).segments[0].text == "two");
    CHECK(messages->at(1).parent == messages->at(2).parent);
}

TEST_CASE("where it was read, how much of its thoughts, and what was cut short") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    Exchange said;
    {
        ConversationStore store = opened(path);
        said = exchange(store, "Q", "Hm", "A");
        CHECK(store.chat(said.chat)->place == ReadingPlace{});
        REQUIRE(store.setPlace(said.chat, {said.answer, 3, 0.5}).ok());
        REQUIRE(store.setThoughtShown(said.answer, ThoughtShown::Tail).ok());
        MessageRecord answer = store.messages(said.chat)->at(1);
        answer.segments[0].cutShort = true;
        REQUIRE(store.finishAnswer(answer).ok()); // writes the answer and leaves the choice
        CHECK(store.setThoughtShown(4711, ThoughtShown::Full).ok()); // one that is gone meanwhile
    }
    ConversationStore store = opened(path);
    CHECK(store.chat(said.chat)->place == ReadingPlace{said.answer, 3, 0.5});
    CHECK(store.chats(10)->front().place.piece == 3);
    const auto messages = *store.messages(said.chat);
    CHECK(!messages[0].thoughtShown);
    CHECK(messages[1].thoughtShown == ThoughtShown::Tail);
    CHECK(messages[1].segments[0].cutShort);
    CHECK(!messages[1].segments[1].cutShort);
    REQUIRE(store.setPlace(said.chat, {}).ok());
    REQUIRE(store.forgetThoughtsShown(said.chat).ok());
    CHECK(store.chat(said.chat)->place == ReadingPlace{});
    CHECK(!store.messages(said.chat)->at(1).thoughtShown);
    checkSound(store);
}

TEST_CASE("misuse is an error, not a broken tree") {
    ConversationStore store = opened();
    CHECK(!store.beginAnswer(99, 1, "M", "{}").ok());
    CHECK(!store.addQuestion(12345, 0, "for a chat that is not there", "").ok());
    CHECK(store.chat(12345).error().code == ErrorCode::NotFound);
    CHECK(store.messages(12345)->empty());
    CHECK(!store.saveProgress(77, {thoughtOf("x")}).ok());
    CHECK(*store.database().number("SELECT count(*) FROM chat") == 0);
    CHECK(store.setting("never set")->isEmpty());
}

TEST_CASE("the list is read in pages, pinned first, each conversation once") {
    ConversationStore store = opened();
    for (int i = 0; i < 57; ++i) REQUIRE(store.addQuestion(0, 0, "q", QString::number(i)).ok());
    REQUIRE(store.database()
                .execute("UPDATE chat SET updated = id / 3; UPDATE chat SET pinned = 1 WHERE id IN (4, 40)")
                .ok());
    QStringList seen;
    ChatRecord last;
    for (;;) {
        const auto page = store.chats(10, last);
        REQUIRE(page.ok());
        if (page->empty()) break;
        for (const ChatRecord& chat : *page) seen << chat.title;
        last = page->back();
    }
    CHECK(seen.size() == 57);
    CHECK(seen.removeDuplicates() == 0);
    CHECK(seen.mid(0, 2) == QStringList{"39", "3"});
}

TEST_CASE("models are remembered once a path, the last used first") {
    ConversationStore store = opened();
    REQUIRE(store.rememberModel({"/a.gguf", "A", "qwen2", "Q4_K", 1, 1, 10}).ok());
    REQUIRE(store.rememberModel({"/b.gguf", "B", "llama", "Q8_0", 1, 1, 20}).ok());
    REQUIRE(store.rememberModel({"/a.gguf", "A2", "qwen2", "Q4_K", 1, 1, 30}).ok());
    const auto models = store.models(10);
    REQUIRE(models->size() == 2);
    CHECK(models->front().name == "A2");
}

TEST_CASE("on a full disk writing fails with a sentence, and nothing earlier is lost") {
    QTemporaryDir folder;
    ConversationStore store = opened(folder.filePath("ponder.db"));
    const auto first = *store.addQuestion(0, 0, "kept", "kept");
    const qint64 pages = *store.database().number("PRAGMA page_count");
    REQUIRE(store.database().execute("PRAGMA max_page_count=" + QByteArray::number(pages + 2)).ok());
    const QString large(200'000, QChar('x'));
    const auto refused = store.addQuestion(0, 0, large, "lost");
    REQUIRE(!refused.ok());
    CHECK(refused.error().code == ErrorCode::Database);
    CHECK(refused.error().message.find("make room") != std::string::npos);
    CHECK(store.chats(10)->size() == 1);
    CHECK(store.messages(first.chat)->at(0).segments[0].text == "kept");
    REQUIRE(store.database().execute("PRAGMA max_page_count=1000000").ok());
    CHECK(store.addQuestion(first.chat, first.message, large, "").ok()); // and goes on when there is room again
}
