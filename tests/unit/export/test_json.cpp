// The lossless form: what goes out comes back, and whatever else is given is refused in one sentence.

#include <doctest/doctest.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/export/json_format.h"
#include "app/export/writers.h"
#include "trees.h"

using namespace ponder;
using namespace ponder::app;

namespace {

ExportOptions everything() {
    ExportOptions options;
    options.scope = ExportScope::All;
    options.program = QStringLiteral("Ponder 0.1.0");
    return options;
}

QByteArray written(const ConversationTree& tree, const ExportOptions& options = everything()) {
    const auto bytes = writeJson(tree, options);
    REQUIRE(bytes.ok());
    return *bytes;
}

std::string refusal(const QByteArray& bytes) {
    const auto tree = readJson(bytes);
    REQUIRE_FALSE(tree.ok());
    const std::string& message = tree.error().message;
    CHECK(message.size() > 20);
    CHECK(message.size() < 400);
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.back() != '.');
    return message;
}

bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

// The small tree with one thing changed.
QByteArray changed(const char* from, const char* to) {
    QByteArray bytes = written(smallTree());
    REQUIRE(bytes.contains(from));
    return bytes.replace(bytes.indexOf(from), static_cast<qsizetype>(strlen(from)), to);
}

} // namespace

TEST_CASE("any tree comes back as it was") {
    for (unsigned seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        const ConversationTree tree = randomTree(seed);
        const auto back = readJson(written(tree));
        REQUIRE_MESSAGE(back.ok(), back.error().message);
        CHECK(equal(tree, *back));
    }
}

TEST_CASE("what is written is the documented form") {
    const QJsonObject file = QJsonDocument::fromJson(written(smallTree())).object();
    CHECK(file["format"].toString() == "ponder-conversation");
    CHECK(file["version"].toInt() == kConversationVersion);
    CHECK(file["chat"].toObject()["head"].toInt() == 4);
    const QJsonObject answer = file["messages"].toArray()[1].toObject();
    CHECK(answer["settings"].toObject()["temperature"].toDouble() ==
          doctest::Approx(0.6)); // an object, not text
    CHECK(answer["stats"].toObject()["tokensPerSecond"].toDouble() == doctest::Approx(57.6));
    CHECK(answer["segments"].toArray()[0].toObject()["channel"].toString() == "thought");
    CHECK(answer["segments"].toArray()[0].toObject()["ids"].toArray() == QJsonArray{5, 6, 7});
    CHECK(answer["segments"].toArray()[0].toObject()["end"].toInteger() == 1'732'233'609'600);
}

// Every name that is written stands in the schema, and everything that it demands is written.
TEST_CASE("the schema knows what is written") {
    QFile file(QStringLiteral(PONDER_SCHEMAS "/conversation-1.json"));
    REQUIRE(file.open(QIODevice::ReadOnly));
    const QJsonDocument schema = QJsonDocument::fromJson(file.readAll());
    REQUIRE(schema.isObject());
    ConversationTree tree = smallTree();
    tree.messages[1].errorCode = QStringLiteral("device_lost");
    const QJsonObject root = QJsonDocument::fromJson(written(tree)).object();
    const auto compare = [&](const QJsonObject& described, const QJsonObject& is) {
        const QJsonObject properties = described["properties"].toObject();
        for (const QString& key : is.keys()) CHECK_MESSAGE(properties.contains(key), key.toStdString());
        for (const QJsonValue needed : described["required"].toArray())
            CHECK_MESSAGE(is.contains(needed.toString()), needed.toString().toStdString());
    };
    const QJsonObject types = schema.object()["$defs"].toObject();
    compare(schema.object(), root);
    compare(types["chat"].toObject(), root["chat"].toObject());
    const QJsonObject settings = types["message"].toObject()["properties"].toObject()["settings"].toObject();
    for (const QJsonValue message : root["messages"].toArray()) {
        compare(types["message"].toObject(), message.toObject());
        compare(settings, message.toObject()["settings"].toObject());
        for (const QJsonValue segment : message.toObject()["segments"].toArray())
            compare(types["segment"].toObject(), segment.toObject());
    }
}

TEST_CASE("a file of before the quantisation, the device and the cache were kept is read as it is") {
    const QByteArray old = changed(R"("cache":"q8","device":"GPU","quantization":"Q4_K",)", "");
    const auto tree = readJson(old);
    REQUIRE(tree.ok());
    CHECK(tree->messages[1].settings == R"({"seed":"42","temperature":0.6})");
    CHECK(written(*tree) == old);
}

TEST_CASE("one answer, one branch, no thoughts") {
    ExportOptions options = everything();
    options.scope = ExportScope::Branch;
    options.message = 5;
    auto branch = readJson(written(smallTree(), options));
    REQUIRE(branch.ok());
    CHECK(branch->messages.size() == 4);
    CHECK(branch->chat.head == 5);
    options.scope = ExportScope::Answer;
    auto answer = readJson(written(smallTree(), options));
    REQUIRE(answer.ok());
    REQUIRE(answer->messages.size() == 2);
    CHECK(answer->messages[0].id == 3);
    CHECK(answer->messages[0].parent == 0);
    options = everything();
    options.thoughts = false;
    const QByteArray bytes = written(smallTree(), options);
    CHECK_FALSE(bytes.contains("So no"));
    CHECK(bytes.contains("\"thoughts\": false"));
    CHECK(readJson(bytes).ok());
    options.scope = ExportScope::Answer;
    options.message = 99;
    CHECK_FALSE(writeJson(smallTree(), options).ok());
    CHECK_FALSE(writeJson({}, everything()).ok());
}

TEST_CASE("an answer that still grows is interrupted in the file") {
    ConversationTree tree = smallTree();
    tree.messages[1].state = MessageState::Streaming;
    const auto back = readJson(written(tree));
    REQUIRE(back.ok());
    CHECK(back->messages[1].state == MessageState::Interrupted);
}

TEST_CASE("parents may stand behind their children") {
    QJsonObject file = QJsonDocument::fromJson(written(smallTree())).object();
    QJsonArray turned;
    for (const QJsonValue message : file["messages"].toArray()) turned.prepend(message);
    file["messages"] = turned;
    const auto back = readJson(QJsonDocument(file).toJson());
    REQUIRE(back.ok());
    REQUIRE(back->messages.size() == 5);
    QSet<qint64> seen{0};
    for (const MessageRecord& message : back->messages) {
        CHECK(seen.contains(message.parent));
        seen.insert(message.id);
    }
}

TEST_CASE("fields that are not known, and a mark at the beginning, are passed over") {
    CHECK(readJson(changed("\"pinned\"", "\"colour\": {\"deep\": [1]}, \"pinned\"")).ok());
    CHECK(readJson("\xEF\xBB\xBF" + written(smallTree())).ok());
}

TEST_CASE("what is no conversation is refused by name") {
    CHECK(holds(refusal(""), "not JSON"));
    CHECK(holds(refusal("{"), "not JSON"));
    CHECK(holds(refusal("[]"), "no conversation"));
    CHECK(holds(refusal("{\"mapping\":{}}"), "no conversation"));
    CHECK(holds(refusal("{\"format\":\"ponder-conversation\"}"), "version"));
    CHECK(holds(refusal(changed("\"version\": 1", "\"version\": 2")), "newer"));
    CHECK(holds(refusal(changed("\"version\": 1", "\"version\": 0")), "version"));
    CHECK(holds(refusal(changed("\"version\": 1", "\"version\": \"1\"")), "version"));
    CHECK(holds(refusal(changed("\"parent\": 1,", "\"parent\": 77,")), "77"));
    CHECK(holds(refusal(changed("\"parent\": 1,", "\"parent\": 2,")), "below itself"));
    CHECK(holds(refusal(changed("\"parent\": 1,", "\"parent\": 5,")), "below itself")); // 2 -> 5 -> 3 -> 2
    CHECK(holds(refusal(changed("\"parent\": 1,", "\"parent\": null,")), "answers nothing"));
    CHECK(holds(refusal(changed("\"parent\": 1,", "\"parent\": -1,")), "above 0"));
    CHECK(holds(refusal(changed("\"parent\": 1,", "\"parent\": 1.5,")), "whole number"));
    CHECK(holds(refusal(changed("\"id\": 3,", "\"id\": 2,")), "number 2"));
    CHECK(holds(refusal(changed("\"id\": 3,", "\"id\": 1e300,")), "whole number"));
    CHECK(holds(refusal(changed("\"id\": 3,", "")), "missing"));
    CHECK(holds(refusal(changed("\"role\": \"user\"", "\"role\": \"root\"")), "root"));
    CHECK(holds(refusal(changed("\"role\": \"user\"", "\"role\": 4")), "text"));
    CHECK(holds(refusal(changed("\"state\": \"stopped\"", "\"state\": \"asleep\"")), "asleep"));
    CHECK(holds(refusal(changed("[5,6,7]", "[5,\"6\",7]")), "token 2"));
    CHECK(holds(refusal(changed("[5,6,7]", "[5,6,4294967296]")), "token 3"));
    CHECK(holds(refusal(changed("[5,6,7]", "{}")), "a list"));
    CHECK(holds(refusal(changed("\"tokens\": 3", "\"tokens\": -3")), "tokens"));
    CHECK(holds(refusal(changed("\"head\": 4", "\"head\": 9")), "9"));
    CHECK(holds(refusal(changed("\"title\": \"Is", "\"title\": 4, \"was\": \"Is")), "title"));
    CHECK(holds(refusal(changed("\"messages\": [", "\"messages\": {}, \"were\": [")), "a list"));
    CHECK(holds(refusal(changed("\"messages\": [", "\"messages\": [[],")), "no object"));
    CHECK(holds(refusal(changed("So no", "So \xFF no")), "not JSON"));
}

TEST_CASE("a bomb of brackets is refused") {
    CHECK(holds(refusal(QByteArray(5'000'000, '[')), "not JSON"));
    QByteArray deep = changed("\"pinned\"", "\"deep\": @, \"pinned\"");
    deep.replace("@", QByteArray(100'000, '[') + QByteArray(100'000, ']'));
    CHECK(holds(refusal(deep), "not JSON"));
}

TEST_CASE("a title that no window could show is refused") {
    QByteArray bytes = written(smallTree());
    bytes.replace("\"title\": \"Is", "\"title\": \"" + QByteArray(20'000, 'x') + "Is");
    CHECK(holds(refusal(bytes), "characters"));
}

TEST_CASE("a long chain of messages does not end the program") {
    ConversationTree tree = smallTree();
    const MessageRecord one = tree.messages.front();
    tree.messages.clear();
    for (qint64 id = 1; id <= 50'000; ++id) {
        MessageRecord message = one;
        message.id = id;
        message.parent = id - 1;
        tree.messages.push_back(message);
    }
    tree.chat.head = 50'000;
    const auto back = readJson(written(tree));
    REQUIRE(back.ok());
    CHECK(back->messages.size() == 50'000);
    for (const ExportFormat& format : exportFormats())
        if (format.id != ExportFormatId::Pdf) CHECK(format.write(tree, everything()).ok());
}

// Damaged in one place, a file is read or refused, and what is read can be written again.
TEST_CASE("damage never does more than a refusal") {
    const QByteArray whole = written(randomTree(3));
    unsigned state = 1;
    const auto random = [&](qsizetype below) {
        state = state * 1664525u + 1013904223u;
        return static_cast<qsizetype>(state >> 8) % below;
    };
    int read = 0;
    for (int i = 0; i < 3000; ++i) {
        QByteArray bytes = whole;
        switch (i % 4) {
        case 0:
            bytes.truncate(random(bytes.size()));
            break;
        case 1:
            bytes[random(bytes.size())] = static_cast<char>(random(256));
            break;
        case 2:
            bytes.remove(random(bytes.size()), random(40));
            break;
        default: {
            static const QByteArrayList kValues{"null", "-1", "1e999", "\"\"",
                                                "[]",   "{}", "true",  "9223372036854775807"};
            const qsizetype colon = bytes.indexOf(": ", random(bytes.size()));
            const qsizetype comma = bytes.indexOf(',', colon);
            if (colon > 0 && comma > 0)
                bytes.replace(colon + 2, comma - colon - 2, kValues[random(kValues.size())]);
        }
        }
        const auto tree = readJson(bytes);
        if (!tree.ok()) {
            CHECK(tree.error().message.size() < 600);
            continue;
        }
        ++read;
        if (!tree->messages.empty()) CHECK(writeJson(*tree, everything()).ok());
    }
    CHECK(read > 100); // not everything is harmful
}

TEST_CASE("a hundred megabytes are read" * doctest::skip(!qEnvironmentVariableIsSet("PONDER_SLOW_TESTS"))) {
    ConversationTree tree = smallTree();
    tree.messages[1].segments[0].text = QString(50'000'000, QLatin1Char('x'));
    tree.messages[1].segments[1].text = QString(25'000'000, QChar(0x4E3A));
    const auto back = readJson(written(tree));
    REQUIRE(back.ok());
    CHECK(equal(tree, *back));
}
