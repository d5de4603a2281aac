#include "inference/arena_packer.h"

#include <algorithm>

#include "models/base/checked.h"

namespace ponder::inference {

ArenaPacker::ArenaPacker(uint64_t maxArenaBytes)
    : m_limit(maxArenaBytes > kArenaTailBytes
                  ? (maxArenaBytes - kArenaTailBytes) / kSegmentAlignment * kSegmentAlignment
                  : 0) {}

bool ArenaPacker::add(uint32_t index, const models::TensorInfo& tensor, uint64_t unit, uint64_t rows) {
    const uint64_t all = std::min(rows, tensor.rows());
    if (all == 0) return true;
    const uint64_t rowBytes = tensor.rowBytes();
    if (unit > m_limit / rowBytes) return false;
    const uint64_t mostRows = m_limit / rowBytes / unit * unit;
    for (uint64_t firstRow = 0; firstRow < all;) {
        const uint64_t count = std::min(all - firstRow, mostRows);
        const Segment segment{
            .tensor = index, .firstRow = firstRow, .rows = count, .sizeBytes = count * rowBytes};
        size_t arena = 0;
        while (arena < m_used.size() && left(arena) < segment.sizeBytes) ++arena;
        if (arena == m_used.size()) m_used.push_back(0);
        put(arena, segment);
        firstRow += count;
    }
    return true;
}

void ArenaPacker::put(size_t arena, Segment segment) {
    segment.arena = static_cast<uint32_t>(arena);
    segment.offset = m_used[arena];
    m_segments.push_back(segment);
    // The limit is a multiple of the alignment, so rounding up never passes it.
    m_used[arena] = checkedAlignUp(segment.offset + segment.sizeBytes, kSegmentAlignment).value_or(m_limit);
}

std::vector<uint64_t> ArenaPacker::takeArenaBytes() {
    for (uint64_t& bytes : m_used) bytes += kArenaTailBytes;
    return std::move(m_used);
}

} // namespace ponder::inference
