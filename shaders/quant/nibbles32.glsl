// What the formats of 32 values in 16 bytes of nibbles share: a piece is a block, low nibbles its first run, high ones the
// second.
#define QUANT_RUN 16
#define QUANT_RUN_STEP 16
#define QUANT_TAILS 0

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) { return piece * 32u + run * 16u; }

// Blocks of 18 bytes, a scale and nibbles, at even addresses.
void loadNibbles18(uint64_t block, out uint d, out uvec4 qs) {
#ifdef QUANT_WIDE // the two aligned 16 bytes that a block lies in, wherever it begins
    uint64_t base = block & ~uint64_t(15);
    uint at = uint(block) & 15u;
    uvec4 low = load128(base), high = load128(base + 16);
    d = sixteenBits(low, at);
    qs = at == 14u ? high : sixteenBytes(low, high, at + 2u);
#else
    d = load16(block);
    qs = load128At2(block + 2);
#endif
}

void unpackNibbles(uvec4 qs, out uint bytes[8]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        bytes[i] = qs[i] & 0x0F0F0F0Fu;
        bytes[4 + i] = (qs[i] >> 4) & 0x0F0F0F0Fu;
    }
}
// The same with a fifth bit, value i's in bit i of qh.
void unpackNibblesAndBits(uvec4 qs, uint qh, out uint bytes[8]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        uint nibbles = (qs[i & 3u] >> (i < 4 ? 0 : 4)) & 0x0F0F0F0Fu;
        uint bits = qh >> (4u * i);
        uint fifth = ((bits & 1u) << 4) | ((bits & 2u) << 11) | ((bits & 4u) << 18) | ((bits & 8u) << 25);
        bytes[i] = nibbles | fifth;
    }
}
