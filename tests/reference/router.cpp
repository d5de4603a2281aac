#include "tests/reference/router.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ponder::reference {

namespace {

// Indices of the `count` greatest values, the best first.
std::vector<uint32_t> greatest(std::span<const double> values, uint32_t count, double& margin) {
    std::vector<uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return values[a] > values[b]; });
    if (count < order.size()) margin = std::min(margin, values[order[count - 1]] - values[order[count]]);
    order.resize(count);
    return order;
}

} // namespace

Choice chooseExperts(const RouterCase& what, std::span<const float> logits, std::span<const float> bias) {
    // Scores are float32 values, as the model's code has them: rounded once, from double.
    std::vector<double> scores(what.n_experts), choices(what.n_experts);
    double sum = 0;
    const double most = *std::max_element(logits.begin(), logits.end());
    for (const float logit : logits) sum += std::exp(logit - most);
    for (uint32_t e = 0; e < what.n_experts; ++e) {
        const double logit = logits[e];
        scores[e] =
            what.sigmoid ? static_cast<float>(1 / (1 + std::exp(-logit))) : std::exp(logit - most) / sum;
        choices[e] = bias.empty() ? scores[e] : static_cast<float>(scores[e]) + bias[e]; // a float sum
    }
    Choice choice;
    choice.margin = std::numeric_limits<double>::infinity();
    if (what.groupsUsed < what.groups) {
        const uint32_t size = what.n_experts / what.groups;
        std::vector<double> groups;
        for (uint32_t g = 0; g < what.groups; ++g) {
            std::vector<double> of(choices.begin() + g * size, choices.begin() + (g + 1) * size);
            std::sort(of.begin(), of.end(), std::greater<>());
            groups.push_back(what.sigmoid ? static_cast<float>(of[0]) + static_cast<float>(of[1]) : of[0]);
        }
        const auto kept = greatest(groups, what.groupsUsed, choice.margin);
        for (uint32_t e = 0; e < what.n_experts; ++e)
            if (std::find(kept.begin(), kept.end(), e / size) == kept.end())
                choices[e] = -std::numeric_limits<double>::infinity();
    }
    choice.experts = greatest(choices, what.n_used, choice.margin);
    double total = 0;
    for (const uint32_t e : choice.experts) total += scores[e];
    for (const uint32_t e : choice.experts)
        choice.weights.push_back(scores[e] / (what.normalise ? total + 1e-20 : 1) * what.scale);
    return choice;
}

} // namespace ponder::reference
