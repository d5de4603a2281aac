#pragma once
// What the transcript knows of one message, and the words it says about it: how long a thought took, what an answer cost,
// why it ended. Values; GUI thread (the words are in its language).

#include <QVariantList>

#include "app/chat/thought_text.h"
#include "app/errors/advice.h"
#include "app/markdown/markdown_stream.h"
#include "app/storage/records.h"

namespace ponder::app {

enum class ThoughtPhase { None, Waiting, Reading, Live, Finished };

struct Turn {
    qint64 message = 0;
    protocol::Role role = protocol::Role::User;
    MessageState state = MessageState::Done;
    int sibling = 0, siblings = 1;
    QString question;
    ThoughtPhase phase = ThoughtPhase::None;
    ThoughtText thought;
    double thoughtSeconds = 0;
    int thoughtTokens = 0;
    bool thoughtCut = false; // by a person who wanted the answer
    int prefillDone = 0, prefillTotal = 0;
    MarkdownStream answer;
    Advice notice;
    QString modelName, settings, stats; // the latter two as stored: JSON

    bool isAnswer() const { return role == protocol::Role::Assistant; }
    bool hasNotice() const { return !notice.title.isEmpty(); }
};

Turn turnOf(const MessageRecord& message);
void fillOutcome(Turn& turn, const MessageRecord& message); // once it has ended

QString thoughtLabel(const Turn& turn); // "Thought for 9.6 s"; while it lives the kind of its step
QString thoughtDetail(const Turn& turn,
                      double seconds);       // "7 steps · 556 tokens · 58.1 tok/s"; seconds: so far
QString footerText(const Turn& turn);        // "792 tokens · 57.6 tok/s · first 0.21 s"
QVariantList statisticsOf(const Turn& turn); // {label, value} each
QString stepName(StepKind kind);

} // namespace ponder::app
