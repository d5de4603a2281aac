#include "tests/reference/matmul.h"

#include <algorithm>
#include <cmath>

#include "tests/reference/dequant.h"

namespace ponder::reference {

std::vector<double> matMul(const MatMulCase& what) {
    const models::QuantTypeInfo& info = models::quantTypeInfo(what.type);
    const uint64_t rowBytes = uint64_t{what.columns} / info.valuesPerBlock * info.bytesPerBlock;
    std::vector<double> y(uint64_t{what.n} * what.rows);
    std::vector<float> row(what.columns);
    for (uint64_t r = 0; r < what.rows; ++r) {
        dequantize(what.type, what.weights + r * rowBytes, row);
        for (uint64_t t = 0; t < what.n; ++t) {
            double sum = 0;
            for (uint64_t c = 0; c < what.columns; ++c) sum += double{row[c]} * what.x[t * what.xStride + c];
            if (what.bias) sum += what.bias[r];
            if (what.before) sum += what.before[t * what.rows + r];
            y[t * what.rows + r] = sum;
        }
    }
    return y;
}

RoundedRow roundedRow(std::span<const float> x) {
    RoundedRow row;
    for (size_t block = 0; block + 16 <= x.size(); block += 16) {
        float most = 0;
        for (size_t i = 0; i < 16; ++i) most = std::max(most, std::abs(x[block + i]));
        row.scales.push_back(most / 32639);
        for (size_t i = 0; i < 16; ++i)
            row.numbers.push_back(most > 0 ? static_cast<int>(std::nearbyint(x[block + i] * (32639 / most)))
                                           : 0);
    }
    return row;
}

double nmse(const std::vector<double>& expected, const std::vector<float>& got) {
    double error = 0, square = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        error += (expected[i] - got[i]) * (expected[i] - got[i]);
        square += expected[i] * expected[i];
    }
    return square > 0 ? error / square : error;
}

} // namespace ponder::reference
