#pragma once
// 16-bit floats to and from float, exact: IEEE 754 binary16 and bfloat16, bit by bit, without the compiler's or the CPU's
// help, so that every machine gives the same. Conversion down rounds to nearest, ties to even. Pure; any thread.

#include <bit>
#include <cstdint>

namespace ponder {

// binary16: sign 1 | exponent 5 (bias 15) | mantissa 10
inline float halfToFloat(uint16_t half) {
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
    const uint32_t exponent = (half >> 10) & 0x1Fu;
    const uint32_t mantissa = half & 0x3FFu;
    if (exponent == 0) { // zero or subnormal: mantissa * 2^-24, which a float holds exactly
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
        return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | sign);
    }
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | (mantissa << 13)); // infinity, NaN
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));        // 112 = 127 - 15
}

inline uint16_t floatToHalf(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    const uint32_t sign = (bits >> 16) & 0x8000u;
    const uint32_t magnitude = bits & 0x7FFFFFFFu;
    uint32_t half = 0;
    if (magnitude > 0x7F800000u) {
        half = 0x7E00u | ((magnitude >> 13) & 0x3FFu); // NaN stays one, made quiet
    } else if (magnitude >= 0x477FF000u) {
        half = 0x7C00u;                    // 65520 and more round to infinity
    } else if (magnitude >= 0x38800000u) { // at least 2^-14: normal
        const uint32_t rebased = magnitude - (112u << 23);
        half =
            (rebased + 0xFFFu + ((rebased >> 13) & 1u)) >> 13; // a carry into the exponent is right as it is
    } else if (magnitude > 0x33000000u) {                      // above 2^-25: subnormal
        const uint32_t exponent = magnitude >> 23;
        const uint32_t mantissa = (magnitude & 0x7FFFFFu) | 0x800000u;
        const uint32_t shift = 126 - exponent; // 14 to 24 bits fall away
        const uint32_t halfway = 1u << (shift - 1);
        half = (mantissa + halfway - 1 + ((mantissa >> shift) & 1u)) >> shift;
    } // 2^-25 itself is a tie and goes to zero, the even one
    return static_cast<uint16_t>(sign | half);
}

// bfloat16: the upper half of a float
inline float bf16ToFloat(uint16_t bf16) { return std::bit_cast<float>(static_cast<uint32_t>(bf16) << 16); }

inline uint16_t floatToBf16(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<uint16_t>((bits >> 16) | 0x40u); // quiet NaN
    return static_cast<uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

} // namespace ponder
