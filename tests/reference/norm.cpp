#include "tests/reference/norm.h"

#include <cmath>

namespace ponder::reference {

std::vector<double> rmsNorm(std::span<const float> x, std::span<const float> weight, double eps) {
    std::vector<double> y(x.size());
    for (size_t row = 0; row < x.size(); row += weight.size()) {
        double squares = 0;
        for (size_t i = 0; i < weight.size(); ++i) squares += double{x[row + i]} * double{x[row + i]};
        const double scale = 1 / std::sqrt(squares / static_cast<double>(weight.size()) + eps);
        for (size_t i = 0; i < weight.size(); ++i)
            y[row + i] = double{x[row + i]} * scale * double{weight[i]};
    }
    return y;
}

std::vector<double> gatedSilu(std::span<const float> gate, std::span<const float> up) {
    std::vector<double> y(gate.size());
    for (size_t i = 0; i < gate.size(); ++i)
        y[i] = double{gate[i]} / (1 + std::exp(-double{gate[i]})) * double{up[i]};
    return y;
}

} // namespace ponder::reference
