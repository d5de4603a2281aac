#include "inference/experts/expert_cache.h"

#include <algorithm>
#include <cmath>

#include "models/base/result.h"

namespace ponder::inference {

namespace {

constexpr double kGreatUnit = 1e100; // then all counts are brought back to units of one

} // namespace

ExpertCache::ExpertCache(std::vector<Layer> layers, const CachePolicy& policy) : m_policy(policy) {
    for (const Layer& layer : layers) {
        PONDER_CHECK(uint64_t{layer.fixed} + layer.slots <= layer.experts);
        State state{.shape = layer,
                    .slotOf = std::vector<uint32_t>(layer.experts, kNowhere),
                    .coming = std::vector<bool>(layer.experts, false),
                    .uses = std::vector<double>(layer.experts, 0)};
        std::fill_n(state.slotOf.begin(), layer.fixed, kAlways);
        for (uint32_t slot = 0; slot < layer.slots; ++slot) state.slotOf[layer.fixed + slot] = slot;
        m_layers.push_back(std::move(state));
    }
}

uint32_t ExpertCache::onDevice(uint32_t layer) const {
    return m_layers[layer].shape.fixed + m_layers[layer].shape.slots;
}

bool ExpertCache::exchanges() const {
    return std::any_of(m_layers.begin(), m_layers.end(), [](const State& state) {
        return state.shape.slots > 0 && state.shape.fixed + state.shape.slots < state.shape.experts;
    });
}

void ExpertCache::count(uint32_t layer, std::span<const uint32_t> chosen, uint32_t perToken) {
    PONDER_CHECK(perToken > 0);
    State& state = m_layers[layer];
    const double growth = std::exp(1 / m_policy.horizonTokens);
    for (size_t i = 0; i < chosen.size(); ++i) {
        if (i % perToken == 0) state.unit *= growth;
        if (chosen[i] < state.shape.experts) state.uses[chosen[i]] += state.unit;
        if (state.unit < kGreatUnit) continue;
        for (double& uses : state.uses) uses /= state.unit;
        state.unit = 1;
    }
}

// Uses that come at random times and fade with horizon T have mean rate * T and variance rate * T / 2, so the difference of two
// that are chosen equally often has a variance of half their sum.
std::optional<ExpertCache::Candidate> ExpertCache::best(uint32_t layer) const {
    const State& state = m_layers[layer];
    uint32_t in = kNowhere, out = kNowhere;
    for (uint32_t expert = state.shape.fixed; expert < state.shape.experts; ++expert) {
        if (state.coming[expert]) continue;
        uint32_t& other = state.slotOf[expert] == kNowhere ? in : out;
        if (other == kNowhere ||
            (&other == &in ? state.uses[expert] > state.uses[in] : state.uses[expert] < state.uses[out]))
            other = expert;
    }
    if (in == kNowhere || out == kNowhere) return std::nullopt;
    const double more = state.uses[in] / state.unit, less = state.uses[out] / state.unit;
    if (!(more - less > m_policy.margin * std::sqrt((more + less) / 2))) return std::nullopt;
    return Candidate{{layer, state.slotOf[out], in, out}, more - less};
}

std::optional<ExpertCache::Exchange> ExpertCache::choose() {
    std::optional<Candidate> chosen;
    for (uint32_t layer = 0; layer < m_layers.size(); ++layer) {
        if (m_layers[layer].shape.slots == 0) continue;
        const auto candidate = best(layer);
        if (candidate && (!chosen || candidate->gain > chosen->gain)) chosen = candidate;
    }
    if (!chosen) return std::nullopt;
    State& state = m_layers[chosen->exchange.layer];
    state.slotOf[chosen->exchange.out] = kNowhere;
    state.coming[chosen->exchange.in] = true;
    return chosen->exchange;
}

void ExpertCache::arrive(const Exchange& exchange) {
    State& state = m_layers[exchange.layer];
    PONDER_CHECK(state.coming[exchange.in]);
    state.coming[exchange.in] = false;
    state.slotOf[exchange.in] = exchange.slot;
}

} // namespace ponder::inference
