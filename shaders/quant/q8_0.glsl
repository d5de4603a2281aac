// Q8_0: d q, q signed. A piece is a block.
#define QUANT_RUN 16
#define QUANT_RUN_STEP 16
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 1

struct QuantRaw { uint d; uvec4 qs[2]; };

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) { return piece * 32u + run * 16u; }

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q8_0_BYTES);
    QuantRaw raw;
#ifdef QUANT_WIDE // the three aligned 16 bytes that a block lies in, wherever it begins
    uint64_t base = block & ~uint64_t(15);
    uint offset = uint(block) & 15u;
    uvec4 words[3] = uvec4[3](load128(base), load128(base + 16), load128(base + 32));
    raw.d = sixteenBits(words[0], offset);
    bool carried = offset == 14u; // the quants begin in the second
    raw.qs[0] = carried ? words[1] : sixteenBytes(words[0], words[1], offset + 2u);
    raw.qs[1] = carried ? words[2] : sixteenBytes(words[1], words[2], offset + 2u);
    return raw;
#endif
    raw.d = load16(block + Q8_0_D);
    raw.qs[0] = load128At2(block + Q8_0_QS);
    raw.qs[1] = load128At2(block + Q8_0_QS + 16);
    return raw;
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) bytes[i] = raw.qs[i >> 2][i & 3u];
}

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}
