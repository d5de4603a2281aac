#pragma once
// Which of the experts that a pass of several tokens uses, and the device lacks, are brought over to it while the CPU computes the
// others. Values and pure functions; any thread.

#include <cstdint>
#include <span>
#include <vector>

namespace ponder::inference {

// All 0: not known, and then nothing is brought over.
struct StreamRates {
    double link = 0; // bytes of weights a second, from host memory to the device
    double cpu = 0;  // bytes a second that the CPU computes, of one token
    double secondsPerPair =
        0; // of the CPU for a token and expert, with so many tokens an expert that computing hides reading
};

// Of experts that are used so many times each: those with the most tokens, as many as let both ends finish as nearly together as
// whole experts allow. Returns indices into `uses`.
std::vector<uint32_t> streamShare(std::span<const uint32_t> uses, uint64_t expertBytes,
                                  const StreamRates& rates);

} // namespace ponder::inference
