// Q8_0: d q, q signed. A piece is a block.
#define QUANT_RUN 16
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uint d; uvec4 qs[2]; };

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) { return piece * 32u + run * 16u; }

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q8_0_BYTES);
    QuantRaw raw;
    raw.d = load16(block + Q8_0_D);
    raw.qs[0] = load128At2(block + Q8_0_QS);
    raw.qs[1] = load128At2(block + Q8_0_QS + 16);
    return raw;
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) q[i] = signedBytesToFloats(raw.qs[i >> 2][i & 3u]);
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}
