// Benchmarks of a loaded model: random tokens, so that nothing depends on what it says.

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "inference/continuation.h"
#include "inference/engine_data.h"

namespace ponder::inference {

using models::TokenId;

namespace {

// Of what a benchmark has in the cache already: the same tokens each time, so that they are computed once.
constexpr uint64_t kDepthSeed = 0;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// By block and expert; a block that does not count is empty.
using ExpertCounts = std::vector<std::vector<uint64_t>>;
ExpertCounts countsOf(const Forward& forward, uint32_t blocks) {
    ExpertCounts counts;
    for (uint32_t block = 0; block < blocks; ++block) {
        const auto of = forward.expertCounts(block);
        counts.emplace_back(of.begin(), of.end());
    }
    return counts;
}

// How many experts of a block were used between the two, on average over the blocks that used any.
double distinctExperts(const ExpertCounts& before, const ExpertCounts& now) {
    double used = 0, blocks = 0;
    for (size_t block = 0; block < now.size(); ++block) {
        size_t here = 0;
        for (size_t expert = 0; expert < now[block].size(); ++expert)
            here += now[block][expert] > (before[block].empty() ? 0 : before[block][expert]);
        used += static_cast<double>(here);
        blocks += here > 0;
    }
    return blocks > 0 ? used / blocks : 0;
}

// One of a benchmark's sequences and all of its random tokens.
struct BenchSequence {
    std::vector<TokenId> tokens;
    std::unique_ptr<Sequence> sequence;
};

} // namespace

uint32_t benchContext(uint64_t tokens, uint32_t batch) {
    // Sequences share no block.
    const uint64_t blocks = (tokens + kBlockTokens - 1) / kBlockTokens;
    const uint64_t context = batch > 1 ? blocks * kBlockTokens * batch : tokens;
    return static_cast<uint32_t>(std::min<uint64_t>(context, UINT32_MAX));
}

Result<BenchResult> Engine::bench(uint32_t promptTokens, uint32_t generateTokens, uint32_t depth,
                                  uint32_t batch, uint64_t seed) {
    if (batch == 0) return Error{ErrorCode::InvalidArgument, "A batch has at least one sequence."};
    const uint64_t total = uint64_t{promptTokens} + generateTokens + depth;
    if (const uint32_t needed = benchContext(total, batch); needed > context())
        return Error{ErrorCode::ContextFull,
                     fmt::format("{} tokens do not fit into a context of {}: give --context {}.",
                                 total * batch, context(), needed)};
    std::vector<BenchSequence> sequences(batch);
    for (uint32_t i = 0; i < batch; ++i) {
        auto& [tokens, sequence] = sequences[i];
        tokens.resize(total);
        for (uint64_t at = 0; at < total; ++at)
            tokens[at] = static_cast<TokenId>(uniformAt(at < depth ? kDepthSeed + i : seed * batch + i, at) *
                                              static_cast<double>(m_data->hyperparams.n_vocab));
        sequence = std::make_unique<Sequence>(m_data->device->cache(), std::span(tokens).first(depth),
                                              m_data->forward().chunkTokens(), Sequence::Reuse::Everything);
    }
    const auto feed = [&](BenchSequence& of, uint32_t count, Forward::Head last) -> Result<void> {
        const auto tokens = std::span(of.tokens).subspan(of.sequence->length(), count);
        const size_t chunk = m_data->forward().chunkTokens();
        for (size_t done = 0; done < tokens.size(); done += chunk) {
            const auto part = tokens.subspan(done, std::min(chunk, tokens.size() - done));
            RETURN_IF_ERROR(m_data->extend(
                *of.sequence, part, done + part.size() == tokens.size() ? last : Forward::Head::None, {}));
        }
        return {};
    };
    BenchResult result;
    result.depthReused = sequences.front().sequence->length();
    for (BenchSequence& of : sequences)
        RETURN_IF_ERROR(feed(of, depth - of.sequence->length(), Forward::Head::None));
    auto start = Clock::now();
    for (BenchSequence& of : sequences) RETURN_IF_ERROR(feed(of, promptTokens, Forward::Head::LastRow));
    result.prefillSeconds = secondsSince(start);

    const double waitedBefore = m_data->forward().waitedSeconds();
    const ExpertUse useBefore = m_data->forward().expertUse();
    const auto countsBefore = countsOf(m_data->forward(), m_data->hyperparams.n_layers);
    const uint32_t lengthBefore = sequences.front().sequence->length();
    const bool together = batch > 1 && m_data->forward().chooser();
    start = Clock::now();
    // As answers are made, but that a random token takes the place of the one that is chosen.
    if (together) {
        for (uint32_t done = 1; done <= generateTokens; ++done) {
            std::vector<Data::Step> steps;
            for (BenchSequence& of : sequences) {
                RETURN_IF_ERROR(m_data->prepare(*of.sequence, 1));
                steps.push_back(
                    {of.sequence.get(), std::span(of.tokens).first(total - generateTokens + done), {}});
            }
            const size_t rows = m_data->forward().chooser()->batchRows();
            for (size_t first = 0; first < steps.size(); first += rows)
                RETURN_IF_ERROR(m_data->stepTogether(
                    std::span(steps).subspan(first, std::min(rows, steps.size() - first))));
        }
    } else {
        for (BenchSequence& of : sequences) {
            Continuation continuation(*m_data, *of.sequence, {}, of.tokens);
            for (uint32_t done = 1; done <= generateTokens; ++done)
                RETURN_IF_ERROR(continuation.next(std::span(of.tokens).first(total - generateTokens + done),
                                                  done < generateTokens, {}));
        }
    }
    result.generateSeconds = secondsSince(start);
    result.expertDeviceShare = deviceShare(useBefore, m_data->forward().expertUse());
    result.distinctExperts =
        distinctExperts(countsBefore, countsOf(m_data->forward(), m_data->hyperparams.n_layers));
    if (generateTokens > 0) {
        const double waited = m_data->forward().waitedSeconds() - waitedBefore;
        const uint64_t tokens = uint64_t{generateTokens} * batch;
        result.hostMicrosecondsPerToken =
            1e6 * (result.generateSeconds - waited) / static_cast<double>(tokens);
        const uint64_t averageLength = (uint64_t{lengthBefore} + sequences.front().sequence->length()) / 2;
        // Of a batch that is run together weights are read once for as many as a pass takes.
        const uint64_t rows = together ? std::min(m_data->forward().chooser()->batchRows(), batch) : 1;
        result.bytesPerToken =
            m_data->plan.bytesPerToken / rows + averageLength * m_data->plan.bytesCachePerToken;
    }
    return result;
}

} // namespace ponder::inference
