// IQ2_XS: d (s + 1/2) / 4 * signed grid, a scale for 16 values.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uint d; uint scales; uvec2 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * IQ2_XS_BYTES);
    return QuantRaw(load16(block + IQ2_XS_D), load8(block + IQ2_XS_SCALES + j), load64At2(block + IQ2_XS_QS + j * 8u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint l = 0; l < 4; ++l) {
        uint number = (raw.qs[l >> 1] >> ((l & 1u) * 16u)) & 0xFFFFu;
        unpackEntry8(codebook64(CODEBOOK_IQ2_XS, number & 511u), evenSigns(number >> 9), q[2 * l], q[2 * l + 1]);
    }
    float d = halfToFloat(raw.d);
    scale[0] = d * (0.5 + float(raw.scales & 15u)) * 0.25;
    scale[1] = d * (0.5 + float(raw.scales >> 4)) * 0.25;
    offset[0] = offset[1] = 0.0;
}
