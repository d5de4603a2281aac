#include "inference/experts/expert_stream.h"

#include <algorithm>
#include <cstring>

namespace ponder::inference {

namespace {

constexpr uint64_t kAlignment = 256; // of an expert's tensor in the ring

uint64_t aligned(uint64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

} // namespace

Result<std::unique_ptr<ExpertStream>> ExpertStream::create(const Workspace& w, const HostLink& link,
                                                           uint32_t experts, uint64_t expertBytes) {
    std::unique_ptr<ExpertStream> made(new ExpertStream(w, link, experts));
    const uint64_t bytes = 2 * experts * (expertBytes + 3 * kAlignment) + kArenaTailBytes;
    ASSIGN_OR_RETURN(made->m_ring, vulkan::Buffer::create(w.context, bytes, vulkan::MemoryUse::DeviceLocal,
                                                          "experts brought over"));
    return made;
}

Result<ExpertStream::Recording*> ExpertStream::nextRecording(size_t index) {
    const Workspace& w = m_workspace;
    if (index == m_recordings.size()) {
        Recording made;
        ASSIGN_OR_RETURN(auto recorder, vulkan::CommandRecorder::create(w.context, "experts brought over"));
        made.recorder = std::make_unique<vulkan::CommandRecorder>(std::move(recorder));
        const uint64_t bytes = uint64_t{3} * w.hyperparams.n_experts * sizeof(uint64_t);
        ASSIGN_OR_RETURN(made.entries, vulkan::Buffer::create(w.context, bytes, vulkan::MemoryUse::Upload,
                                                              "entries of experts brought over"));
        ASSIGN_OR_RETURN(made.table, vulkan::Buffer::create(w.context, bytes, vulkan::MemoryUse::DeviceLocal,
                                                            "table of experts brought over"));
        m_recordings.push_back(std::move(made));
    }
    Recording& recording = m_recordings[index];
    RETURN_IF_ERROR(w.context.wait(recording.value)); // of an earlier layer
    return &recording;
}

Result<void> ExpertStream::run(uint32_t block, const Tensors& shapes, std::span<const uint32_t> experts,
                               const Body& body) {
    const Workspace& w = m_workspace;
    const uint32_t all = w.hyperparams.n_experts;
    for (size_t first = 0, part = 0; first < experts.size(); first += m_experts, ++part) {
        ASSIGN_OR_RETURN(Recording* const recording, nextRecording(part));
        vulkan::CommandRecorder& recorder = *recording->recorder;
        RETURN_IF_ERROR(recorder.begin());
        // Later parts begin to copy while the one before computes: what read their half came before the barrier that the one before
        // has behind its own copies.
        if (part == 0) recorder.barrier("ring read by the layer before");
        recorder.mark("experts brought over");
        std::vector<uint64_t> entries(size_t{3} * all, 0);
        uint64_t at = part % 2 * ((m_ring.sizeBytes() - kArenaTailBytes) / 2 / kAlignment * kAlignment);
        for (const uint32_t expert :
             experts.subspan(first, std::min<size_t>(m_experts, experts.size() - first)))
            for (size_t tensor = 0; tensor < shapes.size(); ++tensor) {
                const uint64_t bytes = shapes[tensor].rowBytes * shapes[tensor].rows;
                const vulkan::BufferView to = m_ring.view().part(at, bytes);
                recorder.copy(m_link.view(block, tensor, expert), to);
                entries[tensor * all + expert] = to.address;
                at += aligned(bytes);
            }
        std::memcpy(recording->entries.mapped().data(), entries.data(), entries.size() * sizeof(uint64_t));
        recorder.copy(recording->entries.view(), recording->table.view());
        recorder.barrier("experts brought over, table");
        Tensors here = shapes;
        for (size_t tensor = 0; tensor < here.size(); ++tensor) {
            here[tensor].experts = all;
            here[tensor].table = recording->table.address() + tensor * all * sizeof(uint64_t);
        }
        RETURN_IF_ERROR(body(recorder, here));
        RETURN_IF_ERROR(recorder.end());
        ASSIGN_OR_RETURN(recording->value, w.context.submit({recorder.handle()}));
    }
    return {};
}

} // namespace ponder::inference
