#pragma once
// Random matrices of any format on the device, and one product run and compared with the plain loops. One thread.

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "inference/kernels/matmul_plan.h"
#include "tests/kernels/support/gpu.h"

namespace ponder::test {

// A matrix in one or two segments (as a tensor larger than an arena has them), with its bytes on the host.
struct Matrix {
    Matrix(models::QuantType type, uint32_t rows, uint32_t columns, std::mt19937& random,
           bool twoSegments = false);
    Matrix(models::QuantType type, uint32_t rows, uint32_t columns, std::vector<uint8_t> bytes,
           bool twoSegments = false);
    std::vector<uint8_t> bytes;
    kernels::Weight weight;

private:
    vulkan::Buffer m_buffer;
};

struct Product {
    models::QuantType type = models::QuantType::F32;
    uint32_t rows = 0, columns = 0, n = 1;
    uint32_t xPadding = 0, yPadding = 0; // strides beyond what is needed
    bool bias = false, accumulate = false, twoSegments = false;
    bool rounded = false; // x is what products of int8 keep of random values, so that rounding it adds nothing
    uint32_t outlier = 0; // x[0] of every row is this instead: beyond f16
};

// Runs it and checks its results against the reference, NMSE at most `limit`, and that nothing else was written.
void checkProduct(kernels::MatMul& matMul, const Product& product, double limit, uint32_t seed);

std::string describe(const Product& product, uint32_t seed);

// Values in [-1, 1] that binary16 holds exactly, so that a kernel's rounding of x adds nothing.
std::vector<float> randomX(uint64_t count, std::mt19937& random);

// Kernels with these overrides, made once a process.
kernels::MatMul& matMul(const kernels::MatMulOverrides& overrides = {}, bool precise = false);
void endMatMul();

// Columns that the format takes, no fewer than `least`.
uint32_t columnsFor(models::QuantType type, uint32_t least);

} // namespace ponder::test
