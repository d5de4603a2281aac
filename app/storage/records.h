#pragma once
// What is stored, as values: the rows of the database in the words of the program. Any thread.

#include <cstdint>
#include <optional>
#include <vector>

#include <QString>

#include "inference/protocol/messages.h"

namespace ponder::app {

using protocol::Role;

enum class MessageState { Streaming, Done, Stopped, Length, Interrupted, Error };
enum class ThoughtShown { Shut, Tail, Full }; // how much of a thought there is to read
enum class SegmentChannel { Question, Thought, Answer, Tool, Attachment };

struct Segment {
    SegmentChannel channel = SegmentChannel::Answer;
    QString text;
    std::vector<int32_t> ids; // as generated; empty for what a person wrote
    qint64 startMs = 0, endMs = 0;
    int tokens = 0;
    bool cutShort = false; // a thought that a person ended: "answer now"
    bool operator==(const Segment&) const = default;
};

// How far an answer in progress is in the store.
struct Reached {
    size_t segment = 0; // the first one that is not wholly there; of it so much is:
    qint64 bytes = 0;   // of its text in UTF-8
    qint64 ids = 0;
};

struct MessageRecord {
    qint64 id = 0;
    qint64 chat = 0;
    qint64 parent = 0; // 0: the first of its chat
    Role role = Role::User;
    MessageState state = MessageState::Done;
    QString modelName;
    QString errorCode, errorText;
    QString settings, stats; // JSON
    qint64 createdMs = 0;
    std::vector<Segment> segments;
    std::optional<ThoughtShown> thoughtShown; // as the person chose it
};

// Where somebody reads: what stands at the top of the window.
struct ReadingPlace {
    qint64 message = 0; // 0: the end of the conversation
    int piece = 0;      // 0: its beginning; n: the n-th block of its answer; -n: the n-th part of its thought
    double part = 0;    // of that piece, above the top: 0 to 1
    bool operator==(const ReadingPlace&) const = default;
};

struct ChatRecord {
    qint64 id = 0;
    QString title;
    bool pinned = false;
    qint64 createdMs = 0, updatedMs = 0;
    qint64 head = 0; // the last message of the visible path
    QString draft;
    qint64 deletedMs = 0;    // when it was put into the trash; 0: it is not there
    ReadingPlace place = {}; // where it was left
};

struct ModelRecord {
    QString path, name, architecture, quantization;
    qint64 sizeBytes = 0;
    qint64 modifiedMs = 0;
    qint64 usedMs = 0;
};

} // namespace ponder::app
