#pragma once
// Rows of activations as the CPU kernels read them: the floats themselves, and quantised once to 8 bits, for every product
// that reads them. Owns its memory; filled by one thread, then read by any.
//
// Blocks of 32 values: x ~ scale * q, scale = max |x| / 127, q rounded to nearest. For every 16 values `sums` holds
// scale * (q0 + … + q15): weights are stored as unsigned bytes and a minimum, and minimum * sum is the share of that.
// Rows are padded with zeros to whole super-blocks of 256, so that no kernel has a tail.
//
// Panels: the same of 16 rows beside one another, for kernels whose lanes are tokens; made where there are more rows than
// kFewTokens and the processor has such kernels. Up to kFewTokens every token is computed as if it were alone, bit by bit.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ponder::cpu {

inline constexpr size_t kSuperBlock = 256;
inline constexpr size_t kFewTokens = 8;
inline constexpr size_t kPanelTokens = 16;

// What the kernels are given: plain pointers, for their source is compiled with instructions that not every machine has,
// and an inline function of a class might end up shared with code that must run everywhere.
struct ActivationView {
    const float* values = nullptr; // [rows][padded]
    const int8_t* bytes = nullptr; // [rows][padded]; null: not quantised
    const float* scales = nullptr; // [rows][padded / 16]: of every 32 values, twice, to lie beside the sums
    const float* sums = nullptr;   // [rows][padded / 16]
    size_t rows = 0, columns = 0, padded = 0;
    const int8_t* panelBytes = nullptr; // [panels][padded / 4][16 tokens][4]; null: none
    const float* panelScales = nullptr; // [panels][padded / 32][16 tokens]
    const float* panelSums = nullptr;   // [panels][padded / 16][16 tokens]
};

class Activations {
public:
    // x: [rows][columns]. Keeps its memory from one call to the next.
    void assign(std::span<const float> x, size_t rows, size_t columns, bool quantise);

    ActivationView view() const;

private:
    void quantiseRow(size_t row);
    void makePanel(size_t panel);

    size_t m_rows = 0, m_columns = 0, m_padded = 0;
    bool m_quantised = false, m_panels = false;
    std::vector<float> m_values;
    std::vector<int8_t> m_bytes, m_panelBytes;
    std::vector<float> m_scales, m_sums, m_panelScales, m_panelSums;
};

} // namespace ponder::cpu
