#pragma once
// Experts in host memory that the device reads where they lie, over the link between the two: their addresses on the device, and
// how a token's missing experts are shared out between link and CPU (link_share.h). For devices with memory of their own, or
// where PONDER_EXPERT_LINK asks for it.
// Owns the imports, not the memory. Belongs to the engine's thread; must not outlive the Workspace.

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "inference/experts/link_share.h"
#include "inference/layers/workspace.h"

namespace ponder::inference {

class HostLink {
public:
    // Null: not asked for, or the device cannot.
    static std::unique_ptr<HostLink> create(const Workspace& workspace);

    // Imports the experts of a block, of three tensors by these names. False: some are on disk, or the driver refuses, which it is
    // not asked again after; then the CPU has all of the block's.
    bool add(uint32_t block, std::span<const std::string> tensors);
    bool has(uint32_t block) const { return m_blocks.contains(block); }
    // By expert; 0: the host does not have it. `tensor`: of those given to add().
    std::vector<uint64_t> addresses(uint32_t block, size_t tensor) const;
    // Of an expert that the host has.
    vulkan::BufferView view(uint32_t block, size_t tensor, uint32_t expert) const;
    // The same tensor as the device would have it, without a row of it there.
    kernels::Weight shape(uint32_t block, size_t tensor) const;

    // What the link gives, in bytes a second: copies experts of a block to a buffer of the device.
    Result<double> measure(uint32_t block) const;
    const std::map<uint32_t, std::array<cpu::HeldExperts, 3>>& blocks() const { return m_blocks; }
    uint64_t expertBytes(uint32_t block) const;

    void setShare(const LinkShare& share) { m_share = share; }
    // Of a pass of n tokens.
    LinkShare share(uint32_t block, uint32_t n) const { return n == 1 && has(block) ? m_share : LinkShare(); }

private:
    explicit HostLink(const Workspace& workspace) : m_workspace(workspace) {}

    const Workspace& m_workspace;
    std::map<uint32_t, std::array<cpu::HeldExperts, 3>> m_blocks;
    std::map<const void*, vulkan::Buffer> m_imports; // by where the memory begins
    LinkShare m_share;
    bool m_refused = false;
};

} // namespace ponder::inference
