#include "app/fake_library.h"

#include <QDateTime>

namespace ponder::app {

namespace {

Segment written(SegmentChannel channel, const QString& text, qint64 begin, double tokensPerSecond) {
    Segment segment{channel, text, {}, begin, begin, static_cast<int>(text.size() / 4)};
    segment.endMs += static_cast<qint64>(segment.tokens * 1000 / std::max(1.0, tokensPerSecond));
    return segment;
}

} // namespace

Result<void> fillStore(ConversationStore& store, const FakeScript& script) {
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    qint64 shown = 0;
    for (const FakeChat& chat : script.chats) {
        ConversationStore::Added last;
        auto turns = chat.turns;
        if (turns.empty()) turns.push_back({chat.title, {QString(), QStringLiteral("Yes.")}});
        for (const auto& [question, turn] : turns) {
            ASSIGN_OR_RETURN(last, store.addQuestion(last.chat, last.message, question, chat.title));
            MessageRecord answer;
            answer.chat = last.chat;
            ASSIGN_OR_RETURN(answer.id,
                             store.beginAnswer(last.chat, last.message, QStringLiteral("R1 Distill Qwen 7B"),
                                               QStringLiteral("{}")));
            if (!turn.thought.isEmpty())
                answer.segments.push_back(
                    written(SegmentChannel::Thought, turn.thought, now, script.tokensPerSecond));
            answer.segments.push_back(
                written(SegmentChannel::Answer, turn.answer, now, script.tokensPerSecond));
            answer.state = MessageState::Done;
            answer.stats =
                QStringLiteral(
                    R"({"thoughtTokens":%1,"answerTokens":%2,"tokensPerSecond":57.6,"prefillSeconds":0.21,"contextUsed":918})")
                    .arg(turn.thought.size() / 4)
                    .arg(turn.answer.size() / 4);
            RETURN_IF_ERROR(store.finishAnswer(answer));
            last.message = answer.id;
        }
        if (chat.turns.size() > 1) shown = last.chat;
        ASSIGN_OR_RETURN(Statement age,
                         store.database().prepare("UPDATE chat SET updated = ?, pinned = ? WHERE id = ?"));
        RETURN_IF_ERROR(age.bind(1, now - qint64{chat.ageHours} * 3'600'000)
                            .bind(2, qint64{chat.pinned})
                            .bind(3, last.chat)
                            .run());
    }
    if (shown != 0) RETURN_IF_ERROR(store.setSetting(QStringLiteral("chat.last"), QString::number(shown)));
    if (script.modelAtStart)
        return store.setSetting(QStringLiteral("model.last"), QStringLiteral("synthetic:fake"));
    return {};
}

} // namespace ponder::app
