#include "inference/sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ponder::inference {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();
constexpr size_t kLanes = 8;     // independent accumulators, so that compilers use vector registers
constexpr size_t kGroup = 16;    // weights a group whose greatest is kept for top-k
constexpr int kBucketShift = 19; // exponent and four bits of a weight name its bucket

// Greatest value, ignoring what is not a number.
float greatestOf(std::span<const float> values) {
    float lanes[kLanes];
    std::fill(std::begin(lanes), std::end(lanes), kLowest);
    size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes)
        for (size_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    for (; i < values.size(); ++i) lanes[0] = values[i] > lanes[0] ? values[i] : lanes[0];
    return *std::max_element(std::begin(lanes), std::end(lanes));
}

// e^x for x in [-87, 0], relative error below 2e-7: 2^n e^r with r in [-ln2/2, ln2/2], e^r by its Taylor
// polynomial. Written without branches or library calls so that the loop over a vocabulary is vectorised.
inline float expNegative(float x) {
    const float scaled = x * 1.44269504f;
    const float rounder = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number
    const float whole = (scaled + rounder) - rounder;
    const float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f; // ln 2 in two parts
    float e = 1.0f / 720;
    e = e * r + 1.0f / 120;
    e = e * r + 1.0f / 24;
    e = e * r + 1.0f / 6;
    e = e * r + 0.5f;
    e = e * r + 1.0f;
    e = e * r + 1.0f;
    return e * std::bit_cast<float>((static_cast<int32_t>(whole) + 127) << 23);
}

// A weight in units of 2^-44, rounded to even: added to 256, whose neighbours lie so far apart. Kernels do the same with
// integers. 2^18 weights of 1 make 2^62.
constexpr double kRounder = 256.0;
constexpr uint64_t kRounderBits = std::bit_cast<uint64_t>(kRounder);
inline uint64_t unitsOf(float weight) {
    return std::bit_cast<uint64_t>(static_cast<double>(weight) + kRounder) - kRounderBits;
}

uint64_t sumOf(std::span<const float> weights) {
    uint64_t sum = 0;
    for (const float weight : weights) sum += unitsOf(weight);
    return sum;
}

// a b / 2^53 as a whole number and what is left of it; a is at most 2^53.
struct Product {
    uint64_t whole;
    bool rest;
};
Product timesShare(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return {static_cast<uint64_t>(product >> 53),
            (static_cast<uint64_t>(product) & ((uint64_t{1} << 53) - 1)) != 0};
}

uint64_t uniformBitsAt(uint64_t seed, uint64_t position) {
    uint32_t counter[4] = {static_cast<uint32_t>(position), static_cast<uint32_t>(position >> 32), 0, 0};
    uint32_t key[2] = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
    for (int round = 0; round < 10; ++round) {
        const uint64_t a = uint64_t{0xD2511F53u} * counter[0];
        const uint64_t b = uint64_t{0xCD9E8D57u} * counter[2];
        const uint32_t next[4] = {
            static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
            static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
        std::copy(std::begin(next), std::end(next), std::begin(counter));
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return (uint64_t{counter[1]} << 32 | counter[0]) >> 11; // 53 bits
}

} // namespace

double uniformAt(uint64_t seed, uint64_t position) {
    return static_cast<double>(uniformBitsAt(seed, position)) * 0x1p-53;
}

SamplingSteps samplingSteps(const protocol::SamplingParams& params, size_t choices) {
    SamplingSteps steps;
    if (params.temperature > 0) steps.scale = 1.0f / params.temperature;
    steps.greedy = !(params.temperature > 0) || std::isinf(steps.scale);
    if (params.topK > 0 && static_cast<size_t>(params.topK) < choices)
        steps.topK = static_cast<uint32_t>(params.topK);
    steps.takesMass = params.topP < 1.0f;
    if (steps.takesMass)
        steps.topP = static_cast<uint64_t>(static_cast<double>(std::max(0.0f, params.topP)) * 0x1p53);
    steps.floorWeight = params.minP > 0 ? std::min(params.minP, 1.0f) : 0.0f;
    if (params.penaltyWindow > 0 && params.repetitionPenalty > 0 && params.repetitionPenalty != 1.0f) {
        steps.window = static_cast<uint32_t>(params.penaltyWindow);
        steps.penalty = std::min(params.repetitionPenalty, std::numeric_limits<float>::max());
    }
    return steps;
}

// Each token of the window once, whatever its count: positive logits are divided, others multiplied (Keskar
// et al., "CTRL", section 4.1, with the sign rule that everybody adds).
void Sampler::penalise(std::span<float> logits, float penalty, std::span<const models::TokenId> recent) {
    m_window.assign(recent.begin(), recent.end());
    std::sort(m_window.begin(), m_window.end());
    m_window.erase(std::unique(m_window.begin(), m_window.end()), m_window.end());
    for (const models::TokenId token : m_window) {
        if (token < 0 || static_cast<size_t>(token) >= logits.size()) continue;
        float& logit = logits[static_cast<size_t>(token)];
        logit = logit > 0 ? logit / penalty : logit * penalty;
    }
}

void Sampler::weigh(std::span<const float> logits, float greatest, float scale) {
    m_weights.resize(logits.size());
    const float* in = logits.data();
    float* out = m_weights.data();
    for (size_t i = 0; i < logits.size(); ++i) {
        const float x = (in[i] - greatest) * scale;
        const bool counts = x >= -87.0f; // false for NaN and minus infinity
        const float weight = expNegative(counts ? x : 0.0f);
        out[i] = counts ? weight : 0.0f;
    }
}

// Without branches on what a flat distribution makes unpredictable: every weight is written, and the next takes its place
// where it does not count.
void Sampler::gather(float least) {
    const size_t count = m_weights.size();
    if (m_gathered.size() < count) m_gathered.resize(count);
    Candidate* const out = m_gathered.data();
    size_t kept = 0;
    for (size_t i = 0; i < count; i += kGroup) {
        const size_t end = std::min(i + kGroup, count);
        float greatest = 0;
        for (size_t j = i; j < end; ++j) greatest = m_weights[j] > greatest ? m_weights[j] : greatest;
        if (!(greatest > 0) || greatest < least) continue;
        for (size_t j = i; j < end; ++j) {
            const float weight = m_weights[j];
            out[kept] = {weight, static_cast<uint32_t>(j)};
            kept += static_cast<size_t>(weight > 0) & static_cast<size_t>(weight >= least);
        }
    }
    m_candidates = {out, kept};
}

Sampler::Candidate Sampler::lastOfCount(size_t count) {
    m_selected.assign(m_candidates.begin(), m_candidates.end());
    const auto last = m_selected.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(m_selected.begin(), last, m_selected.end(), before);
    return *last;
}

// The candidate with which the sum of weights, in the order of before(), first reaches `mass`. A histogram
// over exponent and leading bits of the weights leaves the candidates of one bucket, and selection by parts,
// as in quickselect, finds it among them: a flat distribution costs neither a sort nor a selection of the
// whole vocabulary.
Sampler::Candidate Sampler::lastOfMass(uint64_t mass) {
    const auto bucketOf = [](const Candidate& x) { return std::bit_cast<uint32_t>(x.weight) >> kBucketShift; };
    const size_t buckets = bucketOf({1.0f, 0}) + 1; // weights are at most 1
    // Neighbours go to different sums: adding to one again has to wait for the last addition.
    m_buckets.assign(kLanes * buckets, 0);
    for (size_t i = 0; i < m_candidates.size(); ++i)
        m_buckets[i % kLanes * buckets + bucketOf(m_candidates[i])] += unitsOf(m_candidates[i].weight);
    for (size_t lane = 1; lane < kLanes; ++lane)
        for (size_t i = 0; i < buckets; ++i) m_buckets[i] += m_buckets[lane * buckets + i];
    uint64_t above = 0; // mass of what certainly comes before the range
    auto bucket = static_cast<uint32_t>(buckets - 1);
    for (; bucket > 0 && above + m_buckets[bucket] < mass; --bucket) above += m_buckets[bucket];
    m_selected.resize(m_candidates.size());
    size_t selected = 0;
    for (const Candidate& candidate : m_candidates) {
        m_selected[selected] = candidate;
        selected += static_cast<size_t>(bucketOf(candidate) == bucket);
    }
    m_selected.resize(selected);

    size_t begin = 0, end = m_selected.size();
    while (end - begin > 1) {
        const Candidate a = m_selected[begin], b = m_selected[begin + (end - begin) / 2],
                        c = m_selected[end - 1];
        const Candidate pivot =
            std::max(std::min(a, b, before), std::min(std::max(a, b, before), c, before), before);
        const auto middle = std::partition(m_selected.begin() + static_cast<std::ptrdiff_t>(begin),
                                           m_selected.begin() + static_cast<std::ptrdiff_t>(end),
                                           [&](const Candidate& x) { return before(x, pivot); });
        const size_t split = static_cast<size_t>(middle - m_selected.begin());
        uint64_t left = 0;
        for (size_t i = begin; i < split; ++i) left += unitsOf(m_selected[i].weight);
        if (above + left >= mass && split > begin) {
            end = split;
        } else if (above + left + unitsOf(pivot.weight) >= mass) {
            return pivot;
        } else {
            // The pivot and what is before it are kept; order the pivot to the front of the rest and leave it
            // out.
            std::iter_swap(middle,
                           std::find(middle, m_selected.begin() + static_cast<std::ptrdiff_t>(end), pivot));
            above += left + unitsOf(pivot.weight);
            begin = split + 1;
            if (begin == end) return pivot; // everything is kept
        }
    }
    return m_selected[begin];
}

// In the order of tokens, so that the result does not depend on how selections moved things about; whole runs of weights are
// passed over by their sums.
models::TokenId Sampler::draw(uint64_t uniform, float floorWeight) {
    constexpr size_t kRun = 1024;
    if (floorWeight > 0)
        for (float& weight : m_weights) weight = weight >= floorWeight ? weight : 0.0f;
    const std::span<const float> weights = m_weights;
    const auto run = [&](size_t begin) {
        return weights.subspan(begin, std::min(kRun, weights.size() - begin));
    };
    m_runs.clear();
    uint64_t total = 0;
    for (size_t begin = 0; begin < weights.size(); begin += kRun) {
        m_runs.push_back(sumOf(run(begin)));
        total += m_runs.back();
    }
    uint64_t left = timesShare(uniform, total).whole; // below the total: some token reaches beyond it
    size_t i = 0;
    for (size_t next = 0; left >= m_runs[next]; ++next) {
        left -= m_runs[next];
        i += kRun;
    }
    for (; left >= unitsOf(weights[i]); ++i) left -= unitsOf(weights[i]);
    return static_cast<models::TokenId>(i);
}

std::optional<models::TokenId> Sampler::sample(std::span<const float> logits,
                                               const protocol::SamplingParams& params,
                                               std::span<const models::TokenId> recent, uint64_t position) {
    const SamplingSteps steps = samplingSteps(params, logits.size());
    if (recent.size() > steps.window) recent = recent.last(steps.window);
    if (!recent.empty()) {
        m_logits.assign(logits.begin(), logits.end());
        penalise(m_logits, steps.penalty, recent);
        logits = m_logits;
    }

    const float greatest = greatestOf(logits);
    if (greatest == kLowest) return std::nullopt;
    const auto first = std::find(logits.begin(), logits.end(), greatest);
    const auto best = static_cast<models::TokenId>(first - logits.begin());
    if (steps.greedy || std::isinf(greatest)) return best;

    weigh(logits, greatest, steps.scale);
    const uint64_t uniform = uniformBitsAt(params.seed, position);
    if (steps.topK == 0 && !steps.takesMass) return draw(uniform, steps.floorWeight);

    // First what certainly is not chosen is left aside, exactly: of a group's greatest weights, the topK-th
    // is at most the topK-th of all; and tokens below (1 - topP) / n of the mass together weigh less than 1 -
    // topP.
    float least = 0;
    uint64_t mass = 0;
    if (steps.topK > 0 && steps.topK < logits.size() / kGroup) {
        m_greatest.clear();
        for (size_t i = 0; i < m_weights.size(); i += kGroup)
            m_greatest.push_back(
                greatestOf(std::span(m_weights).subspan(i, std::min(kGroup, m_weights.size() - i))));
        const auto nth = m_greatest.begin() + static_cast<std::ptrdiff_t>(steps.topK - 1);
        std::nth_element(m_greatest.begin(), nth, m_greatest.end(), std::greater<float>());
        least = *nth;
    } else if (steps.topK == 0) {
        mass = sumOf(m_weights);
        // Half of the bound, so that rounding cannot leave out a token of the nucleus.
        const double left = 1 - static_cast<double>(steps.topP) * 0x1p-53;
        least = static_cast<float>(0.5 * left * static_cast<double>(mass) * 0x1p-44 /
                                   static_cast<double>(m_weights.size()));
    }
    gather(least);

    Candidate last = {
        0, std::numeric_limits<uint32_t>::max()}; // the last, in the order of before(), that is kept
    if (steps.topK > 0) {
        last = lastOfCount(std::min<size_t>(steps.topK, m_candidates.size()));
        const auto end = std::remove_if(m_candidates.begin(), m_candidates.end(),
                                        [&](const Candidate& x) { return before(last, x); });
        m_candidates = m_candidates.first(static_cast<size_t>(end - m_candidates.begin()));
        mass = 0;
        for (const Candidate& candidate : m_candidates) mass += unitsOf(candidate.weight);
    }
    if (steps.takesMass) {
        const Product share = timesShare(steps.topP, mass);
        last = lastOfMass(std::max<uint64_t>(share.whole + share.rest, 1));
    }
    if (last.weight > 0) // of equals the later tokens are out
        for (size_t i = size_t{last.token} + 1; i < m_weights.size(); ++i)
            m_weights[i] = m_weights[i] == last.weight ? 0.0f : m_weights[i];
    return draw(uniform, std::max(steps.floorWeight, last.weight));
}

} // namespace ponder::inference
