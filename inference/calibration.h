#pragma once
// What a device's kernels were measured to reach, what follows from it, and the record of both in the cache folder, one a
// device and driver. Pure functions, but for those that read and write the record; any thread. calibrator.h measures.

#include <filesystem>
#include <optional>
#include <string>

#include "inference/vulkan/device_caps.h"
#include "models/base/result.h"

namespace ponder::inference {

// 0: not measured.
struct KernelRates {
    double copy = 0;                               // 1e9 bytes/s, read and written
    double integerMatVec = 0, floatMatVec = 0;     // 1e9 bytes/s of weights, with one token
    double cooperativeMatMul = 0, plainMatMul = 0; // 1e12 operations/s, with kMatMulTokens
    std::string describe() const;                  // "copy 2600 GB/s, mat-vec int8 2400 and ..."
    friend bool operator==(const KernelRates&, const KernelRates&) = default;
};
inline constexpr uint32_t kMatMulTokens = 512;

// As the record and the command line name them.
struct RateField {
    const char* name;
    double KernelRates::*rate;
};
inline constexpr RateField kRateFields[] = {{"copy_gb_s", &KernelRates::copy},
                                            {"mat_vec_int8_gb_s", &KernelRates::integerMatVec},
                                            {"mat_vec_float32_gb_s", &KernelRates::floatMatVec},
                                            {"mat_mat_cooperative_tflops", &KernelRates::cooperativeMatMul},
                                            {"mat_mat_plain_tflops", &KernelRates::plainMatMul}};
struct PathField {
    const char* name;
    std::optional<bool> vulkan::MeasuredPaths::*path;
};
inline constexpr PathField kPathFields[] = {{"use_int8", &vulkan::MeasuredPaths::integers},
                                            {"use_cooperative", &vulkan::MeasuredPaths::matrices}};

struct Calibration {
    KernelRates rates;
    vulkan::MeasuredPaths paths;
};

// The path that the caps suggest, unless the other one is clearly faster: where both are as fast, noise must not choose.
vulkan::MeasuredPaths choosePaths(const vulkan::DeviceCaps& caps, const KernelRates& rates);

// A sentence where the kernels stay so far below what a copy, or each other, shows of the hardware that the driver must be at fault;
// else empty.
std::string slowDriver(const vulkan::DeviceCaps& caps, const KernelRates& rates);

// Where the record of a device, by its name, driver and subgroup size, lies.
std::filesystem::path calibrationPath(const std::string& folder, const vulkan::DeviceCaps& caps);
// Nothing: there is none in this folder (empty: in none), it is damaged, or it is another device's, driver's or build's.
std::optional<Calibration> readCalibration(const std::string& folder, const vulkan::DeviceCaps& caps);
Result<void> writeCalibration(const std::string& folder, const vulkan::DeviceCaps& caps,
                              const Calibration& calibration);

} // namespace ponder::inference
