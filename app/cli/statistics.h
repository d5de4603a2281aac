#pragma once
// Median, least and greatest of repeated measurements. Pure; any thread.

#include <algorithm>
#include <vector>

namespace ponder::app::cli {

struct Spread {
    double median = 0, least = 0, greatest = 0;
};

inline Spread spreadOf(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

} // namespace ponder::app::cli
