#pragma once
// The inner loops on the CPU, compiled once for each instruction set from the same source (kernels_isa.inc). A table of
// functions; which table is used is chosen at run time. Pure functions of their arguments; any thread.
//
// Where things are: formats of weights in unpack.inc (plain C++, which AVX2 uses too) and unpack_avx512.inc; a super-block
// times one token in kernels_dot.inc; times many in kernels_panels.inc (AVX-512 and AMX); attention in
// kernels_attention.inc; the table at the end of kernels_isa.inc.
// The next format: one struct of the same name in unpack.inc and in unpack_avx512.inc, and one row in that table; its layout
// belongs to shaders/shared/quant_blocks.h, its codebook, if it has one, to tables.h. Tests and bench_cpu find it by itself.
// The next instruction set: a kernels_NAME.cpp with its flags in CMakeLists.txt, a value in isa.h, its own blocks in the
// files above where it has a better way.

#include <cstddef>
#include <cstdint>

#include "inference/cpu/activations.h"
#include "inference/cpu/isa.h"
#include "models/quant_type.h"

namespace ponder::cpu {

// y[token][row] = weights[row] · x[token] for rows [firstRow, lastRow) of a matrix and all rows of x. Each weight byte is
// read once for up to 32 tokens (128 with AVX-512 and AMX). A row's sum does not depend on the other rows or on threads; that
// of a token is bitwise the same for 1 to kFewTokens tokens, and the same for all numbers above.
struct RowsTask {
    const uint8_t* weights = nullptr; // the first row of the matrix
    size_t rowBytes = 0;
    size_t firstRow = 0, lastRow = 0;
    ActivationView x;
    float* y = nullptr; // of token 0
    size_t yStride = 0; // floats from one token to the next
};

// Keys or values of consecutive tokens in a block of the cache: rows of half floats or floats, stride bytes apart.
struct CacheRows {
    const uint8_t* rows = nullptr;
    size_t strideBytes = 0;
    size_t count = 0, width = 0; // tokens; values of a row that are read
    bool half = true;
};

struct Kernels {
    using Rows = void (*)(const RowsTask&);
    Rows rows[models::kQuantTypeCount] = {};        // 8-bit activations; plain floats for F32, F16 and BF16
    Rows preciseRows[models::kQuantTypeCount] = {}; // float activations, in any format
    // A row of a matrix as floats.
    using ToFloats = void (*)(const uint8_t* row, size_t columns, float* out);
    ToFloats toFloats[models::kQuantTypeCount] = {};
    // Attention of the query heads that share keys: scores[h][i] = q[h] · keys[i], and out[h][j] += sum over i of
    // weights[h][i] * values[i][j]. q: [heads][qStride]; scores, weights: [heads][keys.count]; out: [heads][outStride].
    void (*scores)(const CacheRows& keys, const float* q, size_t heads, size_t qStride,
                   float* scores) = nullptr;
    void (*mix)(const CacheRows& values, const float* weights, size_t heads, size_t outStride,
                float* out) = nullptr;
    void (*toHalf)(const float* from, uint8_t* to, size_t count) = nullptr;
};

const Kernels& kernels(Isa isa);

} // namespace ponder::cpu
