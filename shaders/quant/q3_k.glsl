// Q3_K: d (s - 32) (q - 4 where the mask's bit is clear).
#include "shaders/quant/quarters256.glsl"
#define QUANT_HAS_OFFSET 0
#define QUANT_BYTES 1
#define QUANT_BIAS 4
#define QUANT_SIGNED 0

struct QuantRaw { uint d; uvec2 low; uint high; uvec2 mask; uvec2 qs; }; // low, high: parts of the scales

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * Q3_K_BYTES);
    return QuantRaw(load16(block + Q3_K_D), load64At2(block + Q3_K_SCALES), load32At2(block + Q3_K_SCALES + 8),
                    load64At2(block + Q3_K_HMASK + (j & 3u) * 8u), load64At2(block + Q3_K_QS + j * 8u));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) {
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        uint bit = ((piece >> 2) & 1u) * 4u + r;
        uvec2 two = (raw.qs >> (2 * r)) & 0x03030303u;
        uvec2 third = ((raw.mask >> bit) & 0x01010101u) << 2;
        bytes[2 * r] = two.x | third.x;
        bytes[2 * r + 1] = two.y | third.y;
    }
}

void quantScales(QuantRaw raw, uint piece, out float scale[4], out float offset[4]) {
    uint j = piece & 7u;
    float d = halfToFloat(raw.d);
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        // scale i: low four bits in nibble i / 8 of byte i % 8, upper two in bits 2 (i / 4) of byte 8 + i % 4
        uint i = (j >> 2) * 8u + r * 2u + ((j >> 1) & 1u);
        uint low = (raw.low[(i >> 2) & 1u] >> ((i & 3u) * 8u + (i >> 3) * 4u)) & 15u;
        uint high = (raw.high >> ((i & 3u) * 8u + (i >> 2) * 2u)) & 3u;
        scale[r] = d * (float(low | (high << 4)) - 32.0);
        offset[r] = 0.0;
    }
}
