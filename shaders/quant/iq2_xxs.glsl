// IQ2_XXS: d (s + 1/2) / 4 * signed grid.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uint d; uvec2 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * IQ2_XXS_BYTES);
    return QuantRaw(load16(block + IQ2_XXS_D), load64At2(block + IQ2_XXS_QS + (piece & 7u) * 8u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint l = 0; l < 4; ++l) {
        uvec2 entry = codebook64(CODEBOOK_IQ2_XXS, (raw.qs.x >> (8u * l)) & 255u);
        unpackEntry8(entry, evenSigns((raw.qs.y >> (7u * l)) & 127u), q[2 * l], q[2 * l + 1]);
    }
    scale[0] = scale[1] = halfToFloat(raw.d) * (0.5 + float(raw.qs.y >> 28)) * 0.25;
    offset[0] = offset[1] = 0.0;
}
