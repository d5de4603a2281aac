// IQ3_XXS: d (s + 1/2) / 2 * signed grid, four values an entry.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uint d; uint signs; uvec2 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * IQ3_XXS_BYTES);
    return QuantRaw(load16(block + IQ3_XXS_D), load32At2(block + IQ3_XXS_SIGNS + j * 4u),
                    load64At2(block + IQ3_XXS_QS + j * 8u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        uint entry = codebook32(CODEBOOK_IQ3_XXS, (raw.qs[i >> 2] >> (8u * (i & 3u))) & 255u);
        uint signs = evenSigns((raw.signs >> (7u * (i >> 1))) & 127u);
        q[i] = applySigns(bytesToFloats(entry), signs >> (4u * (i & 1u)));
    }
    scale[0] = scale[1] = halfToFloat(raw.d) * (0.5 + float(raw.signs >> 28)) * 0.5;
    offset[0] = offset[1] = 0.0;
}
