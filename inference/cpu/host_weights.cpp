#include "inference/cpu/host_weights.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <sys/mman.h>

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

} // namespace

HostWeights::~HostWeights() {
    for (const Memory& memory : m_memory) munmap(memory.start, memory.bytes);
}

Result<std::unique_ptr<HostWeights>> HostWeights::load(const models::GgufFile& file, ThreadPool& pool,
                                                       const inference::LoadProgressSink& progress,
                                                       std::stop_token stop) {
    std::unique_ptr<HostWeights> weights(new HostWeights);
    for (const models::TensorInfo& tensor : file.tensors()) weights->m_bytes += tensor.sizeBytes;
    if (const uint64_t available = availableBytes(); available > 0 && weights->m_bytes > available)
        return Error{
            ErrorCode::OutOfHostMemory,
            fmt::format(
                "The weights take {:.1f} GB and {:.1f} GB of memory are free: close other programs, or "
                "choose a smaller model or quantisation.",
                static_cast<double>(weights->m_bytes) / 1e9, static_cast<double>(available) / 1e9)};
    std::atomic<uint64_t> done{0};
    std::mutex mutex; // of what follows
    std::optional<Error> failure;
    for (const models::TensorInfo& tensor : file.tensors()) {
        const size_t bytes = std::max<size_t>(tensor.sizeBytes, 1);
        void* const start =
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (start == MAP_FAILED)
            return Error{
                ErrorCode::OutOfHostMemory,
                fmt::format(
                    "The computer gave no {:.1f} MB of memory for {}: close other programs or choose a "
                    "smaller model.",
                    static_cast<double>(bytes) / 1e6, tensor.name)};
        madvise(start, bytes, MADV_HUGEPAGE);
        weights->m_memory.push_back({start, bytes});
        auto* const to = static_cast<uint8_t*>(start);
        pool.split(tensor.rows(), 4, [&](size_t begin, size_t end) {
            const size_t last = end * tensor.rowBytes();
            for (size_t at = begin * tensor.rowBytes(); at < last; at += kPiece) {
                const size_t count = std::min(kPiece, last - at);
                const auto read = file.read(tensor.shard, tensor.offset + at,
                                            {reinterpret_cast<std::byte*>(to + at), count}, stop);
                if (!read) {
                    const std::lock_guard lock(mutex);
                    if (!failure) failure = read.error();
                    return;
                }
                done += count;
            }
        });
        if (failure) return *failure;
        if (progress)
            progress({.stage = "reading", .doneBytes = done.load(), .totalBytes = weights->m_bytes});
        weights->m_tensors.emplace(tensor.name, Matrix{to, tensor.type, tensor.rows(), tensor.columns()});
    }
    RETURN_IF_ERROR(file.checkUnchanged()); // written over while it was read
    return weights;
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
