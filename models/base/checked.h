#pragma once
// Arithmetic on numbers that a file chose: every sum and product says when it does not fit 64 bits.
// Pure functions; any thread.

#include <cstdint>
#include <optional>

namespace ponder {

inline std::optional<uint64_t> checkedAdd(uint64_t a, uint64_t b) {
    uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
    return sum;
}

inline std::optional<uint64_t> checkedMul(uint64_t a, uint64_t b) {
    uint64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
    return product;
}

// The least multiple of `alignment` (a power of two) that is not below `value`.
inline std::optional<uint64_t> checkedAlignUp(uint64_t value, uint64_t alignment) {
    const auto raised = checkedAdd(value, alignment - 1);
    if (!raised) return std::nullopt;
    return *raised & ~(alignment - 1);
}

// Whether [offset, offset + size) lies inside [0, total), with no sum that could wrap.
inline bool rangeInside(uint64_t offset, uint64_t size, uint64_t total) {
    return offset <= total && size <= total - offset;
}

inline bool isPowerOfTwo(uint64_t value) { return value != 0 && (value & (value - 1)) == 0; }

} // namespace ponder
