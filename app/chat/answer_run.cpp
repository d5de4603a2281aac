#include "app/chat/answer_run.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include "app/errors/advice.h"

namespace ponder::app {

using namespace protocol;

namespace {

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

QString jsonText(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QString statsJson(const GenerationStats& stats) {
    return jsonText({{QStringLiteral("promptTokens"), qint64{stats.promptTokens}},
                     {QStringLiteral("cachedTokens"), qint64{stats.cachedTokens}},
                     {QStringLiteral("thoughtTokens"), qint64{stats.thoughtTokens}},
                     {QStringLiteral("answerTokens"), qint64{stats.answerTokens}},
                     {QStringLiteral("prefillSeconds"), stats.prefillSeconds},
                     {QStringLiteral("thoughtSeconds"), stats.thoughtSeconds},
                     {QStringLiteral("answerSeconds"), stats.answerSeconds},
                     {QStringLiteral("prefillTokensPerSecond"), stats.prefillTokensPerSecond},
                     {QStringLiteral("tokensPerSecond"), stats.tokensPerSecond},
                     {QStringLiteral("contextUsed"), qint64{stats.contextUsed}},
                     {QStringLiteral("context"), qint64{stats.context}},
                     {QStringLiteral("expertPairs"), static_cast<qint64>(stats.expertPairs)},
                     {QStringLiteral("expertDeviceShare"), stats.expertDeviceShare}});
}

// Of a thought and of the answer after it, which the engine took for two requests.
GenerationStats together(GenerationStats sum, const GenerationStats& answer) {
    const auto seconds = [](const GenerationStats& stats) {
        return stats.tokensPerSecond > 0
                   ? double(stats.thoughtTokens + stats.answerTokens) / stats.tokensPerSecond
                   : 0;
    };
    const double spent = seconds(sum) + seconds(answer);
    sum.thoughtTokens += answer.thoughtTokens;
    sum.answerTokens += answer.answerTokens;
    sum.thoughtSeconds += answer.thoughtSeconds;
    sum.answerSeconds += answer.answerSeconds;
    sum.tokensPerSecond = spent > 0 ? double(sum.thoughtTokens + sum.answerTokens) / spent : 0;
    sum.contextUsed = answer.contextUsed;
    sum.context = answer.context;
    const double onDevice = double(sum.expertPairs) * sum.expertDeviceShare +
                            double(answer.expertPairs) * answer.expertDeviceShare;
    sum.expertPairs += answer.expertPairs;
    sum.expertDeviceShare = sum.expertPairs > 0 ? onDevice / double(sum.expertPairs) : 0;
    return sum;
}

// How it was asked for, and what with: the same words and seed give the same answer only by the same weights with the same
// cache, and to the last bit only on the same device. Left out while no model is loaded; a cache of 16 bits is always.
QString settingsJson(const SamplingParams& sampling, bool think, const ModelLoader& loader) {
    QJsonObject settings{{QStringLiteral("temperature"), double{sampling.temperature}},
                         {QStringLiteral("topP"), double{sampling.topP}},
                         {QStringLiteral("topK"), sampling.topK},
                         {QStringLiteral("minP"), double{sampling.minP}},
                         {QStringLiteral("repetitionPenalty"), double{sampling.repetitionPenalty}},
                         {QStringLiteral("seed"), QString::number(sampling.seed)},
                         {QStringLiteral("think"), think}};
    if (loader.status() == ModelLoader::Loaded) {
        if (!loader.quantization().isEmpty())
            settings[QStringLiteral("quantization")] = loader.quantization();
        if (!loader.device().isEmpty()) settings[QStringLiteral("device")] = loader.device();
        if (loader.cache() == Cache::Q8) settings[QStringLiteral("cache")] = QStringLiteral("q8");
    }
    return jsonText(settings);
}

} // namespace

AnswerRun::AnswerRun(Order order, ChatBackend& backend, StoreThread& store, ModelLoader& loader,
                     QObject* parent)
    : QObject(parent), m_backend(backend), m_store(store), m_loader(loader), m_order(std::move(order)) {
    m_sampling.seed = QRandomGenerator::global()->generate() >> 1;
    if (m_order.sampling) m_sampling = *m_order.sampling;
    m_turns = m_order.history.turns.size();
    if (m_turns > 0) m_firstQuestion = QString::fromStdString(m_order.history.turns.front().message.content);
    m_live.chat = m_order.chat;
    m_live.parent = m_order.question.id;
    m_live.role = Role::Assistant;
    m_live.state = MessageState::Streaming;
    m_live.modelName = m_loader.name();
    m_live.settings = settingsJson(m_sampling, m_order.think, m_loader);
    m_live.createdMs = now();
    m_words = GrowingAnswer(m_order.goOnFrom);
    m_saver.setInterval(kSaveMs);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kStopPatienceMs);
    connect(&m_saver, &QTimer::timeout, this, [this] { ended() ? save() : saveProgress(); });
    connect(&m_patience, &QTimer::timeout, this, [this] { finish(MessageState::Stopped); });
    connect(&backend, &ChatBackend::happened, this, &AnswerRun::onEvent);
    connect(&loader, &ModelLoader::loaded, this, [this] {
        if (m_stage == Waiting) beginGeneration();
    });
    // Why no model comes is told where the model is chosen.
    connect(&loader, &ModelLoader::notLoaded, this, [this](const Error&) {
        if (m_stage == Waiting) finish(MessageState::Stopped);
    });
    connect(&backend, &ChatBackend::unavailable, this, [this](const Error&) {
        if (m_stage == Waiting) finish(MessageState::Stopped);
    });
}

void AnswerRun::begin() {
    if (m_order.question.id != 0) return beginAnswer();
    const MessageRecord& question = m_order.question;
    m_store.run(
        this,
        [chat = m_order.chat, parent = question.parent, text = textOf(question, SegmentChannel::Question),
         title = m_order.title](ConversationStore& store) {
            return store.addQuestion(chat, parent, text, title);
        },
        [this](Result<ConversationStore::Added> added) {
            if (!added.ok()) { // nothing is generated for a question that could be lost
                emit storeFailed(added.error());
                m_saved = true;
                setStage(Ended);
                emit finished();
                emit savedAll();
                return;
            }
            const bool begun = m_order.chat == 0;
            m_order.chat = m_order.question.chat = m_live.chat = added->chat;
            m_order.question.id = m_live.parent = added->message;
            emit questionKept(begun);
            if (m_discarded) return finish(MessageState::Stopped);
            beginAnswer();
        });
}

void AnswerRun::beginAnswer() {
    m_begunModel = m_live.modelName;
    m_begunSettings = m_live.settings;
    m_store.run(
        this,
        [live = m_live, segments = m_order.goOnFrom](ConversationStore& store) {
            return store.beginAnswer(live.chat, live.parent, live.modelName, live.settings, segments);
        },
        [this](Result<qint64> id) {
            if (!id.ok()) {
                if (!m_discarded) emit storeFailed(id.error());
                return finish(MessageState::Stopped);
            }
            m_live.id = *id;
            m_kept = m_words.reached();
            emit answerBegan();
            if (m_stage == Stopping || m_discarded) return finish(MessageState::Stopped);
            setStage(Waiting);
            if (m_loader.status() == ModelLoader::Loaded)
                beginGeneration();
            else if (!m_loader.isBusy()) // it went while the store was at work
                finish(MessageState::Stopped);
        });
}

void AnswerRun::beginGeneration() {
    m_live.modelName = m_loader.name();
    if (!m_order.goOnFrom.empty() && !m_order.begunBy.isEmpty() && m_order.begunBy != m_live.modelName) {
        m_live.modelName = m_order.begunBy;
        return finish(MessageState::Error, codeName(ErrorCode::InvalidArgument),
                      tr("%1 wrote this, and %2 has other tokens: load the first to go on, or ask again.")
                          .arg(m_order.begunBy, m_loader.name()));
    }
    keepModel();
    m_saver.start();
    generate();
    setStage(Prefilling);
}

// From where the answer stands. A thought that was cut short is ended by the layout, unless that has been done.
void AnswerRun::generate() {
    GenerateRequest request;
    request.messages = m_order.history.toldTo(m_live.modelName);
    request.continueIds = m_words.ids();
    request.closeThought = m_words.isCutShort();
    request.think = m_order.think;
    request.sampling = m_sampling;
    if (m_order.maxTokens) request.maxTokens = *m_order.maxTokens;
    m_request = m_backend.generate(std::move(request));
}

// The row was begun before the model was there, or with another one.
void AnswerRun::keepModel() {
    m_live.settings = settingsJson(m_sampling, m_order.think, m_loader);
    if (m_live.settings == m_begunSettings && m_live.modelName == m_begunModel) return;
    m_store.run(
        this,
        [id = m_live.id, model = m_live.modelName, settings = m_live.settings](ConversationStore& store) {
            return store.setModel(id, model, settings);
        },
        [](Result<void>) {}); // the end of the answer brings it, too
}

void AnswerRun::onEvent(const Event& event) {
    if (m_request.isEmpty() || event.id != m_request.toStdString()) return;
    if (const auto* started = std::get_if<StartedEvent>(&event.body)) {
        m_prefillTotal = static_cast<int>(started->promptTokens - started->cachedTokens);
        m_contextUsed = static_cast<int>(started->promptTokens);
        emit prefilled();
        emit contextChanged();
    } else if (const auto* prefill = std::get_if<PrefillProgressEvent>(&event.body)) {
        m_prefillDone = static_cast<int>(prefill->doneTokens);
        m_prefillTotal = static_cast<int>(prefill->totalTokens);
        emit prefilled();
    } else if (const auto* token = std::get_if<TokenEvent>(&event.body)) {
        onToken(*token);
    } else if (const auto* done = std::get_if<DoneEvent>(&event.body)) {
        onDone(*done);
    } else if (const auto* error = std::get_if<ErrorEvent>(&event.body)) {
        onError(*error);
    }
}

void AnswerRun::onToken(const TokenEvent& token) {
    if (m_stage == Prefilling) setStage(Generating);
    const SegmentChannel channel =
        token.channel == Channel::Thought ? SegmentChannel::Thought : SegmentChannel::Answer;
    const QString text = QString::fromUtf8(token.text.data(), static_cast<qsizetype>(token.text.size()));
    const bool shown = m_words.add(channel, text, token.id, now());
    m_unsaved = true;
    ++m_contextUsed;
    if (shown) emit appended(channel, text);
    emit contextChanged();
    tellThinking();
}

void AnswerRun::onDone(const DoneEvent& done) {
    if (std::exchange(m_closing, false) && done.reason == FinishReason::Cancelled)
        return closeThought(done.stats);
    m_contextUsed = static_cast<int>(done.stats.contextUsed);
    m_live.stats = statsJson(m_thoughtStats ? together(*m_thoughtStats, done.stats) : done.stats);
    switch (done.reason) {
    case FinishReason::Stop:
        return finish(MessageState::Done);
    case FinishReason::Length:
        return finish(MessageState::Length);
    case FinishReason::Cancelled:
        return finish(MessageState::Stopped);
    case FinishReason::Error:
        return finish(MessageState::Error, {}, tr("the engine could not go on: ask again"));
    }
}

void AnswerRun::onError(const ErrorEvent& error) {
    if (error.code == ErrorCode::Cancelled || m_stage == Stopping) return finish(MessageState::Stopped);
    m_engineEnded = error.code == ErrorCode::EngineDied || error.code == ErrorCode::DeviceLost;
    QString text = sentence(error.message);
    if (m_engineEnded) text += tr(" Everything up to here is kept, and the engine is started again.");
    finish(m_engineEnded ? MessageState::Interrupted : MessageState::Error, codeName(error.code), text);
}

bool AnswerRun::inThought() const { return m_words.endsInThought() && !m_words.isCutShort(); }

MessageRecord AnswerRun::record() const {
    MessageRecord record = m_live;
    if (!ended()) record.segments = m_words.segments();
    return record;
}

bool AnswerRun::thinking() const { return m_stage == Generating && !m_closing && inThought(); }

void AnswerRun::tellThinking() {
    if (std::exchange(m_toldThinking, thinking()) != m_toldThinking) emit thinkingChanged();
}

bool AnswerRun::answerNow() {
    if (!thinking()) return false;
    m_closing = true;
    tellThinking();
    m_backend.stop(m_request);
    return true;
}

// The engine has stopped thinking. What there is stays as it is, whatever happens from here on.
void AnswerRun::closeThought(const GenerationStats& stats) {
    if (m_words.endsInThought()) {
        m_words.cutShort();
        emit cutShort();
    }
    m_thoughtStats = stats;
    m_unsaved = true;
    saveProgress();
    generate();
}

void AnswerRun::stop() {
    m_closing = false; // whatever was wanted before
    switch (m_stage) {
    case Keeping: // ended as soon as the store has numbered it
        return setStage(Stopping);
    case Waiting:
        return finish(MessageState::Stopped);
    case Prefilling:
    case Generating:
        m_patience.start();
        setStage(Stopping);
        m_backend.stop(m_request);
        return;
    case Stopping:
    case Ended:
        return;
    }
}

void AnswerRun::discard() {
    m_discarded = true;
    stop();
    if (m_live.id != 0) finish(MessageState::Stopped);
    if (!ended() || m_saved) return;
    m_saver.stop();
    m_saved = true;
    emit savedAll();
}

void AnswerRun::saveNow() {
    if (m_stage == Ended) return save();
    if (m_live.id == 0) return; // the store does what it was given, and begins the answer as interrupted
    finish(m_request.isEmpty() || m_stage == Stopping ? MessageState::Stopped : MessageState::Interrupted);
}

void AnswerRun::saveProgress() {
    if (!m_unsaved || m_discarded || m_live.id == 0) return;
    m_saveDue = m_saving;
    if (m_saving) return;
    m_unsaved = false;
    m_saving = true;
    m_store.run(
        this,
        [id = m_live.id, segments = m_words.since(m_kept), after = m_kept](ConversationStore& store) {
            return store.saveProgress(id, segments, after);
        },
        [this, given = m_words.reached()](Result<void> kept) {
            m_saving = false;
            m_kept = kept.ok() ? given : Reached(); // all of it anew, whatever was the matter
            if (!kept.ok()) {
                m_unsaved = true; // with the next second
                m_storeFailing = true;
                emit storeFailed(kept.error());
                return;
            }
            if (std::exchange(m_storeFailing, false)) emit storeWorks();
            if (std::exchange(m_saveDue, false) && !ended())
                saveProgress(); // a slow store is not waited for twice
        });
}

void AnswerRun::finish(MessageState state, const QString& code, const QString& text) {
    if (ended()) return;
    m_saver.stop();
    m_patience.stop();
    m_request.clear();
    m_order.history = {};
    m_live.state = state;
    m_live.errorCode = code;
    m_live.errorText = text;
    m_live.segments = m_words.take();
    if (m_live.stats.isEmpty()) m_live.stats = ownStats();
    m_stage = Ended; // one change, told when all is in place
    if (m_live.id == 0 || m_discarded)
        m_saved = true;
    else
        save();
    emit stageChanged();
    tellThinking();
    emit finished();
    if (m_saved) emit savedAll();
}

// Until it is kept, every second again: a full disk must not cost an answer that is still in memory.
void AnswerRun::save() {
    if (m_saved || m_savingEnd || m_discarded) return;
    m_saver.stop();
    m_savingEnd = true;
    m_store.run(
        this, [live = m_live](ConversationStore& store) { return store.finishAnswer(live); },
        [this](Result<void> kept) {
            m_savingEnd = false;
            if (m_saved) return;
            if (!kept.ok() && !m_discarded) {
                m_storeFailing = true;
                m_saver.start();
                emit storeFailed(kept.error());
                return;
            }
            m_saved = true;
            if (std::exchange(m_storeFailing, false)) emit storeWorks();
            emit savedAll();
        });
}

QString AnswerRun::ownStats() const {
    int thought = 0, answer = 0;
    double seconds = 0;
    for (const Segment& segment : m_live.segments) {
        (segment.channel == SegmentChannel::Thought ? thought : answer) += segment.tokens;
        seconds += static_cast<double>(segment.endMs - segment.startMs) / 1000;
    }
    if (thought + answer == 0) return QStringLiteral("{}");
    QJsonObject stats{{QStringLiteral("thoughtTokens"), thought}, {QStringLiteral("answerTokens"), answer}};
    if (m_contextUsed > 0) stats[QStringLiteral("contextUsed")] = m_contextUsed;
    if (seconds > 0) stats[QStringLiteral("tokensPerSecond")] = (thought + answer) / seconds;
    return jsonText(stats);
}

void AnswerRun::setStage(Stage stage) {
    if (stage == m_stage) return;
    m_stage = stage;
    emit stageChanged();
    tellThinking();
}

} // namespace ponder::app
