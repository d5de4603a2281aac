// What Q2_K, Q3_K and TQ2_0 share: 2-bit numbers, value (half, shift, i) in bits 2 shift of byte i of a half's 32 bytes.
// A piece is eight bytes: four runs of eight values, 32 apart.
#define QUANT_RUN 8
#define QUANT_RUN_STEP 32
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) {
    uint j = piece & 7u;
    return (piece >> 3) * 256u + (j >> 2) * 128u + run * 32u + (j & 3u) * 8u;
}
