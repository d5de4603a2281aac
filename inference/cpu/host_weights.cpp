#include "inference/cpu/host_weights.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <sys/mman.h>

#include "models/base/text.h"

namespace ponder::cpu {

namespace {

constexpr size_t kPiece = size_t{4} << 20; // bytes read between two looks at the progress

// Memory that may be taken without driving others out: MemAvailable of the kernel; 0: not known.
uint64_t availableBytes() {
    FILE* const file = std::fopen("/proc/meminfo", "r");
    if (!file) return 0;
    char line[256];
    unsigned long long kib = 0;
    while (std::fgets(line, sizeof line, file))
        if (std::sscanf(line, "MemAvailable: %llu kB", &kib) == 1) break;
    std::fclose(file);
    return uint64_t{kib} * 1024;
}

uint32_t blockOf(std::string_view name) {
    uint32_t block = 0;
    if (name.starts_with("blk.")) std::from_chars(name.data() + 4, name.data() + name.size(), block);
    return block;
}

size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

} // namespace

HostWeights::~HostWeights() {
    for (const Memory& memory : m_memory) munmap(memory.start, memory.bytes);
}

Result<uint8_t*> HostWeights::allocate(size_t wanted, std::string_view what) {
    const size_t bytes = wanted + inference::kArenaTailBytes;
    void* const start =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED)
        return Error{ErrorCode::OutOfHostMemory,
                     fmt::format("The computer has no further {} of memory for {}: close other programs or "
                                 "choose a smaller model.",
                                 formatBytes(bytes), what)};
    madvise(start, bytes, MADV_HUGEPAGE);
    m_memory.push_back({start, bytes});
    return static_cast<uint8_t*>(start);
}

Result<void> HostWeights::read(const models::TensorInfo& tensor, size_t firstRow, size_t rows, uint8_t* to,
                               ThreadPool& pool, const std::stop_token& stop) const {
    std::mutex mutex; // of what follows
    std::optional<Error> failure;
    pool.split(rows, 4, [&](size_t begin, size_t end) {
        const size_t last = end * tensor.rowBytes();
        for (size_t at = begin * tensor.rowBytes(); at < last; at += kPiece) {
            const size_t count = std::min(kPiece, last - at);
            const auto done = m_file.read(tensor.shard, tensor.offset + firstRow * tensor.rowBytes() + at,
                                          {reinterpret_cast<std::byte*>(to + at), count}, stop);
            if (done) continue;
            const std::lock_guard lock(mutex);
            if (!failure) failure = done.error();
            return;
        }
    });
    if (failure) return *failure;
    return {};
}

Result<std::unique_ptr<HostWeights>>
HostWeights::load(const models::GgufFile& file, std::span<const inference::Placement> parts, ThreadPool& pool,
                  const inference::LoadProgressSink& progress, std::stop_token stop) {
    std::unique_ptr<HostWeights> weights(new HostWeights(file));
    const auto onDisk = [](const inference::Placement& part) { return part.place == inference::Place::Disk; };
    const auto expertsOf = [&](const inference::Placement& part) -> uint32_t { // of the tensor
        const models::TensorInfo& tensor = file.tensors()[part.tensor];
        return tensor.name.find("_exps.") != std::string::npos ? static_cast<uint32_t>(tensor.shape[2]) : 0;
    };
    for (const inference::Placement& part : parts) {
        const uint64_t bytes = file.tensors()[part.tensor].sizeBytes;
        const uint32_t experts = expertsOf(part);
        if (!onDisk(part)) weights->m_bytes += experts > 0 ? bytes / experts * part.experts : bytes;
    }
    if (const uint64_t available = availableBytes(); available > 0 && weights->m_bytes > available)
        return Error{
            ErrorCode::OutOfHostMemory,
            fmt::format(
                "The weights take {} and {} of memory are free: close other programs, or choose a smaller "
                "model or quantisation.",
                formatBytes(weights->m_bytes), formatBytes(available))};
    uint64_t done = 0;
    for (const inference::Placement& part : parts) {
        const models::TensorInfo& tensor = file.tensors()[part.tensor];
        const uint32_t experts = expertsOf(part);
        if (experts == 0 && onDisk(part)) {
            weights->m_onDisk[blockOf(tensor.name)].push_back(&tensor);
            continue;
        }
        uint8_t* to = nullptr;
        if (!onDisk(part)) {
            const size_t rows = experts > 0 ? part.experts * tensor.shape[1] : tensor.rows();
            ASSIGN_OR_RETURN(to, weights->allocate(rows * tensor.rowBytes(), tensor.name));
            RETURN_IF_ERROR(weights->read(tensor, part.firstExpert * tensor.shape[1], rows, to, pool, stop));
            done += rows * tensor.rowBytes();
            if (progress) progress({.stage = "reading", .doneBytes = done, .totalBytes = weights->m_bytes});
        }
        if (experts == 0) {
            weights->m_tensors.emplace(tensor.name, Matrix{to, tensor.type, tensor.rows(), tensor.columns()});
            continue;
        }
        // What is held comes first, then what is on disk: the plan lists them so, one range behind the other.
        HeldExperts& held = weights->m_experts[tensor.name];
        if (!held.tensor)
            held = {.one = {to, tensor.type, tensor.shape[1], tensor.columns()},
                    .first = part.firstExpert,
                    .held = onDisk(part) ? 0 : part.experts,
                    .end = part.firstExpert,
                    .tensor = &tensor};
        held.end = part.firstExpert + part.experts;
    }
    RETURN_IF_ERROR(weights->makeRoomForDisk());
    RETURN_IF_ERROR(file.checkUnchanged()); // written over while it was read
    return weights;
}

// One room for all blocks: they are computed one after the other.
Result<void> HostWeights::makeRoomForDisk() {
    size_t most = 0;
    for (const auto& [block, tensors] : m_onDisk) {
        size_t bytes = 0;
        for (const models::TensorInfo* tensor : tensors) bytes += aligned(tensor->sizeBytes);
        most = std::max(most, bytes);
    }
    if (most == 0) return {};
    ASSIGN_OR_RETURN(uint8_t* const room, allocate(most, "a layer read from disk"));
    for (const auto& [block, tensors] : m_onDisk) {
        uint8_t* to = room;
        for (const models::TensorInfo* tensor : tensors) {
            m_tensors.emplace(tensor->name, Matrix{to, tensor->type, tensor->rows(), tensor->columns()});
            to += aligned(tensor->sizeBytes);
        }
    }
    return {};
}

Result<void> HostWeights::bring(uint32_t block, ThreadPool& pool) const {
    const auto found = m_onDisk.find(block);
    if (found == m_onDisk.end()) return {};
    for (const models::TensorInfo* tensor : found->second) {
        auto* const to = const_cast<uint8_t*>(find(tensor->name).data); // of the room, which is ours
        RETURN_IF_ERROR(read(*tensor, 0, tensor->rows(), to, pool, {}));
    }
    return {};
}

Result<void> HostWeights::readExpert(const HeldExperts& of, uint32_t expert, std::span<std::byte> into) const {
    const uint64_t bytes = of.one.rows * of.one.rowBytes();
    PONDER_CHECK(into.size() >= bytes && of.tensor);
    return m_file.read(of.tensor->shard, of.tensor->offset + expert * bytes, into.first(bytes));
}

HeldExperts HostWeights::experts(std::string_view name) const {
    const auto found = m_experts.find(name);
    return found == m_experts.end() ? HeldExperts{} : found->second;
}

Matrix HostWeights::find(std::string_view name) const {
    const auto found = m_tensors.find(name);
    return found == m_tensors.end() ? Matrix{} : found->second;
}

const float* HostWeights::floats(std::string_view name) const {
    const Matrix matrix = find(name);
    return matrix.type == models::QuantType::F32 ? reinterpret_cast<const float*>(matrix.data) : nullptr;
}

} // namespace ponder::cpu
