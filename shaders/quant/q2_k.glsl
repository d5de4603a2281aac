// Q2_K: d s q - dmin m. Blocks of 84 bytes are 4-byte aligned.
#include "shaders/quant/quarters256.glsl"
#define QUANT_HAS_OFFSET 1
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 0

struct QuantRaw { uint dm; uvec2 scales; uvec2 qs; }; // scales: the half's eight

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * Q2_K_BYTES);
    uint64_t scales = block + Q2_K_SCALES + (j >> 2) * 8u;
    uint64_t qs = block + Q2_K_QS + j * 8u;
    return QuantRaw(load32(block + Q2_K_D), uvec2(load32(scales), load32(scales + 4)), uvec2(load32(qs), load32(qs + 4)));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) {
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        bytes[2 * r] = (raw.qs.x >> (2 * r)) & 0x03030303u;
        bytes[2 * r + 1] = (raw.qs.y >> (2 * r)) & 0x03030303u;
    }
}

void quantScales(QuantRaw raw, uint piece, out float scale[4], out float offset[4]) {
    vec2 dm = unpackHalf2x16(raw.dm);
    uint second = (piece >> 1) & 1u; // the upper sixteen of 32 values
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        uint s = (raw.scales[r >> 1] >> ((r & 1u) * 16u + second * 8u)) & 255u;
        scale[r] = dm.x * float(s & 15u);
        offset[r] = -(dm.y * float(s >> 4));
    }
}
