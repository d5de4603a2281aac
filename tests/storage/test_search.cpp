// The search: what is found, where, and that its index always says what the texts say.
#include <random>

#include "app/storage/tokenizer.h"
#include "tests/storage/store_support.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::app::testing;

namespace {

QStringList tokensOf(ConversationStore& store, const QString& text, TokenUse use) {
    QStringList tokens;
    const QByteArray utf8 = text.toUtf8();
    REQUIRE(eachToken(store.database().connection(), utf8, use, [&](const Token& token) {
                tokens << (token.beside ? "+" : "") +
                              QString::fromUtf8(token.text.data(), static_cast<qsizetype>(token.text.size()));
                CHECK(token.begin >= 0);
                CHECK(token.end <= utf8.size());
                return true;
            }).ok());
    return tokens;
}

} // namespace

TEST_CASE("words are folded, and scripts without spaces are taken in pairs") {
    ConversationStore store = opened();
    CHECK(tokensOf(store, "Größe, ÉTÉ!", TokenUse::Index) == QStringList{"große", "ete"});
    CHECK(tokensOf(store, "深度学习", TokenUse::Index) ==
          QStringList{"深度", "+深", "度学", "+度", "学习", "+学", "习"});
    CHECK(tokensOf(store, "深度学习", TokenUse::Query) == QStringList{"深度", "度学", "学习"});
    CHECK(tokensOf(store, "GPT模型v2", TokenUse::Query) == QStringList{"gpt", "模型", "型", "v2"});
    CHECK(tokensOf(store, "習", TokenUse::Query) == QStringList{"習"});
    CHECK(tokensOf(store, "カーネル、한국어 𠮷野家", TokenUse::Query) ==
          QStringList{"カー", "ーネ", "ネル", "ル", "한국", "국어", "어", "𠮷野", "野家"});
    CHECK(tokensOf(store, "… ， 。 — !", TokenUse::Index).isEmpty());
    CHECK(tokensOf(store, "", TokenUse::Index).isEmpty());
    // What is no UTF-8, cut in the middle of a character: no matter what, but nothing outside of it.
    for (const QByteArray& broken :
         {QByteArray("\xE6\xB7"), QByteArray("a\xF0\xA0"), QByteArray("\xFF\xE4\xB8\x80\xE4")})
        CHECK(eachToken(store.database().connection(), broken, TokenUse::Index, [&](const Token& token) {
                  return token.end <= broken.size();
              }).ok());
}

TEST_CASE("what is typed becomes words, phrases and filters") {
    const auto terms = [](const QString& typed) {
        QStringList list;
        for (const SearchTerm& term : parseSearchQuery(typed).terms)
            list << term.text + (term.prefix ? "*" : "");
        return list;
    };
    CHECK(terms("a \"b c\" d") == QStringList{"a", "b c", "d*"});
    CHECK(terms("a ") == QStringList{"a"});
    CHECK(terms("say \"not yet closed") == QStringList{"say", "not yet closed*"});
    CHECK(terms("\"\" \"  \"  ").isEmpty());
    const SearchQuery query = parseSearchQuery("in:thought IN:Answer wait");
    CHECK(query.inThought);
    CHECK(query.inAnswer);
    CHECK(!query.inTitle);
    CHECK(!query.inQuestion);
    CHECK(query.terms.size() == 1);
    CHECK(parseSearchQuery("in:nowhere").terms.size() == 1); // not a filter: looked for
    CHECK(parseSearchQuery(QString(10'000, 'x')).terms.front().text.size() <= 256);
}

TEST_CASE("hits say where they are, in titles, questions, answers and thoughts") {
    ConversationStore store = opened();
    const Exchange first = exchange(store, "How do birds navigate?", "Perhaps magnetism. Wait, stars too.",
                                    "They use the stars\nand magnetism.", "Birds");
    exchange(store, "Another", "stars and stripes", "No.", "Flags");
    CHECK(found(store, "navigate") == QStringList{"question 13 navigate"});
    CHECK(found(store, "birds") == QStringList{"title 0 Birds", "question 7 birds"});
    CHECK(found(store, "in:title birds") == QStringList{"title 0 Birds"});
    CHECK(found(store, "in:thought magnetism") == QStringList{"thought 8 magnetism"});
    CHECK(found(store, "in:answer magnetism") == QStringList{"answer 23 magnetism"});
    CHECK(found(store, "in:question magnetism").isEmpty());
    CHECK(found(store, "\"stars and magnetism\"") == QStringList{"answer 13 stars and magnetism"});
    CHECK(found(store, "\"magnetism stars\"").isEmpty());
    CHECK(found(store, "magnetism stars").size() == 1);                 // both, in one message
    CHECK(found(store, "navi") == QStringList{"question 13 navigate"}); // still being typed
    CHECK(found(store, "navi ").isEmpty());
    CHECK(found(store, "stars", 1).size() == 1);
    const auto hit = store.search(parseSearchQuery("navigate"), 5)->front();
    CHECK(hit.chat == first.chat);
    CHECK(hit.message == first.question);
    CHECK(hit.title == "Birds");
    CHECK(hit.createdMs > 0);
    CHECK(store.search(parseSearchQuery("in:answer stars"), 5)->front().modelName == "Model");
}

TEST_CASE("in an answer of several segments a hit counts from the beginning of what it says") {
    ConversationStore store = opened();
    const Exchange first = exchange(store, "Why?", "thought", "said", "Title");
    const QString begin = QString::fromUtf8("So 𠮷野家 it is. ");
    MessageRecord answer = store.messages(first.chat)->back();
    answer.segments = {thoughtOf("Let me see. "),
                       {SegmentChannel::Answer, begin, {}, 1, 2, 1},
                       thoughtOf("Wait, the harbour. "),
                       {SegmentChannel::Answer, "Then the lighthouse.", {}, 3, 4, 1}};
    REQUIRE(store.finishAnswer(answer).ok());
    for (const char* typed : {"lighthouse", "harbour", "see"}) {
        CAPTURE(typed);
        const auto hits = store.search(parseSearchQuery(typed), 10);
        REQUIRE(hits.ok());
        REQUIRE(hits->size() == 1);
        const SearchHit& hit = hits->front();
        CHECK(textIn(answer, hit.channel).mid(hit.offset, hit.length) == typed);
    }
}

TEST_CASE("Chinese, Japanese and Korean are found by one character, two, three and more") {
    ConversationStore store = opened();
    exchange(store, "什么是深度学习？", "用户问的是深度学习。GPT模型 v2", "深度学习是机器学习的一种，很好",
             "关于学习");
    exchange(store, "カーネルとは", "한국어로 생각", "𠮷野家はどこ", "日本");
    CHECK(found(store, "深").size() == 2);
    CHECK(found(store, "in:answer 好") == QStringList{"answer 14 好"}); // the last of its run
    CHECK(found(store, "in:answer 学习") == QStringList{"answer 2 学习|学习"});
    CHECK(found(store, "机器学") == QStringList{"answer 5 机器学"});
    CHECK(found(store, "深度学习是机器学习") == QStringList{"answer 0 深度学习是机器学习"});
    CHECK(found(store, "器学深").isEmpty());
    CHECK(found(store, "度习").isEmpty()); // not neighbours
    CHECK(found(store, "GPT模型") == QStringList{"thought 10 GPT模型"});
    CHECK(found(store, "\"模型 v2\"") == QStringList{"thought 13 模型 v2"});
    CHECK(found(store, "関").isEmpty());
    CHECK(found(store, "ーネ") == QStringList{"question 1 ーネ"});
    CHECK(found(store, "국어") == QStringList{"thought 1 국어"});
    CHECK(found(store, "野家") == QStringList{"answer 2 野家"}); // after a character of two UTF-16 units
    CHECK(found(store, "𠮷") == QStringList{"answer 0 𠮷"});
    CHECK(found(store, "in:title 学习") == QStringList{"title 2 学习"});
    CHECK(found(store, "深度 机器") == QStringList{"answer 0 深度|机器"});
}

TEST_CASE("nothing that can be typed is an error") {
    ConversationStore store = opened();
    exchange(store, "a NEAR b OR c AND NOT d", "x", "title: {thought} : \"q\" ^y *", "T");
    const QStringList typed{"\"",
                            "\"\"\"",
                            "NEAR",
                            "NEAR(a b)",
                            "a NEAR b",
                            "AND",
                            "OR OR",
                            "NOT",
                            "a NOT",
                            "*",
                            "a*",
                            "*a",
                            "^a",
                            "a^",
                            "-a",
                            "+a",
                            "(",
                            ")",
                            "((a)",
                            "{title} : a",
                            "title:a",
                            "a:b",
                            ":",
                            "{",
                            "}",
                            "a + b",
                            "'",
                            "';--",
                            "\\",
                            "%",
                            "_",
                            "🧠",
                            "👩‍👩‍👧",
                            "é",
                            QString(QChar(0)),
                            QString("a") + QChar(0) + "b",
                            QString(QChar(0xD800)),
                            QString(QChar(0xDC00)) + "a",
                            "in:",
                            "in:thought",
                            "in:thought \"",
                            QString(10'000, 'a'),
                            QString(10'000, '"'),
                            QString("a ").repeated(5'000),
                            QString("\"").repeated(257),
                            QString(10'000, QChar(0x6DF1)),
                            QString(10'000, '('),
                            QString("NEAR(").repeated(2'000),
                            " ",
                            "\t\n",
                            QString(QChar(0xFFFF)),
                            QString(QChar(0x202E)) + "abc"};
    for (const QString& text : typed) {
        CAPTURE(text.left(40).toStdString());
        CHECK(store.search(parseSearchQuery(text), 20).ok());
    }
    CHECK(found(store, "NEAR").size() == 1); // a word as any other
    CHECK(found(store, "a OR").size() == 1);
    CHECK(found(store, "🧠").isEmpty());
    CHECK(store.search({}, 20)->empty());
    CHECK(store.search(parseSearchQuery("a"), 0)->empty());
    CHECK(store.search(parseSearchQuery("a"), -1)->empty());
}

TEST_CASE("the place is that where most of the words stand together, in texts of any length") {
    ConversationStore store = opened();
    const QString filler = QString("lorem 深度 ipsum ").repeated(3000);
    exchange(store, "q", "alpha " + filler + "alpha beta gamma " + filler, filler + "beta", "T");
    const qint64 place = 6 + filler.size();
    CHECK(found(store, "alpha beta gamma") == QStringList{QString("thought %1 alpha|beta|gamma").arg(place)});
    CHECK(found(store, "gamma alpha").front() == QString("thought %1 alpha|gamma").arg(place));
    CHECK(found(store, "in:answer beta") == QStringList{QString("answer %1 beta").arg(filler.size())});
    const auto hit = store.search(parseSearchQuery("gamma"), 1)->front();
    CHECK(hit.snippet.size() < 200);
    CHECK(hit.snippet.startsWith(QChar(0x2026)));
    CHECK(hit.snippet.endsWith(QChar(0x2026)));
}

TEST_CASE("the index is in step after every change") {
    ConversationStore store = opened();
    const Exchange first = exchange(store, "Why, 为什么?", "思考 thinking", "So, 因为.", "A title 标题");
    checkIndexInStep(store);
    // An answer in progress is not found before it ends.
    const qint64 live = *store.beginAnswer(first.chat, first.question, "M", "{}", {thoughtOf("kept")});
    REQUIRE(store.saveProgress(live, {thoughtOf("kept growing")}).ok());
    CHECK(found(store, "growing").isEmpty());
    checkIndexInStep(store);
    MessageRecord done;
    done.id = live;
    done.chat = first.chat;
    done.state = MessageState::Stopped;
    done.segments = {thoughtOf("kept growing 长大"), {SegmentChannel::Answer, "grown", {}, 1, 2, 1}};
    REQUIRE(store.finishAnswer(done).ok());
    CHECK(found(store, "growing").size() == 1);
    checkIndexInStep(store);
    done.segments = {thoughtOf("kept")}; // finished again, shorter
    REQUIRE(store.finishAnswer(done).ok());
    CHECK(store.messages(first.chat)->back().segments.size() == 1);
    checkIndexInStep(store);
    REQUIRE(store.renameChat(first.chat, "Another name 名字").ok());
    CHECK(found(store, "in:title 标题").isEmpty());
    CHECK(found(store, "in:title 名字").size() == 1);
    checkIndexInStep(store);
    REQUIRE(store.addQuestion(first.chat, first.question, "edited 编辑", "").ok());
    checkIndexInStep(store);
    const auto copy = store.importTree(*store.chat(first.chat), *store.messages(first.chat));
    REQUIRE(copy.ok());
    checkIndexInStep(store);
    REQUIRE(store.trashChat(first.chat).ok());
    CHECK(found(store, "编辑").size() == 1); // of the copy only
    REQUIRE(store.restoreChat(first.chat).ok());
    CHECK(found(store, "编辑").size() == 2);
    REQUIRE(store.purgeChat(first.chat).ok());
    checkIndexInStep(store);
    REQUIRE(store.finishUpkeep().ok());
    checkIndexInStep(store);
    CHECK(found(store, "编辑").size() == 1);
}

TEST_CASE("what was written before there was an index comes into it in steps, the newest first, whatever "
          "happens meanwhile") {
    QTemporaryDir folder;
    const QString path = folder.filePath("ponder.db");
    std::vector<Exchange> all;
    {
        ConversationStore store = opened(path);
        for (int i = 0; i < 40; ++i)
            all.push_back(
                exchange(store, QString("question%1").arg(i), "思考", "answer", QString("name%1").arg(i)));
        (void)*store.beginAnswer(all[3].chat, all[3].question, "M", "{}", {thoughtOf("cut off")});
        // As a migration or a copy put back leaves it.
        REQUIRE(store.database()
                    .execute("INSERT INTO search (search) VALUES ('delete-all');"
                             "UPDATE upkeep SET value = 41 WHERE name = 'titles_from';"
                             "UPDATE upkeep SET value = 82 WHERE name = 'messages_from'")
                    .ok());
    }
    ConversationStore store = opened(path); // the answer that was cut off is one of the old ones
    CHECK(found(store, "question39").isEmpty());
    REQUIRE(store.renameChat(all[39].chat, "renamed before its turn").ok());
    REQUIRE(store.purgeChat(all[5].chat).ok());
    exchange(store, "a new one", "x", "y", "z");
    CHECK(found(store, "\"new one\"").size() == 1);
    REQUIRE(store.finishUpkeep().ok());
    CHECK(found(store, "question39").size() == 1);
    CHECK(found(store, "question0").size() == 1);
    CHECK(found(store, "question5 ").isEmpty());
    CHECK(found(store, "\"cut off\"").size() == 1);
    CHECK(found(store, "renamed").size() == 1);
    checkIndexInStep(store);
    checkSound(store);
}

// FTS5 of SQLite 3.40 puts what a merge of everything leaves on a new level each time, and takes an index of more than 2,000 levels
// for damaged: from then on nothing could be asked any more.
TEST_CASE("chats may be purged any number of times, whatever comes in between") {
    ConversationStore store = opened();
    std::mt19937 random(3);
    const auto words = [&](uint32_t most) {
        QString text;
        for (auto i = random() % most + 1; i > 0; --i) text += QString("w%1 ").arg(random() % 300);
        return text;
    };
    std::vector<qint64> chats;
    for (int i = 0; i < 4500; ++i) {
        if (i % 2 == 0 || chats.empty())
            chats.push_back(exchange(store, words(3), words(6), words(6)).chat);
        else
            exchange(store, words(3), words(6), words(6), "x", chats[random() % chats.size()]);
        if (chats.size() > 20) {
            const size_t at = random() % chats.size();
            REQUIRE_MESSAGE(store.purgeChat(chats[at]).ok(), i);
            chats.erase(chats.begin() + static_cast<std::ptrdiff_t>(at));
        }
        for (auto steps = random() % 4; steps > 0; --steps) REQUIRE_MESSAGE(store.upkeep().ok(), i);
    }
    REQUIRE(store.finishUpkeep().ok());
    checkIndexInStep(store);
    checkSound(store);
}

TEST_CASE("a damaged index of the search is told apart from a damaged file, and made anew") {
    ConversationStore store = opened();
    const Exchange kept = exchange(store, "does it stay", "hm", "it does");
    REQUIRE(store.database().execute("UPDATE search_data SET block = x'0000000090000000' WHERE id = 10").ok());
    const auto asked = store.addQuestion(kept.chat, kept.answer, "and now", {});
    REQUIRE_FALSE(asked.ok());
    CHECK(asked.error().message.find("made anew") != std::string::npos);
    const Faults faults = store.database().takeFaults();
    CHECK(faults.index);
    CHECK_FALSE(faults.damaged);
    REQUIRE(store.mendIndex().ok());
    CHECK(store.addQuestion(kept.chat, kept.answer, "and now", {}).ok());
    REQUIRE(store.finishUpkeep().ok());
    CHECK(found(store, "stay").size() == 1);
    CHECK(found(store, "now").size() == 1);
    checkIndexInStep(store);
    checkSound(store);
}
