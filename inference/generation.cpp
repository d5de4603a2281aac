// One request in progress: prompt by chunks, then token by token. What a token costs is paid when the next one is asked for; a
// device that chooses may be one token ahead (continuation.h), which leaves no trace behind a stop token or a cancelled request.

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "inference/continuation.h"

namespace ponder::inference {

using models::Channel;
using models::TokenId;
using protocol::FinishReason;

namespace {

using Clock = std::chrono::steady_clock;
double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

Error noUsableNumber() {
    return {ErrorCode::Internal,
            "The model gave no usable number for any token: the file is damaged, or the graphics "
            "driver computes wrongly; try --precise or another device."};
}

} // namespace

struct Generation::Data {
    Engine::Data& engine;
    GenerationRequest request;
    std::vector<TokenId> stops;
    std::optional<TokenId> thinkStart, thinkEnd;
    Sequence sequence;
    Continuation continuation;
    uint32_t cached;
    std::vector<TokenId> tokens; // the prompt and what was generated
    Channel channel;
    models::StreamDecoder text;
    std::optional<TokenId> next; // chosen, not yet given out
    std::optional<Error> untold; // what went wrong with choosing it
    bool ended = false;
    GenerationOutcome outcome;
    std::optional<Clock::time_point> started, channelSince;
    ExpertUse use; // of this generation's own passes

    Data(Engine::Data& e, GenerationRequest r)
        : engine(e), request(std::move(r)),
          // What goes on behind the model's own words goes on from the very passes that wrote them.
          sequence(e.device->cache(), request.prompt, e.forward().chunkTokens(),
                   request.continued > 0 ? Sequence::Reuse::Everything : Sequence::Reuse::Repeatable),
          continuation(engine, sequence, request.sampling), cached(sequence.length()), tokens(request.prompt),
          channel(request.opens) {
        if (const auto& layout = e.chatTemplate; layout.ok()) {
            stops = layout.value().stopTokens();
            thinkStart = layout.value().thinkStart();
            thinkEnd = layout.value().thinkEnd();
        }
        if (const auto eos = e.tokenizer->eos();
            eos && std::find(stops.begin(), stops.end(), *eos) == stops.end())
            stops.push_back(*eos);
        resumeText();
        outcome.stats.promptTokens = static_cast<uint32_t>(request.prompt.size());
        outcome.stats.cachedTokens = cached;
        outcome.stats.context = e.plan.context;
        outcome.stats.contextUsed = sequence.length();
    }

    // The bytes of a character that was begun before the answer was cut off: no character has more than four.
    void resumeText() {
        const size_t count = std::min({request.continued, request.prompt.size(), size_t{4}});
        for (const TokenId id : std::span(request.prompt).last(count)) {
            if (id == thinkStart || id == thinkEnd || engine.tokenizer->isControl(id))
                text.finish();
            else
                text.push(engine.tokenizer->bytes(id));
        }
    }

    uint32_t generated() const { return static_cast<uint32_t>(tokens.size() - request.prompt.size()); }

    // Time since the channel began goes to that channel.
    void settleTime(Clock::time_point now) {
        if (!channelSince) return;
        auto& sum = channel == Channel::Thought ? outcome.stats.thoughtSeconds : outcome.stats.answerSeconds;
        sum += seconds(now - *channelSince);
        channelSince = now;
    }

    void finish(FinishReason reason) {
        if (ended) return;
        ended = true;
        settleTime(Clock::now());
        auto& stats = outcome.stats;
        outcome.reason = reason;
        stats.contextUsed = sequence.length();
        stats.expertPairs = use.pairs;
        stats.expertDeviceShare = deviceShare({}, use);
        const double spent = stats.thoughtSeconds + stats.answerSeconds;
        stats.tokensPerSecond = spent > 0 ? generated() / spent : 0;
    }

    // A failure ends the generation; being stopped is not one.
    Result<void> failed(Error error) {
        finish(error.code == ErrorCode::Cancelled ? FinishReason::Cancelled : FinishReason::Error);
        if (error.code == ErrorCode::Cancelled) return {};
        return error;
    }

    // Does what computes, and adds what it used of experts.
    Result<void> compute(const std::function<Result<void>()>& body) {
        const ExpertUse before = engine.forward().expertUse();
        RETURN_IF_ERROR(body());
        const ExpertUse now = engine.forward().expertUse();
        use.pairs += now.pairs - before.pairs;
        use.onDevice += now.onDevice - before.onDevice;
        return {};
    }

    // Runs the tokens that the sequence does not have yet and chooses the one behind them. ahead: and begins the pass of that one.
    Result<void> choose(bool ahead = true) {
        RETURN_IF_ERROR(compute([&]() -> Result<void> {
            const bool more = ahead && generated() + 1 < request.maxTokens;
            ASSIGN_OR_RETURN(next, continuation.next(tokens, more, request.stop));
            return {};
        }));
        if (!next) return noUsableNumber();
        return {};
    }

    // Whether a pass of one token is what comes next.
    bool decodes() const {
        return !ended && !next && !untold && sequence.length() + 1 == tokens.size() && generated() > 0 &&
               generated() < request.maxTokens && sequence.length() < engine.plan.context &&
               !request.stop.stop_requested();
    }

    GeneratedToken give(TokenId id) {
        GeneratedToken token{.id = id, .channel = channel, .text = ""};
        const bool mark = id == thinkStart || id == thinkEnd;
        if (mark || engine.tokenizer->isControl(id))
            token.text = text.finish(); // a character that was begun stays behind its channel's end
        else
            token.text = text.push(engine.tokenizer->bytes(id));
        if (id == thinkStart) token.channel = Channel::Thought;
        auto& stats = outcome.stats;
        ++(token.channel == Channel::Thought ? stats.thoughtTokens : stats.answerTokens);
        if (mark) {
            settleTime(Clock::now());
            channel = id == thinkEnd ? Channel::Answer : Channel::Thought;
        }
        tokens.push_back(id);
        return token;
    }
};

Generation::Generation(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
Generation::~Generation() = default;

Result<std::unique_ptr<Generation>> Engine::begin(GenerationRequest request) {
    RETURN_IF_ERROR(m_data->device->checkAlive());
    RETURN_IF_ERROR(m_data->checkTokens(request.prompt));
    if (request.prompt.size() >= context())
        return Error{ErrorCode::ContextFull, fmt::format("The prompt has {} tokens and the context {}: "
                                                         "shorten the conversation, or load the model with a "
                                                         "longer context.",
                                                         request.prompt.size(), context())};
    return std::unique_ptr<Generation>(
        new Generation(std::make_unique<Generation::Data>(*m_data, std::move(request))));
}

void Engine::decodeTogether(std::span<Generation* const> generations) {
    TokenChooser* const chooser = m_data->forward().chooser();
    if (!chooser || chooser->batchRows() < 2) return;
    std::vector<Generation::Data*> ready;
    for (Generation* generation : generations)
        if (generation->m_data->decodes()) ready.push_back(generation->m_data.get());
    if (ready.size() < 2) return;
    std::vector<Generation::Data*> waiting; // without a pass that was begun while the generation was alone
    std::vector<Data::Step> steps;
    for (Generation::Data* data : ready) {
        if (data->continuation.ahead()) {
            if (auto chosen = data->choose(false); !chosen) data->untold = std::move(chosen).error();
        } else if (m_data->prepare(data->sequence, 1)) { // others go on where one has no room
            waiting.push_back(data);
            steps.push_back({&data->sequence, data->tokens, data->request.sampling});
        }
    }
    const size_t rows = chooser->batchRows();
    for (size_t first = 0; first + 1 < steps.size(); first += rows) {
        const auto group = std::span(steps).subspan(first, std::min(rows, steps.size() - first));
        const auto chosen = m_data->stepTogether(group);
        if (!chosen) return;
        for (size_t i = 0; i < group.size(); ++i) {
            waiting[first + i]->next = (*chosen)[i];
            if (!(*chosen)[i]) waiting[first + i]->untold = noUsableNumber();
        }
    }
}

uint32_t Generation::promptTokens() const { return static_cast<uint32_t>(m_data->request.prompt.size()); }
uint32_t Generation::cachedTokens() const { return m_data->cached; }
uint32_t Generation::prefilledTokens() const { return std::min(m_data->sequence.length(), promptTokens()); }
bool Generation::prefilling() const { return !m_data->ended && m_data->sequence.length() < promptTokens(); }
const GenerationOutcome& Generation::outcome() const { return m_data->outcome; }
void Generation::cancel() { m_data->finish(FinishReason::Cancelled); }

Result<void> Generation::prefillChunk() {
    Data& d = *m_data;
    if (!prefilling()) return {};
    if (d.request.stop.stop_requested()) {
        d.finish(FinishReason::Cancelled);
        return {};
    }
    if (!d.started) d.started = Clock::now();
    const uint32_t left = promptTokens() - d.sequence.length();
    const uint32_t count = d.sequence.nextPass(left);
    if (count < left) {
        auto extended = d.compute([&] {
            const auto part = std::span(d.request.prompt).subspan(d.sequence.length(), count);
            return d.engine.extend(d.sequence, part, Forward::Head::None, d.request.stop);
        });
        return extended ? Result<void>() : d.failed(std::move(extended).error());
    }
    if (auto chosen = d.choose(); !chosen) return d.failed(std::move(chosen).error());
    d.channelSince = Clock::now();
    auto& stats = d.outcome.stats;
    stats.prefillSeconds = seconds(*d.channelSince - *d.started);
    stats.prefillTokensPerSecond =
        stats.prefillSeconds > 0 ? (promptTokens() - d.cached) / stats.prefillSeconds : 0;
    return {};
}

Result<std::optional<GeneratedToken>> Generation::decode() {
    Data& d = *m_data;
    const std::optional<GeneratedToken> none;
    PONDER_CHECK(!prefilling());
    const auto fail = [&](Error error) -> Result<std::optional<GeneratedToken>> {
        RETURN_IF_ERROR(d.failed(std::move(error)));
        return none;
    };
    if (!d.ended && d.request.stop.stop_requested()) d.finish(FinishReason::Cancelled);
    if (!d.ended && d.generated() >= d.request.maxTokens) d.finish(FinishReason::Length);
    if (d.ended) return none;
    if (d.untold) return fail(*std::exchange(d.untold, std::nullopt));
    if (!d.next) {
        if (d.sequence.length() >= d.engine.plan.context) {
            d.finish(FinishReason::Length);
            return none;
        }
        if (auto chosen = d.choose(); !chosen) {
            // No block left: others hold them, and to this answer the context is full.
            if (chosen.error().code != ErrorCode::ContextFull) return fail(std::move(chosen).error());
            d.finish(FinishReason::Length);
            return none;
        }
    }
    const TokenId id = *d.next;
    d.next.reset();
    if (std::find(d.stops.begin(), d.stops.end(), id) != d.stops.end()) {
        d.finish(FinishReason::Stop);
        return none;
    }
    return std::optional(d.give(id));
}

} // namespace ponder::inference
