#pragma once
// How many layers go into one submission, so that none keeps the device longer than it may: a GPU that draws
// the screen freezes it meanwhile, and drivers kill what runs for seconds. Learns from what was measured;
// starts with one layer. A value; no threads.

#include <algorithm>
#include <cstdint>

namespace ponder::inference {

class SubmissionPacer {
public:
    explicit SubmissionPacer(double limitSeconds) : m_limitSeconds(limitSeconds) {}

    uint32_t layers(uint32_t left) const { return std::min(left, m_layers); }

    // `count` layers ran for `seconds` in one submission. Shrinks at once, grows at most twofold a time, and
    // aims at three quarters of the limit, since times vary.
    void measured(uint32_t count, double seconds) {
        if (count == 0 || !(seconds > 0)) return;
        const double fitting = 0.75 * m_limitSeconds * count / seconds;
        const double most = std::min(fitting, 2.0 * m_layers);
        m_layers = static_cast<uint32_t>(std::clamp(most, 1.0, 4096.0));
    }

private:
    double m_limitSeconds;
    uint32_t m_layers = 1;
};

} // namespace ponder::inference
