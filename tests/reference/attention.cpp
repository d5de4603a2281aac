#include "tests/reference/attention.h"

#include <algorithm>
#include <cmath>

#include "models/base/half.h"

namespace ponder::reference {

std::vector<double> attention(const AttentionShape& shape, std::span<const float> q, std::span<const float> k,
                              std::span<const float> v, uint32_t n, uint32_t kv_length) {
    const size_t head_dim = shape.head_dim;
    std::vector<double> result(size_t{n} * shape.n_heads * head_dim, 0.0);
    for (uint32_t token = 0; token < n; ++token) {
        const uint32_t visible = kv_length - n + token + 1;
        for (uint32_t head = 0; head < shape.n_heads; ++head) {
            const uint32_t kvHead = head / (shape.n_heads / shape.n_kv_heads);
            const float* query = &q[(size_t{token} * shape.n_heads + head) * head_dim];
            double* out = &result[(size_t{token} * shape.n_heads + head) * head_dim];

            std::vector<double> weights(visible);
            for (uint32_t key = 0; key < visible; ++key) {
                const float* row = &k[(size_t{key} * shape.n_kv_heads + kvHead) * head_dim];
                double dot = 0;
                for (size_t i = 0; i < head_dim; ++i) dot += double{query[i]} * double{row[i]};
                weights[key] = dot / std::sqrt(static_cast<double>(head_dim));
            }
            const double most = *std::max_element(weights.begin(), weights.end());
            double total = 0;
            for (double& weight : weights) total += weight = std::exp(weight - most);
            for (uint32_t key = 0; key < visible; ++key) {
                const float* row = &v[(size_t{key} * shape.n_kv_heads + kvHead) * head_dim];
                for (size_t i = 0; i < head_dim; ++i) out[i] += weights[key] / total * double{row[i]};
            }
        }
    }
    return result;
}

RoundedTo8 roundedTo8(std::span<const float> values) {
    float most = 0;
    for (const float value : values) most = std::max(most, std::abs(value));
    RoundedTo8 rounded{.numbers = {}, .scale = 0};
    rounded.scale = std::max(halfToFloat(floatToHalf(most * (128.0f / 127.0f))), 0x1p-14f) / 128;
    for (const float value : values) {
        const float number = std::nearbyint(value / rounded.scale);
        rounded.numbers.push_back(static_cast<int8_t>(std::clamp(number, -127.0f, 127.0f)));
    }
    return rounded;
}

} // namespace ponder::reference
