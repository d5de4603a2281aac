#include "inference/layers/workspace.h"

#include <utility>

#include <fmt/format.h>

#include "models/base/errors.h"

namespace ponder::inference {

kernels::Weight Workspace::find(uint32_t block, std::string_view name) const {
    const kernels::Weight* weight = weights.find(fmt::format("blk.{}.{}", block, name));
    if (weight) return *weight;
    return ring ? ring->find(block, name) : kernels::Weight{};
}

Result<kernels::Weight> Workspace::need(uint32_t block, std::string_view name) const {
    kernels::Weight weight = find(block, name);
    if (!weight) return ownMistake(fmt::format("blk.{}.{} was not uploaded", block, name));
    return weight;
}

Result<void> Workspace::need(uint32_t block, std::initializer_list<Wanted> all) const {
    for (const Wanted& wanted : all) {
        ASSIGN_OR_RETURN(wanted.into, need(block, wanted.name));
    }
    return {};
}

Result<vulkan::Buffer> Workspace::scratch(uint64_t rowValues, std::string_view name) const {
    return vulkan::Buffer::create(context, chunkTokens * rowValues * sizeof(float),
                                  vulkan::MemoryUse::DeviceLocal, name);
}

Result<void> Workspace::recordNorm(vulkan::CommandRecorder& recorder, const kernels::Weight& weight,
                                   uint32_t n, const kernels::Prepared& prepared) const {
    return elementwise->recordRmsNorm(recorder, x, weight.address(), normed, hyperparams.n_embd, n,
                                      hyperparams.rms_eps, prepared);
}

Result<kernels::Prepared> Workspace::recordNormInput(vulkan::CommandRecorder& recorder, std::string_view stage,
                                                     const NormInput& input, uint32_t n) const {
    if (between->taken) return kernels::Prepared{.rounded = std::exchange(between->taken, {}), .halves = {}};
    recorder.mark(stage);
    recorder.barrier("residual complete");
    const kernels::Prepared prepared = matMul->prepared(input.readers, n);
    RETURN_IF_ERROR(recordNorm(recorder, *input.norm, n, prepared));
    return prepared;
}

Result<void> Workspace::recordToResidual(vulkan::CommandRecorder& recorder, const kernels::Weight& weight,
                                         const kernels::Weight& bias, const vulkan::BufferView& y, uint32_t n,
                                         const kernels::Prepared& prepared) const {
    kernels::MatMulArgs sum = biased(product(weight, y, x, n), bias);
    sum.accumulate = true;
    sum.prepared = prepared;
    const NormInput& behind = between->behind;
    if (!behind.norm || !matMul->takesNorm(weight, behind.readers, n))
        return matMul->record(recorder, {&sum, 1});
    ASSIGN_OR_RETURN(between->taken,
                     matMul->recordWithNorm(recorder, sum, behind.norm->address(), hyperparams.rms_eps));
    return {};
}

Result<void> Workspace::recordAttentionOutput(vulkan::CommandRecorder& recorder, const kernels::Weight& weight,
                                              const kernels::Weight& bias, const vulkan::BufferView& attended,
                                              uint32_t n, const kernels::Prepared& prepared) const {
    recorder.mark("attention output");
    recorder.barrier("attended");
    return recordToResidual(recorder, weight, bias, attended, n, prepared);
}

} // namespace ponder::inference
