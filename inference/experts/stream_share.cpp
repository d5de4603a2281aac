#include "inference/experts/stream_share.h"

#include <algorithm>
#include <numeric>

namespace ponder::inference {

std::vector<uint32_t> streamShare(std::span<const uint32_t> uses, uint64_t expertBytes,
                                  const StreamRates& rates) {
    if (!(rates.link > 0 && rates.cpu > 0)) return {};
    std::vector<uint32_t> order(uses.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return uses[a] > uses[b]; });
    const auto bytes = static_cast<double>(expertBytes);
    double cpu = 0; // seconds of what is not brought over
    for (const uint32_t count : uses) cpu += std::max(bytes / rates.cpu, count * rates.secondsPerPair);
    size_t best = 0;
    double least = cpu, link = 0;
    for (size_t taken = 1; taken <= order.size(); ++taken) {
        link += bytes / rates.link;
        cpu -= std::max(bytes / rates.cpu, uses[order[taken - 1]] * rates.secondsPerPair);
        if (const double seconds = std::max(link, cpu); seconds < least) {
            least = seconds;
            best = taken;
        }
    }
    order.resize(best);
    return order;
}

} // namespace ponder::inference
