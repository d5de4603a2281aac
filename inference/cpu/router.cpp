#include "inference/cpu/router.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ponder::cpu {

namespace {

constexpr float kOut = -std::numeric_limits<float>::infinity(); // not to be chosen

// NaN counts as the least value, so that whatever comes in, experts exist that come out.
float comparable(float value) {
    constexpr float most = std::numeric_limits<float>::max();
    return std::isnan(value) ? -most : std::clamp(value, -most, most);
}

// The index of the greatest, the lower of equals; it is taken out.
size_t takeGreatest(std::span<float> values) {
    const auto greatest = std::max_element(values.begin(), values.end()); // the first of equals
    *greatest = kOut;
    return static_cast<size_t>(greatest - values.begin());
}

void keepBestGroups(const models::Hyperparams& p, std::span<float> choice) {
    const size_t groups = p.n_expert_groups, size = choice.size() / groups;
    const bool topTwo = p.expert_gating == models::ExpertGating::Sigmoid;
    std::vector<float> scores(groups);
    for (size_t group = 0; group < groups; ++group) {
        float first = -std::numeric_limits<float>::max(), second = first;
        for (const float value : choice.subspan(group * size, size)) {
            second = std::max(second, std::min(first, value));
            first = std::max(first, value);
        }
        scores[group] = comparable(topTwo ? first + second : first);
    }
    for (uint32_t i = 0; i < p.n_expert_groups_used; ++i) takeGreatest(scores);
    for (size_t expert = 0; expert < choice.size(); ++expert) // groups that were not taken still have a score
        if (scores[expert / size] != kOut) choice[expert] = kOut;
}

} // namespace

void chooseExperts(const models::Hyperparams& p, std::span<const float> logits, std::span<const float> bias,
                   std::span<uint32_t> experts, std::span<float> weights) {
    std::vector<float> scores(logits.size());
    if (p.expert_gating == models::ExpertGating::Sigmoid) {
        for (size_t e = 0; e < scores.size(); ++e)
            scores[e] = static_cast<float>(1 / (1 + std::exp(-static_cast<double>(logits[e]))));
    } else {
        float most = -std::numeric_limits<float>::max(), total = 0;
        for (const float logit : logits) most = std::max(most, comparable(logit));
        for (size_t e = 0; e < scores.size(); ++e) total += scores[e] = std::exp(logits[e] - most);
        for (float& score : scores) score /= total;
    }
    // A softmax keeps the order of its logits, and where scores round to the same number the logits still tell.
    const bool byLogits = p.expert_gating == models::ExpertGating::Softmax && bias.empty();
    std::vector<float> choice(scores.size());
    for (size_t e = 0; e < choice.size(); ++e)
        choice[e] = comparable(byLogits ? logits[e] : bias.empty() ? scores[e] : scores[e] + bias[e]);
    if (p.n_expert_groups > 1 && p.n_expert_groups_used < p.n_expert_groups) keepBestGroups(p, choice);
    float sum = 0;
    for (size_t slot = 0; slot < experts.size(); ++slot) {
        experts[slot] = static_cast<uint32_t>(takeGreatest(choice));
        weights[slot] = scores[experts[slot]];
        sum += weights[slot];
    }
    for (float& weight : weights)
        weight = (p.expert_weights_norm ? weight / (sum + 1e-20f) : weight) * p.expert_weights_scale;
}

} // namespace ponder::cpu
