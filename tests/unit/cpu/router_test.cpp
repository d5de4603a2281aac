// The CPU's choice of experts against plain loops, given the same float32 logits: not one set may differ, nor the order in it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "inference/cpu/router.h"
#include "tests/reference/router.h"

using namespace ponder;

namespace {

models::Hyperparams mixture(uint32_t experts, uint32_t used, uint32_t groups, uint32_t groupsUsed,
                            bool sigmoid, float scale) {
    models::Hyperparams p;
    p.n_experts = experts;
    p.n_experts_used = used;
    p.n_expert_groups = groups;
    p.n_expert_groups_used = groupsUsed;
    p.expert_gating = sigmoid ? models::ExpertGating::Sigmoid : models::ExpertGating::Softmax;
    p.expert_weights_norm = sigmoid;
    p.expert_weights_scale = scale;
    return p;
}

const models::Hyperparams kV3 = mixture(256, 8, 8, 4, true, 2.5f), kV2 = mixture(160, 6, 8, 3, false, 16),
                          kLite = mixture(64, 6, 1, 1, false, 1);

void check(const models::Hyperparams& p, const std::vector<float>& logits, const std::vector<float>& bias) {
    const reference::RouterCase what{p.n_experts,
                                     p.n_experts_used,
                                     p.n_expert_groups,
                                     p.n_expert_groups_used,
                                     p.expert_gating == models::ExpertGating::Sigmoid,
                                     p.expert_weights_norm,
                                     p.expert_weights_scale};
    size_t different = 0;
    double closest = 1, worstWeight = 0;
    for (size_t at = 0; at < logits.size(); at += p.n_experts) {
        const auto row = std::span(logits).subspan(at, p.n_experts);
        std::vector<uint32_t> experts(p.n_experts_used);
        std::vector<float> weights(p.n_experts_used);
        cpu::chooseExperts(p, row, bias, experts, weights);
        const auto expected = reference::chooseExperts(what, row, bias);
        closest = std::min(closest, expected.margin);
        different += experts != expected.experts;
        for (size_t i = 0; i < weights.size(); ++i)
            worstWeight = std::max(worstWeight, std::fabs(double{weights[i]} / expected.weights[i] - 1));
    }
    CHECK(different == 0);
    CHECK(worstWeight < 1e-5); // sums of floats
    const size_t tokens = logits.size() / p.n_experts;
    MESSAGE(tokens << " tokens of " << p.n_experts << " experts: " << different
                   << " sets differ; the closest margin was " << closest);
}

std::vector<float> normal(size_t count, uint32_t seed, float spread) {
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution(0, spread);
    std::vector<float> values(count);
    for (float& value : values) value = distribution(random);
    return values;
}

} // namespace

TEST_CASE("router: 10,000 tokens of 256 experts in 8 groups choose what the formulas choose") {
    check(kV3, normal(size_t{256} * 10000, 1, 1.5f), normal(256, 2, 0.05f));
    check(kV2, normal(size_t{160} * 3000, 3, 1.5f), {});
    check(kLite, normal(size_t{64} * 3000, 4, 1.5f), {});
}

TEST_CASE("router: ties go to the lower index, of experts and of groups") {
    std::mt19937 random(5);
    for (const models::Hyperparams& p : {kV3, kV2, kLite}) {
        std::vector<float> logits(size_t{p.n_experts} * 10000);
        for (float& logit : logits) logit = static_cast<float>(random() % 4); // hardly two of them differ
        check(p, logits, {});
    }
    check(kV3, std::vector<float>(256 * 3, 0.25f), std::vector<float>(256, 0.5f));
    check(kV3, normal(size_t{256} * 1000, 10, 30), {}); // many sigmoids are 1
}

TEST_CASE("router: what is no number still chooses experts that exist, each once") {
    std::vector<float> logits = normal(size_t{256} * 64, 9, 1.5f);
    for (size_t i = 0; i < logits.size(); ++i) {
        if (i % 5 == 0) logits[i] = NAN;
        if (i % 7 == 0) logits[i] = i % 2 == 0 ? INFINITY : -INFINITY;
        if (i >= 256 * 60) logits[i] = NAN;
    }
    for (const models::Hyperparams& p : {kV3, mixture(256, 8, 8, 3, false, 1)})
        for (size_t at = 0; at < logits.size(); at += 256) {
            std::vector<uint32_t> experts(8);
            std::vector<float> weights(8);
            cpu::chooseExperts(p, std::span(logits).subspan(at, 256), {}, experts, weights);
            std::sort(experts.begin(), experts.end());
            CHECK(experts.back() < 256);
            CHECK(std::adjacent_find(experts.begin(), experts.end()) == experts.end());
        }
}
