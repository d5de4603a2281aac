// IQ4_NL: d table[q].
#include "shaders/quant/nibbles32.glsl"
#include "shaders/quant/iq4_values.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uint d; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * IQ4_NL_BYTES);
    return QuantRaw(load16(block + IQ4_NL_D), load128At2(block + IQ4_NL_QS));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[i] = iq4Floats(raw.qs[i] & 0x0F0F0F0Fu);
        q[4 + i] = iq4Floats((raw.qs[i] >> 4) & 0x0F0F0F0Fu);
    }
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}
