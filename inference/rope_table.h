#pragma once
// Rotary position embedding as a table of cosines and sines for every position, computed in double: Vulkan
// promises its own sin and cos to 2^-11 only, which is far off at position 30,000. A pure function; any
// thread.

#include <cstdint>
#include <span>
#include <vector>

#include "models/hyperparams.h"

namespace ponder::inference {

// Radians a position for each pair; (rope_dim / 2). `factors` divides the frequencies, one a pair
// (rope_freqs.weight of Llama 3.1), or is empty.
std::vector<double> ropeFrequencies(const models::Hyperparams& params, std::span<const float> factors);

// (cos, sin) [n_ctx][rope_dim / 2], as recordRopeAndStore takes it.
std::vector<float> ropeTable(const models::Hyperparams& params, std::span<const float> factors,
                             uint32_t n_ctx);

// What the scores of DeepSeek's latent attention are multiplied by: 1 / sqrt(head_dim), and YaRN's temperature, which these
// models apply here and not to the rotated vectors: (0.1 mscale_all_dim ln factor + 1)^2 (modeling_deepseek.py of DeepSeek-V2
// and -V3).
float latentSoftmaxScale(const models::Hyperparams& params);

} // namespace ponder::inference
