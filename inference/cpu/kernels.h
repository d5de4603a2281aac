#pragma once
// The inner loops on the CPU, compiled once for each instruction set from the same source (kernels_isa.inc). A table of
// functions; which table is used is chosen at run time. Pure functions of their arguments; any thread.

#include <cstddef>
#include <cstdint>

#include "inference/cpu/activations.h"
#include "inference/cpu/isa.h"
#include "models/quant_type.h"

namespace ponder::cpu {

// y[token][row] = weights[row] · x[token] for rows [firstRow, lastRow) of a matrix and all rows of x. Each weight byte is
// read once for up to 32 tokens; a token's sum has the same order however many there are, so it is bitwise the same.
struct RowsTask {
    const uint8_t* weights = nullptr; // the first row of the matrix
    size_t rowBytes = 0;
    size_t firstRow = 0, lastRow = 0;
    ActivationView x;
    float* y = nullptr; // of token 0
    size_t yStride = 0; // floats from one token to the next
};

struct Kernels {
    using Rows = void (*)(const RowsTask&);
    Rows rows[models::kQuantTypeCount] = {};        // 8-bit activations; plain floats for F32, F16 and BF16
    Rows preciseRows[models::kQuantTypeCount] = {}; // float activations, in any format
};

const Kernels& kernels(Isa isa);

} // namespace ponder::cpu
