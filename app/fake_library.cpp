#include "app/fake_library.h"

#include <QDateTime>

namespace ponder::app {

namespace {

const QString kModel = QStringLiteral("R1 Distill Qwen 7B"); // that of the scripts

// About as many ids as a tokenizer would give; which ones does not matter to a script.
Segment written(SegmentChannel channel, const QString& text, qint64 begin, double tokensPerSecond) {
    Segment segment{channel, text, {}, begin, begin, static_cast<int>(text.size() / 4) + 1};
    segment.endMs += static_cast<qint64>(segment.tokens * 1000 / (tokensPerSecond < 1 ? 58 : tokensPerSecond));
    segment.ids.resize(static_cast<size_t>(segment.tokens), 1000);
    return segment;
}

Result<qint64> addAnswer(ConversationStore& store, qint64 chat, qint64 question, const FakeExchange& exchange,
                         double tokensPerSecond) {
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const FakeTurn& turn = exchange.turn;
    MessageRecord answer;
    answer.chat = chat;
    answer.modelName = kModel;
    ASSIGN_OR_RETURN(answer.id, store.beginAnswer(chat, question, kModel, QStringLiteral("{}")));
    if (!turn.thought.isEmpty())
        answer.segments.push_back(written(SegmentChannel::Thought, turn.thought, now, tokensPerSecond));
    if (!turn.answer.isEmpty())
        answer.segments.push_back(written(SegmentChannel::Answer, turn.answer, now, tokensPerSecond));
    answer.state = exchange.state;
    answer.errorCode = exchange.errorCode;
    answer.errorText = exchange.errorText;
    answer.stats =
        QStringLiteral(
            R"({"thoughtTokens":%1,"answerTokens":%2,"tokensPerSecond":57.6,"prefillSeconds":0.21,"contextUsed":918})")
            .arg(turn.thought.size() / 4)
            .arg(turn.answer.size() / 4);
    RETURN_IF_ERROR(store.finishAnswer(answer));
    return answer.id;
}

Result<qint64> addChat(ConversationStore& store, const FakeChat& chat, double tokensPerSecond) {
    auto exchanges = chat.exchanges;
    if (exchanges.empty()) exchanges.push_back({chat.title, {QString(), QStringLiteral("Yes.")}});
    qint64 id = 0;
    std::vector<qint64> questions, answers;
    for (const FakeExchange& exchange : exchanges) {
        const int after =
            exchange.after == FakeExchange::kPrevious ? static_cast<int>(answers.size()) - 1 : exchange.after;
        if (exchange.question.isEmpty()) {
            questions.push_back(questions[static_cast<size_t>(after)]);
        } else {
            const qint64 parent = after < 0 ? 0 : answers[static_cast<size_t>(after)];
            ASSIGN_OR_RETURN(const auto added, store.addQuestion(id, parent, exchange.question, chat.title));
            id = added.chat;
            questions.push_back(added.message);
        }
        ASSIGN_OR_RETURN(const qint64 answer,
                         addAnswer(store, id, questions.back(), exchange, tokensPerSecond));
        answers.push_back(answer);
    }
    ASSIGN_OR_RETURN(Statement age,
                     store.database().prepare("UPDATE chat SET updated = ?, pinned = ? WHERE id = ?"));
    RETURN_IF_ERROR(age.bind(1, QDateTime::currentMSecsSinceEpoch() - qint64{chat.ageHours} * 3'600'000)
                        .bind(2, qint64{chat.pinned})
                        .bind(3, id)
                        .run());
    if (!chat.draft.isEmpty()) RETURN_IF_ERROR(store.setDraft(id, chat.draft));
    if (chat.trashed) RETURN_IF_ERROR(store.trashChat(id));
    return id;
}

} // namespace

Result<void> fillStore(ConversationStore& store, const FakeScript& script) {
    qint64 shown = 0;
    for (const FakeChat& chat : script.chats) {
        ASSIGN_OR_RETURN(const qint64 id, addChat(store, chat, script.tokensPerSecond));
        if (chat.exchanges.size() > 1) shown = id;
    }
    if (shown != 0 && script.opened) RETURN_IF_ERROR(store.setSetting(kLastChat, QString::number(shown)));
    for (const ModelRecord& model : script.models) RETURN_IF_ERROR(store.rememberModel(model));
    if (script.modelAtStart) return store.setSetting(kLastModel, QStringLiteral("synthetic:fake"));
    return {};
}

void playStoreTroubles(StoreThread& store, const FakeScript& script) {
    if (script.diskFreeBytes >= 0) emit store.diskLow(script.diskFreeBytes);
    if (!script.damage.isEmpty())
        emit store.damaged(script.damage,
                           {QStringLiteral("/home/me/.local/share/ponder/backups/3-2026-05-02.db"),
                            QStringLiteral("/home/me/.local/share/ponder/backups/2-2026-03-11.db")});
}

} // namespace ponder::app
