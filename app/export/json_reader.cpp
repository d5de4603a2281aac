// Reads a conversation from JSON that may be anything: every field is looked at before it is used.

#include <algorithm>
#include <limits>

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/export/json_format.h"
#include "app/storage/words.h"

namespace ponder::app {

namespace {

constexpr qsizetype kMaxMessages = 100'000;
constexpr qsizetype kMaxSegments = 10'000; // of one message
constexpr qsizetype kMaxTitle = 10'000;    // characters

// Reads fields of one object and keeps the first thing that was wrong with it.
class Fields {
public:
    Fields(QJsonObject object, QString where) : m_object(std::move(object)), m_where(std::move(where)) {}

    QString text(const char* name, bool needed = true) {
        const QJsonValue value = get(name);
        if (value.isUndefined() && !needed) return {};
        if (!value.isString()) complain(name, "text", value);
        return value.toString();
    }
    qint64 integer(const char* name, bool needed = true) {
        const QJsonValue value = get(name);
        if (value.isUndefined() && !needed) return 0;
        // A number with a fraction, or one that is too large, gives the default, whichever that is.
        if (!value.isDouble() || value.toInteger(0) != value.toInteger(1))
            complain(name, "a whole number", value);
        return value.toInteger();
    }
    qint64 reference(const char* name) {
        return get(name).isNull() ? 0 : positive(name);
    } // of a message; null: none
    qint64 positive(const char* name) {
        const qint64 value = integer(name);
        if (value < 1) complain(name, "a whole number above 0", get(name));
        return value;
    }
    bool boolean(const char* name) {
        const QJsonValue value = get(name);
        if (!value.isUndefined() && !value.isBool()) complain(name, "true or false", value);
        return value.toBool();
    }
    QString objectText(const char* name) { // an object as its text, or text as it is
        const QJsonValue value = get(name);
        if (value.isObject())
            return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
        return text(name, false);
    }
    QJsonObject object(const char* name, bool needed = true) {
        const QJsonValue value = get(name);
        if (!value.isObject() && (needed || !value.isUndefined())) complain(name, "an object", value);
        return value.toObject();
    }
    QJsonArray array(const char* name, qsizetype most, bool needed = true) {
        const QJsonValue value = get(name);
        if (!value.isArray() && (needed || !value.isUndefined())) complain(name, "a list", value);
        const QJsonArray list = value.toArray();
        if (list.size() > most)
            fail(QStringLiteral("%1 has %2 entries and may have %3")
                     .arg(QLatin1String(name))
                     .arg(list.size())
                     .arg(most));
        return list;
    }
    template <typename Enum, size_t N>
    Enum word(const char* name, const std::array<const char*, N>& words) {
        const QString value = text(name);
        const std::optional<Enum> meaning = meaningOf<Enum>(words, value);
        if (!meaning)
            fail(
                QStringLiteral("%1 is “%2”, which is not known here").arg(QLatin1String(name), value.left(40)));
        return meaning.value_or(Enum{});
    }
    void fail(const QString& what) {
        if (m_error.isEmpty()) m_error = m_where + QStringLiteral(": ") + what;
    }

    const QString& error() const { return m_error; }

private:
    QJsonValue get(const char* name) const { return m_object.value(QLatin1String(name)); }
    void complain(const char* name, const char* wanted, const QJsonValue& value) {
        static const char* const kinds[] = {"null", "true or false", "a number",
                                            "text", "a list",        "an object"};
        const char* found = value.isUndefined()                  ? "missing"
                            : value.type() <= QJsonValue::Object ? kinds[value.type()]
                                                                 : "something else";
        fail(QStringLiteral("%1 should be %2 and is %3")
                 .arg(QLatin1String(name), QLatin1String(wanted), QLatin1String(found)));
    }

    QJsonObject m_object;
    QString m_where, m_error;
};

Error malformed(const QString& what) {
    return {ErrorCode::MalformedFile,
            (what + QStringLiteral("; choose another file, or export it again")).toStdString()};
}

Result<Segment> segmentOf(const QJsonValue& value, const QString& where) {
    if (!value.isObject()) return malformed(where + QStringLiteral(" is no object"));
    Fields fields(value.toObject(), where);
    Segment segment;
    segment.channel = fields.word<SegmentChannel>("channel", kChannelWords);
    segment.text = fields.text("text");
    segment.startMs = fields.integer("start");
    segment.endMs = fields.integer("end");
    const qint64 tokens = fields.integer("tokens");
    if (tokens < 0 || tokens > std::numeric_limits<int>::max())
        fields.fail(QStringLiteral("tokens is %1").arg(tokens));
    const QJsonArray ids = fields.array("ids", std::numeric_limits<int>::max(), false);
    segment.ids.reserve(static_cast<size_t>(ids.size()));
    for (const QJsonValue id : ids) {
        const qint64 number = id.toInteger(-1);
        if (number < 0 || number > std::numeric_limits<int32_t>::max()) {
            fields.fail(QStringLiteral("its token %1 is not a number of a token").arg(segment.ids.size() + 1));
            break;
        }
        segment.ids.push_back(static_cast<int32_t>(number));
    }
    segment.tokens = static_cast<int>(tokens);
    segment.cutShort = fields.boolean("cutShort");
    if (!fields.error().isEmpty()) return malformed(fields.error());
    return segment;
}

Result<MessageRecord> messageOf(const QJsonValue& value, qsizetype position) {
    const QString place = QStringLiteral("entry %1 of its messages").arg(position + 1);
    if (!value.isObject()) return malformed(place + QStringLiteral(" is no object"));
    Fields fields(value.toObject(), place);
    MessageRecord message;
    message.id = fields.positive("id");
    message.parent = fields.reference("parent");
    message.role = fields.word<Role>("role", kRoleWords);
    message.state = fields.word<MessageState>("state", kStateWords);
    if (message.state == MessageState::Streaming) message.state = MessageState::Interrupted;
    message.createdMs = fields.integer("created");
    message.modelName = fields.text("model", false);
    message.settings = fields.objectText("settings");
    message.stats = fields.objectText("stats");
    Fields error(fields.object("error", false), place + QStringLiteral(", its error"));
    message.errorCode = error.text("code", false);
    message.errorText = error.text("text", false);
    const QJsonArray segments = fields.array("segments", kMaxSegments);
    if (!fields.error().isEmpty()) return malformed(fields.error());
    if (!error.error().isEmpty()) return malformed(error.error());
    for (const QJsonValue segment : segments) {
        ASSIGN_OR_RETURN(
            Segment read,
            segmentOf(
                segment,
                QStringLiteral("message %1, segment %2").arg(message.id).arg(message.segments.size() + 1)));
        message.segments.push_back(std::move(read));
    }
    return message;
}

// Parents before children, and in the order of the file where that is free.
Result<std::vector<MessageRecord>> inOrder(std::vector<MessageRecord> messages) {
    QHash<qint64, size_t> index;
    for (size_t i = 0; i < messages.size(); ++i) {
        if (index.contains(messages[i].id))
            return malformed(QStringLiteral("two of its messages have the number %1").arg(messages[i].id));
        index.insert(messages[i].id, i);
    }
    std::vector<std::vector<size_t>> children(messages.size());
    std::vector<size_t> order;
    order.reserve(messages.size());
    bool sorted = true;
    for (size_t i = 0; i < messages.size(); ++i) {
        const MessageRecord& message = messages[i];
        if (message.parent == 0) {
            if (message.role == Role::Assistant)
                return malformed(
                    QStringLiteral("message %1 answers nothing: it has no parent").arg(message.id));
            order.push_back(i);
            continue;
        }
        const auto parent = index.constFind(message.parent);
        if (parent == index.constEnd())
            return malformed(QStringLiteral("message %1 hangs below message %2, which is not in it")
                                 .arg(message.id)
                                 .arg(message.parent));
        children[*parent].push_back(i);
        sorted = sorted && *parent < i;
    }
    if (sorted) return messages;
    for (size_t next = 0; next < order.size(); ++next)
        for (const size_t child : children[order[next]]) order.push_back(child);
    if (order.size() < messages.size()) {
        std::vector<bool> reached(messages.size(), false);
        for (const size_t i : order) reached[i] = true;
        const auto lost = std::find(reached.begin(), reached.end(), false) - reached.begin();
        return malformed(
            QStringLiteral("message %1 hangs below itself").arg(messages[static_cast<size_t>(lost)].id));
    }
    std::vector<MessageRecord> ordered;
    ordered.reserve(messages.size());
    for (const size_t i : order) ordered.push_back(std::move(messages[i]));
    return ordered;
}

} // namespace

Result<ConversationTree> readJson(const QByteArray& bytes) {
    if (bytes.size() > kMaxConversationBytes)
        return malformed(
            QStringLiteral("it has %1 bytes and may have %2").arg(bytes.size()).arg(kMaxConversationBytes));
    QJsonParseError error;
    const bool marked = bytes.startsWith("\xEF\xBB\xBF"); // some editors put it there
    const QJsonDocument document = QJsonDocument::fromJson(marked ? bytes.mid(3) : bytes, &error);
    if (error.error != QJsonParseError::NoError)
        return malformed(
            QStringLiteral("it is not JSON from byte %1 on (%2)").arg(error.offset).arg(error.errorString()));
    Fields file(document.object(), QStringLiteral("the file"));
    if (!document.isObject() || file.text("format", false) != QLatin1String(kConversationFormat))
        return malformed(QStringLiteral("it is no conversation that Ponder has exported"));
    const qint64 version = file.integer("version");
    if (version > kConversationVersion)
        return Error{ErrorCode::MalformedFile,
                     QStringLiteral("it was written by a newer Ponder (its version is %1, this one reads "
                                    "%2); open it with that one")
                         .arg(version)
                         .arg(kConversationVersion)
                         .toStdString()};
    Fields chat(file.object("chat"), QStringLiteral("its chat"));
    ConversationTree tree;
    tree.chat.title = chat.text("title");
    tree.chat.pinned = chat.boolean("pinned");
    tree.chat.draft = chat.text("draft", false);
    tree.chat.createdMs = chat.integer("created");
    tree.chat.updatedMs = chat.integer("updated");
    tree.chat.head = chat.reference("head");
    if (tree.chat.title.size() > kMaxTitle)
        chat.fail(QStringLiteral("title has %1 characters and may have %2")
                      .arg(tree.chat.title.size())
                      .arg(kMaxTitle));
    const QJsonArray messages = file.array("messages", kMaxMessages);
    if (version < 1) file.fail(QStringLiteral("version is %1").arg(version));
    for (const Fields* fields : {&file, &chat})
        if (!fields->error().isEmpty()) return malformed(fields->error());

    std::vector<MessageRecord> read;
    read.reserve(static_cast<size_t>(messages.size()));
    for (const QJsonValue message : messages) {
        ASSIGN_OR_RETURN(MessageRecord record, messageOf(message, static_cast<qsizetype>(read.size())));
        read.push_back(std::move(record));
    }
    ASSIGN_OR_RETURN(tree.messages, inOrder(std::move(read)));
    const bool headThere = tree.chat.head == 0 || std::any_of(tree.messages.begin(), tree.messages.end(),
                                                              [&](const MessageRecord& message) {
                                                                  return message.id == tree.chat.head;
                                                              });
    if (!headThere)
        return malformed(QStringLiteral("its head is message %1, which is not in it").arg(tree.chat.head));
    return tree;
}

} // namespace ponder::app
