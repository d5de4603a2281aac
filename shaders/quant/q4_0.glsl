// Q4_0: d (q - 8).
#include "shaders/quant/nibbles32.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0
#define QUANT_BYTES 1
#define QUANT_BIAS 8
#define QUANT_SIGNED 0

struct QuantRaw { uint d; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q4_0_BYTES);
    QuantRaw raw;
    loadNibbles18(block, raw.d, raw.qs);
    return raw;
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) { unpackNibbles(raw.qs, bytes); }

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}
