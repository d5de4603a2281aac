#include "inference/calibration.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/base/hash.h"
#include "models/base/replace_file.h"
#include "models/base/text.h"
#include "models/quant_type.h"
#include "shaders/embedded.h"

namespace ponder::inference {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1; // of the record, and of what is measured
constexpr size_t kMostBytes = 4096;
constexpr double kMostRate = 1e9; // of whatever unit

constexpr double kClearly = 1.1; // times as fast
// Of a copy's bytes/s, below which mat-vec is far from what the memory gives: kernels that are merely not good reach a half.
constexpr double kLeastOfCopy = 1.0 / 3;
// Of mat-vec's operations/s, below which mat-mat, which reads each weight once for many tokens, is worse than not to have it.
constexpr double kLeastOfMatVec = 0.5;

// What is measured runs these.
constexpr std::string_view kKernels[] = {"matmul_coopmat_q4_k", "matmul_q4_k", "matvec_int8_q4_k",
                                         "matvec_q4_k",         "to_f16",      "to_int8"};

uint64_t hashOfDevice(const vulkan::DeviceCaps& caps) {
    return hashOf(fmt::format("{}\n{}\n{:x} {:x} {:x} {}", caps.name, caps.driver, caps.vendorId,
                              caps.deviceId, caps.driverVersion, caps.subgroupSize));
}

// Tells devices, drivers and builds apart.
std::string keyOf(const vulkan::DeviceCaps& caps) {
    uint64_t hash = hashOfDevice(caps);
    for (const std::string_view name : kKernels) {
        const auto words = shaders::find(name);
        hash = hashOf({reinterpret_cast<const char*>(words.data()), words.size_bytes()}, hash);
    }
    return fmt::format("{:016x}", hash);
}

// No text: there is no file, or none of ours is as large.
std::string readSmall(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return {};
    std::ifstream file(path, std::ios::binary);
    std::string text(kMostBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
    return text.size() > kMostBytes ? std::string() : text;
}

// Which of two paths, the first being the default; nothing where not both were measured.
std::optional<bool> firstIsFaster(double first, double second) {
    if (first <= 0 || second <= 0) return std::nullopt;
    return second <= kClearly * first;
}

std::string figure(double rate) {
    return rate < 100 ? fmt::format("{:.3g}", rate) : fmt::format("{:.0f}", rate);
}

} // namespace

std::string KernelRates::describe() const {
    const auto pair = [](const char* of, const char* first, double a, const char* second, double b,
                         const char* unit) {
        if (a <= 0 && b <= 0) return std::string();
        const std::string one = a > 0 ? fmt::format(" {} {}", first, figure(a)) : "";
        const std::string other = b > 0 ? fmt::format(" {} {}", second, figure(b)) : "";
        return fmt::format(", {}{}{}{} {}", of, one, a > 0 && b > 0 ? " and" : "", other, unit);
    };
    return fmt::format("copy {} GB/s", figure(copy)) +
           pair("mat-vec", "int8", integerMatVec, "float32", floatMatVec, "GB/s") +
           pair("mat-mat", "cooperative", cooperativeMatMul, "plain", plainMatMul, "TFLOP/s");
}

vulkan::MeasuredPaths choosePaths(const vulkan::DeviceCaps& caps, const KernelRates& rates) {
    vulkan::MeasuredPaths paths;
    paths.matrices = firstIsFaster(rates.cooperativeMatMul, rates.plainMatMul);
    if (caps.integerDot && !caps.software) {
        paths.integers = firstIsFaster(rates.integerMatVec, rates.floatMatVec);
    } else if (const auto floats = firstIsFaster(rates.floatMatVec, rates.integerMatVec)) {
        paths.integers = !*floats;
    }
    return paths;
}

std::string slowDriver(const vulkan::DeviceCaps& caps, const KernelRates& rates) {
    const auto sentence = [&](const std::string& cause) {
        return fmt::format("{} with driver {} is much slower than its hardware: {}. Update the driver, or "
                           "choose another device.",
                           printable(caps.name), printable(caps.driver), cause);
    };
    const double vector = std::max(rates.integerMatVec, rates.floatMatVec);
    if (vector > 0 && vector < kLeastOfCopy * rates.copy)
        return sentence(fmt::format("its best kernel for one token reads {} GB/s where a copy moves {} GB/s",
                                    figure(vector), figure(rates.copy)));
    const models::QuantTypeInfo& info = models::quantTypeInfo(models::QuantType::Q4_K);
    const double operationsOfByte = 2.0 * info.valuesPerBlock / info.bytesPerBlock;
    const double matrix = std::max(rates.cooperativeMatMul, rates.plainMatMul);
    const double alone = vector * operationsOfByte * 1e-3; // 1e12 operations/s of tokens one by one
    if (matrix > 0 && matrix < kLeastOfMatVec * alone)
        return sentence(fmt::format("its best kernel for {} tokens together computes {} TFLOP/s where one by "
                                    "one they come at {}",
                                    kMatMulTokens, figure(matrix), figure(alone)));
    return {};
}

std::filesystem::path calibrationPath(const std::string& folder, const vulkan::DeviceCaps& caps) {
    return std::filesystem::path(folder) / fmt::format("calibration-{:x}-{:x}-{:016x}.json", caps.vendorId,
                                                       caps.deviceId, hashOfDevice(caps));
}

std::optional<Calibration> readCalibration(const std::string& folder, const vulkan::DeviceCaps& caps) {
    if (folder.empty()) return std::nullopt;
    const Json json = Json::parse(readSmall(calibrationPath(folder, caps)), nullptr, false);
    if (!json.is_object() || json.value("version", Json()) != kVersion ||
        json.value("key", Json()) != keyOf(caps))
        return std::nullopt;
    Calibration result;
    for (const RateField& field : kRateFields) {
        const Json value = json.value(field.name, Json());
        if (!value.is_number()) return std::nullopt;
        const double rate = value.get<double>();
        if (!(rate >= 0 && rate <= kMostRate)) return std::nullopt;
        result.rates.*field.rate = rate;
    }
    for (const PathField& field : kPathFields) {
        const Json value = json.value(field.name, Json());
        if (!value.is_boolean() && !value.is_null()) return std::nullopt;
        if (value.is_boolean()) result.paths.*field.path = value.get<bool>();
    }
    return result;
}

Result<void> writeCalibration(const std::string& folder, const vulkan::DeviceCaps& caps,
                              const Calibration& calibration) {
    Json json = {{"version", kVersion},
                 {"key", keyOf(caps)},
                 {"device", printable(caps.name)},
                 {"driver", printable(caps.driver)}};
    for (const RateField& field : kRateFields) json[field.name] = calibration.rates.*field.rate;
    for (const PathField& field : kPathFields) {
        const auto& path = calibration.paths.*field.path;
        json[field.name] = path ? Json(*path) : Json();
    }
    const std::filesystem::path path = calibrationPath(folder, caps);
    if (!replaceFile(path, {json.dump(1) + "\n"}))
        return Error{ErrorCode::Io, fmt::format("What the device's kernels reach could not be written to {} "
                                                "({}): it is measured again at the next start.",
                                                path.string(), std::strerror(errno))};
    return {};
}

} // namespace ponder::inference
