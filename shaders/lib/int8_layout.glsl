// Where rounded activations lie. Rows are whole groups of 256 values, 16 blocks, padded at their end; a group is the high bytes of
// its blocks, 16 each, then the low ones. Within a group blocks change places, so that neighbouring invocations, which do a piece of
// weights each, find the same run of their pieces in different banks of the cache, whichever blocks the format's runs are: every
// second (bit 0 of the block is the same for all), pairs (bit 1, Q4_K) or fours (bit 2, Q6_K).
#ifndef PONDER_LIB_INT8_LAYOUT_GLSL
#define PONDER_LIB_INT8_LAYOUT_GLSL

const uint INT8_GROUP = 16;       // blocks
const uint INT8_LOW = INT8_GROUP; // from a block's high bytes to its low ones, in 16 bytes

uint int8RowBlocks(uint columns) { return (columns + 255u) / 256u * INT8_GROUP; }

// Of the high bytes of a block of a row, in 16 bytes from the row's first: eight blocks of any kind above lie 16 bytes each in
// different eighths of 128. Place(a ^ b) = place(a) ^ place(b), of the scales' too.
uint int8Place(uint block) {
    return (block & ~15u) * 2u + (((block & 1u) << 3) | ((block >> 1) & 4u) | ((block ^ (block >> 1)) & 3u));
}

// Of its scale and sum, in 8 bytes: sixteen blocks of two groups lie in different sixteenths of 128.
uint int8ScalePlace(uint block) { return block ^ (((block >> 4) & 1u) * 7u); }
#endif
