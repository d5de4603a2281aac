#include "inference/rope_table.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ponder::inference {

namespace {

// YaRN (Peng et al., "YaRN: Efficient Context Window Extension of Large Language Models", 2023, section 3.2):
// pairs that turn more than betaFast times within the original context keep their frequency, those that turn
// less than betaSlow times are stretched, between them the frequency is blended linearly in the index of the
// pair.
constexpr double kBetaFast = 32, kBetaSlow = 1;

// Index of the pair that turns `turns` times within n_ctx_orig positions.
double pairOfTurns(double turns, const models::Hyperparams& params) {
    return params.rope_dim * std::log(params.rope_n_ctx_orig / (turns * 2 * std::numbers::pi)) /
           (2 * std::log(static_cast<double>(params.rope_theta)));
}

void applyYarn(const models::Hyperparams& params, std::vector<double>& frequencies) {
    const double last = params.rope_dim - 1.0;
    const double low = std::clamp(std::floor(pairOfTurns(kBetaFast, params)), 0.0, last);
    double high = std::clamp(std::ceil(pairOfTurns(kBetaSlow, params)), 0.0, last);
    if (high <= low) high = low + 0.001;
    for (size_t i = 0; i < frequencies.size(); ++i) {
        const double stretched = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
        frequencies[i] *= (1 - stretched) + stretched / params.rope_factor;
    }
}

// YaRN lengthens the rotated vectors as a softmax temperature, by 0.1 ln(factor) + 1. DeepSeek's models have
// it in the scale of the softmax instead (yarn_mscale_all), and their cosines and sines stay as they are.
double yarnLength(const models::Hyperparams& params) {
    const bool scaled = params.rope_scaling == models::RopeScaling::Yarn && params.yarn_mscale_all == 0 &&
                        params.rope_factor > 1;
    return scaled ? 0.1 * std::log(static_cast<double>(params.rope_factor)) + 1 : 1;
}

} // namespace

std::vector<double> ropeFrequencies(const models::Hyperparams& params, std::span<const float> factors) {
    std::vector<double> frequencies(params.rope_dim / 2);
    for (size_t i = 0; i < frequencies.size(); ++i) {
        frequencies[i] =
            std::pow(static_cast<double>(params.rope_theta), -2.0 * static_cast<double>(i) / params.rope_dim);
        if (i < factors.size() && factors[i] > 0) frequencies[i] /= factors[i];
        if (params.rope_scaling == models::RopeScaling::Linear && params.rope_factor > 0)
            frequencies[i] /= params.rope_factor;
    }
    if (params.rope_scaling == models::RopeScaling::Yarn && params.rope_factor > 0 &&
        params.rope_n_ctx_orig > 0)
        applyYarn(params, frequencies);
    return frequencies;
}

std::vector<float> ropeTable(const models::Hyperparams& params, std::span<const float> factors,
                             uint32_t n_ctx) {
    const std::vector<double> frequencies = ropeFrequencies(params, factors);
    const double length = yarnLength(params);
    std::vector<float> table;
    table.reserve(size_t{n_ctx} * frequencies.size() * 2);
    for (uint32_t position = 0; position < n_ctx; ++position) {
        for (const double frequency : frequencies) {
            const double angle = position * frequency;
            table.push_back(static_cast<float>(length * std::cos(angle)));
            table.push_back(static_cast<float>(length * std::sin(angle)));
        }
    }
    return table;
}

float latentSoftmaxScale(const models::Hyperparams& params) {
    double scale = 1 / std::sqrt(static_cast<double>(params.head_dim));
    if (params.rope_scaling == models::RopeScaling::Yarn && params.rope_factor > 1) {
        const double length = 0.1 * static_cast<double>(params.yarn_mscale_all) *
                                  std::log(static_cast<double>(params.rope_factor)) +
                              1;
        scale *= length * length;
    }
    return static_cast<float>(scale);
}

} // namespace ponder::inference
