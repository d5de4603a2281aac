#pragma once
// A layer of DeepSeek-V2 or -V3 in plain loops and double, from the tensors of a model file: latent attention expanded to keys
// and values as the definition has it (modeling_deepseek.py of both), then a feed-forward part, dense or a mixture of experts.
// Obviously right, slow. Pure; any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "models/gguf_file.h"
#include "models/hyperparams.h"
#include "tests/reference/router.h"

namespace ponder::reference {

struct LatentHeads {
    uint32_t heads = 0, nope = 0, rope = 0, rank = 0, value = 0; // of a head: unrotated, rotated, of a value
};

// q: [n][heads][nope + rope], not yet rotated; latents: [n][rank + rope], not yet normed; kvB: [heads][nope + value][rank].
// Result: [n][heads][value]. The n tokens are the first of their sequence.
std::vector<double> latentAttention(const LatentHeads& shape, std::span<const float> q,
                                    std::span<const float> latents, std::span<const float> norm, double eps,
                                    std::span<const float> kvB, std::span<const double> frequencies,
                                    double scale, uint32_t n);

// x: [n][n_embd], the first tokens of a sequence; each becomes what the part adds to it.
std::vector<double> latentAttentionPart(const models::GgufFile& file, const models::Hyperparams& p,
                                        uint32_t block, std::span<const float> x);

struct FeedForward {
    std::vector<double> added;   // [n][n_embd]
    std::vector<float> normed;   // [n][n_embd]: what experts are given
    std::vector<Choice> choices; // one a token; empty: the layer is dense
};
FeedForward feedForwardPart(const models::GgufFile& file, const models::Hyperparams& p, uint32_t block,
                            std::span<const float> x);

// y[n][rows] = a tensor, or rows of it, times x.
std::vector<float> product(const models::GgufFile& file, const std::string& name, std::span<const float> x,
                           uint64_t firstRow = 0, uint64_t rows = 0);
std::vector<float> values(const models::GgufFile& file, const std::string& name);

} // namespace ponder::reference
