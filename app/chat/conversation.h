#pragma once
// One conversation in memory: the tree of its messages and the path through it that is shown. Values; GUI thread.

#include <vector>

#include <QHash>

#include "app/storage/records.h"

namespace ponder::app {

// A message of the visible path, and which of the versions that hang below the same parent it is.
struct PathEntry {
    const MessageRecord* message = nullptr;
    int sibling = 0, siblings = 1; // sibling counts from 0, the oldest first
};

class Conversation {
public:
    Conversation() = default;
    Conversation(ChatRecord chat, std::vector<MessageRecord> messages);

    const ChatRecord& chat() const { return m_chat; }
    qint64 id() const { return m_chat.id; }
    qint64 head() const { return m_chat.head; }
    void begin(qint64 id, const QString& title);
    void setTitle(const QString& title) { m_chat.title = title; }

    void add(MessageRecord message); // becomes the head
    void replace(const MessageRecord& message);
    const MessageRecord* find(qint64 id) const;

    std::vector<PathEntry> path() const; // from the first message to the head
    std::vector<PathEntry> pathTo(qint64 id) const;
    int questions() const; // on the visible path

    // What the engine is told: everything up to and including that question, thoughts left out, answers with their ids.
    std::vector<protocol::Message> history(qint64 question) const;

private:
    ChatRecord m_chat;
    QHash<qint64, MessageRecord> m_messages;
};

QString textOf(const MessageRecord& message, SegmentChannel channel); // all segments of that channel, joined

} // namespace ponder::app
