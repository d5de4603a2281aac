#pragma once
// The choice of experts as DeepSeek's own code defines it (class Gate of inference/model.py of DeepSeek-V3, MoEGate of
// modeling_deepseek.py of DeepSeek-V2), in plain loops. Pure; any thread.

#include <cstdint>
#include <span>
#include <vector>

namespace ponder::reference {

struct RouterCase {
    uint32_t n_experts = 0, n_used = 0, groups = 1, groupsUsed = 1;
    bool sigmoid = false, normalise = false;
    float scale = 1;
};

struct Choice {
    std::vector<uint32_t> experts; // the best first; of equals the lower index
    std::vector<double> weights;
    double margin = 0; // by how much the last expert or group chosen was better than the first that was not
};

// logits, bias: [n_experts]; bias may be empty.
Choice chooseExperts(const RouterCase& what, std::span<const float> logits, std::span<const float> bias);

} // namespace ponder::reference
