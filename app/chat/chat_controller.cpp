#include "app/chat/chat_controller.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include "app/errors/advice.h"

namespace ponder::app {

using namespace protocol;

namespace {

constexpr int kSaveMs = 1000;
constexpr qsizetype kTitleLength = 48;

const QString kLastChat = QStringLiteral("chat.last");

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

// The first words of the question, cut at a space.
QString titleOf(const QString& question) {
    QString title = question.simplified();
    if (title.size() <= kTitleLength) return title;
    const qsizetype space = title.lastIndexOf(QLatin1Char(' '), kTitleLength);
    title.truncate(space > kTitleLength / 2 ? space : kTitleLength);
    if (!title.isEmpty() && title.back().isHighSurrogate()) title.chop(1);
    return title + QStringLiteral("…");
}

QString statsJson(const GenerationStats& stats) {
    const QJsonObject object{{QStringLiteral("promptTokens"), qint64{stats.promptTokens}},
                             {QStringLiteral("cachedTokens"), qint64{stats.cachedTokens}},
                             {QStringLiteral("thoughtTokens"), qint64{stats.thoughtTokens}},
                             {QStringLiteral("answerTokens"), qint64{stats.answerTokens}},
                             {QStringLiteral("prefillSeconds"), stats.prefillSeconds},
                             {QStringLiteral("thoughtSeconds"), stats.thoughtSeconds},
                             {QStringLiteral("answerSeconds"), stats.answerSeconds},
                             {QStringLiteral("tokensPerSecond"), stats.tokensPerSecond},
                             {QStringLiteral("contextUsed"), qint64{stats.contextUsed}}};
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QString settingsJson(const SamplingParams& sampling) {
    const QJsonObject object{{QStringLiteral("temperature"), double{sampling.temperature}},
                             {QStringLiteral("topP"), double{sampling.topP}},
                             {QStringLiteral("topK"), sampling.topK},
                             {QStringLiteral("minP"), double{sampling.minP}},
                             {QStringLiteral("repetitionPenalty"), double{sampling.repetitionPenalty}},
                             {QStringLiteral("seed"), QString::number(sampling.seed)}};
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace

ChatController::ChatController(ChatBackend& backend, StoreThread& store, ModelLoader& loader, QObject* parent)
    : QObject(parent), m_backend(backend), m_store(store), m_loader(loader), m_transcript(this),
      m_conversations(store, this), m_search(store, this), m_trash(store, this), m_notice(this) {
    m_saver.setInterval(kSaveMs);
    connect(&m_saver, &QTimer::timeout, this, &ChatController::saveProgress);
    connect(&backend, &ChatBackend::happened, this, &ChatController::onEvent);
    connect(&backend, &ChatBackend::restarting, this, [this](const Error& error) {
        // What cut off an answer stands at that answer; otherwise it is said once, above the composer.
        if (std::exchange(m_toldOfDeath, false) || m_loader.notice()->shown()) return;
        Advice advice = adviseOn(error);
        advice.text += QLatin1Char(' ') + tr("It is started again.");
        advice.remedy = Remedy::None;
        advice.button.clear();
        m_loader.notice()->show(advice);
    });
    connect(&store, &StoreThread::failed, this, [this](const QString& message) {
        reportStore({ErrorCode::Database, message.toStdString()});
    });
    connect(&loader, &ModelLoader::loaded, this, [this] {
        if (m_state == Waiting && m_live.id != 0) beginGeneration();
    });
    connect(&loader, &ModelLoader::notLoaded, this, [this](const Error&) {
        if (m_state == Waiting) abandon();
    });
}

bool ChatController::ask(const QString& text) {
    const QString question = text.trimmed();
    if (question.isEmpty() || busy()) return false;
    if (m_loader.status() != ModelLoader::Loaded && !m_loader.isBusy()) {
        if (!m_loader.notice()->shown())
            m_loader.notice()->show({tr("No model is loaded"),
                                     tr("Drop a .gguf file on the window, or choose one."),
                                     Remedy::ChooseFile, tr("Choose a file"), false});
        return false;
    }
    setState(Waiting);
    const QString title = titleOf(question);
    // Shown at once; the number comes from the store.
    MessageRecord asked;
    asked.role = Role::User;
    asked.segments = {{SegmentChannel::Question, question, {}, now(), now(), 0}};
    m_transcript.add(asked);
    m_live = {};
    m_live.role = Role::Assistant;
    m_live.state = MessageState::Streaming;
    m_transcript.add(m_live);
    if (m_loader.status() == ModelLoader::Loaded) m_transcript.setPhase(ChatModel::Reading);
    m_liveBegan = true;
    const qint64 parent = m_conversation.head(), chat = m_conversation.id();
    m_store.run(
        this, [=](ConversationStore& store) { return store.addQuestion(chat, parent, question, title); },
        [this, asked, title, parent, epoch = ++m_epoch](Result<ConversationStore::Added> added) mutable {
            if (!added.ok()) reportStore(added.error());
            if (epoch != m_epoch) return m_conversations.reload();
            if (!added.ok()) return abandon(); // nothing is generated for a question that could be lost
            const bool fresh = m_conversation.id() == 0;
            if (fresh) m_conversation.begin(added->chat, title);
            asked.id = added->message;
            asked.chat = added->chat;
            asked.parent = parent;
            m_conversation.add(asked);
            emit conversationChanged();
            ChatRecord chatNow = m_conversation.chat();
            chatNow.updatedMs = now();
            if (chatNow.createdMs == 0) chatNow.createdMs = chatNow.updatedMs;
            m_conversations.put(chatNow);
            m_store.run(
                this,
                [id = added->chat](ConversationStore& store) {
                    return store.setSetting(kLastChat, QString::number(id));
                },
                [](Result<void>) {});
            startAnswer(added->message, {});
        });
    return true;
}

void ChatController::startAnswer(qint64 question, std::vector<Segment> goOnFrom) {
    m_question = question;
    m_prepared = {};
    m_prepared.messages = m_conversation.history(question);
    m_prepared.think = m_think;
    m_prepared.sampling.seed = QRandomGenerator::global()->generate() >> 1;
    for (const Segment& segment : goOnFrom)
        m_prepared.continueIds.insert(m_prepared.continueIds.end(), segment.ids.begin(), segment.ids.end());
    m_live = {};
    m_live.chat = m_conversation.id();
    m_live.parent = question;
    m_live.role = Role::Assistant;
    m_live.state = MessageState::Streaming;
    m_live.modelName = m_loader.name();
    m_live.settings = settingsJson(m_prepared.sampling);
    m_live.createdMs = now();
    m_live.segments = goOnFrom;
    m_conversations.setLive(m_live.chat);
    if (!m_liveBegan) {
        setState(Waiting);
        m_transcript.add(m_live);
        m_liveBegan = true;
    }
    if (m_loader.status() == ModelLoader::Loaded) m_transcript.setPhase(ChatModel::Reading);
    m_store.run(
        this,
        [live = m_live](ConversationStore& store) {
            return store.beginAnswer(live.chat, live.parent, live.modelName, live.settings, live.segments);
        },
        [this, epoch = ++m_epoch](Result<qint64> id) {
            if (!id.ok()) reportStore(id.error());
            if (epoch != m_epoch) return;
            if (!id.ok()) return abandon();
            m_live.id = *id;
            m_transcript.setMessageId(*id);
            m_conversation.add(m_live);
            if (m_state == Stopping) return finish(MessageState::Stopped);
            if (m_loader.status() == ModelLoader::Loaded)
                beginGeneration();
            else if (!m_loader.isBusy())
                finish(MessageState::Stopped);
        });
}

void ChatController::beginGeneration() {
    setState(Prefilling);
    m_transcript.setPhase(ChatModel::Reading);
    m_request = m_backend.generate(m_prepared);
    m_saver.start();
}

void ChatController::onEvent(const Event& event) {
    if (m_request.isEmpty() || event.id != m_request.toStdString()) return;
    if (const auto* started = std::get_if<StartedEvent>(&event.body)) {
        m_transcript.setPrefill(0, static_cast<int>(started->promptTokens - started->cachedTokens));
        m_contextUsed = static_cast<int>(started->promptTokens);
        emit contextChanged();
    } else if (const auto* prefill = std::get_if<PrefillProgressEvent>(&event.body)) {
        m_transcript.setPrefill(static_cast<int>(prefill->doneTokens), static_cast<int>(prefill->totalTokens));
    } else if (const auto* token = std::get_if<TokenEvent>(&event.body)) {
        onToken(*token);
    } else if (const auto* done = std::get_if<DoneEvent>(&event.body)) {
        m_contextUsed = static_cast<int>(done->stats.contextUsed);
        emit contextChanged();
        const MessageState state = done->reason == FinishReason::Stop        ? MessageState::Done
                                   : done->reason == FinishReason::Length    ? MessageState::Length
                                   : done->reason == FinishReason::Cancelled ? MessageState::Stopped
                                                                             : MessageState::Error;
        finish(state, {},
               state == MessageState::Error ? tr("the engine could not go on; ask again") : QString(),
               statsJson(done->stats));
    } else if (const auto* error = std::get_if<ErrorEvent>(&event.body)) {
        if (error->code == ErrorCode::Cancelled) return finish(MessageState::Stopped);
        const bool cutOff = error->code == ErrorCode::EngineDied || error->code == ErrorCode::DeviceLost;
        m_toldOfDeath = cutOff;
        QString text = sentence(error->message);
        if (cutOff) text += tr(" Everything up to here is kept, and the engine is started again.");
        finish(cutOff ? MessageState::Interrupted : MessageState::Error, codeName(error->code), text);
    }
}

void ChatController::onToken(const TokenEvent& token) {
    if (m_state == Prefilling) setState(Generating);
    const SegmentChannel channel =
        token.channel == Channel::Thought ? SegmentChannel::Thought : SegmentChannel::Answer;
    const qint64 time = now();
    if (m_live.segments.empty() || m_live.segments.back().channel != channel)
        m_live.segments.push_back({channel, {}, {}, time, time, 0});
    Segment& segment = m_live.segments.back();
    const QString text = QString::fromUtf8(token.text.data(), static_cast<qsizetype>(token.text.size()));
    segment.text += text;
    segment.ids.push_back(token.id);
    segment.endMs = time;
    ++segment.tokens;
    m_unsaved = true;
    m_transcript.append(channel, text);
    ++m_contextUsed;
    if (m_contextUsed % 16 == 0) emit contextChanged();
}

void ChatController::saveProgress() {
    if (!m_unsaved || m_live.id == 0) return;
    m_unsaved = false;
    m_store.run(
        this,
        [id = m_live.id, segments = m_live.segments](ConversationStore& store) {
            return store.saveProgress(id, segments);
        },
        [this](Result<void> saved) {
            if (!saved.ok())
                reportStore(saved.error());
            else if (m_notice.shown())
                m_notice.dismiss(); // there is room again
        });
}

void ChatController::finish(MessageState state, const QString& code, const QString& text,
                            const QString& stats) {
    m_saver.stop();
    m_unsaved = false;
    m_request.clear();
    m_live.state = state;
    m_live.errorCode = code;
    m_live.errorText = text;
    m_live.stats = stats;
    m_transcript.finish(m_live);
    m_conversation.replace(m_live);
    m_liveBegan = false;
    m_conversations.setLive(0);
    ++m_epoch;
    m_store.run(
        this, [live = m_live](ConversationStore& store) { return store.finishAnswer(live); },
        [this](Result<void> saved) {
            if (!saved.ok()) reportStore(saved.error());
        });
    m_live = {};
    setState(Idle);
}

void ChatController::abandon() {
    if (m_live.id != 0) return finish(MessageState::Stopped);
    ++m_epoch;
    m_transcript.dropLive();
    m_liveBegan = false;
    m_conversations.setLive(0);
    setState(Idle);
}

void ChatController::stop() {
    if (m_state == Waiting) {
        if (m_loader.isBusy()) m_loader.cancel();      // it was loading for this question
        if (m_state != Waiting) return;                // and that has ended it already
        if (m_live.id == 0) return setState(Stopping); // ended as soon as the store has numbered it
        return finish(MessageState::Stopped);
    }
    if (m_state != Prefilling && m_state != Generating) return;
    setState(Stopping);
    m_backend.stop(m_request);
}

void ChatController::leaveAnswer() {
    if (!busy()) return;
    if (!m_request.isEmpty()) m_backend.stop(m_request);
    if (m_live.id != 0)
        finish(MessageState::Stopped);
    else
        abandon();
}

void ChatController::newConversation() {
    leaveAnswer();
    ++m_epoch;
    showConversation({});
}

void ChatController::openConversation(qint64 chat) {
    if (chat == m_conversation.id()) return;
    leaveAnswer();
    m_store.run(
        this,
        [chat](ConversationStore& store) -> Result<Conversation> {
            ASSIGN_OR_RETURN(ChatRecord record, store.chat(chat));
            ASSIGN_OR_RETURN(std::vector<MessageRecord> messages, store.messages(chat));
            (void)store.setSetting(kLastChat, QString::number(chat)).ok();
            return Conversation(std::move(record), std::move(messages));
        },
        [this, epoch = ++m_epoch](Result<Conversation> conversation) {
            if (!conversation.ok())
                reportStore(conversation.error());
            else if (epoch == m_epoch)
                showConversation(std::move(conversation).value());
        });
}

void ChatController::openLast() {
    m_conversations.reload();
    m_store.run(
        this, [](ConversationStore& store) { return store.setting(kLastChat); },
        [this](Result<QString> id) {
            if (id.ok() && id->toLongLong() != 0 && m_conversation.id() == 0 && !busy())
                openConversation(id->toLongLong());
        });
}

void ChatController::showConversation(Conversation conversation) {
    m_conversation = std::move(conversation);
    m_transcript.show(m_conversation.path());
    m_contextUsed = 0;
    for (const auto& [message, sibling, siblings] : m_conversation.path())
        if (const int used =
                QJsonDocument::fromJson(message->stats.toUtf8()).object()[QStringLiteral("contextUsed")].toInt();
            used > 0)
            m_contextUsed = used;
    emit contextChanged();
    emit conversationChanged();
}

void ChatController::askAgain() {
    const MessageRecord* last = m_conversation.find(m_conversation.head());
    if (!last || busy()) return;
    const qint64 question = last->role == Role::User ? last->id : last->parent;
    m_transcript.show(m_conversation.pathTo(question));
    startAnswer(question, {});
}

void ChatController::continueAnswer() {
    const MessageRecord* last = m_conversation.find(m_conversation.head());
    if (!last || last->role != Role::Assistant || busy()) return;
    const std::vector<Segment> soFar = last->segments;
    const qint64 question = last->parent;
    // A new child of the question that begins as the old one did: what was there stays there.
    m_transcript.show(m_conversation.pathTo(question));
    startAnswer(question, soFar);
}

void ChatController::actOn(int row) {
    const MessageRecord* message = m_conversation.find(m_transcript.messageAt(row));
    if (!message) return;
    const Remedy remedy =
        message->errorText.isEmpty() && message->state == MessageState::Interrupted
            ? Remedy::Continue
            : adviseOn({message->state == MessageState::Length ? ErrorCode::ContextFull
                                                               : codeFromName(message->errorCode),
                        ""})
                  .remedy;
    switch (remedy) {
    case Remedy::Continue:
        return continueAnswer();
    case Remedy::NewConversation:
        return newConversation();
    case Remedy::RestartEngine:
        return m_backend.start();
    default:
        return askAgain();
    }
}

void ChatController::setDraft(const QString& text) {
    if (text == m_draft) return;
    m_draft = text;
    emit draftChanged();
}
bool ChatController::editQuestion(qint64, const QString&) { return false; }
void ChatController::regenerate(qint64) { askAgain(); }
void ChatController::showSibling(qint64, int) {}
void ChatController::renameChat(qint64, const QString&) {}
void ChatController::pinChat(qint64, bool) {}
void ChatController::trashChat(qint64) {}
void ChatController::undoTrash() {}
void ChatController::restoreChat(qint64) {}
void ChatController::purgeChat(qint64) {}
void ChatController::openHit(qint64 chat, qint64, int, qint64, int) { openConversation(chat); }
void ChatController::copyThought(int) {}
void ChatController::copyBoth(int) {}
void ChatController::copyAnswer(int row) {
    QGuiApplication::clipboard()->setText(m_transcript.answerText(row));
}
void ChatController::copyBlock(int row) {
    QGuiApplication::clipboard()->setText(m_transcript.blockText(row));
}

void ChatController::saveNow() {
    if (!busy()) return;
    if (m_live.id == 0) return;
    finish(m_request.isEmpty() ? MessageState::Stopped : MessageState::Interrupted);
}

void ChatController::reportStore(const Error& error) { m_notice.show(adviseOn(error)); }

void ChatController::setState(State state) {
    if (state == m_state) return;
    m_state = state;
    emit stateChanged();
}

} // namespace ponder::app
