#pragma once
// A block cache for tests: blocks in shuffled places with spare ones between, everything that no token has
// written NaN, so that a kernel that reads beyond the sequence or through the wrong block gives NaN. Uploads
// on construction. One thread.

#include <cstdint>
#include <span>
#include <vector>

#include "inference/kernels/attention.h"
#include "shaders/shared/step_params.h"
#include "tests/kernels/support/gpu.h"

namespace ponder::test {

class CacheFixture {
public:
    // keys, values: [tokens][n_kv_heads * head_dim], put into `layer`, rounded as it rounds; of latent
    // attention keys alone, [tokens][kv_lora_rank + rope_dim]. The
    // table covers `capacity` tokens. The pass has the last n of `kv_length` tokens.
    CacheFixture(const kernels::LayerShape& shape, uint32_t layer, std::span<const float> keys,
                 std::span<const float> values, uint32_t capacity, uint32_t n, uint32_t kv_length,
                 uint32_t seed);

    kernels::SequenceView sequence() const { return {m_params.view(), m_table.view()}; }
    vulkan::BufferView pool() const { return m_pool.view(); }
    // The whole pool as the device has it now, and as it was uploaded.
    std::vector<std::byte> download() const;
    const std::vector<std::byte>& uploaded() const { return m_bytes; }
    // Where a value of K (plane 0) or V (1) lies in the pool.
    size_t byteOffset(uint32_t layer, uint32_t plane, uint32_t token, uint32_t index) const;
    // The value itself in `bytes`, which are of the pool; of 8 bits also what its number is multiplied with.
    float value(std::span<const std::byte> bytes, uint32_t layer, uint32_t plane, uint32_t token,
                uint32_t index) const;
    float scale(std::span<const std::byte> bytes, uint32_t layer, uint32_t plane, uint32_t token,
                uint32_t index) const;
    // Makes a token's part of a plane what it was when uploaded.
    void restore(std::vector<std::byte>& bytes, uint32_t layer, uint32_t plane, uint32_t token) const;

private:
    size_t planeOffset(uint32_t layer, uint32_t plane, uint32_t token) const;
    size_t scaleOffset(uint32_t layer, uint32_t plane, uint32_t token, uint32_t index) const;

    kernels::LayerShape m_shape;
    std::vector<uint32_t> m_places; // of the sequence's blocks in the pool
    std::vector<std::byte> m_bytes;
    vulkan::Buffer m_pool, m_table, m_params;
};

// Rounded as the cache rounds. Of 8 bits: whole groups of values that share a scale.
std::vector<float> cacheRounded(std::span<const float> values, inference::CacheFormat cache);

} // namespace ponder::test
