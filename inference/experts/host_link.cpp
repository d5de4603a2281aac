#include "inference/experts/host_link.h"

#include <chrono>

#include "inference/run_now.h"
#include "inference/tuning.h"
#include "models/base/log.h"

namespace ponder::inference {

namespace {

constexpr uint64_t kMeasuredBytes = uint64_t{64} << 20;

} // namespace

std::unique_ptr<HostLink> HostLink::create(const Workspace& w) {
    const auto& caps = w.context.caps();
    const bool wanted =
        tuning().expertLink ? *tuning().expertLink > 0 : tuning().expertLinkMeasured || !caps.unified;
    const uint64_t alignment = caps.hostImportAlignment;
    if (!wanted || alignment == 0 || alignment > cpu::kHostPage) return nullptr;
    return std::unique_ptr<HostLink>(new HostLink(w));
}

bool HostLink::add(uint32_t block, std::span<const std::string> tensors) {
    const uint64_t alignment = m_workspace.context.caps().hostImportAlignment;
    std::array<cpu::HeldExperts, 3> held;
    PONDER_CHECK(tensors.size() == held.size());
    for (size_t i = 0; i < held.size(); ++i) {
        held[i] = m_workspace.host->weights->experts(tensors[i]);
        if (m_refused || held[i].held == 0 || held[i].first + held[i].held != held[i].end) return false;
    }
    for (const cpu::HeldExperts& stack : held) {
        // Memory comes in whole pages, and kernels may read a little behind the last row.
        auto* const start = reinterpret_cast<std::byte*>(const_cast<uint8_t*>(stack.one.data));
        const uint64_t bytes = stack.held * stack.one.rows * stack.one.rowBytes() + kArenaTailBytes;
        auto imported = vulkan::Buffer::import(m_workspace.context,
                                               {start, (bytes + alignment - 1) / alignment * alignment},
                                               stack.tensor->name);
        if (!imported) {
            m_refused = true;
            log(LogLevel::Warning, LogCategory::Engine, "experts are not read over the link: {}",
                imported.error().message);
            return false;
        }
        m_imports.insert_or_assign(start, std::move(*imported));
    }
    m_blocks.emplace(block, held);
    return true;
}

std::vector<uint64_t> HostLink::addresses(uint32_t block, size_t tensor) const {
    const cpu::HeldExperts& held = m_blocks.at(block)[tensor];
    std::vector<uint64_t> addresses(m_workspace.hyperparams.n_experts, 0);
    const uint64_t start = m_imports.at(held.one.data).address();
    for (uint32_t expert = held.first; expert < held.end; ++expert)
        addresses[expert] = start + (expert - held.first) * held.one.rows * held.one.rowBytes();
    return addresses;
}

vulkan::BufferView HostLink::view(uint32_t block, size_t tensor, uint32_t expert) const {
    const cpu::HeldExperts& held = m_blocks.at(block)[tensor];
    PONDER_CHECK(expert >= held.first && expert < held.end);
    const uint64_t bytes = held.one.rows * held.one.rowBytes();
    return m_imports.at(held.one.data).view().part((expert - held.first) * bytes, bytes);
}

kernels::Weight HostLink::shape(uint32_t block, size_t tensor) const {
    const cpu::Matrix& one = m_blocks.at(block)[tensor].one;
    return {.type = one.type,
            .rows = static_cast<uint32_t>(one.rows) * m_workspace.hyperparams.n_experts,
            .columns = static_cast<uint32_t>(one.columns),
            .rowBytes = one.rowBytes(),
            .segments = {}};
}

uint64_t HostLink::expertBytes(uint32_t block) const {
    uint64_t bytes = 0;
    for (const cpu::HeldExperts& held : m_blocks.at(block)) bytes += held.one.rows * held.one.rowBytes();
    return bytes;
}

Result<double> HostLink::measure(uint32_t block) const {
    const vulkan::Buffer& from = m_imports.at(m_blocks.at(block).front().one.data);
    const uint64_t bytes = std::min(from.sizeBytes(), kMeasuredBytes);
    ASSIGN_OR_RETURN(const auto to, vulkan::Buffer::create(m_workspace.context, bytes,
                                                           vulkan::MemoryUse::DeviceLocal, "the link's rate"));
    ASSIGN_OR_RETURN(auto recorder, vulkan::CommandRecorder::create(m_workspace.context, "the link's rate"));
    double best = 0;
    for (int round = 0; round < 3; ++round) { // the first one finds neither clocks nor tables warm
        RETURN_IF_ERROR(recorder.begin());
        recorder.copy(from.view().part(0, bytes), to.view());
        RETURN_IF_ERROR(recorder.end());
        const auto start = std::chrono::steady_clock::now();
        RETURN_IF_ERROR(runNow(m_workspace.context, recorder));
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::max(best, static_cast<double>(bytes) / std::max(seconds, 1e-9));
    }
    return best;
}

} // namespace ponder::inference
