#pragma once
// Products of weights in any format with rows of activations, on all cores. Plain values; one pool, one call at a time.

#include <cstddef>
#include <cstdint>
#include <span>

#include "inference/cpu/activations.h"
#include "inference/cpu/kernels.h"
#include "inference/cpu/thread_pool.h"
#include "models/quant_type.h"

namespace ponder::cpu {

// A matrix as the file has it: rows of blocks, one behind the other. Owns nothing.
struct Matrix {
    const uint8_t* data = nullptr;
    models::QuantType type = models::QuantType::F32;
    size_t rows = 0, columns = 0;
    size_t rowBytes() const;
};

// y[token][row] = matrix[row] · x[token], y: [x.rows][matrix.rows]. 8-bit activations where x has them (F32, F16 and BF16
// weights take the floats all the same), float otherwise. Each row's sum is the same whatever the number of threads.
void multiply(ThreadPool& pool, Isa isa, const Matrix& matrix, const ActivationView& x, std::span<float> y);

} // namespace ponder::cpu
