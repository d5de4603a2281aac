// Q5_K: d s q - dmin m, the fifth bit of sub-block g in bit g of qh.
#include "shaders/quant/k_scales.glsl"

struct QuantRaw { uvec4 head; uvec4 qh; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * Q5_K_BYTES);
    return QuantRaw(load128(block), load128(block + Q5_K_QH + (piece & 1u) * 16u),
                    load128(block + Q5_K_QS + (piece & 7u) * 16u));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) {
    uint bit = piece & 6u;
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        uint low = (raw.qh[i] >> bit) & 0x01010101u;
        uint high = (raw.qh[i] >> (bit + 1u)) & 0x01010101u;
        bytes[i] = (raw.qs[i] & 0x0F0F0F0Fu) | (low << 4);
        bytes[4 + i] = ((raw.qs[i] >> 4) & 0x0F0F0F0Fu) | (high << 4);
    }
}

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    kScales(raw.head, piece, scale, offset);
}
