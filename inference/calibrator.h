#pragma once
// The self-test of a device: measures what a copy, mat-vec and mat-mat reach on it, by either of their paths, has the faster
// ones taken, and tells of a driver that is much slower than its hardware. It takes 62 MB of the device's memory and half a second,
// beside compiling, which all cores do and of which the results stay in the pipeline cache. Belongs to the engine's thread.

#include <stop_token>
#include <string>

#include "inference/vulkan/context.h"
#include "inference/vulkan/kernel.h"

namespace ponder::inference {

enum class Calibrate {
    Never,
    // Unless there is a record, and only where there is a folder for one: the path decides how activations are rounded, so the
    // same request could be answered otherwise after every start.
    Once,
    Always,
};

struct CalibratorOptions {
    Calibrate when = Calibrate::Once;
    std::string folder; // of the records; empty: none
    bool record = true; // what is measured
    std::stop_token stop;
};
CalibratorOptions calibratorOptionsOfTuning(const vulkan::DeviceCaps& caps);

// Before kernels are chosen: the context's caps say what was found, now or by the record. Whatever cannot be measured stays as
// the caps have it. Errors: DeviceLost.
Result<void> calibrate(vulkan::Context& context, vulkan::KernelRegistry& registry,
                       const CalibratorOptions& options);

} // namespace ponder::inference
