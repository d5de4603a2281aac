#pragma once
// The tensors of a model that the CPU computes with: what a plan places in host memory, read from the file by all threads at
// once, each the rows that it will compute with, as memory belongs to the NUMA node of the core that first touches it; and what
// it leaves on disk, read when it is needed. Owns the memory. Filled by load(), constant afterwards but for what bring() reads. The file
// outlives it.

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inference/cpu/matrix.h"
#include "inference/load_progress.h"
#include "inference/memory_plan.h"
#include "models/gguf_file.h"

namespace ponder::cpu {

// Memory begins with a page and has a tail that may be read behind the last row (kArenaTailBytes), so that a device may read it.
inline constexpr uint64_t kHostPage = 4096;

// Experts [first, first + held) of a tensor that stacks them, one behind the other; those from there to `end` are on disk.
struct HeldExperts {
    Matrix one; // the first; null: none is held
    uint32_t first = 0, held = 0, end = 0;
    const models::TensorInfo* tensor = nullptr;

    bool has(uint32_t expert) const { return expert >= first && expert < end; }
    bool onDisk(uint32_t expert) const { return expert >= first + held && expert < end; }
    Matrix operator[](uint32_t expert) const {
        Matrix matrix = one;
        matrix.data += (expert - first) * matrix.rows * matrix.rowBytes();
        return matrix;
    }
};

class HostWeights {
public:
    // `parts`: of the file's tensors; those on disk are read when they are needed, all others now. Errors: OutOfHostMemory
    // with the numbers; those of reading; Cancelled.
    static Result<std::unique_ptr<HostWeights>>
    load(const models::GgufFile& file, std::span<const inference::Placement> parts, ThreadPool& pool,
         const inference::LoadProgressSink& progress, std::stop_token stop);
    ~HostWeights();
    HostWeights(const HostWeights&) = delete;
    HostWeights& operator=(const HostWeights&) = delete;

    // As the file has it; a tensor of heads has their rows one behind the other. Null data: there is none.
    Matrix find(std::string_view name) const;
    const float* floats(std::string_view name) const; // of a norm or bias; null: none, or not F32
    HeldExperts experts(std::string_view name) const;
    uint64_t sizeBytes() const { return m_bytes; } // in memory

    // Reads a block's tensors that are on disk; until the next call find() has them. Experts are read one by one.
    Result<void> bring(uint32_t block, ThreadPool& pool) const;
    Result<void> readExpert(const HeldExperts& of, uint32_t expert, std::span<std::byte> into) const;

private:
    explicit HostWeights(const models::GgufFile& file) : m_file(file) {}

    struct Memory {
        void* start = nullptr;
        size_t bytes = 0;
    };
    Result<uint8_t*> allocate(size_t bytes, std::string_view what);
    Result<void> read(const models::TensorInfo& tensor, size_t firstRow, size_t rows, uint8_t* to,
                      ThreadPool& pool, const std::stop_token& stop) const;
    Result<void> makeRoomForDisk();

    const models::GgufFile& m_file;
    std::vector<Memory> m_memory;
    std::unordered_map<std::string_view, Matrix> m_tensors; // names of the file's
    std::unordered_map<std::string_view, HeldExperts> m_experts;
    std::map<uint32_t, std::vector<const models::TensorInfo*>> m_onDisk; // by block
    uint64_t m_bytes = 0;
};

} // namespace ponder::cpu
