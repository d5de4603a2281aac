// The part of the decoder that chooses tokens: passes whose choice the device makes, and feeds into the next one.

#include <algorithm>
#include <cstring>

#include "inference/decoder.h"
#include "inference/decoder_input.h"
#include "inference/memory_plan.h"

namespace ponder::inference {

using models::TokenId;
using vulkan::CommandRecorder;

kernels::SamplingKind samplingKind(const SamplingSteps& steps) {
    return {.penalises = steps.window > 0,
            .draws = !steps.greedy,
            .topK = !steps.greedy && steps.topK > 0,
            .takesMass = !steps.greedy && steps.takesMass};
}

shared::SamplingRule samplingRule(const SamplingSteps& steps, const Choice& choice, uint32_t slot) {
    const size_t forcedEnd = choice.forced.empty() ? 0 : choice.tokens.size() + choice.forced.size();
    return {.seed = choice.sampling.seed,
            .topP = steps.topP,
            .count = static_cast<uint32_t>(choice.choices),
            .greedy = steps.greedy,
            .topK = steps.topK,
            .window = steps.window,
            .forcedEnd = static_cast<uint32_t>(forcedEnd),
            .slot = slot,
            .scale = steps.scale,
            .floorWeight = steps.floorWeight,
            .penalty = steps.penalty,
            .reserved = 0};
}

void writeHistory(const Choice& choice, uint32_t window, std::span<uint32_t> history) {
    const auto tokens = choice.tokens.first(std::min(choice.tokens.size(), history.size()));
    const size_t begin = tokens.size() - std::min<size_t>(tokens.size(), window);
    std::copy(tokens.begin() + static_cast<std::ptrdiff_t>(begin), tokens.end(),
              history.begin() + static_cast<std::ptrdiff_t>(begin));
    const auto forced = choice.forced.first(std::min(choice.forced.size(), history.size() - tokens.size()));
    std::copy(forced.begin(), forced.end(), history.begin() + static_cast<std::ptrdiff_t>(tokens.size()));
}

size_t Decoder::choosing(const kernels::SamplingKind& kind) {
    const auto found =
        std::find_if(m_choosing.begin(), m_choosing.end(), [&](auto& one) { return one.kind == kind; });
    if (found != m_choosing.end()) return static_cast<size_t>(found - m_choosing.begin());
    m_choosing.emplace_back().kind = kind;
    return m_choosing.size() - 1;
}

void Decoder::recordChoice(CommandRecorder& recorder, const kernels::SamplingKind& kind) {
    recorder.mark("choice");
    recorder.barrier("logits complete");
    m_sampling->record(recorder, kind,
                       {.logits = m_logits.view().part(0, m_hyperparams.n_vocab * sizeof(float)),
                        .params = inputSequence().params,
                        .rule = inputRule(),
                        .ids = inputIds()});
    recorder.hostBarrier();
}

// All of a token's pass; fed: by the host, else by the choice of the pass before.
Result<void> Decoder::recordChoosing(std::vector<CommandRecorder>& into, const kernels::SamplingKind& kind,
                                     bool fed) {
    if (!into.empty()) return {};
    auto recorded = recordAlone(into, 0, "whole pass with choice", [&](auto& recorder) -> Result<void> {
        RETURN_IF_ERROR(recordEmbedding(recorder, 1, fed));
        for (uint32_t i = 0; i < m_hyperparams.n_layers; ++i) RETURN_IF_ERROR(recordLayer(recorder, i, 1));
        RETURN_IF_ERROR(recordLogits(recorder, m_outputNorm, 0, 1));
        recordChoice(recorder, kind);
        return {};
    });
    if (!recorded) into.clear();
    return recorded;
}

bool Decoder::fitsOneSubmission() const {
    return m_singlePacer.layers(m_hyperparams.n_layers, 1) == m_hyperparams.n_layers && !m_options.timestamps;
}

Result<void> Decoder::submitChoosing(const CommandRecorder& recorder) {
    const auto now = Clock::now();
    ASSIGN_OR_RETURN(const uint64_t value, m_context.submit({recorder.handle()}));
    m_underWay.push_back({m_feed.pass, value, m_feed.slot, 1, now});
    return {};
}

Result<uint64_t> Decoder::beginChoosing(std::span<const TokenId> ids, uint32_t position,
                                        std::span<const uint64_t> blockTable, const Choice& choice,
                                        std::stop_token stop) {
    PONDER_CHECK(m_sampling && !ids.empty() && ids.size() <= m_options.chunkTokens &&
                 position + ids.size() == choice.tokens.size() && choice.choices > 0 &&
                 choice.choices <= m_hyperparams.n_vocab);
    RETURN_IF_ERROR(settle());
    const auto n = static_cast<uint32_t>(ids.size());
    const SamplingSteps steps = samplingSteps(choice.sampling, choice.choices);
    Feed feed{
        .pass = ++m_passes,
        .slot = (m_feed.slot + 1) % PONDER_SAMPLING_SLOTS,
        .position = position + n,
        .room = static_cast<uint32_t>(std::min<size_t>(blockTable.size() * kBlockTokens, m_options.context)),
        .choosing = choosing(samplingKind(steps))};
    writeInput(ids, position, blockTable);
    writeRule(samplingRule(steps, choice, feed.slot));
    writeHistory(choice, steps.window, m_sampling->history());
    m_lastRows = 0;
    m_feed = feed;
    Choosing& recordings = m_choosing[feed.choosing];
    const auto begin = [&]() -> Result<void> {
        if (n == 1 && fitsOneSubmission()) {
            RETURN_IF_ERROR(recordChoosing(recordings.fed, recordings.kind, true));
            return submitChoosing(recordings.fed[0]);
        }
        if (recordings.alone.empty()) {
            auto recorded = recordAlone(recordings.alone, 0, "choice", [&](auto& recorder) -> Result<void> {
                recordChoice(recorder, recordings.kind);
                return {};
            });
            if (!recorded) recordings.alone.clear();
            RETURN_IF_ERROR(std::move(recorded));
        }
        m_lastChoice = &recordings.alone[0];
        RETURN_IF_ERROR(
            runPass(n, n == 1 ? m_singlePacer : m_chunkPacer, Head::LastRow, stop, &recordings.alone[0]));
        m_chosen.push_back({feed.pass, m_sampling->result(feed.slot), n});
        return {};
    };
    if (auto begun = begin(); !begun) {
        abandon();
        return std::move(begun).error();
    }
    return feed.pass;
}

Result<uint64_t> Decoder::beginNext(uint64_t pass) {
    if (m_feed.pass != pass || m_feed.position >= m_feed.room || !fitsOneSubmission()) return uint64_t{0};
    Choosing& recordings = m_choosing[m_feed.choosing];
    m_feed.pass = ++m_passes;
    m_feed.slot = (m_feed.slot + 1) % PONDER_SAMPLING_SLOTS;
    ++m_feed.position;
    const auto begin = [&]() -> Result<void> {
        auto& recording = recordings.following[m_feed.slot % 2];
        RETURN_IF_ERROR(recordChoosing(recording, recordings.kind, false));
        return submitChoosing(recording[0]);
    };
    if (auto begun = begin(); !begun) {
        abandon();
        return std::move(begun).error();
    }
    return m_feed.pass;
}

// Waits for the oldest pass that is under way.
Result<void> Decoder::finishOldest() {
    const UnderWay oldest = m_underWay.front();
    m_underWay.erase(m_underWay.begin());
    const bool early = m_context.completed() >= oldest.value; // nobody knows since when
    const auto start = Clock::now();
    RETURN_IF_ERROR(m_context.wait(oldest.value));
    const auto end = Clock::now();
    const auto seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
    m_times.waitedSeconds += seconds(end - start);
    if (!early) {
        const double took = seconds(end - std::max(oldest.submitted, m_lastFinished));
        m_singlePacer.measured(m_hyperparams.n_layers, 1, took);
        m_times.longestSeconds = std::max(m_times.longestSeconds, took);
    }
    m_lastFinished = end;
    if (oldest.pass != 0) m_chosen.push_back({oldest.pass, m_sampling->result(oldest.slot), oldest.rows});
    return {};
}

Result<void> Decoder::settle() {
    m_feed.pass = 0; // what follows is no continuation
    while (!m_underWay.empty())
        if (auto finished = finishOldest(); !finished) {
            abandon();
            return finished;
        }
    return {};
}

void Decoder::abandon() {
    m_context.waitIdle(); // a submission may be under way, whose recording and blocks are used again
    m_underWay.clear();
    m_feed.pass = 0;
}

bool Decoder::has(uint64_t pass) const {
    const auto is = [&](const auto& one) { return one.pass == pass; };
    return std::any_of(m_chosen.begin(), m_chosen.end(), is) ||
           std::any_of(m_underWay.begin(), m_underWay.end(), is);
}

Result<TokenChooser::Token> Decoder::chosen(uint64_t pass) {
    PONDER_CHECK(has(pass));
    for (;;) {
        const auto found =
            std::find_if(m_chosen.begin(), m_chosen.end(), [&](auto& one) { return one.pass == pass; });
        if (found != m_chosen.end()) {
            const uint32_t token = found->token;
            m_rows += found->rows;
            m_chosen.erase(found);
            if (token == PONDER_SAMPLING_NONE) return Token();
            return Token(static_cast<TokenId>(token));
        }
        if (auto finished = finishOldest(); !finished) {
            abandon();
            return std::move(finished).error();
        }
    }
}

void Decoder::forget(uint64_t pass) {
    std::erase_if(m_chosen, [&](auto& one) { return one.pass == pass; });
    for (UnderWay& one : m_underWay)
        if (one.pass == pass) one.pass = 0;
}

} // namespace ponder::inference
