#pragma once
// Blocks of every format filled with random weights, at several gigabytes a second and core: the bits of the quants are those
// of a hash of their place, the scales are set so that values have the spread that is asked for. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/quant_type.h"

namespace ponder::models::synthetic {

// Fills `out`, whole blocks, with those of a tensor from `firstBlock` on. spread: root mean square of the values; their mean is
// about 0. The same seed, block and format give the same bytes, however the reads are cut.
void fillBlocks(QuantType type, uint64_t seed, float spread, uint64_t firstBlock, std::span<std::byte> out);

} // namespace ponder::models::synthetic
