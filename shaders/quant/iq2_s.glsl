// IQ2_S: d (s + 1/2) / 4 * signed grid, a scale for 16 values, all signs stored.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uint d; uint scales; uint qh; uint qs; uint signs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * IQ2_S_BYTES);
    return QuantRaw(load16(block + IQ2_S_D), load8(block + IQ2_S_SCALES + j), load8(block + IQ2_S_QH + j),
                    load32At2(block + IQ2_S_QS + j * 4u), load32At2(block + IQ2_S_SIGNS + j * 4u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint l = 0; l < 4; ++l) {
        uint index = ((raw.qs >> (8u * l)) & 255u) | (((raw.qh >> (2u * l)) & 3u) << 8);
        unpackEntry8(codebook64(CODEBOOK_IQ2_S, index), raw.signs >> (8u * l), q[2 * l], q[2 * l + 1]);
    }
    float d = halfToFloat(raw.d);
    scale[0] = d * (0.5 + float(raw.scales & 15u)) * 0.25;
    scale[1] = d * (0.5 + float(raw.scales >> 4)) * 0.25;
    offset[0] = offset[1] = 0.0;
}
