#include "inference/cpu/pass.h"

#include <algorithm>
#include <string>

#include "inference/memory_plan.h"

namespace ponder::cpu {

using inference::kBlockTokens;

Matrix Pass::find(uint32_t block, const char* name) const {
    return weights.find("blk." + std::to_string(block) + "." + name);
}
const float* Pass::floats(uint32_t block, const char* name) const {
    return weights.floats("blk." + std::to_string(block) + "." + name);
}

void Pass::product(const Matrix& matrix, const ActivationView& activations, const float* bias,
                   std::vector<float>& y) {
    y.resize(activations.rows * matrix.rows);
    multiply(pool, isa, matrix, activations, y);
    if (!bias) return;
    for (size_t row = 0; row < activations.rows; ++row)
        for (size_t i = 0; i < matrix.rows; ++i) y[row * matrix.rows + i] += bias[i];
}

void Pass::norm(const float* from, const float* weight, size_t rows, size_t width, float* to) {
    for (size_t row = 0; row < rows; ++row) {
        double sum = 0;
        for (size_t i = 0; i < width; ++i)
            sum += static_cast<double>(from[row * width + i]) * from[row * width + i];
        const auto inverse = static_cast<float>(1 / std::sqrt(sum / static_cast<double>(width) + p.rms_eps));
        for (size_t i = 0; i < width; ++i) to[row * width + i] = from[row * width + i] * inverse * weight[i];
    }
}

void Pass::normInput(const float* weight) {
    normed.resize(n * p.n_embd);
    norm(x.data(), weight, n, p.n_embd, normed.data());
    quantise(input, normed, n, p.n_embd);
}

void Pass::quantise(Activations& activations, std::span<const float> values, size_t rows,
                    size_t columns) const {
    activations.assign(values, rows, columns, !precise);
}

void Pass::addToX(std::span<const float> y) {
    for (size_t i = 0; i < n * p.n_embd; ++i) x[i] += y[i];
}

void Pass::rotate(float* values, uint32_t at) const {
    const size_t pairs = p.rope_dim / 2;
    const bool neighbours = p.rope_pairs == models::RopePairs::Interleaved;
    for (size_t pair = 0; pair < pairs; ++pair) {
        float& first = values[neighbours ? 2 * pair : pair];
        float& second = values[neighbours ? 2 * pair + 1 : pair + pairs];
        const float c = ropeTable[2 * (at * pairs + pair)], s = ropeTable[2 * (at * pairs + pair) + 1];
        const float a = first, b = second;
        first = a * c - b * s;
        second = a * s + b * c;
    }
}

uint8_t* Pass::cacheRow(uint32_t layer, uint32_t at, bool value) const {
    auto* const block = reinterpret_cast<uint8_t*>(blocks[at / kBlockTokens]) +
                        (layer - cache.firstLayer) * cache.layerBytes();
    uint8_t* const plane = value ? block + kBlockTokens * cache.rowBytes(cache.keyValues) : block;
    return plane + at % kBlockTokens * cache.rowBytes(value ? cache.valueValues : cache.keyValues);
}

void Pass::store(const float* row, size_t count, uint8_t* to, size_t offset) const {
    if (cache.half)
        kernels().toHalf(row, to + 2 * offset, count);
    else
        std::copy_n(reinterpret_cast<const uint8_t*>(row), 4 * count, to + 4 * offset);
}

void Pass::attend(uint32_t layer, uint32_t at, const float* q, size_t heads, size_t qStride, size_t keyOffset,
                  size_t keyWidth, size_t valueOffset, size_t valueWidth, float scale, float* out,
                  size_t outStride) const {
    // Block by block, with the greatest score so far and sums relative to it (Milakov and Gimelshein, "Online normalizer
    // calculation for softmax", 2018).
    const bool latent = cache.valueValues == 0;
    std::vector<float> scores(heads * kBlockTokens), most(heads, -INFINITY), sums(heads, 0.0f);
    for (size_t h = 0; h < heads; ++h) std::fill_n(out + h * outStride, valueWidth, 0.0f);
    for (uint32_t from = 0; from <= at; from += kBlockTokens) {
        const size_t count = std::min<size_t>(kBlockTokens, at + 1 - from);
        const uint8_t* const keys = cacheRow(layer, from, false) + cache.rowBytes(keyOffset);
        const uint8_t* const values = (latent ? cacheRow(layer, from, false) : cacheRow(layer, from, true)) +
                                      cache.rowBytes(valueOffset);
        kernels().scores({keys, cache.rowBytes(cache.keyValues), count, keyWidth, cache.half}, q, heads,
                         qStride, scores.data());
        for (size_t h = 0; h < heads; ++h) {
            float* const row = scores.data() + h * count;
            float greatest = most[h];
            for (size_t i = 0; i < count; ++i) greatest = std::max(greatest, row[i] *= scale);
            const float shrink = std::exp(most[h] - greatest);
            float sum = 0;
            for (size_t i = 0; i < count; ++i) sum += row[i] = std::exp(row[i] - greatest);
            sums[h] = sums[h] * shrink + sum;
            most[h] = greatest;
            if (shrink != 1)
                for (size_t j = 0; j < valueWidth; ++j) out[h * outStride + j] *= shrink;
        }
        kernels().mix({values, cache.rowBytes(latent ? cache.keyValues : cache.valueValues), count,
                       valueWidth, cache.half},
                      scores.data(), heads, outStride, out);
    }
    for (size_t h = 0; h < heads; ++h)
        for (size_t j = 0; j < valueWidth; ++j) out[h * outStride + j] /= sums[h];
}

} // namespace ponder::cpu
