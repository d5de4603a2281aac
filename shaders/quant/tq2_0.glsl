// TQ2_0: d (q - 1).
#include "shaders/quant/quarters256.glsl"
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uint d; uvec2 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * TQ2_0_BYTES);
    return QuantRaw(load16(block + TQ2_0_D), load64At2(block + TQ2_0_QS + (piece & 7u) * 8u));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[4], out float offset[4]) {
    float d = halfToFloat(raw.d);
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        scale[r] = d;
        offset[r] = 0.0;
        q[2 * r] = bytesToFloats((raw.qs.x >> (2 * r)) & 0x03030303u) - 1.0;
        q[2 * r + 1] = bytesToFloats((raw.qs.y >> (2 * r)) & 0x03030303u) - 1.0;
    }
}
