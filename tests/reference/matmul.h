#pragma once
// y = W x as ten plain lines, in double. Pure; any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "models/quant_type.h"

namespace ponder::reference {

struct MatMulCase {
    models::QuantType type;
    uint32_t rows = 0, columns = 0, n = 0, xStride = 0;
    const uint8_t* weights = nullptr; // rows one behind the other, whole blocks each
    const float* x = nullptr;         // [n][xStride]
    const float* bias = nullptr;      // [rows], or none
    const float* before = nullptr;    // [n][rows] that the result is added to, or none
};

std::vector<double> matMul(const MatMulCase& what); // [n][rows]

// What products of int8 keep of x: blocks of 16 values, each rounded to a multiple of the greatest / 32,639. Rounding it again
// changes nothing.
struct RoundedRow {
    std::vector<int> numbers;  // [columns]
    std::vector<float> scales; // [columns / 16]
    float value(size_t i) const { return scales[i / 16] * static_cast<float>(numbers[i]); }
};
RoundedRow roundedRow(std::span<const float> x);

// Mean squared error over mean square: what is wrong as a share of what is there.
double nmse(const std::vector<double>& expected, const std::vector<float>& got);

} // namespace ponder::reference
