#pragma once
// What the tests of the store share: stores and exchanges in one line, and proofs that a database is sound and its search
// index says what its texts say.

#include <doctest/doctest.h>

#include <QTemporaryDir>

#include "app/storage/conversation_store.h"

namespace ponder::app::testing {

ConversationStore opened(const QString& path = {});

// A question and its finished answer; chat 0 begins one.
struct Exchange {
    qint64 chat = 0, question = 0, answer = 0;
};
Exchange exchange(ConversationStore& store, const QString& question, const QString& thought,
                  const QString& answer, const QString& title = QStringLiteral("Title"), qint64 chat = 0,
                  qint64 parent = 0);

Segment thoughtOf(const QString& text);

void checkSound(ConversationStore& store);       // quick_check, foreign keys
void checkIndexInStep(ConversationStore& store); // every word of every text, and nothing else

// All that a message says in that channel.
QString textIn(const MessageRecord& message, SegmentChannel channel);

// The snippets' places, short: "answer 12 the words".
QStringList found(ConversationStore& store, const QString& typed, int limit = 50);

// Every file below the folder that has these bytes.
QStringList filesWith(const QString& folder, const QByteArray& bytes);

} // namespace ponder::app::testing
