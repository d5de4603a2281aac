// IQ4_XS: d (s - 32) table[q]. Blocks of 136 bytes are 8-byte aligned.
#include "shaders/quant/groups256.glsl"
#include "shaders/quant/iq4_values.glsl"
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 1
#define QUANT_OWN_UNPACK

struct QuantRaw { uvec2 head; uvec4 qs; }; // head: d, scales_h; scales_l

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * IQ4_XS_BYTES);
    uint64_t qs = block + IQ4_XS_QS + (piece & 7u) * 16u;
    return QuantRaw(load64(block), uvec4(load64(qs), load64(qs + 8)));
}

#ifdef QUANT_INT8
void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) { iq4Bytes(raw.qs, bytes); }
#endif

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    uint j = piece & 7u;
    uint s = ((raw.head.y >> (4u * j)) & 15u) | (((raw.head.x >> (16u + 2u * j)) & 3u) << 4);
    scale[0] = scale[1] = halfToFloat(raw.head.x) * (float(s) - 32.0);
    offset[0] = offset[1] = 0.0;
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[i] = iq4Floats(raw.qs[i] & 0x0F0F0F0Fu);
        q[4 + i] = iq4Floats((raw.qs[i] >> 4) & 0x0F0F0F0Fu);
    }
    quantScales(raw, piece, scale, offset);
}
