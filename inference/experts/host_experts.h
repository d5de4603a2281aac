#pragma once
// The experts that the host computes, which are those that the device does not: the hand-over of normed rows and choice from
// the device, what the CPU makes of it, and the sums that the device adds to its residual. Counts which experts were used. Owns
// the buffers of both ways. Belongs to the engine's thread; must not outlive the Workspace.

#include <memory>
#include <span>
#include <vector>

#include "inference/cpu/experts.h"
#include "inference/experts/expert_cache.h"
#include "inference/experts/link_share.h"
#include "inference/experts/stream_share.h"
#include "inference/forward.h"
#include "inference/kernels/router.h"
#include "inference/layers/workspace.h"

namespace ponder::inference {

class HostExperts {
public:
    static Result<std::unique_ptr<HostExperts>> create(const Workspace& workspace);

    bool hasAny(uint32_t block) const; // experts of a block
    // Brings normed rows and the choice of n tokens to the host.
    void recordOut(vulkan::CommandRecorder& recorder, const kernels::Router& router, uint32_t n) const;
    // What was chosen for n tokens, when it is there: tells the cache, and keeps what is not on the device as missing().
    Result<void> receive(uint32_t block, uint32_t n, ExpertCache& cache);
    std::span<const uint32_t> missing() const {
        return m_ours;
    } // [n][n_experts_used]; no expert: the device's
    // Those of all tokens become the device's.
    void leave(std::span<const uint32_t> experts);
    // The weighted sums of what is missing, into sums(), but for what the device reads itself by `link`. Errors: those of reading
    // weights from disk.
    Result<void> compute(uint32_t block, uint32_t n, const LinkShare& link);
    // The rates of the CPU with the experts of a block, the first ones that it has; no link's.
    Result<StreamRates> measure(uint32_t block, uint64_t expertBytes);
    vulkan::BufferView sums() const { return m_sums.view(); } // float [chunk][n_embd]

    const ExpertUse& use() const { return m_use; }
    std::span<const uint64_t> counts(uint32_t block) const { return m_counts[block]; } // by expert
    std::string describe() const;

private:
    HostExperts(const Workspace& workspace, HostSide& side)
        : m_workspace(workspace), m_side(side), m_pass(side.pool, workspace.hyperparams, *side.weights) {}
    Result<double> measureTokens(uint32_t block,
                                 uint32_t tokens); // seconds, for as many experts as a token uses
    void countUse(uint32_t block, std::span<const uint32_t> chosen, const ExpertCache& cache);

    const Workspace& m_workspace;
    HostSide& m_side;
    cpu::Pass m_pass;
    cpu::ExpertRunner m_runner;
    vulkan::Buffer m_normed;      // float [chunk][n_embd]
    vulkan::Buffer m_chosen;      // uint32 [chunk][n_experts_used]
    vulkan::Buffer m_weights;     // float [chunk][n_experts_used]
    vulkan::Buffer m_sums;        // float [chunk][n_embd]
    uint64_t m_zeros = 0;         // so many of the sums are known to be 0
    std::vector<uint32_t> m_ours; // [n][n_experts_used]: chosen, where the device's are no experts
    ExpertUse m_use;
    std::vector<std::vector<uint64_t>> m_counts; // by block; empty: nothing counted
};

} // namespace ponder::inference
