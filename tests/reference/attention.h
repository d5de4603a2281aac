#pragma once
// Attention as plain loops in double. Obviously right, slow. Pure; any thread.

#include <cstdint>
#include <span>
#include <vector>

namespace ponder::reference {

struct AttentionShape {
    uint32_t n_heads = 0, n_kv_heads = 0, head_dim = 0;
};

// q: [n][n_heads][head_dim]; k, v: [kv_length][n_kv_heads][head_dim]; result as q. The n tokens are the last
// of kv_length.
std::vector<double> attention(const AttentionShape& shape, std::span<const float> q, std::span<const float> k,
                              std::span<const float> v, uint32_t n, uint32_t kv_length);

// Values that share a scale, as a cache of 8 bits keeps them: numbers in [-127, 127], each times the scale,
// which is 1/128 of a float16 of 2^-14 or more.
struct RoundedTo8 {
    std::vector<int8_t> numbers;
    float scale = 0;
};
RoundedTo8 roundedTo8(std::span<const float> values);

} // namespace ponder::reference
