#pragma once
// From how many tokens on it is sooner to bring a layer's weights over to the device than to compute it on the CPU, by what both
// were measured to take. What the device computes with them hides behind the copies. A pure function; any thread.

#include <cmath>
#include <cstdint>

namespace ponder::inference {

// Seconds of a layer; all 0: not known.
struct LayerTimes {
    double link = 0; // to bring it over
    double one = 0;  // of the CPU, with one token
    double many = 0; // the same with `tokens`
    uint32_t tokens = 0;
};

inline constexpr uint32_t kNeverStreamed = UINT32_MAX;

// At least two: a single token is what the CPU's layers are for.
inline uint32_t streamThreshold(const LayerTimes& times) {
    if (!(times.link > 0 && times.one > 0 && times.tokens > 1)) return kNeverStreamed;
    if (times.one > times.link) return 2;
    const double further = (times.many - times.one) / (times.tokens - 1); // token
    if (!(further > 0)) return kNeverStreamed;
    const double tokens = std::floor((times.link - times.one) / further) + 2; // the first that takes longer
    return tokens < 1e9 ? static_cast<uint32_t>(tokens) : kNeverStreamed;
}

} // namespace ponder::inference
