// The format that a kernel is compiled for, by -DQUANT_…: exactly one. Before including, a kernel defines QUANT_ROW_ALIGNED (a
// bool) and QUANT_CODEBOOK (a device address). Every format gives the same things:
//
//   a piece: 32 values that one invocation decodes from neighbouring bytes, as runs of QUANT_RUN values each
//   quantPieces(columns)          pieces of a row
//   quantColumn(piece, run)       column of a run's first value
//   QUANT_RUN_STEP                if the format has QUANT_BYTES: columns from one run of a piece to the next, which change no other
//                                 bit of the column
//   quantLoad(row, piece, columns) -> QuantRaw    reads, and no more, so that loads can be under way before they are needed
//   quantUnpack(raw, piece, q, scale, offset)     value i = scale[i / QUANT_RUN] * q[i] + offset[i / QUANT_RUN], exactly as the
//                                                 format defines it, if multiplied and added with a rounding each
//   QUANT_BYTES                                   1: numbers are whole, q[i] = byte i - QUANT_BIAS (the bytes signed, if
//                                                 QUANT_SIGNED), and the format gives, instead of or beside quantUnpack,
//   quantBytes(raw, piece, bytes)                 those bytes, four a word
//   quantScales(raw, piece, scale, offset)        and this, to multiply with integers (QUANT_INT8, matvec_int8)
//   QUANT_WIDE                                    defined by the kernel: blocks that lie anywhere are read by aligned 16 bytes
//   QUANT_PREPARE                                 defined: quantPrepare(invocation, invocations) fills tables first
//   QUANT_HAS_SCALE, QUANT_HAS_OFFSET             0: scale is 1, offset is 0, and they need not be looked at
//   QUANT_TAILS                                   1: any number of columns; values past the last are zero
#ifndef PONDER_QUANT_SELECT_GLSL
#define PONDER_QUANT_SELECT_GLSL
#include "shaders/shared/quant_blocks.h"
#include "shaders/quant/load.glsl"

#if defined(QUANT_F32)
#include "shaders/quant/f32.glsl"
#elif defined(QUANT_F16)
#include "shaders/quant/f16.glsl"
#elif defined(QUANT_BF16)
#include "shaders/quant/bf16.glsl"
#elif defined(QUANT_Q4_0)
#include "shaders/quant/q4_0.glsl"
#elif defined(QUANT_Q4_1)
#include "shaders/quant/q4_1.glsl"
#elif defined(QUANT_Q5_0)
#include "shaders/quant/q5_0.glsl"
#elif defined(QUANT_Q5_1)
#include "shaders/quant/q5_1.glsl"
#elif defined(QUANT_Q8_0)
#include "shaders/quant/q8_0.glsl"
#elif defined(QUANT_Q2_K)
#include "shaders/quant/q2_k.glsl"
#elif defined(QUANT_Q3_K)
#include "shaders/quant/q3_k.glsl"
#elif defined(QUANT_Q4_K)
#include "shaders/quant/q4_k.glsl"
#elif defined(QUANT_Q5_K)
#include "shaders/quant/q5_k.glsl"
#elif defined(QUANT_Q6_K)
#include "shaders/quant/q6_k.glsl"
#elif defined(QUANT_IQ1_S)
#include "shaders/quant/iq1_s.glsl"
#elif defined(QUANT_IQ1_M)
#include "shaders/quant/iq1_m.glsl"
#elif defined(QUANT_IQ2_XXS)
#include "shaders/quant/iq2_xxs.glsl"
#elif defined(QUANT_IQ2_XS)
#include "shaders/quant/iq2_xs.glsl"
#elif defined(QUANT_IQ2_S)
#include "shaders/quant/iq2_s.glsl"
#elif defined(QUANT_IQ3_XXS)
#include "shaders/quant/iq3_xxs.glsl"
#elif defined(QUANT_IQ3_S)
#include "shaders/quant/iq3_s.glsl"
#elif defined(QUANT_IQ4_NL)
#include "shaders/quant/iq4_nl.glsl"
#elif defined(QUANT_IQ4_XS)
#include "shaders/quant/iq4_xs.glsl"
#elif defined(QUANT_TQ1_0)
#include "shaders/quant/tq1_0.glsl"
#elif defined(QUANT_TQ2_0)
#include "shaders/quant/tq2_0.glsl"
#else
#error no format: define one of QUANT_F32 ... QUANT_TQ2_0
#endif

#define QUANT_RUNS (32 / QUANT_RUN)
#define QUANT_RUN_VECS (QUANT_RUN / 4)

#if defined(QUANT_BYTES) && !defined(QUANT_OWN_UNPACK)
void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[QUANT_RUNS], out float offset[QUANT_RUNS]) {
    uint bytes[8];
    quantBytes(raw, piece, bytes);
    [[unroll]] for (uint i = 0; i < 8; ++i) {
#if QUANT_SIGNED
        q[i] = signedBytesToFloats(bytes[i]);
#elif QUANT_BIAS == 0
        q[i] = bytesToFloats(bytes[i]);
#else
        q[i] = bytesToFloats(bytes[i]) - float(QUANT_BIAS);
#endif
    }
    quantScales(raw, piece, scale, offset);
}
#endif

// The values themselves, bit by bit those of the format's definition; or, with QUANT_FUSED, with one rounding in place of two:
// faster, and for kernels that round to f16 next.
void quantValues(QuantRaw raw, uint piece, out vec4 values[8]) {
    vec4 q[8];
    float scale[QUANT_RUNS], offset[QUANT_RUNS];
    quantUnpack(raw, piece, q, scale, offset);
    [[unroll]] for (uint i = 0; i < 8; ++i) {
#if defined(QUANT_FUSED) && QUANT_HAS_OFFSET
        values[i] = fma(vec4(scale[i / QUANT_RUN_VECS]), q[i], vec4(offset[i / QUANT_RUN_VECS]));
#else
        precise vec4 value = q[i];
#if QUANT_HAS_SCALE
        value = scale[i / QUANT_RUN_VECS] * value;
#endif
#if QUANT_HAS_OFFSET
        value = value + offset[i / QUANT_RUN_VECS];
#endif
        values[i] = value;
#endif
    }
}
#endif
