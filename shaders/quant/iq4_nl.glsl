// IQ4_NL: d table[q].
#include "shaders/quant/nibbles32.glsl"
#include "shaders/quant/iq4_values.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 1
#define QUANT_OWN_UNPACK

struct QuantRaw { uint d; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * IQ4_NL_BYTES);
    QuantRaw raw;
    loadNibbles18(block, raw.d, raw.qs);
    return raw;
}

#ifdef QUANT_INT8
void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) { iq4Bytes(raw.qs, bytes); }
#endif

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[i] = iq4Floats(raw.qs[i] & 0x0F0F0F0Fu);
        q[4 + i] = iq4Floats((raw.qs[i] >> 4) & 0x0F0F0F0Fu);
    }
    quantScales(raw, piece, scale, offset);
}
