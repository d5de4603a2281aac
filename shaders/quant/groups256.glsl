// What the formats of 256 values in eight groups of 32 consecutive ones share: a piece is a group.
#define QUANT_RUN 16
#define QUANT_RUN_STEP 16
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) { return piece * 32u + run * 16u; }
