#include "models/synthetic/random_blocks.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "models/base/half.h"

namespace ponder::models::synthetic {

namespace {

constexpr uint64_t kStep =
    0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio: neighbours differ in every bit

// Eight random bytes for a place. Shifts and additions only: SSE2 and NEON have no multiplication of 64 bits, and this loop
// is what the loading of hundreds of gigabytes waits for. After Thomas Wang's hash of 64 bits.
inline uint64_t randomWord(uint64_t x) {
    x ^= x >> 24;
    x += (x << 3) + (x << 8);
    x ^= x >> 14;
    x += (x << 2) + (x << 4);
    x ^= x >> 28;
    return x + (x << 31);
}

// Bytes `first` and on of the random stream.
void fillBits(uint64_t seed, uint64_t first, std::span<std::byte> out) {
    const auto partly = [&](uint64_t word, size_t from, size_t count, std::byte* into) {
        const uint64_t bits = randomWord(seed + word * kStep);
        std::memcpy(into, reinterpret_cast<const std::byte*>(&bits) + from, count);
    };
    uint64_t word = first / 8;
    std::byte* at = out.data();
    size_t left = out.size();
    if (const size_t from = first % 8; from != 0) {
        const size_t count = std::min(left, 8 - from);
        partly(word++, from, count, at);
        at += count;
        left -= count;
    }
    const size_t words = left / 8;
    const uint64_t start = seed + word * kStep;
    for (size_t i = 0; i < words; ++i) {
        const uint64_t bits = randomWord(start + i * kStep);
        std::memcpy(at + 8 * i, &bits, 8);
    }
    if (left % 8 != 0) partly(word + words, 0, left % 8, at + 8 * words);
}

// Where a format keeps its scale, and what its values then are: `spread` is their root mean square at a scale of 1, and
// `minimum` what makes their mean 0, as a multiple of the scale. Found by decoding (tests/unit/models/synthetic_test.cpp).
constexpr uint8_t kNone = 255;
struct ScaleField {
    QuantType type;
    uint8_t scale; // byte of the block
    float spread;
    uint8_t minimum = kNone; // byte of the block
    float minimumOver = 0;
};
constexpr ScaleField kScales[] = {
    {QuantType::Q4_0, 0, 4.64f},
    {QuantType::Q4_1, 0, 4.61f, 2, -7.5f},
    {QuantType::Q5_0, 0, 9.25f},
    {QuantType::Q5_1, 0, 9.23f, 2, -15.5f},
    {QuantType::Q8_0, 0, 73.9f},
    {QuantType::Q2_K, 80, 13.85f, 82, 1.5f},
    {QuantType::Q3_K, 108, 42.8f},
    {QuantType::Q4_K, 0, 257.5f, 2, 7.5f},
    {QuantType::Q5_K, 0, 524.0f, 2, 15.5f},
    {QuantType::Q6_K, 208, 1366.0f},
    {QuantType::IQ1_S, 0, 7.5f},
    {QuantType::IQ2_XXS, 0, 58.0f},
    {QuantType::IQ2_XS, 0, 58.0f},
    {QuantType::IQ2_S, 0, 58.0f},
    {QuantType::IQ3_XXS, 0, 140.0f},
    {QuantType::IQ3_S, 0, 155.0f},
    {QuantType::IQ4_NL, 0, 70.0f},
    {QuantType::IQ4_XS, 0, 1300.0f},
    {QuantType::TQ1_0, 52, 0.816f},
    {QuantType::TQ2_0, 64, 0.707f},
};
constexpr float kIq1MSpread = 7.5f;

void setHalf(std::byte* at, uint16_t half) { std::memcpy(at, &half, sizeof half); }

void setScales(const ScaleField& field, size_t blockBytes, float spread, std::span<std::byte> out) {
    const float scale = spread / field.spread;
    const uint16_t d = floatToHalf(scale);
    const uint16_t minimum = floatToHalf(halfToFloat(d) * field.minimumOver);
    for (size_t at = 0; at < out.size(); at += blockBytes) setHalf(&out[at + field.scale], d);
    if (field.minimum == kNone) return;
    for (size_t at = 0; at < out.size(); at += blockBytes) setHalf(&out[at + field.minimum], minimum);
}

// IQ1_M keeps four bits of its scale at the top of each of its last four 16-bit words.
void setScaleOfIq1M(size_t blockBytes, float spread, std::span<std::byte> out) {
    const uint16_t d = floatToHalf(spread / kIq1MSpread);
    for (size_t at = 0; at < out.size(); at += blockBytes)
        for (size_t word = 0; word < 4; ++word) {
            std::byte& high = out[at + 48 + 2 * word + 1];
            high = (high & std::byte{0x0F}) | static_cast<std::byte>(((d >> (4 * word)) & 0xF) << 4);
        }
}

// Two bits of a value of TQ2_0 say 0, 1 or 2: a 3 becomes 1, the value 0.
void dropThrees(size_t blockBytes, std::span<std::byte> out) {
    for (size_t at = 0; at < out.size(); at += blockBytes)
        for (size_t i = 0; i < 64; ++i) {
            auto bits = std::to_integer<unsigned>(out[at + i]);
            bits &= ~((bits & (bits << 1)) & 0xAAu);
            out[at + i] = static_cast<std::byte>(bits);
        }
}

// Random bits as floats, spread evenly from -a to a.
void toFloats(float spread, std::span<std::byte> out) {
    const float unit = spread * std::sqrt(3.0f) * 0x1p-31f;
    for (size_t at = 0; at < out.size(); at += sizeof(float)) {
        int32_t bits = 0;
        std::memcpy(&bits, &out[at], sizeof bits);
        const float value = static_cast<float>(bits) * unit;
        std::memcpy(&out[at], &value, sizeof value);
    }
}

// Random bits as 16-bit floats: sign and mantissa as they are, of the exponent two bits, below one that fits the spread. The
// root mean square of (1 + m) 2^-k, m from 0 to 1 and k from 0 to 3, is 0.88; within a factor of 1.41 that makes the spread.
void toHalves(float spread, int mantissaBits, int exponentBias, std::span<std::byte> out) {
    const int greatest = static_cast<int>(std::lround(std::log2(spread / 0.88f))) + exponentBias;
    const unsigned kept = 0x8000u | ((1u << mantissaBits) - 1);
    for (size_t at = 0; at < out.size(); at += sizeof(uint16_t)) {
        uint16_t bits = 0;
        std::memcpy(&bits, &out[at], sizeof bits);
        const unsigned below = (bits >> mantissaBits) & 3u;
        const unsigned exponent = static_cast<unsigned>(std::max(greatest, 4)) - below;
        setHalf(&out[at], static_cast<uint16_t>((bits & kept) | (exponent << mantissaBits)));
    }
}

} // namespace

void fillBlocks(QuantType type, uint64_t seed, float spread, uint64_t firstBlock, std::span<std::byte> out) {
    const size_t blockBytes = quantTypeInfo(type).bytesPerBlock;
    fillBits(seed, firstBlock * blockBytes, out);
    switch (type) {
    case QuantType::F32:
        return toFloats(spread, out);
    case QuantType::F16:
        return toHalves(spread, 10, 15, out);
    case QuantType::BF16:
        return toHalves(spread, 7, 127, out);
    case QuantType::IQ1_M:
        return setScaleOfIq1M(blockBytes, spread, out);
    case QuantType::TQ2_0:
        dropThrees(blockBytes, out);
        break;
    default:
        break;
    }
    for (const ScaleField& field : kScales)
        if (field.type == type) setScales(field, blockBytes, spread, out);
}

} // namespace ponder::models::synthetic
