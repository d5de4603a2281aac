#pragma once
// The tensors of a model in host memory, read from the file by all threads at once, each the rows that it will compute with:
// memory belongs to the NUMA node of the core that first touches it. Owns the memory. Filled by load(), constant afterwards.

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inference/cpu/matrix.h"
#include "inference/load_progress.h"
#include "models/gguf_file.h"

namespace ponder::cpu {

class HostWeights {
public:
    // Errors: OutOfHostMemory with the numbers; those of reading; Cancelled.
    static Result<std::unique_ptr<HostWeights>> load(const models::GgufFile& file, ThreadPool& pool,
                                                     const inference::LoadProgressSink& progress,
                                                     std::stop_token stop);
    ~HostWeights();
    HostWeights(const HostWeights&) = delete;
    HostWeights& operator=(const HostWeights&) = delete;

    // As the file has it; a tensor of experts or heads has their rows one behind the other. Null data: the file has none.
    Matrix find(std::string_view name) const;
    const float* floats(std::string_view name) const; // of a norm or bias; null: none, or not F32
    uint64_t sizeBytes() const { return m_bytes; }

private:
    HostWeights() = default;

    struct Memory {
        void* start = nullptr;
        size_t bytes = 0;
    };
    std::vector<Memory> m_memory;
    std::unordered_map<std::string_view, Matrix> m_tensors; // names of the file's
    uint64_t m_bytes = 0;
};

} // namespace ponder::cpu
