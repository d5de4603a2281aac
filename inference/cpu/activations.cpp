#include "inference/cpu/activations.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "inference/cpu/isa.h"

namespace ponder::cpu {

void Activations::assign(std::span<const float> x, size_t rows, size_t columns, bool quantise) {
    m_rows = rows;
    m_columns = columns;
    m_padded = (columns + kSuperBlock - 1) / kSuperBlock * kSuperBlock;
    m_quantised = quantise;
    m_panels = quantise && rows > kFewTokens && detectIsa() >= Isa::Avx512;
    m_values.resize(rows * m_padded);
    for (size_t row = 0; row < rows; ++row) {
        float* const to = m_values.data() + row * m_padded;
        std::copy_n(x.data() + row * columns, columns, to);
        std::fill(to + columns, to + m_padded, 0.0f);
    }
    if (!quantise) return;
    m_bytes.resize(rows * m_padded);
    m_scales.resize(rows * m_padded / 16);
    m_sums.resize(rows * m_padded / 16);
    for (size_t row = 0; row < rows; ++row) quantiseRow(row);
    if (!m_panels) return;
    const size_t panels = (rows + kPanelTokens - 1) / kPanelTokens;
    m_panelBytes.resize(panels * m_padded * kPanelTokens);
    m_panelScales.resize(panels * m_padded / 32 * kPanelTokens);
    m_panelSums.resize(panels * m_padded / 16 * kPanelTokens);
    for (size_t panel = 0; panel < panels; ++panel) makePanel(panel);
}

void Activations::quantiseRow(size_t row) {
    for (size_t block = row * m_padded / 32; block < (row + 1) * m_padded / 32; ++block) {
        const float* const values = m_values.data() + block * 32;
        int8_t* const bytes = m_bytes.data() + block * 32;
        float greatest = 0;
        for (size_t i = 0; i < 32; ++i) greatest = std::max(greatest, std::fabs(values[i]));
        const float scale = greatest / 127.0f;
        const float inverse = greatest > 0 ? 127.0f / greatest : 0.0f;
        // 1.5 * 2^23: a float so large has no bits behind the point, so the addition rounds to the nearest integer, ties to
        // even, and leaves it in the low bits. Unlike lrintf this becomes vector code everywhere.
        constexpr float kRound = 12582912.0f;
        int q[32], sums[2] = {0, 0};
        for (size_t i = 0; i < 32; ++i)
            q[i] = std::bit_cast<int>(values[i] * inverse + kRound) - std::bit_cast<int>(kRound);
        for (size_t i = 0; i < 32; ++i) bytes[i] = static_cast<int8_t>(q[i]);
        for (size_t i = 0; i < 16; ++i) sums[0] += q[i];
        for (size_t i = 16; i < 32; ++i) sums[1] += q[i];
        for (size_t half = 0; half < 2; ++half) {
            m_scales[2 * block + half] = scale;
            m_sums[2 * block + half] = scale * static_cast<float>(sums[half]);
        }
    }
}

void Activations::makePanel(size_t panel) {
    const size_t first = panel * kPanelTokens, count = std::min(kPanelTokens, m_rows - first);
    int8_t* const bytes = m_panelBytes.data() + first * m_padded;
    float* const scales = m_panelScales.data() + first * m_padded / 32;
    float* const sums = m_panelSums.data() + first * m_padded / 16;
    if (count < kPanelTokens) { // tokens that are not there
        std::fill_n(bytes, kPanelTokens * m_padded, int8_t{0});
        std::fill_n(scales, kPanelTokens * m_padded / 32, 0.0f);
        std::fill_n(sums, kPanelTokens * m_padded / 16, 0.0f);
    }
    for (size_t t = 0; t < count; ++t) {
        const size_t row = (first + t) * m_padded;
        for (size_t i = 0; i < m_padded / 4; ++i)
            std::memcpy(bytes + (i * kPanelTokens + t) * 4, m_bytes.data() + row + 4 * i, 4);
        for (size_t i = 0; i < m_padded / 32; ++i) scales[i * kPanelTokens + t] = m_scales[row / 16 + 2 * i];
        for (size_t i = 0; i < m_padded / 16; ++i) sums[i * kPanelTokens + t] = m_sums[row / 16 + i];
    }
}

ActivationView Activations::view() const {
    ActivationView v;
    v.values = m_values.data();
    v.rows = m_rows;
    v.columns = m_columns;
    v.padded = m_padded;
    if (!m_quantised) return v;
    v.bytes = m_bytes.data();
    v.scales = m_scales.data();
    v.sums = m_sums.data();
    if (!m_panels) return v;
    v.panelBytes = m_panelBytes.data();
    v.panelScales = m_panelScales.data();
    v.panelSums = m_panelSums.data();
    return v;
}

} // namespace ponder::cpu
