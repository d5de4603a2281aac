#include "tests/reference/dequant.h"

#include <cstdlib>
#include <cstring>

#include "models/base/half.h"
#include "models/quant_codebooks.h"
#include "shaders/shared/quant_blocks.h"

namespace ponder::reference {

namespace {

using models::Grid;
using models::gridValue;
using models::QuantType;
using namespace shared;

uint16_t u16(const uint8_t* at) { return static_cast<uint16_t>(at[0] | at[1] << 8); }
uint32_t u32(const uint8_t* at) { return u16(at) | static_cast<uint32_t>(u16(at + 2)) << 16; }
float half(const uint8_t* at) { return halfToFloat(u16(at)); }
float f(int value) { return static_cast<float>(value); }
float signOf(uint32_t signs, int k) { return (signs >> k & 1u) != 0 ? -1.0f : 1.0f; }

int nibble(const uint8_t* qs, int i) { return i < 16 ? qs[i] & 15 : qs[i - 16] >> 4; } // of 32 in 16 bytes
int quarter(const uint8_t* qs, int i) {
    return qs[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
} // of 256 in 64

void q4_0(const uint8_t* b, float* y) {
    for (int i = 0; i < 32; ++i) y[i] = half(b + Q4_0_D) * f(nibble(b + Q4_0_QS, i) - 8);
}
void q4_1(const uint8_t* b, float* y) {
    for (int i = 0; i < 32; ++i) y[i] = half(b + Q4_1_D) * f(nibble(b + Q4_1_QS, i)) + half(b + Q4_1_M);
}
void q5_0(const uint8_t* b, float* y) {
    for (int i = 0; i < 32; ++i) {
        const int fifth = static_cast<int>(u32(b + Q5_0_QH) >> i & 1u);
        y[i] = half(b + Q5_0_D) * f((nibble(b + Q5_0_QS, i) | fifth << 4) - 16);
    }
}
void q5_1(const uint8_t* b, float* y) {
    for (int i = 0; i < 32; ++i) {
        const int fifth = static_cast<int>(u32(b + Q5_1_QH) >> i & 1u);
        y[i] = half(b + Q5_1_D) * f(nibble(b + Q5_1_QS, i) | fifth << 4) + half(b + Q5_1_M);
    }
}
void q8_0(const uint8_t* b, float* y) {
    for (int i = 0; i < 32; ++i) y[i] = half(b + Q8_0_D) * f(static_cast<int8_t>(b[Q8_0_QS + i]));
}
void iq4_nl(const uint8_t* b, float* y) {
    for (int i = 0; i < 32; ++i) y[i] = half(b + IQ4_NL_D) * f(models::iq4Values()[nibble(b + IQ4_NL_QS, i)]);
}

void q2_k(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const uint8_t scale = b[Q2_K_SCALES + i / 16];
        y[i] = half(b + Q2_K_D) * f(scale & 15) * f(quarter(b + Q2_K_QS, i)) -
               half(b + Q2_K_DMIN) * f(scale >> 4);
    }
}
void q3_k(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int s = i / 16;
        const int low = b[Q3_K_SCALES + s % 8] >> (s / 8 * 4) & 15;
        const int high = b[Q3_K_SCALES + 8 + s % 4] >> (s / 4 * 2) & 3;
        const int masked = b[Q3_K_HMASK + i % 32] >> (i / 32) & 1;
        y[i] = half(b + Q3_K_D) * f((low | high << 4) - 32) * f(quarter(b + Q3_K_QS, i) - (masked ? 0 : 4));
    }
}
// Scale and minimum j of Q4_K and Q5_K.
void scaleMin(const uint8_t* scales, int j, int& scale, int& min) {
    if (j < 4) {
        scale = scales[j] & 63;
        min = scales[j + 4] & 63;
    } else {
        scale = (scales[j + 4] & 15) | scales[j - 4] >> 6 << 4;
        min = scales[j + 4] >> 4 | scales[j] >> 6 << 4;
    }
}
void q4_k(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        int scale = 0, min = 0;
        scaleMin(b + Q4_K_SCALES, i / 32, scale, min);
        const int q = b[Q4_K_QS + i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4) & 15;
        y[i] = half(b + Q4_K_D) * f(scale) * f(q) - half(b + Q4_K_DMIN) * f(min);
    }
}
void q5_k(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        int scale = 0, min = 0;
        scaleMin(b + Q5_K_SCALES, i / 32, scale, min);
        const int low = b[Q5_K_QS + i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4) & 15;
        const int fifth = b[Q5_K_QH + i % 32] >> (i / 32) & 1;
        y[i] = half(b + Q5_K_D) * f(scale) * f(low | fifth << 4) - half(b + Q5_K_DMIN) * f(min);
    }
}
void q6_k(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int low = b[Q6_K_QL + i / 128 * 64 + i % 64] >> (i % 128 / 64 * 4) & 15;
        const int high = b[Q6_K_QH + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
        y[i] = half(b + Q6_K_D) * f(static_cast<int8_t>(b[Q6_K_SCALES + i / 16])) * f((low | high << 4) - 32);
    }
}
void tq1_0(const uint8_t* b, float* y) {
    constexpr int kPowers[5] = {1, 3, 9, 27, 81};
    for (int i = 0; i < 256; ++i) {
        int byte = 0, digit = 0;
        if (i < 160)
            byte = b[TQ1_0_QS + i % 32], digit = i / 32;
        else if (i < 240)
            byte = b[TQ1_0_QS + 32 + (i - 160) % 16], digit = (i - 160) / 16;
        else
            byte = b[TQ1_0_QH + (i - 240) % 4], digit = (i - 240) / 4;
        const int fraction = byte * kPowers[digit] % 256;
        y[i] = half(b + TQ1_0_D) * f((fraction * 3 >> 8) - 1);
    }
}
void tq2_0(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) y[i] = half(b + TQ2_0_D) * f(quarter(b + TQ2_0_QS, i) - 1);
}

void iq1_s(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int group = i / 32, l = i % 32 / 8;
        const uint32_t qh = u16(b + IQ1_S_QH + 2 * group);
        const uint32_t index = b[IQ1_S_QS + 4 * group + l] | (qh >> (3 * l) & 7u) << 8;
        const float delta = (qh & 0x8000u) != 0 ? -0.125f : 0.125f;
        y[i] = half(b + IQ1_S_D) * f(static_cast<int>(2 * (qh >> 12 & 7u) + 1)) *
               (f(gridValue(Grid::Iq1, index, i % 8)) + delta);
    }
}
void iq1_m(const uint8_t* b, float* y) {
    uint32_t d = 0;
    for (int w = 0; w < 4; ++w) d |= static_cast<uint32_t>(u16(b + IQ1_M_SCALES + 2 * w) >> 12) << (4 * w);
    for (int i = 0; i < 256; ++i) {
        const int eight = i / 8, sixteen = i / 16;
        const int scale = u16(b + IQ1_M_SCALES + sixteen / 4 * 2) >> (sixteen % 4 * 3) & 7;
        const uint32_t qh = static_cast<uint32_t>(b[IQ1_M_QH + eight / 2] >> (eight % 2 * 4));
        const uint32_t index = b[IQ1_M_QS + eight] | (qh & 7u) << 8;
        const float delta = (qh & 8u) != 0 ? -0.125f : 0.125f;
        y[i] = halfToFloat(static_cast<uint16_t>(d)) * f(2 * scale + 1) *
               (f(gridValue(Grid::Iq1, index, i % 8)) + delta);
    }
}
void iq2_xxs(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int group = i / 32, l = i % 32 / 8;
        const uint32_t extra = u32(b + IQ2_XXS_QS + 8 * group + 4);
        const float scale = half(b + IQ2_XXS_D) * (0.5f + static_cast<float>(extra >> 28)) * 0.25f;
        const uint32_t index = b[IQ2_XXS_QS + 8 * group + l];
        y[i] = scale * f(gridValue(Grid::Iq2Xxs, index, i % 8)) *
               signOf(models::evenSigns(extra >> (7 * l)), i % 8);
    }
}
void iq2_xs(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const uint32_t number = u16(b + IQ2_XS_QS + i / 8 * 2);
        const int s = b[IQ2_XS_SCALES + i / 32] >> (i % 32 / 16 * 4) & 15;
        const float scale = half(b + IQ2_XS_D) * (0.5f + f(s)) * 0.25f;
        y[i] = scale * f(gridValue(Grid::Iq2Xs, number & 511u, i % 8)) *
               signOf(models::evenSigns(number >> 9), i % 8);
    }
}
void iq2_s(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int group = i / 32, l = i % 32 / 8;
        const uint32_t high = b[IQ2_S_QH + group] >> (2 * l) & 3u;
        const uint32_t index = b[IQ2_S_QS + 4 * group + l] | high << 8;
        const int s = b[IQ2_S_SCALES + group] >> (i % 32 / 16 * 4) & 15;
        const float scale = half(b + IQ2_S_D) * (0.5f + f(s)) * 0.25f;
        y[i] = scale * f(gridValue(Grid::Iq2S, index, i % 8)) * signOf(b[IQ2_S_SIGNS + i / 8], i % 8);
    }
}
void iq3_xxs(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const uint32_t extra = u32(b + IQ3_XXS_SIGNS + i / 32 * 4);
        const float scale = half(b + IQ3_XXS_D) * (0.5f + static_cast<float>(extra >> 28)) * 0.5f;
        const float sign = signOf(models::evenSigns(extra >> (7 * (i % 32 / 8))), i % 8);
        y[i] = scale * f(gridValue(Grid::Iq3Xxs, b[IQ3_XXS_QS + i / 4], i % 4)) * sign;
    }
}
void iq3_s(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int group = i / 32;
        const uint32_t ninth = b[IQ3_S_QH + group] >> (i % 32 / 4) & 1u;
        const uint32_t index = b[IQ3_S_QS + i / 4] | ninth << 8;
        const int s = b[IQ3_S_SCALES + group / 2] >> (group % 2 * 4) & 15;
        y[i] = half(b + IQ3_S_D) * f(1 + 2 * s) * f(gridValue(Grid::Iq3S, index, i % 4)) *
               signOf(b[IQ3_S_SIGNS + i / 8], i % 8);
    }
}
void iq4_xs(const uint8_t* b, float* y) {
    for (int i = 0; i < 256; ++i) {
        const int group = i / 32;
        const int low = b[IQ4_XS_SCALES_L + group / 2] >> (group % 2 * 4) & 15;
        const int high = u16(b + IQ4_XS_SCALES_H) >> (2 * group) & 3;
        const int q = nibble(b + IQ4_XS_QS + 16 * group, i % 32);
        y[i] = half(b + IQ4_XS_D) * f((low | high << 4) - 32) * f(models::iq4Values()[q]);
    }
}

using BlockFunction = void (*)(const uint8_t* block, float* values);
struct Format {
    BlockFunction values = nullptr;
    int halves[2] = {-1, -1}; // where d, and dmin or m, stand
    float typical = 1;        // greatest value for d = 1
};

Format format(QuantType type) {
    switch (type) {
    case QuantType::Q4_0:
        return {q4_0, {Q4_0_D, -1}, 8};
    case QuantType::Q4_1:
        return {q4_1, {Q4_1_D, Q4_1_M}, 16};
    case QuantType::Q5_0:
        return {q5_0, {Q5_0_D, -1}, 16};
    case QuantType::Q5_1:
        return {q5_1, {Q5_1_D, Q5_1_M}, 32};
    case QuantType::Q8_0:
        return {q8_0, {Q8_0_D, -1}, 128};
    case QuantType::Q2_K:
        return {q2_k, {Q2_K_D, Q2_K_DMIN}, 45};
    case QuantType::Q3_K:
        return {q3_k, {Q3_K_D, -1}, 128};
    case QuantType::Q4_K:
        return {q4_k, {Q4_K_D, Q4_K_DMIN}, 945};
    case QuantType::Q5_K:
        return {q5_k, {Q5_K_D, Q5_K_DMIN}, 1953};
    case QuantType::Q6_K:
        return {q6_k, {Q6_K_D, -1}, 4096};
    case QuantType::IQ1_S:
        return {iq1_s, {IQ1_S_D, -1}, 17};
    case QuantType::IQ1_M:
        return {iq1_m, {-1, -1}, 17};
    case QuantType::IQ2_XXS:
        return {iq2_xxs, {IQ2_XXS_D, -1}, 167};
    case QuantType::IQ2_XS:
        return {iq2_xs, {IQ2_XS_D, -1}, 167};
    case QuantType::IQ2_S:
        return {iq2_s, {IQ2_S_D, -1}, 167};
    case QuantType::IQ3_XXS:
        return {iq3_xxs, {IQ3_XXS_D, -1}, 480};
    case QuantType::IQ3_S:
        return {iq3_s, {IQ3_S_D, -1}, 465};
    case QuantType::IQ4_NL:
        return {iq4_nl, {IQ4_NL_D, -1}, 127};
    case QuantType::IQ4_XS:
        return {iq4_xs, {IQ4_XS_D, -1}, 4064};
    case QuantType::TQ1_0:
        return {tq1_0, {TQ1_0_D, -1}, 1};
    case QuantType::TQ2_0:
        return {tq2_0, {TQ2_0_D, -1}, 1};
    case QuantType::F32:
    case QuantType::F16:
    case QuantType::BF16:
        break;
    }
    return {};
}

void put16(uint8_t* at, uint16_t value) {
    at[0] = static_cast<uint8_t>(value);
    at[1] = static_cast<uint8_t>(value >> 8);
}

} // namespace

void dequantize(QuantType type, const uint8_t* row, std::span<float> values) {
    switch (type) {
    case QuantType::F32:
        std::memcpy(values.data(), row, values.size_bytes());
        return;
    case QuantType::F16:
        for (size_t i = 0; i < values.size(); ++i) values[i] = half(row + 2 * i);
        return;
    case QuantType::BF16:
        for (size_t i = 0; i < values.size(); ++i) values[i] = bf16ToFloat(u16(row + 2 * i));
        return;
    default:
        break;
    }
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    for (size_t block = 0; block < values.size() / info.valuesPerBlock; ++block)
        format(type).values(row + block * info.bytesPerBlock, values.data() + block * info.valuesPerBlock);
}

std::vector<uint8_t> randomBlocks(QuantType type, uint64_t values, float magnitude, std::mt19937& random) {
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    const uint64_t blocks = values / info.valuesPerBlock;
    std::vector<uint8_t> bytes(blocks * info.bytesPerBlock);
    std::uniform_real_distribution<float> uniform(-1, 1);
    if (info.valuesPerBlock == 1) {
        for (uint64_t i = 0; i < values; ++i) {
            const float value = magnitude * uniform(random);
            if (type == QuantType::F32)
                std::memcpy(&bytes[4 * i], &value, 4);
            else
                put16(&bytes[2 * i], type == QuantType::F16 ? floatToHalf(value) : floatToBf16(value));
        }
        return bytes;
    }
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    const Format kind = format(type);
    for (uint64_t block = 0; block < blocks; ++block) {
        uint8_t* const at = &bytes[block * info.bytesPerBlock];
        const auto scale = [&] {
            return floatToHalf(magnitude / kind.typical * (0.75f + 0.25f * uniform(random)));
        };
        for (const int place : kind.halves)
            if (place >= 0) put16(at + place, scale());
        if (type == QuantType::IQ1_M) { // d in the upper four bits of four words
            const uint16_t d = scale();
            for (int w = 0; w < 4; ++w) {
                uint8_t* const word = at + IQ1_M_SCALES + 2 * w;
                put16(word, static_cast<uint16_t>((u16(word) & 0x0FFF) | (d >> (4 * w) & 15) << 12));
            }
        }
    }
    return bytes;
}

} // namespace ponder::reference
