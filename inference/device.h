#pragma once
// What a model is loaded on and run by: a Vulkan device (device_vulkan.cpp) or the CPU (device_cpu.cpp). Owns everything from
// the device to the cache. Opened first, so that the memory plan can be made for it. Belongs to the engine's thread.

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/cache_memory.h"
#include "inference/forward.h"
#include "inference/load_progress.h"
#include "inference/memory_plan.h"
#include "inference/vulkan/device_caps.h"
#include "models/gguf_file.h"

namespace ponder::inference {

// What load() is given; all of it outlives the call, `file` and `hyperparams` the device.
struct LoadTask {
    const models::GgufFile& file;
    const models::Hyperparams& hyperparams;
    const MemoryPlan& plan;
    std::vector<float> ropeFactors; // of the file's rope_freqs; empty: none
    bool precise = false;
    CacheFormat cache = CacheFormat::F16;
    bool prediction = false;
    bool timestamps = false;
    const LoadProgressSink& progress; // may be empty
    std::stop_token stop;
};

class Device {
public:
    virtual ~Device() = default;

    virtual const vulkan::DeviceCaps& caps() const = 0;
    // Once. Errors: OutOfDeviceMemory, OutOfHostMemory, Io, DeviceLost, Cancelled.
    virtual Result<void> load(const LoadTask& task) = 0;

    // After load().
    virtual Forward& forward() = 0;
    virtual CacheMemory& cache() = 0;
    // DeviceLost once the driver has given up: then nothing may be asked of it any more.
    virtual Result<void> checkAlive() const { return {}; }
    virtual std::string profile() const { return {}; } // lines: parts of the load, stages of a pass
};

// Every device of this computer, the CPU among them. First the one that is used where none is named: what the switch
// PONDER_DEVICE says, else the best by vulkan::isBetter. Then the others, best first.
std::vector<vulkan::DeviceCaps> allDevices();
// name: "cpu", "vulkan:0", or empty for the first of allDevices(). Errors: NoDevice, DeviceTooLimited.
Result<std::unique_ptr<Device>> openDevice(const std::string& name);
// The CPU in the words of the others: its memory is the host's.
vulkan::DeviceCaps cpuCaps();

} // namespace ponder::inference
