// IQ3_S: d (2 s + 1) * signed grid, four values an entry, all signs stored.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/codebook.glsl"

struct QuantRaw { uint d; uint scales; uint qh; uint signs; uvec2 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * IQ3_S_BYTES);
    return QuantRaw(load16(block + IQ3_S_D), load8(block + IQ3_S_SCALES + (j >> 1)), load8(block + IQ3_S_QH + j),
                    load32At2(block + IQ3_S_SIGNS + j * 4u), load64At2(block + IQ3_S_QS + j * 8u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        uint index = ((raw.qs[i >> 2] >> (8u * (i & 3u))) & 255u) | (((raw.qh >> i) & 1u) << 8);
        q[i] = applySigns(bytesToFloats(codebook32(CODEBOOK_IQ3_S, index)), raw.signs >> (4u * i));
    }
    uint s = (raw.scales >> ((piece & 1u) * 4u)) & 15u;
    scale[0] = scale[1] = halfToFloat(raw.d) * float(2u * s + 1u);
    offset[0] = offset[1] = 0.0;
}
