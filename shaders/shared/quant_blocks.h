// Layout of a block of every format, as byte offsets: blocks are 2-byte aligned at worst and of odd sizes, so kernels and
// the reference read fields by address, not by struct. d, dmin, m: binary16. Sizes equal models/quant_type.cpp's (asserted).
// The codebooks lie behind one another in one buffer, at these word offsets.
#ifndef PONDER_SHARED_QUANT_BLOCKS_H
#define PONDER_SHARED_QUANT_BLOCKS_H
#include "shaders/shared/types.h"
PONDER_SHARED_BEGIN

#ifdef __cplusplus
#define PONDER_CONSTANT inline constexpr uint
#else
#define PONDER_CONSTANT const uint
#endif

// 32 values. qs of the 4- and 5-bit ones: 16 bytes, low nibbles are values 0-15, high nibbles 16-31; qh: bit i is the fifth
// bit of value i.
PONDER_CONSTANT Q4_0_BYTES = 18, Q4_0_D = 0, Q4_0_QS = 2;                          // d (q - 8)
PONDER_CONSTANT Q4_1_BYTES = 20, Q4_1_D = 0, Q4_1_M = 2, Q4_1_QS = 4;              // d q + m
PONDER_CONSTANT Q5_0_BYTES = 22, Q5_0_D = 0, Q5_0_QH = 2, Q5_0_QS = 6;             // d (q - 16)
PONDER_CONSTANT Q5_1_BYTES = 24, Q5_1_D = 0, Q5_1_M = 2, Q5_1_QH = 4, Q5_1_QS = 8; // d q + m
PONDER_CONSTANT Q8_0_BYTES = 34, Q8_0_D = 0, Q8_0_QS = 2;                          // d q, q signed
PONDER_CONSTANT IQ4_NL_BYTES = 18, IQ4_NL_D = 0, IQ4_NL_QS = 2;                    // d table[q]

// 256 values in sub-blocks of 16 or 32, each with a small scale of its own.
// Q2_K: scales 16 bytes mmmmssss; qs 64 bytes: two halves of 32 bytes, value (half, shift, i) in bits 2 shift of byte i.
PONDER_CONSTANT Q2_K_BYTES = 84, Q2_K_SCALES = 0, Q2_K_QS = 16, Q2_K_D = 80, Q2_K_DMIN = 82; // d s q - dmin m
// Q3_K: hmask 32 bytes: bit (half 4 + shift) of byte i clear means -4; qs as Q2_K; 16 six-bit scales in 12 bytes.
PONDER_CONSTANT Q3_K_BYTES = 110, Q3_K_HMASK = 0, Q3_K_QS = 32, Q3_K_SCALES = 96, Q3_K_D = 108;
// Q4_K, Q5_K: scales 12 bytes, six bits each: [j] = hhssssss (j < 4: scale), [4+j] = hhmmmmmm (minimum), [8+j] = mmmmssss of
// j + 4, whose upper two bits are the hh. qs: four chunks of 32 bytes, low nibbles 32 values, high nibbles the next 32.
PONDER_CONSTANT Q4_K_BYTES = 144, Q4_K_D = 0, Q4_K_DMIN = 2, Q4_K_SCALES = 4, Q4_K_QS = 16; // d s q - dmin m
PONDER_CONSTANT Q5_K_BYTES = 176, Q5_K_D = 0, Q5_K_DMIN = 2, Q5_K_SCALES = 4, Q5_K_QH = 16,
                Q5_K_QS = 48; // qh: bit group of byte i
// Q6_K: two halves of 128 values: ql 64 bytes (low nibbles values 0-63, high 64-127), qh 32 bytes (bits 2 (i / 32) of byte
// i % 32), 8 signed scales.
PONDER_CONSTANT Q6_K_BYTES = 210, Q6_K_QL = 0, Q6_K_QH = 128, Q6_K_SCALES = 192, Q6_K_D = 208; // d s (q - 32)
// Ternary. TQ1_0: a byte is a fraction n / 256 whose first base-3 digits are the values + 1: qs 32 bytes of 5 x 32, 16 bytes of
// 5 x 16, qh 4 bytes of 4 x 4. TQ2_0: qs as Q2_K's.
PONDER_CONSTANT TQ1_0_BYTES = 54, TQ1_0_QS = 0, TQ1_0_QH = 48, TQ1_0_D = 52; // d (t - 1)
PONDER_CONSTANT TQ2_0_BYTES = 66, TQ2_0_QS = 0, TQ2_0_D = 64;                // d (q - 1)

// Codebook formats: eight groups of 32 values; an index stands for 8 values (IQ3: 4).
// IQ1_S: a group has 4 low index bytes and 16 bits xsss 333 222 111 000: scale, three high bits of each index, x: delta < 0.
PONDER_CONSTANT IQ1_S_BYTES = 50, IQ1_S_D = 0, IQ1_S_QS = 2, IQ1_S_QH = 34; // d (2 s + 1) (grid +- 1/8)
// IQ1_M: qh nibbles xhhh; four 16-bit words dddd 333 222 111 000: a quarter of d, scales of 16 values.
PONDER_CONSTANT IQ1_M_BYTES = 56, IQ1_M_QS = 0, IQ1_M_QH = 32, IQ1_M_SCALES = 48;
// IQ2_XXS: a group has 4 index bytes and 32 bits ssss 3333333 2222222 1111111 0000000: scale, signs of each index.
PONDER_CONSTANT IQ2_XXS_BYTES = 66, IQ2_XXS_D = 0, IQ2_XXS_QS = 2; // d (s + 1/2) / 4 * grid
// IQ2_XS: a group has four 16-bit numbers, signs 7 bits above an index of 9; scales: two nibbles a group.
PONDER_CONSTANT IQ2_XS_BYTES = 74, IQ2_XS_D = 0, IQ2_XS_QS = 2, IQ2_XS_SCALES = 66;
PONDER_CONSTANT IQ2_S_BYTES = 82, IQ2_S_D = 0, IQ2_S_QS = 2, IQ2_S_SIGNS = 34, IQ2_S_QH = 66,
                IQ2_S_SCALES = 74;
// IQ3_XXS: 8 index bytes a group; then the words of IQ2_XXS.
PONDER_CONSTANT IQ3_XXS_BYTES = 98, IQ3_XXS_D = 0, IQ3_XXS_QS = 2,
                IQ3_XXS_SIGNS = 66; // d (s + 1/2) / 2 * grid
// IQ3_S: 8 index bytes a group, a ninth bit each in qh, plain signs, a nibble of scale.
PONDER_CONSTANT IQ3_S_BYTES = 110, IQ3_S_D = 0, IQ3_S_QS = 2, IQ3_S_QH = 66, IQ3_S_SIGNS = 74,
                IQ3_S_SCALES = 106; // d (2 s + 1) grid
// IQ4_XS: scales 4 + 2 bits a group, minus 32; qs 16 bytes a group as Q4_0's, through the table of IQ4_NL.
PONDER_CONSTANT IQ4_XS_BYTES = 136, IQ4_XS_D = 0, IQ4_XS_SCALES_H = 2, IQ4_XS_SCALES_L = 4, IQ4_XS_QS = 8;

// Codebooks in words of 32 bits: models/quant_codebooks.h, gridWords().
PONDER_CONSTANT CODEBOOK_IQ1 = 0;
PONDER_CONSTANT CODEBOOK_IQ2_XXS = CODEBOOK_IQ1 + 2048;
PONDER_CONSTANT CODEBOOK_IQ2_XS = CODEBOOK_IQ2_XXS + 256 * 2;
PONDER_CONSTANT CODEBOOK_IQ2_S = CODEBOOK_IQ2_XS + 512 * 2;
PONDER_CONSTANT CODEBOOK_IQ3_XXS = CODEBOOK_IQ2_S + 1024 * 2;
PONDER_CONSTANT CODEBOOK_IQ3_S = CODEBOOK_IQ3_XXS + 256;
PONDER_CONSTANT CODEBOOK_WORDS = CODEBOOK_IQ3_S + 512;

PONDER_SHARED_END
#endif
