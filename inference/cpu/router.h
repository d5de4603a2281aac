#pragma once
// The choice of experts from a router's logits, as DeepSeek-V2 and -V3 define it (modeling_deepseek.py of both, MoEGate):
// scores are a softmax (V2) or sigmoids (V3) of the logits; for choosing only, V3 adds a bias; groups of experts compete
// first, by their greatest (V2) or the sum of their two greatest (V3), and the rest is out; the greatest are taken, ties to
// the lower index; weights are the unbiased scores, normalised and scaled as the model says. Pure; any thread.

#include <cstdint>
#include <span>

#include "models/hyperparams.h"

namespace ponder::cpu {

// logits: (n_experts); bias: (n_experts) or empty. experts, weights: (n_experts_used), the best first.
void chooseExperts(const models::Hyperparams& p, std::span<const float> logits, std::span<const float> bias,
                   std::span<uint32_t> experts, std::span<float> weights);

} // namespace ponder::cpu
