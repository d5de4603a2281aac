#include "app/export/json_format.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "app/export/reading_order.h"
#include "app/export/writers.h"
#include "app/storage/words.h"

namespace ponder::app {

namespace {

constexpr qsizetype kMaxEmbedded =
    64; // brackets in settings or statistics that are still written as an object

QByteArray quoted(const QString& text) {
    QByteArray out;
    const QByteArray utf8 = text.toUtf8();
    out.reserve(utf8.size() + 2);
    out += '"';
    for (const char c : utf8) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += "\\u" + QByteArray::number(c, 16).rightJustified(4, '0');
            else
                out += c;
        }
    }
    return out + '"';
}

QByteArray number(qint64 value) { return QByteArray::number(value); }

// Settings and statistics are stored as the text of an object. They stay one where reading gives the same text again.
QByteArray embedded(const QString& text) {
    const QByteArray utf8 = text.toUtf8();
    const QJsonDocument document = QJsonDocument::fromJson(utf8);
    if (document.isObject() && utf8.count('{') + utf8.count('[') <= kMaxEmbedded &&
        document.toJson(QJsonDocument::Compact) == utf8)
        return utf8;
    return quoted(text);
}

QByteArray segmentOf(const Segment& segment) {
    QByteArray ids;
    for (const int32_t id : segment.ids) ids += (ids.isEmpty() ? "" : ",") + number(id);
    return "        {\"channel\": \"" + QByteArray(wordOf(kChannelWords, segment.channel)) +
           "\", \"start\": " + number(segment.startMs) + ", \"end\": " + number(segment.endMs) +
           ", \"tokens\": " + number(segment.tokens) + (segment.cutShort ? ", \"cutShort\": true" : "") +
           ",\n         \"text\": " + quoted(segment.text) + ",\n         \"ids\": [" + ids + "]}";
}

QByteArray messageOf(const MessageRecord& message, bool root, bool thoughts) {
    // Nothing streams in a file.
    const MessageState state =
        message.state == MessageState::Streaming ? MessageState::Interrupted : message.state;
    QByteArray out = "    {\n      \"id\": " + number(message.id) +
                     ",\n      \"parent\": " + (root ? QByteArray("null") : number(message.parent)) +
                     ",\n      \"role\": \"" + wordOf(kRoleWords, message.role) + "\",\n      \"state\": \"" +
                     wordOf(kStateWords, state) + "\",\n      \"created\": " + number(message.createdMs) +
                     ",\n      \"model\": " + quoted(message.modelName) +
                     ",\n      \"settings\": " + embedded(message.settings) +
                     ",\n      \"stats\": " + embedded(message.stats) + ",\n";
    if (!message.errorCode.isEmpty() || !message.errorText.isEmpty())
        out += "      \"error\": {\"code\": " + quoted(message.errorCode) +
               ", \"text\": " + quoted(message.errorText) + "},\n";
    out += "      \"segments\": [";
    bool first = true;
    for (const Segment& segment : message.segments) {
        if (!thoughts && segment.channel == SegmentChannel::Thought) continue;
        out += (first ? "\n" : ",\n") + segmentOf(segment);
        first = false;
    }
    return out + (first ? "]\n    }" : "\n      ]\n    }");
}

} // namespace

Result<QByteArray> writeJson(const ConversationTree& tree, const ExportOptions& options) {
    ASSIGN_OR_RETURN(const std::vector<const MessageRecord*> chosen, chosenMessages(tree, options));
    const bool all = options.scope == ExportScope::All;
    const qint64 head = all ? tree.chat.head : chosen.back()->id;
    QByteArray out = "{\n  \"format\": \"" + QByteArray(kConversationFormat) +
                     "\",\n  \"version\": " + number(kConversationVersion) +
                     ",\n  \"program\": " + quoted(options.program) +
                     ",\n  \"thoughts\": " + (options.thoughts ? "true" : "false") +
                     ",\n  \"chat\": {\n    \"title\": " + quoted(tree.chat.title) +
                     ",\n    \"pinned\": " + (tree.chat.pinned ? "true" : "false") +
                     ",\n    \"created\": " + number(tree.chat.createdMs) +
                     ",\n    \"updated\": " + number(tree.chat.updatedMs) +
                     ",\n    \"head\": " + (head == 0 ? QByteArray("null") : number(head)) +
                     ",\n    \"draft\": " + quoted(tree.chat.draft) + "\n  },\n  \"messages\": [\n";
    for (size_t i = 0; i < chosen.size(); ++i) {
        const bool root = chosen[i]->parent == 0 || (!all && i == 0);
        out += messageOf(*chosen[i], root, options.thoughts) + (i + 1 < chosen.size() ? ",\n" : "\n");
    }
    return out + "  ]\n}\n";
}

} // namespace ponder::app
