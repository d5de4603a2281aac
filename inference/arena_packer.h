#pragma once
// Packs tensors into arenas no larger than one allocation may be. A tensor that exceeds an arena spans several by rows or experts; the
// others go where the first gap at an arena's end takes them. Used by memory_plan.cpp. A value; no threads.

#include <cstdint>
#include <utility>
#include <vector>

#include "inference/memory_plan.h"

namespace ponder::inference {

class ArenaPacker {
public:
    explicit ArenaPacker(uint64_t maxArenaBytes);

    // Rows stay together in whole multiples of `unit`: experts, or heads, that kernels find by one address each. False: not
    // even one of those fits into an arena. `rows`: the first ones, if not all.
    bool add(uint32_t index, const models::TensorInfo& tensor, uint64_t unit = 1, uint64_t rows = UINT64_MAX);
    std::vector<Segment> takeSegments() { return std::move(m_segments); }
    std::vector<uint64_t> takeArenaBytes(); // with the tail that kernels may read

private:
    uint64_t left(size_t arena) const { return m_limit - m_used[arena]; }
    void put(size_t arena, Segment segment);

    uint64_t m_limit;             // bytes of segments in an arena
    std::vector<uint64_t> m_used; // by arena
    std::vector<Segment> m_segments;
};

} // namespace ponder::inference
