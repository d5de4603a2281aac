#pragma once
// Rounded activations as kernels leave them (int8_view.h), put back into the order of their values. One thread.

#include <cstdint>
#include <span>
#include <vector>

#include "inference/kernels/int8_view.h"

namespace ponder::test {

struct RoundedRows {
    std::vector<int> numbers;        // [n][columns]
    std::vector<float> scales, sums; // [n][columns / 16]
    bool operator==(const RoundedRows&) const = default;
};

inline size_t roundedNumberBytes(uint32_t columns, uint32_t n) {
    return size_t{n} * kernels::int8RowBlocks(columns) * kernels::kInt8BlockBytes;
}
inline size_t roundedScaleBytes(uint32_t columns, uint32_t n) {
    return size_t{n} * kernels::int8RowBlocks(columns) * 2 * sizeof(float);
}

// numbers, scales: what a view's buffers hold of n rows.
inline RoundedRows roundedRows(std::span<const int8_t> numbers, std::span<const float> scales,
                               uint32_t columns, uint32_t n) {
    // Where the blocks of a group of 256 values lie, as shaders/lib/int8_layout.glsl has it by bits.
    constexpr size_t places[16] = {0, 9, 3, 10, 2, 11, 1, 8, 4, 13, 7, 14, 6, 15, 5, 12};
    RoundedRows rows;
    for (size_t row = 0; row < n; ++row)
        for (size_t i = 0; i < columns; ++i) {
            const size_t first = row * kernels::int8RowBlocks(columns), block = i / 16;
            const size_t at = (first + block / 16 * 16) * 32 + places[block % 16] * 16 + i % 16;
            rows.numbers.push_back(256 * numbers[at] + numbers[at + 256]);
            if (i % 16 != 0) continue;
            const size_t scale = first + (block / 16 % 2 == 0 ? block : block ^ 7);
            rows.scales.push_back(scales[2 * scale]);
            rows.sums.push_back(scales[2 * scale + 1]);
        }
    return rows;
}

} // namespace ponder::test
