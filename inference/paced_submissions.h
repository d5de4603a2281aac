#pragma once
// Submissions of which at most two are under way, one that the device works on and one that it finds ready, each measured for
// the pacer that says how much goes into one. What is under way at the end has to be drained, or waited for by waitIdle.
// Belongs to the engine's thread.

#include <algorithm>
#include <chrono>
#include <deque>
#include <vector>

#include "inference/hybrid/background.h"
#include "inference/submission_pacer.h"
#include "inference/vulkan/context.h"

namespace ponder::inference {

struct SubmissionTimes {
    double waitedSeconds = 0;  // of the calling thread for the device
    double longestSeconds = 0; // one submission, as the host saw it
};

class PacedSubmissions {
public:
    // tokens: of the pass. spin: before sleeping until a submission ends the host asks for so long whether it has; being woken takes
    // a part of what a hand-over does. background: what it does meanwhile; null: nothing.
    PacedSubmissions(vulkan::Context& context, SubmissionPacer& pacer, uint32_t tokens, SubmissionTimes& times,
                     std::chrono::microseconds spin = {}, Background* background = nullptr)
        : m_context(context), m_pacer(pacer), m_tokens(tokens), m_times(times), m_spin(spin),
          m_background(background), m_mark(Clock::now()) {}

    uint32_t layers(uint32_t left) const { return m_pacer.layers(left, m_tokens); }
    Result<void> submit(std::vector<VkCommandBuffer> buffers, uint32_t layers,
                        vulkan::TimelinePoint after = {}) {
        ASSIGN_OR_RETURN(const uint64_t value, m_context.submit(std::move(buffers), after));
        m_underWay.push_back({value, layers});
        return m_underWay.size() == 2 ? waitForOldest() : Result<void>();
    }
    Result<void> drain() {
        while (!m_underWay.empty()) RETURN_IF_ERROR(waitForOldest());
        return {};
    }

private:
    using Clock = std::chrono::steady_clock;
    struct UnderWay {
        uint64_t value;
        uint32_t layers;
    };
    static double since(Clock::time_point start) {
        return std::chrono::duration<double>(Clock::now() - start).count();
    }

    Result<void> waitForOldest() {
        const UnderWay oldest = m_underWay.front();
        m_underWay.pop_front();
        const auto waitStart = Clock::now();
        while (m_background && m_context.completed() < oldest.value && m_background->hostPiece()) continue;
        while (m_spin.count() > 0 && Clock::now() - waitStart < m_spin && m_context.completed() < oldest.value)
            continue;
        RETURN_IF_ERROR(m_context.wait(oldest.value)); // says so if the device is lost
        m_times.waitedSeconds += since(waitStart);
        const double took = since(m_mark);
        m_pacer.measured(oldest.layers, m_tokens, took);
        m_times.longestSeconds = std::max(m_times.longestSeconds, took);
        m_mark = Clock::now();
        return {};
    }

    vulkan::Context& m_context;
    SubmissionPacer& m_pacer;
    uint32_t m_tokens;
    SubmissionTimes& m_times;
    std::chrono::microseconds m_spin;
    Background* m_background;
    std::deque<UnderWay> m_underWay;
    Clock::time_point m_mark;
};

} // namespace ponder::inference
