#pragma once
// Runs a recording by itself and waits for it. Belongs to the engine's thread.

#include "inference/vulkan/command_recorder.h"

namespace ponder::inference {

inline Result<void> runNow(vulkan::Context& context, const vulkan::CommandRecorder& recorder) {
    auto submitted = context.submit({recorder.handle()});
    if (!submitted) return std::move(submitted).error();
    auto waited = context.wait(*submitted);
    if (!waited) context.waitIdle(); // the caller frees what the device may still be using
    return waited;
}

} // namespace ponder::inference
