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

} // namespace ponder::reference
