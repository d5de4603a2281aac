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

// What the engine is told of a conversation. Stored ids mean something to the model that wrote them only; another one is
// told the words.
struct History {
    struct Turn {
        protocol::Message message;
        QString writtenBy; // of an answer: the name of its model
    };
    std::vector<Turn> turns;

    std::vector<protocol::Message> toldTo(const QString& modelName) const;
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
    void setPinned(bool pinned) { m_chat.pinned = pinned; }
    void setPlace(const ReadingPlace& place) { m_chat.place = place; }
    void setThoughtShown(qint64 message, ThoughtShown shown);
    void forgetThoughtsShown();

    void add(MessageRecord message);    // becomes the head
    void insert(MessageRecord message); // elsewhere in the tree, or anew
    const MessageRecord* find(qint64 id) const;

    std::vector<qint64> childrenOf(qint64 parent) const; // the oldest first; 0: the beginnings
    // The versions beside a message, itself among them, the oldest first.
    std::vector<qint64> siblingsOf(qint64 message) const;
    // Where somebody who turns to that message ends: the leaf that was last seen below it, else the newest.
    qint64 leafOf(qint64 message) const;
    void showLeaf(qint64 leaf); // the path to it is the visible one; remembered at every fork on the way

    std::vector<PathEntry> path() const { return pathTo(m_chat.head); } // from the first message to the head
    std::vector<PathEntry> pathTo(qint64 id) const;
    int questions() const; // on the visible path

    // Everything up to and including that message; thoughts left out, answers with their ids.
    History historyTo(qint64 message) const;

private:
    ChatRecord m_chat;
    QHash<qint64, MessageRecord> m_messages;
    QHash<qint64, std::vector<qint64>> m_children; // by parent, the oldest first
    QHash<qint64, qint64> m_lastSeen;              // parent -> the child that was on the visible path last
};

// Of an answer that ended by its length: nothing more fits into the context, so it cannot go on either.
bool filledContext(const MessageRecord& answer);
QString textOf(const MessageRecord& message, SegmentChannel channel); // all segments of that channel, joined

} // namespace ponder::app
