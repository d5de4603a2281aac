// IQ1_S: d (2 s + 1) (grid +- 1/8).
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uint d; uint qs; uint qh; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * IQ1_S_BYTES);
    return QuantRaw(load16(block + IQ1_S_D), load32At2(block + IQ1_S_QS + j * 4u), load16(block + IQ1_S_QH + j * 2u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    float delta = (raw.qh & 0x8000u) != 0u ? -0.125 : 0.125;
    [[unroll]] for (uint l = 0; l < 4; ++l) {
        uint index = ((raw.qs >> (8u * l)) & 255u) | (((raw.qh >> (3u * l)) & 7u) << 8);
        unpackTernary8(codebook32(CODEBOOK_IQ1, index), delta, q[2 * l], q[2 * l + 1]);
    }
    scale[0] = scale[1] = halfToFloat(raw.d) * float(2u * ((raw.qh >> 12) & 7u) + 1u);
    offset[0] = offset[1] = 0.0;
}
