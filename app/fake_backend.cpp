#include "app/fake_backend.h"

#include <algorithm>

#include <QFileInfo>

namespace ponder::app {

using namespace protocol;

namespace {

constexpr uint64_t kGiB = 1ull << 30;
constexpr uint64_t kModelBytes = 4'683'073'184;
constexpr uint32_t kContext = 32'768;

// Words with the space before them, as byte-level vocabularies cut English.
void cut(const QString& text, Channel channel, std::vector<std::pair<Channel, QString>>& tokens) {
    qsizetype begin = 0;
    for (qsizetype i = 1; i <= text.size(); ++i) {
        const bool edge =
            i == text.size() || ((text[i].isSpace() || i - begin >= 6) && !text[i].isLowSurrogate());
        if (!edge) continue;
        tokens.emplace_back(channel, text.mid(begin, i - begin));
        begin = i;
    }
}

} // namespace

FakeBackend::FakeBackend(FakeScript script, QObject* parent)
    : ChatBackend(parent), m_script(std::move(script)) {
    m_timer.setInterval(m_script.tokensPerSecond > 0 ? 8 : 0);
    connect(&m_timer, &QTimer::timeout, this, &FakeBackend::tick);
}

void FakeBackend::start() {
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_script.failure == FakeFailure::Unavailable) return markUnavailable(m_script.error);
            deliver(Event{
                "", HelloEvent{kVersion,
                               "fake",
                               {{"NVIDIA H100 80 GB", "vulkan:0", "570.86", 80 * kGiB, 79 * kGiB, false}}}});
        },
        Qt::QueuedConnection);
}

void FakeBackend::submit(const Request& request) {
    QMetaObject::invokeMethod(
        this, [this, request] { answer(request); }, Qt::QueuedConnection);
}

void FakeBackend::answer(const Request& request) {
    if (!isPending(QString::fromStdString(request.id))) return;
    const auto refuse = [&](FakeFailure where) {
        if (m_script.failure != where) return false;
        deliver(Event{request.id, ErrorEvent{m_script.error.code, m_script.error.message}});
        return true;
    };
    if (const auto* load = std::get_if<LoadRequest>(&request.body)) {
        if (!refuse(FakeFailure::Load)) beginLoad(request.id, QString::fromStdString(load->path));
    } else if (const auto* inspect = std::get_if<InspectRequest>(&request.body)) {
        if (!refuse(FakeFailure::Inspect))
            deliver(
                Event{request.id, InspectedEvent{describe(QString::fromStdString(inspect->path)), plan()}});
    } else if (const auto* generate = std::get_if<GenerateRequest>(&request.body)) {
        if (!refuse(FakeFailure::Generate)) beginGeneration(request.id, *generate);
    } else if (const auto* stop = std::get_if<StopRequest>(&request.body)) {
        deliver(Event{request.id, StoppedEvent{}});
        if (stop->target == m_generateId) finishGeneration(FinishReason::Cancelled);
        if (stop->target == m_loadId) {
            m_timer.stop();
            deliver(Event{std::exchange(m_loadId, {}),
                          ErrorEvent{ErrorCode::Cancelled, "loading was cancelled"}});
        }
    } else if (const auto* count = std::get_if<CountRequest>(&request.body)) {
        deliver(Event{request.id, CountedEvent{static_cast<uint32_t>(count->text.size() / 4 + 1)}});
    } else if (std::holds_alternative<UnloadRequest>(request.body)) {
        deliver(Event{request.id, UnloadedEvent{}});
    } else {
        deliver(Event{request.id, ErrorEvent{ErrorCode::Protocol, "the script has no answer to that"}});
    }
}

ModelSummary FakeBackend::describe(const QString& path) const {
    ModelSummary model;
    model.path = path.toStdString();
    model.name = path.startsWith(QLatin1String("synthetic:"))
                     ? "R1 Distill Qwen 7B"
                     : QFileInfo(path).completeBaseName().toStdString();
    model.architecture = "qwen2";
    model.quantization = "Q4_K_M";
    model.sizeBytes = kModelBytes;
    model.parameters = 7'615'616'512;
    model.layers = 28;
    model.contextTrained = 131'072;
    return model;
}

PlanSummary FakeBackend::plan() const {
    PlanSummary plan;
    plan.device = "NVIDIA H100 80 GB";
    plan.context = kContext;
    plan.weightBytes = kModelBytes;
    plan.cacheBytes = 1'879'048'192;
    plan.scratchBytes = 402'653'184;
    plan.availableBytes = 79 * kGiB;
    plan.fits = true;
    plan.verdict = "fits wholly on the GPU with 6.5 of 79.0 GiB";
    plan.expectedTokensPerSecond = 58;
    return plan;
}

void FakeBackend::beginLoad(const std::string& id, const QString& path) {
    m_loadId = id;
    m_loadPath = path;
    m_clock.start();
    m_timer.start();
}

void FakeBackend::stepLoad() {
    const double part = m_script.loadMs == 0 ? 1 : std::min(1.0, double(m_clock.elapsed()) / m_script.loadMs);
    const char* stage = part < 0.02 ? "reading" : part < 0.9 ? "preparing" : "pipelines";
    deliver(Event{m_loadId,
                  LoadProgressEvent{stage, static_cast<uint64_t>(part * double(kModelBytes)), kModelBytes}});
    if (part < 1) return;
    m_timer.stop();
    deliver(Event{std::exchange(m_loadId, {}),
                  LoadedEvent{describe(m_loadPath), plan(), m_script.loadMs / 1000.0}});
}

void FakeBackend::beginGeneration(const std::string& id, const GenerateRequest& request) {
    m_generateId = id;
    const FakeTurn& turn = m_script.turns[m_turn++ % m_script.turns.size()];
    m_tokens.clear();
    cut(turn.thought, Channel::Thought, m_tokens);
    if (!turn.thought.isEmpty())
        m_tokens.emplace_back(Channel::Thought, QString()); // </think> has an id and no text
    cut(turn.answer, Channel::Answer, m_tokens);
    m_next = std::min(request.continueIds.size(), m_tokens.size());
    m_promptTokens = 24;
    for (const Message& message : request.messages)
        m_promptTokens += static_cast<uint32_t>(message.content.size() / 4);
    m_stats = {};
    m_stats.promptTokens = m_promptTokens;
    m_stats.context = kContext;
    const Channel opens = turn.thought.isEmpty() ? Channel::Answer : Channel::Thought;
    deliver(Event{id, StartedEvent{m_promptTokens, 0, kContext, opens}});
    m_clock.start();
    m_timer.start();
}

void FakeBackend::tick() {
    if (!m_loadId.empty())
        stepLoad();
    else if (!m_generateId.empty())
        stepGeneration();
    else
        m_timer.stop();
}

void FakeBackend::stepGeneration() {
    const qint64 elapsed = m_clock.elapsed();
    if (elapsed < m_script.prefillMs) {
        const auto done = static_cast<uint32_t>(double(m_promptTokens) * double(elapsed) / m_script.prefillMs);
        deliver(Event{m_generateId, PrefillProgressEvent{done, m_promptTokens}});
        return;
    }
    const size_t generated = m_stats.thoughtTokens + m_stats.answerTokens;
    const size_t due =
        m_script.tokensPerSecond > 0
            ? static_cast<size_t>(double(elapsed - m_script.prefillMs) / 1000 * m_script.tokensPerSecond)
            : generated + 16;
    for (size_t i = generated; i < due && m_next < m_tokens.size() && !m_generateId.empty(); ++i) {
        if (m_script.failure == FakeFailure::Dies && static_cast<int>(m_next) == m_script.failureAtToken) {
            m_script.failure = FakeFailure::None; // the engine that is started again works
            m_generateId.clear();
            m_timer.stop();
            failPending(m_script.error);
            emit restarting(m_script.error);
            start();
            return;
        }
        const auto& [channel, text] = m_tokens[m_next];
        (channel == Channel::Thought ? m_stats.thoughtTokens : m_stats.answerTokens)++;
        deliver(Event{m_generateId,
                      TokenEvent{channel, text.toStdString(), static_cast<int32_t>(1000 + m_next)}});
        ++m_next;
    }
    if (m_next >= m_tokens.size()) finishGeneration(FinishReason::Stop);
}

void FakeBackend::finishGeneration(FinishReason reason) {
    if (m_generateId.empty()) return;
    m_timer.stop();
    m_stats.prefillSeconds = m_script.prefillMs / 1000.0;
    m_stats.tokensPerSecond = m_script.tokensPerSecond;
    m_stats.contextUsed = m_promptTokens + m_stats.thoughtTokens + m_stats.answerTokens;
    deliver(Event{std::exchange(m_generateId, {}), DoneEvent{reason, m_stats}});
}

} // namespace ponder::app
