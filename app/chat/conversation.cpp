#include "app/chat/conversation.h"

#include <algorithm>

namespace ponder::app {

Conversation::Conversation(ChatRecord chat, std::vector<MessageRecord> messages) : m_chat(std::move(chat)) {
    for (MessageRecord& message : messages) {
        const qint64 id = message.id;
        m_messages.insert(id, std::move(message));
    }
}

void Conversation::begin(qint64 id, const QString& title) {
    m_chat.id = id;
    m_chat.title = title;
}

void Conversation::add(MessageRecord message) {
    m_chat.head = message.id;
    m_messages.insert(message.id, std::move(message));
}

void Conversation::replace(const MessageRecord& message) { m_messages.insert(message.id, message); }

const MessageRecord* Conversation::find(qint64 id) const {
    const auto found = m_messages.constFind(id);
    return found == m_messages.constEnd() ? nullptr : &*found;
}

std::vector<PathEntry> Conversation::path() const { return pathTo(m_chat.head); }

std::vector<PathEntry> Conversation::pathTo(qint64 id) const {
    std::vector<PathEntry> path;
    // A parent is older than its child, so a circle, which only a damaged file can hold, ends here.
    for (const MessageRecord* message = find(id); message;
         message = message->parent < message->id ? find(message->parent) : nullptr)
        path.push_back({message});
    std::reverse(path.begin(), path.end());
    return path;
}

int Conversation::questions() const {
    const auto shown = path();
    return static_cast<int>(std::count_if(shown.begin(), shown.end(), [](const PathEntry& entry) {
        return entry.message->role == Role::User;
    }));
}

std::vector<protocol::Message> Conversation::history(qint64 question) const {
    std::vector<protocol::Message> messages;
    for (const auto& [message, sibling, siblings] : pathTo(question)) {
        protocol::Message told;
        told.role = message->role;
        if (message->role == Role::Assistant) {
            told.content = textOf(*message, SegmentChannel::Answer).toStdString();
            for (const Segment& segment : message->segments)
                if (segment.channel == SegmentChannel::Answer)
                    told.ids.insert(told.ids.end(), segment.ids.begin(), segment.ids.end());
            if (told.content.empty()) continue; // stopped within its thought: there is nothing to tell
        } else {
            told.content = textOf(*message, SegmentChannel::Question).toStdString();
        }
        messages.push_back(std::move(told));
    }
    return messages;
}

QString textOf(const MessageRecord& message, SegmentChannel channel) {
    QString text;
    for (const Segment& segment : message.segments)
        if (segment.channel == channel) text += segment.text;
    return text;
}

} // namespace ponder::app
