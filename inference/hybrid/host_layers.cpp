#include "inference/hybrid/host_layers.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "inference/rope_table.h"
#include "models/base/errors.h"

namespace ponder::inference {

Result<std::unique_ptr<HostLayers>> HostLayers::create(const Workspace& w,
                                                       std::span<const float> ropeFactors) {
    PONDER_CHECK(w.host && w.host->cache);
    std::unique_ptr<HostLayers> made(new HostLayers(w, *w.host));
    cpu::Pass& pass = made->m_pass;
    const auto& p = w.hyperparams;
    pass.precise = w.precise;
    pass.cache = cpu::cacheShape(p, w.precise);
    pass.cache.firstLayer = w.host->firstLayer;
    pass.cache.layers = p.n_layers - w.host->firstLayer; // those of the ring too: they may become ours
    pass.ropeTable = inference::ropeTable(p, ropeFactors, w.contextTokens);
    const uint64_t bytes = uint64_t{w.chunkTokens} * p.n_embd * sizeof(float);
    ASSIGN_OR_RETURN(made->m_out, vulkan::Buffer::create(w.context, bytes, vulkan::MemoryUse::Readback,
                                                         "residual to the host"));
    ASSIGN_OR_RETURN(made->m_back, vulkan::Buffer::create(w.context, bytes, vulkan::MemoryUse::Upload,
                                                          "residual from the host"));
    return made;
}

Result<void> HostLayers::recordOut(vulkan::CommandRecorder& recorder, uint32_t n) const {
    const uint64_t bytes = uint64_t{n} * m_workspace.hyperparams.n_embd * sizeof(float);
    recorder.mark("residual to the host");
    recorder.barrier("residual complete for the host");
    recorder.copy(m_workspace.x.part(0, bytes), m_out.view().part(0, bytes));
    recorder.hostBarrier();
    return {};
}

Result<void> HostLayers::compute(const PassInput& input, const std::stop_token& stop) {
    const auto& p = m_workspace.hyperparams;
    m_blocks = m_side.cache->hostBlocks(input.blockTable);
    m_pass.n = input.n;
    m_pass.position = input.position;
    m_pass.blocks = m_blocks;
    m_pass.x.resize(uint64_t{input.n} * p.n_embd);
    const size_t bytes = m_pass.x.size() * sizeof(float);
    std::memcpy(m_pass.x.data(), m_out.mapped().data(), bytes);
    for (uint32_t block = m_side.firstLayer; block < m_side.endLayer; ++block) {
        if (stop.stop_requested()) return stopped();
        RETURN_IF_ERROR(m_layers.run(m_pass, block));
    }
    std::memcpy(m_back.mapped().data(), m_pass.x.data(), bytes);
    return {};
}

Result<double> HostLayers::measure(uint32_t tokens) {
    const auto& p = m_workspace.hyperparams;
    const uint64_t first[] = {m_side.cache->address(0)};
    m_blocks = m_side.cache->hostBlocks(first);
    m_pass.n = tokens;
    m_pass.position = 0;
    m_pass.blocks = m_blocks;
    double best = 1e9;
    for (int round = 0; round < 3; ++round) {
        m_pass.x.resize(uint64_t{tokens} * p.n_embd);
        for (size_t i = 0; i < m_pass.x.size(); ++i) m_pass.x[i] = static_cast<float>(i % 17) - 8;
        const auto start = std::chrono::steady_clock::now();
        RETURN_IF_ERROR(m_layers.run(m_pass, m_side.firstLayer));
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return std::max(best, 1e-9);
}

Result<void> HostLayers::recordBack(vulkan::CommandRecorder& recorder, uint32_t n) const {
    const uint64_t bytes = uint64_t{n} * m_workspace.hyperparams.n_embd * sizeof(float);
    recorder.mark("residual from the host");
    recorder.barrier("the residual has been read");
    recorder.copy(m_back.view().part(0, bytes), m_workspace.x.part(0, bytes));
    return {};
}

std::string HostLayers::describe() const {
    return fmt::format("{} of {} layers by {} threads of the CPU ({})", m_side.endLayer - m_side.firstLayer,
                       m_workspace.hyperparams.n_layers, m_side.pool.size(), cpu::isaName(m_pass.isa));
}

} // namespace ponder::inference
