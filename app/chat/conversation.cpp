#include "app/chat/conversation.h"

#include <algorithm>

#include <QJsonDocument>
#include <QJsonObject>

namespace ponder::app {

std::vector<protocol::Message> History::toldTo(const QString& modelName) const {
    std::vector<protocol::Message> messages;
    messages.reserve(turns.size());
    for (const Turn& turn : turns) {
        messages.push_back(turn.message);
        if (turn.writtenBy != modelName) messages.back().ids.clear();
    }
    return messages;
}

Conversation::Conversation(ChatRecord chat, std::vector<MessageRecord> messages) : m_chat(std::move(chat)) {
    for (MessageRecord& message : messages) insert(std::move(message));
    if (!find(m_chat.head)) m_chat.head = leafOf(0); // of a damaged file, or of nothing
    showLeaf(m_chat.head);
}

void Conversation::begin(qint64 id, const QString& title) {
    m_chat.id = id;
    m_chat.title = title;
}

void Conversation::insert(MessageRecord message) {
    const qint64 id = message.id;
    if (!m_messages.contains(id)) {
        std::vector<qint64>& children = m_children[message.parent];
        children.insert(std::upper_bound(children.begin(), children.end(), id), id);
    } else if (!message.thoughtShown)
        message.thoughtShown = m_messages[id].thoughtShown; // an answer knows nothing of how it is read
    m_messages.insert(id, std::move(message));
}

void Conversation::add(MessageRecord message) {
    const qint64 id = message.id;
    insert(std::move(message));
    showLeaf(id);
}

const MessageRecord* Conversation::find(qint64 id) const {
    const auto found = m_messages.constFind(id);
    return found == m_messages.constEnd() ? nullptr : &*found;
}

void Conversation::setThoughtShown(qint64 message, ThoughtShown shown) {
    if (const auto found = m_messages.find(message); found != m_messages.end()) found->thoughtShown = shown;
}

void Conversation::forgetThoughtsShown() {
    for (MessageRecord& message : m_messages) message.thoughtShown.reset();
}

std::vector<qint64> Conversation::childrenOf(qint64 parent) const { return m_children.value(parent); }

std::vector<qint64> Conversation::siblingsOf(qint64 id) const {
    const MessageRecord* message = find(id);
    if (!message) return {};
    std::vector<qint64> siblings = childrenOf(message->parent);
    std::erase_if(siblings, [&](qint64 other) { return find(other)->role != message->role; });
    return siblings;
}

qint64 Conversation::leafOf(qint64 id) const {
    for (;;) {
        const std::vector<qint64> children = childrenOf(id);
        if (children.empty()) return id;
        const qint64 seen = m_lastSeen.value(id);
        const qint64 next =
            std::find(children.begin(), children.end(), seen) != children.end() ? seen : children.back();
        if (next <= id) return id; // a parent is older than its child, but in a damaged file
        id = next;
    }
}

void Conversation::showLeaf(qint64 leaf) {
    m_chat.head = leaf;
    for (const PathEntry& entry : pathTo(leaf)) m_lastSeen[entry.message->parent] = entry.message->id;
}

std::vector<PathEntry> Conversation::pathTo(qint64 id) const {
    std::vector<PathEntry> path;
    // A parent is older than its child, so a circle, which only a damaged file can hold, ends here.
    for (const MessageRecord* message = find(id); message;
         message = message->parent < message->id ? find(message->parent) : nullptr) {
        const std::vector<qint64> siblings = siblingsOf(message->id);
        const auto place = std::find(siblings.begin(), siblings.end(), message->id) - siblings.begin();
        path.push_back({message, static_cast<int>(place), static_cast<int>(siblings.size())});
    }
    std::reverse(path.begin(), path.end());
    return path;
}

int Conversation::questions() const {
    const auto shown = path();
    return static_cast<int>(std::count_if(shown.begin(), shown.end(), [](const PathEntry& entry) {
        return entry.message->role == Role::User;
    }));
}

History Conversation::historyTo(qint64 leaf) const {
    History history;
    for (const PathEntry& entry : pathTo(leaf)) {
        const MessageRecord& message = *entry.message;
        History::Turn turn;
        turn.message.role = message.role;
        if (message.role == Role::Assistant) {
            turn.writtenBy = message.modelName;
            turn.message.content = textOf(message, SegmentChannel::Answer).toStdString();
            for (const Segment& segment : message.segments)
                if (segment.channel == SegmentChannel::Answer)
                    turn.message.ids.insert(turn.message.ids.end(), segment.ids.begin(), segment.ids.end());
            // Stopped within its thought: there is nothing to tell.
            if (turn.message.content.empty()) continue;
        } else {
            turn.message.content = textOf(message, SegmentChannel::Question).toStdString();
        }
        history.turns.push_back(std::move(turn));
    }
    return history;
}

bool filledContext(const MessageRecord& answer) {
    const QJsonObject stats = QJsonDocument::fromJson(answer.stats.toUtf8()).object();
    const qint64 context = stats[QStringLiteral("context")].toInteger();
    return context == 0 || stats[QStringLiteral("contextUsed")].toInteger() + 1 >= context;
}

QString textOf(const MessageRecord& message, SegmentChannel channel) {
    QString text;
    for (const Segment& segment : message.segments)
        if (segment.channel == channel) text += segment.text;
    return text;
}

} // namespace ponder::app
