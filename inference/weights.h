#pragma once
// The weights of a model on the device: executes a memory plan by allocating its arenas and filling them from the file, and
// hands tensors out by name. Owns the arenas; must not outlive its Context. Loaded and used by the engine's thread (reading
// and uploading happen on threads of the load alone).

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>

#include "inference/kernels/weight.h"
#include "inference/load_progress.h"
#include "inference/memory_plan.h"
#include "inference/vulkan/staging.h"
#include "models/gguf_file.h"

namespace ponder::inference {

class Weights {
public:
    // `plan` is planMemory's for this file and device, and fits. Errors: OutOfDeviceMemory, OutOfHostMemory and DeviceLost as
    // Vulkan says; Io when the file was cut short or cannot be read; Cancelled. Whatever fails, nothing stays allocated.
    static Result<std::unique_ptr<Weights>> load(const vulkan::Context& context, const models::GgufFile& file,
                                                 const MemoryPlan& plan, const LoadProgressSink& progress = {},
                                                 std::stop_token stop = {},
                                                 const vulkan::UploadOptions& options = {});
    ~Weights();

    const kernels::Weight* find(std::string_view tensor) const; // null: the plan gives it no place
    // The part of an arena at a device address, which find() gave.
    vulkan::BufferView at(uint64_t address, uint64_t bytes) const;
    uint64_t loadedBytes() const; // of the file
    double seconds() const;       // reading and uploading, arenas' allocation not included
    double allocationSeconds() const;

private:
    struct Data;
    explicit Weights(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::inference
