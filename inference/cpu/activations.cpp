#include "inference/cpu/activations.h"

#include <algorithm>
#include <cmath>

namespace ponder::cpu {

void Activations::assign(std::span<const float> x, size_t rows, size_t columns, bool quantise) {
    m_rows = rows;
    m_columns = columns;
    m_padded = (columns + kSuperBlock - 1) / kSuperBlock * kSuperBlock;
    m_quantised = quantise;
    m_values.assign(rows * m_padded, 0.0f);
    for (size_t row = 0; row < rows; ++row)
        std::copy_n(x.data() + row * columns, columns, m_values.data() + row * m_padded);
    if (!quantise) return;
    m_bytes.resize(rows * m_padded);
    m_scales.resize(rows * m_padded / 32);
    m_sums.resize(rows * m_padded / 16);
    for (size_t block = 0; block < rows * m_padded / 32; ++block) {
        const float* const values = m_values.data() + block * 32;
        int8_t* const bytes = m_bytes.data() + block * 32;
        float greatest = 0;
        for (size_t i = 0; i < 32; ++i) greatest = std::max(greatest, std::fabs(values[i]));
        const float scale = greatest / 127.0f;
        const float inverse = greatest > 0 ? 127.0f / greatest : 0.0f;
        int sums[2] = {0, 0};
        for (size_t i = 0; i < 32; ++i) {
            const int q = static_cast<int>(std::lrintf(values[i] * inverse));
            bytes[i] = static_cast<int8_t>(q);
            sums[i / 16] += q;
        }
        m_scales[block] = scale;
        m_sums[2 * block] = scale * static_cast<float>(sums[0]);
        m_sums[2 * block + 1] = scale * static_cast<float>(sums[1]);
    }
}

ActivationView Activations::view() const {
    return {m_values.data(), m_quantised ? m_bytes.data() : nullptr,
            m_scales.data(), m_sums.data(),
            m_rows,          m_columns,
            m_padded};
}

} // namespace ponder::cpu
