#pragma once
// How many layers of a pass go into one submission, so that none keeps the device longer than it may: a GPU that draws
// the screen freezes it meanwhile, and drivers kill what runs for seconds. Learns from what was measured, of passes
// of fewer tokens too; starts with one layer. A value; no threads.

#include <algorithm>
#include <cstdint>

namespace ponder::inference {

class SubmissionPacer {
public:
    explicit SubmissionPacer(double limitSeconds) : m_limitSeconds(limitSeconds) {}

    uint32_t layers(uint32_t left, uint32_t tokens) const { return std::min(left, allowed(tokens)); }

    // `count` layers of `tokens` tokens ran for `seconds` in one submission. Shrinks at once, grows at most twofold a
    // time, and aims at three quarters of the limit, since times vary.
    void measured(uint32_t count, uint32_t tokens, double seconds) {
        if (count == 0 || !(seconds > 0)) return;
        const double fitting = 0.75 * m_limitSeconds * count / seconds;
        const double most = std::min(fitting, 2.0 * allowed(tokens));
        m_layers = static_cast<uint32_t>(std::clamp(most, 1.0, 4096.0));
        m_tokens = std::max(tokens, kFewTokens);
    }

private:
    static constexpr uint32_t kFewTokens = 64; // which take about as long as one: weights are read for either

    uint32_t allowed(uint32_t tokens) const { // more tokens than were measured take longer, fewer may not
        return tokens <= m_tokens
                   ? m_layers
                   : std::max(1u, static_cast<uint32_t>(uint64_t{m_layers} * m_tokens / tokens));
    }

    double m_limitSeconds;
    uint32_t m_layers = 1, m_tokens = kFewTokens;
};

} // namespace ponder::inference
