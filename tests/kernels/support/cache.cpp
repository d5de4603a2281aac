#include "tests/kernels/support/cache.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "models/base/half.h"

namespace ponder::test {

CacheFixture::CacheFixture(const kernels::LayerShape& shape, uint32_t layer, std::span<const float> keys,
                           std::span<const float> values, uint32_t capacity, uint32_t n, uint32_t kv_length,
                           uint32_t seed)
    : m_shape(shape) {
    const uint32_t blocks = (capacity + PONDER_KV_BLOCK - 1) / PONDER_KV_BLOCK;
    std::vector<uint32_t> order(blocks + 2);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    m_places.assign(order.begin(), order.begin() + blocks);
    m_bytes.assign(order.size() * shape.kvBlockBytes(), std::byte{0xFF}); // NaN as f16 and as float32

    const uint32_t kvDim = shape.planeValues();
    for (uint32_t plane = 0; plane < shape.planes(); ++plane) {
        const std::span<const float> source = plane == 0 ? keys : values;
        for (size_t i = 0; i < source.size(); ++i) {
            const size_t at =
                byteOffset(layer, plane, static_cast<uint32_t>(i / kvDim), static_cast<uint32_t>(i % kvDim));
            const uint16_t half = floatToHalf(source[i]);
            if (shape.precise)
                std::memcpy(&m_bytes[at], &source[i], sizeof(float));
            else
                std::memcpy(&m_bytes[at], &half, sizeof(half));
        }
    }
    m_pool = uploadBytes(m_bytes, "block cache");
    std::vector<uint64_t> table;
    for (const uint32_t place : m_places) table.push_back(m_pool.address() + place * shape.kvBlockBytes());
    m_table = upload(table, "block table");
    m_params = upload(std::vector<shared::StepParams>{{kv_length - n, n, kv_length, 0}}, "step params");
}

std::vector<std::byte> CacheFixture::download() const {
    std::vector<std::byte> bytes(m_bytes.size());
    downloadBytes(m_pool.view(), bytes);
    return bytes;
}

size_t CacheFixture::byteOffset(uint32_t layer, uint32_t plane, uint32_t token, uint32_t index) const {
    const size_t row = (size_t{layer} * m_shape.planes() + plane) * PONDER_KV_BLOCK + token % PONDER_KV_BLOCK;
    const size_t inBlock = row * m_shape.planeValues() + index;
    return m_places[token / PONDER_KV_BLOCK] * m_shape.kvBlockBytes() + inBlock * (m_shape.precise ? 4 : 2);
}

std::vector<float> cacheRounded(std::span<const float> values, bool precise) {
    std::vector<float> rounded(values.begin(), values.end());
    if (!precise)
        for (float& value : rounded) value = halfToFloat(floatToHalf(value));
    return rounded;
}

} // namespace ponder::test
