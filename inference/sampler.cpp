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

double sumOf(std::span<const float> values) {
    double lanes[kLanes] = {};
    size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes)
        for (size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane];
    for (; i < values.size(); ++i) lanes[0] += values[i];
    double sum = 0;
    for (const double lane : lanes) sum += lane;
    return sum;
}

} // namespace

double uniformAt(uint64_t seed, uint64_t position) {
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
    const uint64_t bits = (uint64_t{counter[1]} << 32 | counter[0]) >> 11; // 53 bits
    return static_cast<double>(bits) * 0x1p-53;
}

// Each token of the window once, whatever its count: positive logits are divided, others multiplied (Keskar
// et al., "CTRL", section 4.1, with the sign rule that everybody adds).
void Sampler::penalise(std::span<float> logits, const protocol::SamplingParams& params,
                       std::span<const models::TokenId> recent) {
    m_window.assign(recent.begin(), recent.end());
    std::sort(m_window.begin(), m_window.end());
    m_window.erase(std::unique(m_window.begin(), m_window.end()), m_window.end());
    for (const models::TokenId token : m_window) {
        if (token < 0 || static_cast<size_t>(token) >= logits.size()) continue;
        float& logit = logits[static_cast<size_t>(token)];
        logit = logit > 0 ? logit / params.repetitionPenalty : logit * params.repetitionPenalty;
    }
}

void Sampler::weigh(std::span<const float> logits, float greatest, float temperature) {
    m_weights.resize(logits.size());
    const float scale = 1.0f / temperature;
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
Sampler::Candidate Sampler::lastOfMass(double mass) {
    const auto bucketOf = [](const Candidate& x) { return std::bit_cast<uint32_t>(x.weight) >> kBucketShift; };
    const size_t buckets = bucketOf({1.0f, 0}) + 1; // weights are at most 1
    // Neighbours go to different sums: adding to one again has to wait for the last addition.
    m_buckets.assign(kLanes * buckets, 0.0);
    for (size_t i = 0; i < m_candidates.size(); ++i)
        m_buckets[i % kLanes * buckets + bucketOf(m_candidates[i])] += m_candidates[i].weight;
    for (size_t lane = 1; lane < kLanes; ++lane)
        for (size_t i = 0; i < buckets; ++i) m_buckets[i] += m_buckets[lane * buckets + i];
    double above = 0; // mass of what certainly comes before the range
    uint32_t bucket = 0, least = 0;
    for (auto i = static_cast<uint32_t>(buckets); i-- > 0;) {
        if (m_buckets[i] == 0) continue;
        bucket = i;
        if (above + m_buckets[i] >= mass) break;
        least = i;
        above += m_buckets[i];
    }
    if (bucket == least) above -= m_buckets[bucket]; // rounding: not even the last bucket reached it
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
        double left = 0;
        for (size_t i = begin; i < split; ++i) left += m_selected[i].weight;
        if (above + left >= mass && split > begin) {
            end = split;
        } else if (above + left + pivot.weight >= mass) {
            return pivot;
        } else {
            // The pivot and what is before it are kept; order the pivot to the front of the rest and leave it
            // out.
            std::iter_swap(middle,
                           std::find(middle, m_selected.begin() + static_cast<std::ptrdiff_t>(end), pivot));
            above += left + pivot.weight;
            begin = split + 1;
            if (begin == end) return pivot; // rounding: everything is kept
        }
    }
    return m_selected[begin];
}

// In the order of tokens, so that the result does not depend on how selections moved things about; whole runs of weights are
// passed over by their sums.
models::TokenId Sampler::draw(double uniform, float floorWeight) {
    constexpr size_t kRun = 1024;
    if (floorWeight > 0)
        for (float& weight : m_weights) weight = weight >= floorWeight ? weight : 0.0f;
    const std::span<const float> weights = m_weights;
    const auto run = [&](size_t begin) {
        return weights.subspan(begin, std::min(kRun, weights.size() - begin));
    };
    double total = 0;
    for (size_t begin = 0; begin < weights.size(); begin += kRun) total += sumOf(run(begin));
    double left = uniform * total;
    for (size_t begin = 0; begin < weights.size(); begin += kRun) {
        const double sum = sumOf(run(begin));
        if (left >= sum) {
            left -= sum;
            continue;
        }
        for (size_t i = begin; i < begin + run(begin).size(); ++i)
            if ((left -= weights[i]) < 0 && weights[i] > 0) return static_cast<models::TokenId>(i);
    }
    // Rounding left a remainder: the last that can be chosen.
    size_t last = weights.size() - 1;
    while (last > 0 && !(weights[last] > 0)) --last;
    return static_cast<models::TokenId>(last);
}

std::optional<models::TokenId> Sampler::sample(std::span<const float> logits,
                                               const protocol::SamplingParams& params,
                                               std::span<const models::TokenId> recent, uint64_t position) {
    const size_t window = params.penaltyWindow > 0 ? static_cast<size_t>(params.penaltyWindow) : 0;
    if (recent.size() > window) recent = recent.last(window);
    if (params.repetitionPenalty > 0 && params.repetitionPenalty != 1.0f && !recent.empty()) {
        m_logits.assign(logits.begin(), logits.end());
        penalise(m_logits, params, recent);
        logits = m_logits;
    }

    const float greatest = greatestOf(logits);
    if (greatest == kLowest) return std::nullopt;
    const auto first = std::find(logits.begin(), logits.end(), greatest);
    const auto best = static_cast<models::TokenId>(first - logits.begin());
    if (!(params.temperature > 0) || std::isinf(greatest)) return best;

    weigh(logits, greatest, params.temperature);
    const auto topK = params.topK > 0 ? static_cast<size_t>(params.topK) : logits.size();
    const double topP = params.topP < 1.0f ? std::max(0.0f, params.topP) : 1.0;
    const float floorWeight = params.minP > 0 ? std::min(params.minP, 1.0f) : 0.0f;
    const double uniform = uniformAt(params.seed, position);
    if (topK >= logits.size() && topP >= 1) return draw(uniform, floorWeight);

    // First what certainly is not chosen is left aside, exactly: of a group's greatest weights, the topK-th
    // is at most the topK-th of all; and tokens below (1 - topP) / n of the mass together weigh less than 1 -
    // topP.
    float least = 0;
    double mass = 0;
    if (topK < logits.size() / kGroup) {
        m_greatest.clear();
        for (size_t i = 0; i < m_weights.size(); i += kGroup)
            m_greatest.push_back(
                greatestOf(std::span(m_weights).subspan(i, std::min(kGroup, m_weights.size() - i))));
        const auto nth = m_greatest.begin() + static_cast<std::ptrdiff_t>(topK - 1);
        std::nth_element(m_greatest.begin(), nth, m_greatest.end(), std::greater<float>());
        least = *nth;
    } else if (topK >= logits.size()) {
        mass = sumOf(m_weights);
        // Half of the bound, so that rounding cannot leave out a token of the nucleus.
        least = static_cast<float>(0.5 * (1 - topP) * mass / static_cast<double>(m_weights.size()));
    }
    gather(least);

    Candidate last = {
        0, std::numeric_limits<uint32_t>::max()}; // the last, in the order of before(), that is kept
    if (topK < logits.size()) {
        last = lastOfCount(std::min(topK, m_candidates.size()));
        const auto end = std::remove_if(m_candidates.begin(), m_candidates.end(),
                                        [&](const Candidate& x) { return before(last, x); });
        m_candidates = m_candidates.first(static_cast<size_t>(end - m_candidates.begin()));
        mass = 0;
        for (const Candidate& candidate : m_candidates) mass += candidate.weight;
    }
    if (topP < 1) last = lastOfMass(topP * mass);
    if (last.weight > 0) // of equals the later tokens are out
        for (size_t i = size_t{last.token} + 1; i < m_weights.size(); ++i)
            m_weights[i] = m_weights[i] == last.weight ? 0.0f : m_weights[i];
    return draw(uniform, std::max(floorWeight, last.weight));
}

} // namespace ponder::inference
