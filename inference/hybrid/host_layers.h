#pragma once
// Layers of a model, one behind the other, computed by the CPU with their own part of the cache: the residual comes over from the
// device, and goes back when all of them are done. Passes of many tokens may have them brought over instead (layer_stream.h). Owns the buffers of both ways. Belongs to the engine's thread; must not outlive the
// Workspace.

#include <memory>
#include <vector>

#include "inference/cpu/layers.h"
#include "inference/hybrid/hybrid_pass.h"
#include "inference/layers/workspace.h"

namespace ponder::inference {

class HostLayers {
public:
    static Result<std::unique_ptr<HostLayers>> create(const Workspace& workspace,
                                                      std::span<const float> ropeFactors);

    Result<void> recordOut(vulkan::CommandRecorder& recorder, uint32_t n) const; // residual -> host
    Result<void> compute(const PassInput& input, const std::stop_token& stop);
    Result<void> recordBack(vulkan::CommandRecorder& recorder, uint32_t n) const;
    // Seconds that one of the layers takes with so many tokens, at most those of a block. Before anything is in the cache.
    Result<double> measure(uint32_t tokens);
    std::span<const uint64_t> expertCounts(uint32_t block) const { return m_layers.expertCounts(block); }
    std::string describe() const;

private:
    HostLayers(const Workspace& workspace, HostSide& side)
        : m_workspace(workspace), m_side(side), m_pass(side.pool, workspace.hyperparams, *side.weights),
          m_layers(workspace.hyperparams) {}

    const Workspace& m_workspace;
    HostSide& m_side;
    cpu::Pass m_pass;
    cpu::Layers m_layers;
    std::vector<uint64_t> m_blocks;
    vulkan::Buffer m_out, m_back; // float [chunk][n_embd]: to the host, from the host
};

} // namespace ponder::inference
