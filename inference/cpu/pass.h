#pragma once
// What the layers of a pass on the CPU share: the threads, the residual stream, the sequence, and small operations on rows.
// Belongs to the decoder; one thread calls.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "inference/cpu/decoder.h"
#include "inference/cpu/matrix.h"

namespace ponder::cpu {

struct Pass {
    Pass(ThreadPool& threads, const models::Hyperparams& hyperparams, const HostWeights& tensors)
        : pool(threads), p(hyperparams), weights(tensors) {}

    ThreadPool& pool;
    const models::Hyperparams& p;
    const HostWeights& weights;
    Isa isa = detectIsa();
    bool precise = false;
    CacheShape cache;
    std::vector<float> ropeTable; // (cos, sin) [context][rope_dim / 2]

    std::vector<float> x;      // [n][n_embd]: the residual stream
    std::vector<float> normed; // [n][n_embd]
    Activations input;         // of normed
    size_t n = 0;              // tokens of this pass
    uint32_t position = 0;     // of the first
    std::span<const uint64_t> blocks;

    const Kernels& kernels() const { return cpu::kernels(isa); }
    Matrix find(uint32_t block, const char* name) const;
    const float* floats(uint32_t block, const char* name) const;

    // y[n][matrix.rows] = matrix * x, resized as needed; `bias` may be null.
    void product(const Matrix& matrix, const ActivationView& activations, const float* bias,
                 std::vector<float>& y);
    // to[row] = x[row] / rms(x[row]) * weight, rows of `width` values.
    void norm(const float* from, const float* weight, size_t rows, size_t width, float* to);
    void normInput(const float* weight); // x -> normed and input
    // Quantised unless precise.
    void quantise(Activations& activations, std::span<const float> values, size_t rows, size_t columns) const;
    void addToX(std::span<const float> y);
    // Rotates rope_dim values from `values` on, of the token at `at`.
    void rotate(float* values, uint32_t at) const;

    // Rows of a cache block; `from`: offset in values within a row.
    uint8_t* cacheRow(uint32_t layer, uint32_t at, bool value) const;
    void store(const float* row, size_t count, uint8_t* to, size_t offset) const;
    // out[h] = softmax(scale * q[h] · keys of [0, at]) * values, for `heads` queries that share keys and values. Keys and
    // values begin `keyOffset` and `valueOffset` values into their rows; latent: the values are the keys' rows.
    void attend(uint32_t layer, uint32_t at, const float* q, size_t heads, size_t qStride, size_t keyOffset,
                size_t keyWidth, size_t valueOffset, size_t valueWidth, float scale, float* out,
                size_t outStride) const;
};

} // namespace ponder::cpu
