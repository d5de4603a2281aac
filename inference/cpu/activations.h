#pragma once
// Rows of activations as the CPU kernels read them: the floats themselves, and quantised once to 8 bits, for every product
// that reads them. Owns its memory; filled by one thread, then read by any.
//
// Blocks of 32 values: x ~ scale * q, scale = max |x| / 127, q rounded to nearest. `sums` holds scale * (q0 + … + q15) for
// every 16 values: weights are stored as unsigned bytes with an offset, and offset * sum is the share of that offset.
// Rows are padded with zeros to whole super-blocks of 256, so that no kernel has a tail.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ponder::cpu {

inline constexpr size_t kSuperBlock = 256;

// What the kernels are given: plain pointers, for their source is compiled with instructions that not every machine has,
// and an inline function of a class might end up shared with code that must run everywhere.
struct ActivationView {
    const float* values = nullptr; // [rows][padded]
    const int8_t* bytes = nullptr; // [rows][padded]; null: not quantised
    const float* scales = nullptr; // [rows][padded / 32]
    const float* sums = nullptr;   // [rows][padded / 16]
    size_t rows = 0, columns = 0, padded = 0;
};

class Activations {
public:
    // x: [rows][columns]. Keeps its memory from one call to the next.
    void assign(std::span<const float> x, size_t rows, size_t columns, bool quantise);

    ActivationView view() const;

private:
    size_t m_rows = 0, m_columns = 0, m_padded = 0;
    bool m_quantised = false;
    std::vector<float> m_values; // [rows][padded]
    std::vector<int8_t> m_bytes; // [rows][padded]
    std::vector<float> m_scales; // [rows][padded / 32]
    std::vector<float> m_sums;   // [rows][padded / 16]
};

} // namespace ponder::cpu
