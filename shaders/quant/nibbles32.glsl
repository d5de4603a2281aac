// What the formats of 32 values in 16 bytes of nibbles share: a piece is a block, low nibbles its first run, high ones the
// second.
#define QUANT_RUN 16
#define QUANT_TAILS 0

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) { return piece * 32u + run * 16u; }

void unpackNibbles(uvec4 qs, out vec4 q[8]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[i] = bytesToFloats(qs[i] & 0x0F0F0F0Fu);
        q[4 + i] = bytesToFloats((qs[i] >> 4) & 0x0F0F0F0Fu);
    }
}
// The same with a fifth bit, value i's in bit i of qh.
void unpackNibblesAndBits(uvec4 qs, uint qh, out vec4 q[8]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        uint nibbles = (qs[i & 3u] >> (i < 4 ? 0 : 4)) & 0x0F0F0F0Fu;
        uint bits = qh >> (4u * i);
        uint fifth = ((bits & 1u) << 4) | ((bits & 2u) << 11) | ((bits & 4u) << 18) | ((bits & 8u) << 25);
        q[i] = bytesToFloats(nibbles | fifth);
    }
}
