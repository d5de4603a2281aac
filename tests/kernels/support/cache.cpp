#include "tests/kernels/support/cache.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "models/base/half.h"
#include "tests/reference/attention.h"

namespace ponder::test {

using inference::CacheFormat;

CacheFixture::CacheFixture(const kernels::LayerShape& shape, uint32_t layer, std::span<const float> keys,
                           std::span<const float> values, uint32_t capacity, uint32_t n, uint32_t kv_length,
                           uint32_t seed)
    : m_shape(shape) {
    const uint32_t blocks = (capacity + PONDER_KV_BLOCK - 1) / PONDER_KV_BLOCK;
    std::vector<uint32_t> order(blocks + 2);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    m_places.assign(order.begin(), order.begin() + blocks);
    m_bytes.assign(order.size() * shape.kvBlockBytes(),
                   std::byte{0xFF}); // NaN as f16, as float32 and as a scale

    const uint32_t kvDim = shape.planeValues();
    for (uint32_t plane = 0; plane < shape.planes(); ++plane) {
        const std::span<const float> source = plane == 0 ? keys : values;
        for (size_t i = 0; i < source.size(); ++i) {
            const size_t at =
                byteOffset(layer, plane, static_cast<uint32_t>(i / kvDim), static_cast<uint32_t>(i % kvDim));
            const uint16_t half = floatToHalf(source[i]);
            if (shape.cache == CacheFormat::F32)
                std::memcpy(&m_bytes[at], &source[i], sizeof(float));
            else if (shape.cache == CacheFormat::F16)
                std::memcpy(&m_bytes[at], &half, sizeof(half));
        }
        if (shape.cache != CacheFormat::Q8) continue;
        for (size_t i = 0; i < source.size(); i += PONDER_KV_SCALED) {
            const auto token = static_cast<uint32_t>(i / kvDim), index = static_cast<uint32_t>(i % kvDim);
            const auto rounded = reference::roundedTo8(source.subspan(i, PONDER_KV_SCALED));
            const uint16_t half = floatToHalf(rounded.scale * 128);
            std::memcpy(&m_bytes[byteOffset(layer, plane, token, index)], rounded.numbers.data(),
                        PONDER_KV_SCALED);
            std::memcpy(&m_bytes[scaleOffset(layer, plane, token, index)], &half, sizeof(half));
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

size_t CacheFixture::planeOffset(uint32_t layer, uint32_t plane, uint32_t token) const {
    return m_places[token / PONDER_KV_BLOCK] * m_shape.kvBlockBytes() +
           (size_t{layer} * m_shape.planes() + plane) * m_shape.kvPlaneBytes();
}

size_t CacheFixture::byteOffset(uint32_t layer, uint32_t plane, uint32_t token, uint32_t index) const {
    const size_t number = token % PONDER_KV_BLOCK * m_shape.planeValues() + index;
    return planeOffset(layer, plane, token) + number * m_shape.kvRow().numbers / m_shape.planeValues();
}

size_t CacheFixture::scaleOffset(uint32_t layer, uint32_t plane, uint32_t token, uint32_t index) const {
    const size_t number = token % PONDER_KV_BLOCK * m_shape.planeValues() + index;
    return planeOffset(layer, plane, token) + PONDER_KV_BLOCK * m_shape.planeValues() +
           number / PONDER_KV_SCALED * 2;
}

float CacheFixture::scale(std::span<const std::byte> bytes, uint32_t layer, uint32_t plane, uint32_t token,
                          uint32_t index) const {
    uint16_t half;
    std::memcpy(&half, &bytes[scaleOffset(layer, plane, token, index)], sizeof(half));
    return halfToFloat(half) / 128;
}

float CacheFixture::value(std::span<const std::byte> bytes, uint32_t layer, uint32_t plane, uint32_t token,
                          uint32_t index) const {
    const std::byte* const at = &bytes[byteOffset(layer, plane, token, index)];
    if (m_shape.cache == CacheFormat::Q8)
        return static_cast<float>(static_cast<int8_t>(*at)) * scale(bytes, layer, plane, token, index);
    float value;
    uint16_t half;
    if (m_shape.cache == CacheFormat::F32) {
        std::memcpy(&value, at, sizeof(value));
        return value;
    }
    std::memcpy(&half, at, sizeof(half));
    return halfToFloat(half);
}

void CacheFixture::restore(std::vector<std::byte>& bytes, uint32_t layer, uint32_t plane,
                           uint32_t token) const {
    const inference::CacheRow row = m_shape.kvRow();
    const auto copy = [&](size_t at, size_t count) {
        std::copy_n(m_bytes.begin() + static_cast<ptrdiff_t>(at), count,
                    bytes.begin() + static_cast<ptrdiff_t>(at));
    };
    copy(byteOffset(layer, plane, token, 0), row.numbers);
    if (row.scales > 0) copy(scaleOffset(layer, plane, token, 0), row.scales);
}

std::vector<float> cacheRounded(std::span<const float> values, CacheFormat cache) {
    std::vector<float> rounded(values.begin(), values.end());
    if (cache == CacheFormat::F16)
        for (float& value : rounded) value = halfToFloat(floatToHalf(value));
    if (cache == CacheFormat::Q8)
        for (size_t i = 0; i < rounded.size(); i += PONDER_KV_SCALED) {
            const auto to8 = reference::roundedTo8(values.subspan(i, PONDER_KV_SCALED));
            for (size_t j = 0; j < to8.numbers.size(); ++j)
                rounded[i + j] = static_cast<float>(to8.numbers[j]) * to8.scale;
        }
    return rounded;
}

} // namespace ponder::test
