// What Q4_K and Q5_K share: blocks are 16-byte aligned and begin with d, dmin and eight pairs of six-bit scale and minimum.
// A piece is 16 bytes of nibbles: low ones are a run of one sub-block, high ones the same place in the next.
#define QUANT_RUN 16
#define QUANT_RUN_STEP 32
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 1
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 0

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) {
    uint j = piece & 7u;
    return (piece >> 3) * 256u + (j >> 1) * 64u + run * 32u + (j & 1u) * 16u;
}

// head: the first 16 bytes of the block. Sub-blocks 2c and 2c + 1 of the piece.
void kScales(uvec4 head, uint piece, out float scale[2], out float offset[2]) {
    vec2 dm = unpackHalf2x16(head.x);
    uint c = (piece & 7u) >> 1;
    uint shift = (c & 1u) * 16u; // of sub-block 2c in a word of four bytes
    uint low = (head.y >> shift) & 0xFFFFu;  // hhssssss twice
    uint mins = (head.z >> shift) & 0xFFFFu; // hhmmmmmm twice
    if (c >= 2u) {
        uint both = (head.w >> shift) & 0xFFFFu; // mmmmssss twice
        low = (both & 0x0F0Fu) | ((low >> 2) & 0x3030u);
        mins = ((both >> 4) & 0x0F0Fu) | ((mins >> 2) & 0x3030u);
    }
    scale[0] = dm.x * float(low & 63u);
    scale[1] = dm.x * float((low >> 8) & 63u);
    offset[0] = -(dm.y * float(mins & 63u));
    offset[1] = -(dm.y * float((mins >> 8) & 63u));
}
