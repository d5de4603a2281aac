#pragma once
// Where the parts of a pass's input lie, and what the decoder's files share to fill it. Part of the decoder; values, no threads.

#include <cstdint>
#include <span>

#include "inference/kernels/sampling.h"
#include "inference/sampler.h"
#include "inference/token_chooser.h"
#include "shaders/shared/step_params.h"

namespace ponder::inference {

// Vulkan allows no device to ask for more for storage buffers (minStorageBufferOffsetAlignment).
inline constexpr uint64_t kInputAlignment = 256;
// StepParams, SamplingRule, ids; behind one id, a block table.
inline constexpr uint64_t kRuleOffset = kInputAlignment, kIdsOffset = 2 * kInputAlignment,
                          kTableOffset = 3 * kInputAlignment;
static_assert(sizeof(shared::SamplingRule) <= kInputAlignment);

inline uint64_t aligned(uint64_t bytes) {
    return (bytes + kInputAlignment - 1) / kInputAlignment * kInputAlignment;
}
inline uint64_t floats(uint64_t count) { return count * sizeof(float); }

// A choice as the device is told of it; slot: of the results.
kernels::SamplingKind samplingKind(const SamplingSteps& steps);
shared::SamplingRule samplingRule(const SamplingSteps& steps, const Choice& choice, uint32_t slot);
// Of the tokens that are looked back upon and those that are forced, those that the device has room for; it asks for no others.
void writeHistory(const Choice& choice, uint32_t window, std::span<uint32_t> history);

} // namespace ponder::inference
