// Q4_K: d s q - dmin m.
#include "shaders/quant/k_scales.glsl"

struct QuantRaw { uvec4 head; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * Q4_K_BYTES);
    return QuantRaw(load128(block), load128(block + Q4_K_QS + (piece & 7u) * 16u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[i] = bytesToFloats(raw.qs[i] & 0x0F0F0F0Fu);
        q[4 + i] = bytesToFloats((raw.qs[i] >> 4) & 0x0F0F0F0Fu);
    }
    kScales(raw.head, piece, scale, offset);
}
