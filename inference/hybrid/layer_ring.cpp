#include "inference/hybrid/layer_ring.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "inference/layers/layer_shape.h"
#include "inference/memory_plan.h"
#include "inference/run_now.h"
#include "models/architecture.h"
#include "models/base/log.h"

namespace ponder::inference {

using vulkan::Buffer;
using vulkan::BufferView;
using vulkan::MemoryUse;

namespace {

void sayRefused(const Error& error) {
    log(LogLevel::Warning, LogCategory::Engine, "layers of the CPU are not brought over to the device: {}",
        error.message);
}

} // namespace

Result<std::unique_ptr<LayerRing>> LayerRing::create(vulkan::Context& context, const models::Hyperparams& p,
                                                     const HostSide& host, uint32_t contextTokens,
                                                     CacheFormat cache) {
    std::unique_ptr<LayerRing> ring(new LayerRing(context, host));
    ring->m_first = host.firstLayer;
    ring->m_resting = host.endLayer;
    ring->m_end = p.n_layers;
    PONDER_CHECK(host.cache && ring->m_end - ring->m_resting <= 2);
    ASSIGN_OR_RETURN(const bool imported, ring->importLayers(p));
    if (!imported) return std::unique_ptr<LayerRing>();
    RETURN_IF_ERROR(ring->makeRoom(p, contextTokens, cache));
    return ring;
}

Result<bool> LayerRing::importLayers(const models::Hyperparams& p) {
    const uint64_t alignment = m_context.caps().hostImportAlignment;
    const models::Architecture* const architecture = models::findArchitecture(p.architecture);
    PONDER_CHECK(architecture);
    m_layers.resize(m_end - m_first);
    const auto specs = architecture->tensors(p);
    for (uint32_t block = m_first; block < m_end; ++block) {
        const std::string prefix = fmt::format("blk.{}.", block);
        for (const models::TensorSpec& spec : specs) {
            if (!spec.name.starts_with(prefix)) continue;
            const cpu::Matrix matrix = m_host.weights->find(spec.name);
            if (!matrix.data) continue; // the file has none
            // Memory comes in whole pages, and kernels may read a little behind the last row.
            auto* const start = reinterpret_cast<std::byte*>(const_cast<uint8_t*>(matrix.data));
            const uint64_t bytes = matrix.rows * matrix.rowBytes();
            const uint64_t pages = (bytes + kArenaTailBytes + alignment - 1) / alignment * alignment;
            auto imported = Buffer::import(m_context, {start, pages}, spec.name);
            if (!imported) {
                sayRefused(imported.error());
                return false;
            }
            Tensor tensor;
            tensor.host = std::move(*imported);
            tensor.weight = {.type = matrix.type,
                             .rows = static_cast<uint32_t>(matrix.rows),
                             .columns = static_cast<uint32_t>(matrix.columns),
                             .rowBytes = matrix.rowBytes(),
                             .segments = {}};
            m_layers[block - m_first].emplace(spec.name.substr(prefix.size()), std::move(tensor));
        }
    }
    return true;
}

Result<void> LayerRing::makeRoom(const models::Hyperparams& p, uint32_t contextTokens, CacheFormat cache) {
    PONDER_CHECK(cache != CacheFormat::Q8); // of which a token's part is not one piece
    uint64_t most = 0;
    const auto aligned = [](uint64_t bytes) {
        return (bytes + kSegmentAlignment - 1) / kSegmentAlignment * kSegmentAlignment;
    };
    for (const auto& layer : m_layers) {
        uint64_t bytes = 0;
        for (const auto& [name, tensor] : layer) bytes += aligned(tensor.weight.sizeBytes());
        most = std::max(most, bytes);
    }
    for (Buffer& half : m_halves) {
        ASSIGN_OR_RETURN(half, Buffer::create(m_context, most + kArenaTailBytes, MemoryUse::DeviceLocal,
                                              "layer brought over"));
    }
    for (uint32_t block = m_first; block < m_end; ++block) {
        uint64_t at = 0;
        for (auto& [name, tensor] : m_layers[block - m_first]) {
            const uint64_t bytes = tensor.weight.sizeBytes();
            tensor.here = m_halves[half(block)].view().part(at, bytes);
            tensor.weight.segments = {{0, tensor.weight.rows, tensor.here.address}};
            at += aligned(bytes);
        }
    }

    m_shape = layerShape(p, cache);
    m_shape.n_layers = 2;
    const uint32_t blocks = (contextTokens + kBlockTokens - 1) / kBlockTokens;
    ASSIGN_OR_RETURN(m_cache, KvCache::create(m_context, m_shape, blocks));
    std::vector<uint64_t> addresses(blocks);
    for (uint32_t i = 0; i < blocks; ++i) addresses[i] = m_cache->address(i);
    const uint64_t bytes = addresses.size() * sizeof(uint64_t);
    ASSIGN_OR_RETURN(m_blockTable, Buffer::create(m_context, bytes, MemoryUse::DeviceLocal,
                                                  "blocks of layers brought over"));
    ASSIGN_OR_RETURN(const auto upload,
                     Buffer::create(m_context, bytes, MemoryUse::Upload, "blocks of layers, host"));
    std::memcpy(upload.mapped().data(), addresses.data(), bytes);
    ASSIGN_OR_RETURN(auto recorder, vulkan::CommandRecorder::create(m_context, "blocks of layers"));
    RETURN_IF_ERROR(recorder.begin());
    recorder.copy(upload.view(), m_blockTable.view());
    RETURN_IF_ERROR(recorder.end());
    return runNow(m_context, recorder);
}

kernels::Weight LayerRing::find(uint32_t block, std::string_view name) const {
    if (block < m_first || block >= m_end) return {};
    const auto& layer = m_layers[block - m_first];
    const auto found = layer.find(name);
    return found == layer.end() ? kernels::Weight{} : found->second.weight;
}

CachePlace LayerRing::cacheOf(uint32_t block, const kernels::SequenceView& sequence) const {
    if (block < m_first) return {sequence, block};
    if (rests(block)) return {sequence, block - (m_resting - m_first)}; // the host's have no place there
    return {{sequence.params, m_blockTable.view()}, half(block)};
}

Result<bool> LayerRing::reach(std::span<const uint64_t> blockTable, uint32_t tokens) {
    if (m_refused) return false;
    const uint64_t alignment = m_context.caps().hostImportAlignment;
    const uint64_t blockBytes = m_shape.kvLayerBytes() * (m_end - m_first);
    const size_t used = (uint64_t{tokens} + kBlockTokens - 1) / kBlockTokens;
    m_reached.clear();
    for (const uint64_t address : m_host.cache->hostBlocks(blockTable.first(used))) {
        auto at = m_imports.find(address);
        if (at == m_imports.end()) {
            auto imported =
                address % alignment == 0 && blockBytes % alignment == 0
                    ? Buffer::import(m_context, {reinterpret_cast<std::byte*>(address), blockBytes},
                                     "block of the host's cache")
                    : Error{ErrorCode::DeviceTooLimited,
                            fmt::format("its cache is not in pieces of {} bytes.", alignment)};
            if (!imported) {
                sayRefused(imported.error());
                m_refused = true;
                return false;
            }
            at = m_imports.emplace(address, std::move(*imported)).first;
        }
        m_reached.push_back(at->second.view());
    }
    return true;
}

// The host's blocks have the layout of the device's: layer after layer, keys, then values.
std::vector<LayerRing::Rows> LayerRing::rows(uint32_t block, uint32_t from, uint32_t to) const {
    const uint64_t layerBytes = m_shape.kvLayerBytes(), planeBytes = m_shape.kvPlaneBytes();
    std::vector<Rows> made;
    while (from < to) {
        const uint32_t index = from / kBlockTokens, begin = from % kBlockTokens;
        const uint32_t count = std::min(kBlockTokens - begin, to - from);
        const BufferView host = m_reached[index].part((block - m_first) * layerBytes, layerBytes);
        const BufferView here = m_cache->block(index).part(half(block) * layerBytes, layerBytes);
        const uint64_t offset = planeBytes / kBlockTokens * begin, bytes = planeBytes / kBlockTokens * count;
        if (count == kBlockTokens)
            made.push_back({host, here});
        else
            for (uint64_t plane = 0; plane < m_shape.planes(); ++plane)
                made.push_back({host.part(plane * planeBytes + offset, bytes),
                                here.part(plane * planeBytes + offset, bytes)});
        from += count;
    }
    return made;
}

std::vector<vulkan::BufferCopy> LayerRing::copies(uint32_t block, uint32_t tokens) const {
    std::vector<vulkan::BufferCopy> made;
    for (const auto& [name, tensor] : m_layers[block - m_first])
        made.push_back({tensor.host.view(), tensor.here});
    if (!rests(block))
        for (const Rows& one : rows(block, 0, tokens)) made.push_back({one.host, one.here});
    return made;
}

void LayerRing::recordBack(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t from,
                           uint32_t to) const {
    if (rests(block)) return; // the device's cache has them
    for (const Rows& one : rows(block, from, to)) recorder.copy(one.here, one.host);
    recorder.hostBarrier();
}

} // namespace ponder::inference
