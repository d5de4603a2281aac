#pragma once
// How the KV cache keeps its values, and what they take: the one sum of it on the host. Layouts: shaders/shared/step_params.h.
// Values; any thread.

#include <cstdint>

namespace ponder::inference {

enum class CacheFormat { F16, F32, Q8 };     // F32: of --precise
inline constexpr uint32_t kCacheScaled = 32; // values of Q8 that share a scale

// Bytes that a plane keeps of so many values of a token: the numbers, and their scales, which lie behind all numbers.
struct CacheRow {
    uint64_t numbers = 0, scales = 0;
    constexpr uint64_t bytes() const { return numbers + scales; }
};
constexpr CacheRow cacheRow(CacheFormat format, uint64_t values) {
    switch (format) {
    case CacheFormat::F32:
        return {values * 4, 0};
    case CacheFormat::Q8:
        return {values, values / kCacheScaled * 2};
    case CacheFormat::F16:
        break;
    }
    return {values * 2, 0};
}

} // namespace ponder::inference
