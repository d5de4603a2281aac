#pragma once
// What the blocks of every format mean, value by value, as plainly as it can be said: what kernels are tested against.
// Written from the definitions in the gguf Python package, in its order of operations, so float for float the same.
// Also random blocks that a format allows. Pure; any thread.

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "models/quant_type.h"

namespace ponder::reference {

// row: whole blocks of `values.size()` values.
void dequantize(models::QuantType type, const uint8_t* row, std::span<float> values);

// rows * columns values of which the greatest are about `magnitude`; every bit of every field is used, scales are finite.
std::vector<uint8_t> randomBlocks(models::QuantType type, uint64_t values, float magnitude,
                                  std::mt19937& random);

} // namespace ponder::reference
