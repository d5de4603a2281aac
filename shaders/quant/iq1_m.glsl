// IQ1_M: d (2 s + 1) (grid +- 1/8), a scale for 16 values, a delta for 8. Blocks of 56 bytes are 8-byte aligned.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uvec2 scales; uint qs; uint qh; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * IQ1_M_BYTES);
    return QuantRaw(load64(block + IQ1_M_SCALES), load32(block + IQ1_M_QS + j * 4u), load16(block + IQ1_M_QH + j * 2u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    uint j = piece & 7u;
    [[unroll]] for (uint l = 0; l < 4; ++l) {
        uint high = raw.qh >> (4u * l);
        float delta = (high & 8u) != 0u ? -0.125 : 0.125;
        uint index = ((raw.qs >> (8u * l)) & 255u) | ((high & 7u) << 8);
        unpackTernary8(codebook32(CODEBOOK_IQ1, index), delta, q[2 * l], q[2 * l + 1]);
    }
    uint d = ((raw.scales.x >> 12) & 0x000Fu) | ((raw.scales.x >> 24) & 0x00F0u) | ((raw.scales.y >> 4) & 0x0F00u) |
             ((raw.scales.y >> 16) & 0xF000u);
    uint s = raw.scales[j >> 2] >> (((j >> 1) & 1u) * 16u + (j & 1u) * 6u);
    scale[0] = halfToFloat(d) * float(2u * (s & 7u) + 1u);
    scale[1] = halfToFloat(d) * float(2u * ((s >> 3) & 7u) + 1u);
    offset[0] = offset[1] = 0.0;
}
