#pragma once
// How many of a token's experts that are not on the device it reads straight from host memory, over the link, while the CPU
// computes the others: of so many missing ones the first so many. Device and host each reckon with this table and so agree
// without a word (shaders/kernels/split_experts.comp, host_experts.cpp). A value; no threads.

#include <algorithm>
#include <cstdint>

namespace ponder::inference {

class LinkShare {
public:
    static constexpr uint32_t kMostMissing = 15; // of more all are the CPU's

    LinkShare() = default; // none

    // All missing ones, up to so many.
    static LinkShare upTo(uint32_t most) {
        LinkShare share;
        for (uint32_t missing = 1; missing <= kMostMissing; ++missing)
            share.set(missing, std::min(missing, most));
        return share;
    }
    // So that both finish as nearly together as whole experts allow; bytes a second, at any scale. What is not known, or nothing,
    // is the CPU's.
    static LinkShare byRates(double link, double cpu) {
        LinkShare share;
        if (!(link > 0 && cpu > 0)) return share;
        for (uint32_t missing = 1; missing <= kMostMissing; ++missing) {
            uint32_t best = 0;
            double least = missing / cpu;
            for (uint32_t taken = 1; taken <= missing; ++taken) {
                const double seconds = std::max(taken / link, (missing - taken) / cpu);
                if (seconds >= least) continue;
                least = seconds;
                best = taken;
            }
            share.set(missing, best);
        }
        return share;
    }

    uint32_t of(uint32_t missing) const {
        return missing <= kMostMissing ? static_cast<uint32_t>(m_packed >> (4 * missing) & 15) : 0;
    }
    uint64_t packed() const { return m_packed; } // four bits for each number of missing ones
    explicit operator bool() const { return m_packed != 0; }

private:
    void set(uint32_t missing, uint32_t taken) { m_packed |= uint64_t{taken} << (4 * missing); }

    uint64_t m_packed = 0;
};

} // namespace ponder::inference
