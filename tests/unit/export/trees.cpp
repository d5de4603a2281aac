#include "trees.h"

#include <random>

#include <QStringList>

namespace ponder::app {

namespace {

constexpr qint64 kTime = 1'732'233'600'000;

MessageRecord asked(qint64 id, qint64 parent, const QString& text) {
    MessageRecord message;
    message.id = id;
    message.chat = 7;
    message.parent = parent;
    message.settings = message.stats = QStringLiteral("{}");
    message.createdMs = kTime + id;
    message.segments = {{SegmentChannel::Question, text, {}, kTime + id, kTime + id, 0}};
    return message;
}

MessageRecord answered(qint64 id, qint64 parent, const QString& thought, const QString& text) {
    MessageRecord message = asked(id, parent, {});
    message.role = Role::Assistant;
    message.modelName = QStringLiteral("R1 Tiny");
    message.settings =
        QStringLiteral(R"({"cache":"q8","device":"GPU","quantization":"Q4_K","seed":"42","temperature":0.6})");
    message.stats = QStringLiteral(R"({"answerTokens":2,"tokensPerSecond":57.6})");
    message.segments.clear();
    if (!thought.isEmpty())
        message.segments.push_back({SegmentChannel::Thought, thought, {5, 6, 7}, kTime, kTime + 9600, 3});
    message.segments.push_back({SegmentChannel::Answer, text, {8, 9}, kTime + 9600, kTime + 9800, 2});
    return message;
}

class Dice {
public:
    explicit Dice(unsigned seed) : m_engine(seed) {}
    int upTo(int most) { return std::uniform_int_distribution<int>(0, most)(m_engine); }
    bool chance(int of) { return upTo(of - 1) == 0; }
    QString text(int most) {
        // What JSON, XML, Markdown and SQLite each have to take care of.
        static const QStringList kPieces{QStringLiteral("word "),
                                         QStringLiteral("\n\n"),
                                         QStringLiteral("\t\r\n"),
                                         QStringLiteral("```\n"),
                                         QStringLiteral("<b>&amp;"),
                                         QStringLiteral("]]>"),
                                         QStringLiteral("\"\\/\\u0041"),
                                         QStringLiteral("为什么"),
                                         QStringLiteral("😀"),
                                         QStringLiteral("- [x] "),
                                         QStringLiteral("| a | b |\n| - | - |\n"),
                                         QStringLiteral("$x^2$"),
                                         QStringLiteral("</details><script>"),
                                         QString(QChar(0x2028)),
                                         QString(QChar(0x1)),
                                         QStringLiteral("> "),
                                         QStringLiteral("1. "),
                                         QStringLiteral("&nbsp;&unknown;"),
                                         QStringLiteral("[l](https://e.org/?a=1&b=\"2\")"),
                                         QStringLiteral("![i](http://e.org/i.png)"),
                                         QStringLiteral("# ")};
        QString text;
        for (int i = upTo(most); i > 0; --i) text += kPieces[upTo(static_cast<int>(kPieces.size()) - 1)];
        return text;
    }

private:
    std::mt19937 m_engine;
};

} // namespace

ConversationTree smallTree() {
    ConversationTree tree;
    tree.chat = {7, QStringLiteral("Is 91 prime?"), false, kTime, kTime + 5, 4, QString(), 0};
    tree.messages = {
        asked(1, 0, QStringLiteral("Is 91 prime?")),
        answered(2, 1, QStringLiteral("7 · 13 = 91.\n\nSo no."), QStringLiteral("No: **91 = 7 · 13**.")),
        asked(3, 2, QStringLiteral("And 97?")),
        answered(4, 1, {}, QStringLiteral("No, 7 divides it.")),
        answered(5, 3, {}, QStringLiteral("Yes:\n\n```py\nall(97 % i")),
    };
    tree.messages.back().state = MessageState::Stopped;
    tree.messages[1].segments[0].cutShort = true;
    return tree;
}

ConversationTree randomTree(unsigned seed) {
    Dice dice(seed);
    ConversationTree tree;
    tree.chat = {
        1, dice.text(5), dice.chance(2), kTime + dice.upTo(1000), kTime + dice.upTo(9999), 0, dice.text(2),
        0};
    qint64 id = 0;
    for (int i = dice.upTo(30) + 1; i > 0; --i) {
        id += 1 + dice.upTo(3);
        const bool first = tree.messages.empty() || dice.chance(10);
        const qint64 parent =
            first
                ? 0
                : tree.messages[static_cast<size_t>(dice.upTo(static_cast<int>(tree.messages.size()) - 1))].id;
        MessageRecord message = asked(id, parent, dice.text(20));
        if (!first && dice.chance(2)) {
            message = answered(id, parent, dice.text(40), dice.text(40));
            message.state = static_cast<MessageState>(1 + dice.upTo(4));
            for (int extra = dice.upTo(2); extra > 0; --extra) {
                Segment segment{static_cast<SegmentChannel>(1 + dice.upTo(3)),
                                dice.text(9),
                                {},
                                kTime,
                                kTime + dice.upTo(99'999),
                                dice.upTo(500)};
                segment.cutShort = dice.chance(4);
                for (int n = dice.upTo(50); n > 0; --n) segment.ids.push_back(dice.upTo(151'935));
                message.segments.push_back(segment);
            }
        }
        message.chat = 1;
        if (dice.chance(6)) message.errorCode = QStringLiteral("device_lost");
        if (dice.chance(6)) message.errorText = dice.text(4);
        if (dice.chance(6)) message.settings = dice.text(3); // not JSON at all
        if (dice.chance(6))
            message.stats = QStringLiteral("{ \"b\": 1, \"a\": 0.1 }"); // not as we would write it
        tree.messages.push_back(message);
        if (dice.chance(3) || tree.chat.head == 0) tree.chat.head = id;
    }
    return tree;
}

bool equal(const MessageRecord& a, const MessageRecord& b) {
    return a.id == b.id && a.parent == b.parent && a.role == b.role && a.state == b.state &&
           a.modelName == b.modelName && a.errorCode == b.errorCode && a.errorText == b.errorText &&
           a.settings == b.settings && a.stats == b.stats && a.createdMs == b.createdMs &&
           a.segments == b.segments;
}

bool equal(const ConversationTree& a, const ConversationTree& b) {
    if (a.chat.title != b.chat.title || a.chat.pinned != b.chat.pinned || a.chat.draft != b.chat.draft ||
        a.chat.createdMs != b.chat.createdMs || a.chat.updatedMs != b.chat.updatedMs ||
        a.chat.head != b.chat.head || a.messages.size() != b.messages.size())
        return false;
    for (size_t i = 0; i < a.messages.size(); ++i)
        if (!equal(a.messages[i], b.messages[i])) return false;
    return true;
}

} // namespace ponder::app
