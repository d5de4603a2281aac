// Q4_K: d s q - dmin m.
#include "shaders/quant/k_scales.glsl"

struct QuantRaw { uvec4 head; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * Q4_K_BYTES);
    return QuantRaw(load128(block), load128(block + Q4_K_QS + (piece & 7u) * 16u));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        bytes[i] = raw.qs[i] & 0x0F0F0F0Fu;
        bytes[4 + i] = (raw.qs[i] >> 4) & 0x0F0F0F0Fu;
    }
}

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    kScales(raw.head, piece, scale, offset);
}
