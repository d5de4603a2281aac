#include "app/fake_backend.h"

#include <algorithm>

#include <QFileInfo>

#include "app/format.h"
#include "models/base/errors.h"

namespace ponder::app {

using namespace protocol;

namespace {

constexpr uint64_t kGiB = 1ull << 30;
constexpr uint64_t kModelBytes = 4'683'073'184;
constexpr uint64_t kCacheBytes = 57'344;  // a token
constexpr uint64_t kCacheBytes8 = 30'464; // in 8 bits
constexpr uint32_t kTitleTokens = 32;     // who asks for so few without a thought wants a title

constexpr int32_t kFirstId = 1000;     // of the first turn
constexpr size_t kTurnIds = 1'000'000; // and the next one begins so many later
constexpr size_t kTurns = 2'000;       // that 31 bits tell apart; then they begin again

// Counts as a tokenizer does in that every message adds the same wherever it stands.
uint32_t tokensOf(const std::vector<Message>& messages, bool think) {
    size_t count = think ? 3 : 5;
    for (const Message& message : messages)
        count += 3 + (message.ids.empty() ? (message.content.size() + 3) / 4 : message.ids.size());
    return static_cast<uint32_t>(count);
}

std::string deviceName(const FakeScript& script) {
    return script.deviceBytes >= 79 * kGiB ? "NVIDIA H100 80 GB" : "NVIDIA RTX 4060 Laptop";
}

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
    m_silent = false;
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_script.failure == FakeFailure::Unavailable) return markUnavailable(m_script.error);
            deliver(Event{"", HelloEvent{kVersion,
                                         "fake",
                                         {{deviceName(m_script), "vulkan:0", "570.86",
                                           m_script.deviceBytes + kGiB, m_script.deviceBytes, false}}}});
        },
        Qt::QueuedConnection);
}

void FakeBackend::submit(const Request& request) {
    QMetaObject::invokeMethod(
        this, [this, request] { answer(request); }, Qt::QueuedConnection);
}

void FakeBackend::answer(const Request& request) {
    if (m_silent || !isPending(QString::fromStdString(request.id))) return;
    const auto refuse = [&](FakeFailure where) {
        if (m_script.failure != where) return false;
        deliver(Event{request.id, ErrorEvent{m_script.error.code, m_script.error.message}});
        return true;
    };
    if (const auto* load = std::get_if<LoadRequest>(&request.body)) {
        if (!refuse(FakeFailure::Load)) beginLoad(request.id, *load);
    } else if (const auto* inspect = std::get_if<InspectRequest>(&request.body)) {
        if (refuse(FakeFailure::Inspect)) return;
        const PlanSummary planned = plan(inspect->options);
        if (inspect->options.cache == Cache::Q8 && planned.hostBytes > 0)
            return deliver(
                Event{request.id, ErrorEvent{ErrorCode::InvalidArgument, "The CPU has no cache of 8 bits."}});
        deliver(Event{request.id, InspectedEvent{describe(QString::fromStdString(inspect->path)), planned}});
    } else if (const auto* generate = std::get_if<GenerateRequest>(&request.body)) {
        if (!refuse(FakeFailure::Generate)) beginGeneration(request.id, *generate);
    } else if (const auto* stopping = std::get_if<StopRequest>(&request.body)) {
        deliver(Event{request.id, StoppedEvent{}});
        stop(stopping->target);
    } else if (const auto* count = std::get_if<CountRequest>(&request.body)) {
        if (!refuse(FakeFailure::Count))
            deliver(Event{request.id, CountedEvent{tokensOf(count->messages, count->think)}});
    } else if (std::holds_alternative<UnloadRequest>(request.body)) {
        deliver(Event{request.id, UnloadedEvent{}});
    } else {
        deliver(Event{request.id, ErrorEvent{ErrorCode::Protocol, "the script has no answer to that"}});
    }
}

ModelSummary FakeBackend::describe(const QString& path) const {
    ModelSummary model;
    model.path = path.toStdString();
    model.name = path.startsWith(QLatin1String("synthetic:")) ? "R1 Distill Qwen 7B"
                 : path.startsWith(QLatin1String("builtin:"))
                     ? "Ponder Mini"
                     : QFileInfo(path).completeBaseName().toStdString();
    model.architecture = "qwen2";
    model.quantization = "Q4_K_M";
    model.sizeBytes = kModelBytes;
    model.parameters = 7'615'616'512;
    model.layers = 28;
    model.contextTrained = 131'072;
    return model;
}

PlanSummary FakeBackend::plan(const LoadOptions& options) const {
    PlanSummary plan;
    plan.device = deviceName(m_script);
    plan.context = options.context > 0 ? options.context : m_script.context;
    plan.weightBytes = kModelBytes;
    plan.cacheBytes = (options.cache == Cache::Q8 ? kCacheBytes8 : kCacheBytes) * plan.context;
    plan.scratchBytes = 402'653'184;
    plan.availableBytes = m_script.deviceBytes;
    const uint64_t wanted = plan.weightBytes + plan.cacheBytes + plan.scratchBytes;
    const uint64_t over = wanted - std::min(wanted, plan.availableBytes);
    plan.fits = over <= m_script.hostBytes;
    const QString room = formatMemory(plan.availableBytes);
    if (!plan.fits) {
        plan.verdict =
            QStringLiteral("Does not fit: %1 of weights, %2 of cache for %3 tokens and %4 of scratch are %5, "
                           "but %6 offers %7: choose a shorter context.")
                .arg(formatMemory(plan.weightBytes), formatMemory(plan.cacheBytes), formatCount(plan.context),
                     formatMemory(plan.scratchBytes), formatMemory(wanted),
                     QString::fromStdString(plan.device), room)
                .toStdString();
        return plan;
    }
    plan.hostBytes = over;
    plan.weightBytes -= over;
    plan.verdict = over > 0 ? QStringLiteral("%1 of it do not fit the GPU, and the processor computes them.")
                                  .arg(formatMemory(over))
                                  .toStdString()
                            : "fits wholly on the GPU with " + formatMemory(wanted).toStdString() + " of " +
                                  room.toStdString();
    plan.expectedTokensPerSecond = over > 0 ? 19 : 58;
    return plan;
}

void FakeBackend::beginLoad(const std::string& id, const LoadRequest& request) {
    m_loadId = id;
    m_loadPath = QString::fromStdString(request.path);
    m_loadOptions = request.options;
    m_loadClock.start();
    m_timer.start();
}

void FakeBackend::stepLoad() {
    const double part =
        m_script.loadMs == 0 ? 1 : std::min(1.0, double(m_loadClock.elapsed()) / m_script.loadMs);
    if (m_script.failure == FakeFailure::DiesLoading && part >= 0.5) return die();
    const char* stage = part < 0.02 ? "reading" : part < 0.9 ? "preparing" : "pipelines";
    deliver(Event{m_loadId,
                  LoadProgressEvent{stage, static_cast<uint64_t>(part * double(kModelBytes)), kModelBytes}});
    if (part < 1) return;
    deliver(Event{std::exchange(m_loadId, {}),
                  LoadedEvent{describe(m_loadPath), plan(m_loadOptions), m_script.loadMs / 1000.0}});
}

void FakeBackend::beginGeneration(const std::string& id, const GenerateRequest& request) {
    Playing& playing = m_playing.emplace_back();
    playing.id = id;
    playing.isTitle = !request.think && request.maxTokens <= kTitleTokens;
    FakeTurn turn{{}, m_script.title};
    // An id says which token of which turn it is, so what goes on does so from there.
    size_t number = m_turn, first = 0;
    if (!request.continueIds.empty()) {
        const auto last = static_cast<size_t>(std::max(request.continueIds.back() - kFirstId, 0));
        number = last / kTurnIds;
        first = last % kTurnIds + 1;
    } else if (!playing.isTitle) {
        ++m_turn;
    }
    number %= kTurns - kTurns % std::max<size_t>(1, m_script.turns.size());
    if (!playing.isTitle) turn = m_script.turns[number % m_script.turns.size()];
    playing.firstId = kFirstId + static_cast<int32_t>(number * kTurnIds);
    if (request.think) cut(turn.thought, Channel::Thought, playing.tokens);
    if (!playing.tokens.empty())
        playing.tokens.emplace_back(Channel::Thought, QString()); // </think> has an id and no text
    cut(turn.answer, Channel::Answer, playing.tokens);
    playing.next = std::min(first, playing.tokens.size());
    size_t mark = 0; // that ends the thought
    while (mark < playing.tokens.size() && !playing.tokens[mark].second.isEmpty()) ++mark;
    const bool closes = request.closeThought && playing.next <= mark && mark < playing.tokens.size();
    if (closes) playing.next = mark + 1;
    playing.end = std::min(playing.tokens.size(), playing.next + request.maxTokens);
    playing.stats.promptTokens =
        tokensOf(request.messages, request.think) + static_cast<uint32_t>(request.continueIds.size());
    playing.stats.context = m_script.context;
    playing.clock.start();
    const Channel opens = turn.thought.isEmpty() || !request.think ? Channel::Answer : Channel::Thought;
    m_timer.start();
    const TokenEvent end{Channel::Thought, "", playing.firstId + static_cast<int32_t>(mark)};
    deliver(Event{id, StartedEvent{playing.stats.promptTokens, 0, m_script.context, opens}});
    if (closes) deliver(Event{id, end}); // m_playing may be another by now
}

void FakeBackend::tick() {
    if (m_silent) return;
    if (!m_loadId.empty()) stepLoad();
    // What is told may make somebody stop one or ask for another: by their names, not by their places.
    std::vector<std::string> ids;
    for (const Playing& playing : m_playing) ids.push_back(playing.id);
    for (const std::string& id : ids) {
        const auto found = [&] {
            return std::find_if(m_playing.begin(), m_playing.end(),
                                [&](const Playing& playing) { return playing.id == id; });
        };
        auto playing = found();
        if (playing == m_playing.end()) continue;
        Playing copy = std::move(*playing);
        playing->id = id; // holds the place
        playing->stats = copy.stats;
        const bool goesOn = step(copy);
        playing = found();
        if (playing == m_playing.end()) continue;
        if (goesOn) {
            *playing = std::move(copy);
        } else {
            m_playing.erase(playing);
            if (!m_silent)
                finish(copy, copy.end < copy.tokens.size() ? FinishReason::Length : FinishReason::Stop);
        }
    }
    if (m_loadId.empty() && m_playing.empty()) m_timer.stop();
}

bool FakeBackend::step(Playing& playing) {
    const qint64 elapsed = playing.clock.elapsed();
    GenerationStats& stats = playing.stats;
    if (!playing.isTitle && m_script.failure == FakeFailure::DiesReading && elapsed * 2 >= m_script.prefillMs) {
        die();
        return true;
    }
    if (elapsed < m_script.prefillMs) {
        const auto done =
            static_cast<uint32_t>(double(stats.promptTokens) * double(elapsed) / m_script.prefillMs);
        deliver(Event{playing.id, PrefillProgressEvent{done, stats.promptTokens}});
        return true;
    }
    const size_t generated = stats.thoughtTokens + stats.answerTokens;
    const auto haste = static_cast<size_t>(m_script.hasteTokens);
    if (generated < haste || elapsed < m_script.prefillMs) playing.rateFromMs = elapsed;
    const size_t due =
        generated < haste ? std::min(haste, generated + 1000)
        : m_script.tokensPerSecond > 0
            ? haste + static_cast<size_t>(
                          double(elapsed - std::max<qint64>(m_script.prefillMs, playing.rateFromMs)) / 1000 *
                          m_script.tokensPerSecond)
            : generated + 16;
    for (size_t i = generated; i < due && playing.next < playing.end; ++i) {
        if (!playing.isTitle && static_cast<int>(playing.next) == m_script.failureAtToken) {
            if (m_script.failure == FakeFailure::Dies) {
                die();
                return true;
            }
            if (m_script.failure == FakeFailure::Hangs) {
                hang();
                return true;
            }
        }
        const auto& [channel, text] = playing.tokens[playing.next];
        (channel == Channel::Thought ? stats.thoughtTokens : stats.answerTokens)++;
        deliver(Event{playing.id, TokenEvent{channel, text.toStdString(),
                                             playing.firstId + static_cast<int32_t>(playing.next)}});
        ++playing.next;
        if (!isPending(QString::fromStdString(playing.id))) return true; // it was ended over that token
    }
    return playing.next < playing.end;
}

void FakeBackend::stop(const std::string& target) {
    if (!m_loadId.empty() && target == m_loadId)
        return deliver(
            Event{std::exchange(m_loadId, {}), ErrorEvent{ErrorCode::Cancelled, ponder::stopped().message}});
    const auto playing = std::find_if(m_playing.begin(), m_playing.end(),
                                      [&](const Playing& other) { return other.id == target; });
    if (playing == m_playing.end()) return;
    const Playing stopped = std::move(*playing);
    m_playing.erase(playing);
    finish(stopped, FinishReason::Cancelled);
}

void FakeBackend::finish(const Playing& playing, FinishReason reason) {
    GenerationStats stats = playing.stats;
    stats.prefillSeconds = m_script.prefillMs / 1000.0;
    stats.tokensPerSecond = m_script.tokensPerSecond;
    stats.contextUsed = stats.promptTokens + stats.thoughtTokens + stats.answerTokens;
    deliver(Event{playing.id, DoneEvent{reason, stats}});
}

// As EngineBackend tells it: what was under way ends, then the engine is there again and works.
void FakeBackend::die() {
    m_script.failure = FakeFailure::None;
    m_loadId.clear();
    m_playing.clear();
    m_timer.stop();
    failPending(m_script.error);
    emit restarting(m_script.error);
    start();
}

void FakeBackend::hang() {
    m_silent = true;
    QTimer::singleShot(m_script.hangMs, this, &FakeBackend::die);
}

} // namespace ponder::app
