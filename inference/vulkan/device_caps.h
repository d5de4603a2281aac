#pragma once
// What a Vulkan device can do, as plain data: choices of kernels and the memory plan are pure functions of it and are
// tested with made-up devices. Driver workarounds are decided here and nowhere else, each naming driver and version.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace ponder::vulkan {

struct MemoryHeap {
    uint64_t sizeBytes = 0;
    uint64_t budgetBytes = 0; // VK_EXT_memory_budget, else the size
    bool deviceLocal = false;
    bool hostVisible = false; // some memory type of it can be mapped
};

// Which of two paths was measured to be the faster (inference/calibration.h); nothing: not both were.
struct MeasuredPaths {
    std::optional<bool> integers; // mat-vec with products of int8, else of float32
    std::optional<bool> matrices; // mat-mat with cooperative matrices, else the plain kernel
};

struct DeviceCaps {
    std::string id; // "vulkan:0"
    std::string name, driver;
    uint32_t vendorId = 0, deviceId = 0, apiVersion = 0;
    uint32_t driverVersion = 0; // as the maker counts
    bool software = false;      // a CPU driver: llvmpipe
    bool unified = false;       // host and device share their memory
    bool discrete = false;      // a card with memory of its own
    bool drivesDisplay = false; // one of its connectors is connected: submissions stay under 8 ms, else 200 ms

    uint32_t subgroupSize = 32, minSubgroupSize = 32, maxSubgroupSize = 32;
    bool subgroupSizeControl = false;
    uint32_t computeUnits = 0;     // multiprocessors, where the driver tells; 0: unknown
    uint32_t maxInvocations = 128; // of a workgroup
    uint32_t maxSharedBytes = 16384;
    uint32_t maxWorkgroupsX = 65535, maxWorkgroupsY = 65535, maxWorkgroupsZ = 65535;
    uint32_t maxPushBytes = 128;
    uint64_t maxAllocationBytes = 1u << 30;
    uint64_t maxStorageRange = 1u << 27;
    uint32_t storageAlignment = 64;
    uint64_t hostImportAlignment =
        0;                        // of host memory read where it lies (VK_EXT_external_memory_host); 0: none
    double timestampPeriodNs = 0; // 0: no timestamps

    bool float16 = false;              // shaderFloat16
    bool int8 = false;                 // shaderInt8
    bool int16 = false, int64 = false; // shaderInt16, shaderInt64 (always there: required)
    bool integerDot = false;           // accelerated 4x8 bit dot products
    bool integerDotAny = false;        // the same, accelerated or not
    // MeasuredPaths::integers; where the plain kernel is the faster, cooperativeMatrix is false.
    std::optional<bool> integersFaster;
    bool cooperativeMatrix = false;  // KHR, f16 x f16 -> f32 in 16x16x16, subgroup scope
    bool cooperativeMatrix2 = false; // NV, workgroup scope

    std::vector<MemoryHeap> heaps;
};

// Whether a is the one to take where both are there: a card before integrated graphics before the CPU (inference/device.h
// describes it as a device too) before Vulkan in software, which is a tenth as fast; of equals the one with more memory.
inline bool isBetter(const DeviceCaps& a, const DeviceCaps& b) {
    const auto rank = [](const DeviceCaps& caps) {
        uint64_t bytes = 0;
        for (const MemoryHeap& heap : caps.heaps) bytes += heap.deviceLocal ? heap.sizeBytes : 0;
        return std::tuple(caps.discrete, !caps.software, caps.id == "cpu", bytes);
    };
    return rank(a) > rank(b);
}

} // namespace ponder::vulkan
