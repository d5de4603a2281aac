#pragma once
// Brings experts from host memory to the device for one pass of many tokens, a few at a time through a ring of two halves: while
// kernels read one half, copies write the other. What a chunk uses is copied once, and nothing of it stays. Which experts are worth
// it: stream_share.h. Owns the ring, its tables and recordings. Belongs to the engine's thread; must not outlive the Workspace.

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "inference/experts/host_link.h"
#include "inference/layers/workspace.h"

namespace ponder::inference {

class ExpertStream {
public:
    using Tensors = std::array<kernels::ExpertWeight, 3>; // gate, up, down
    // Records what a part of the experts makes of the pass: those that the tables of `tensors` have an address of.
    using Body = std::function<Result<void>(vulkan::CommandRecorder&, const Tensors& tensors)>;

    // experts: that half of the ring holds, each of at most so many bytes.
    static Result<std::unique_ptr<ExpertStream>> create(const Workspace& workspace, const HostLink& link,
                                                        uint32_t experts, uint64_t expertBytes);

    // Submits copies and bodies for all of `experts`, which the link has, and does not wait for them: what is submitted afterwards
    // comes behind them.
    Result<void> run(uint32_t block, const Tensors& shapes, std::span<const uint32_t> experts,
                     const Body& body);

private:
    struct Recording {
        std::unique_ptr<vulkan::CommandRecorder> recorder;
        vulkan::Buffer entries, table; // uint64 [3][n_experts]: as the host writes it, as kernels read it
        uint64_t value = 0;            // of its last submission
    };

    ExpertStream(const Workspace& workspace, const HostLink& link, uint32_t experts)
        : m_workspace(workspace), m_link(link), m_experts(experts) {}
    Result<Recording*> nextRecording(size_t index);

    const Workspace& m_workspace;
    const HostLink& m_link;
    uint32_t m_experts; // of a half
    vulkan::Buffer m_ring;
    std::vector<Recording> m_recordings;
};

} // namespace ponder::inference
