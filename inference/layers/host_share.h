#pragma once
// The share that the host takes in a part of a layer: the part's own recording ends with what the host needs where it can read
// it; then both work at the same time, and what the host made joins the residual. The decoder submits and waits in between
// (hybrid/hybrid_pass.h). Belongs to the engine's thread.

#include <cstdint>

#include "inference/vulkan/command_recorder.h"

namespace ponder::inference {

class HostShare {
public:
    virtual ~HostShare() = default;

    // What the device does of it meanwhile, from the barrier before its first read on.
    virtual Result<void> recordMeanwhile(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) = 0;
    // On the host, when the part's own recording has run. Errors: those of reading weights from disk.
    virtual Result<void> compute(uint32_t block, uint32_t n) = 0;
    // Behind both.
    virtual Result<void> recordJoin(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) = 0;
};

} // namespace ponder::inference
