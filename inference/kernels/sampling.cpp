#include "inference/kernels/sampling.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;
using vulkan::MemoryUse;

constexpr uint32_t kInvocations = 256;
constexpr uint32_t kSoftwareInvocations = 16,
                   kSoftwareSlices = 4; // a processor has few cores and slow barriers
constexpr uint32_t kSliceSize = 1024;   // tokens, while there are slices enough
constexpr uint32_t kPenaltyGroups = 4;

} // namespace

SamplingShape samplingShape(const vulkan::DeviceCaps& caps, uint32_t vocabulary) {
    const uint32_t invocations =
        std::bit_floor(std::min(caps.software ? kSoftwareInvocations : kInvocations, caps.maxInvocations));
    const uint32_t most = caps.software ? kSoftwareSlices : invocations;
    return {invocations, std::clamp((vocabulary + kSliceSize - 1) / kSliceSize, 1u, most)};
}

Result<std::unique_ptr<Sampling>> Sampling::create(const vulkan::Context& context,
                                                   vulkan::KernelRegistry& registry, uint32_t vocabulary,
                                                   uint32_t contextTokens, const SamplingShape& shape) {
    PONDER_CHECK(vocabulary > 0 && std::has_single_bit(shape.invocations) &&
                 shape.invocations <= PONDER_SAMPLING_SLICES && shape.slices > 0 &&
                 shape.slices <= shape.invocations);
    std::unique_ptr<Sampling> made(new Sampling());
    Sampling& s = *made;
    s.m_slices = shape.slices;
    s.m_sliceSize = (vocabulary + s.m_slices - 1) / s.m_slices;
    const auto get = [&](const vulkan::Kernel*& into, const char* name) -> Result<void> {
        ASSIGN_OR_RETURN(into, registry.get(name, {{PONDER_SPEC_WORKGROUP, shape.invocations}}));
        return {};
    };
    RETURN_IF_ERROR(get(s.m_penalise, "sampling_penalise"));
    RETURN_IF_ERROR(get(s.m_greatest, "sampling_greatest"));
    RETURN_IF_ERROR(get(s.m_weigh, "sampling_weigh"));
    RETURN_IF_ERROR(get(s.m_select, "sampling_select"));
    RETURN_IF_ERROR(get(s.m_sum, "sampling_sum"));
    RETURN_IF_ERROR(get(s.m_pick, "sampling_pick"));
    const auto make = [&](vulkan::Buffer& into, uint64_t bytes, MemoryUse use,
                          const char* name) -> Result<void> {
        ASSIGN_OR_RETURN(into, vulkan::Buffer::create(context, bytes, use, name));
        return {};
    };
    RETURN_IF_ERROR(
        make(s.m_weights, uint64_t{vocabulary} * sizeof(float), MemoryUse::DeviceLocal, "weights of tokens"));
    RETURN_IF_ERROR(
        make(s.m_scratch, sizeof(shared::SamplingScratch), MemoryUse::DeviceLocal, "scratch of choosing"));
    RETURN_IF_ERROR(
        make(s.m_amounts, sizeof(shared::SamplingAmounts), MemoryUse::DeviceLocal, "amounts of choosing"));
    RETURN_IF_ERROR(make(s.m_history, std::max(uint64_t{contextTokens}, uint64_t{1}) * sizeof(uint32_t),
                         MemoryUse::Upload, "tokens looked back upon"));
    RETURN_IF_ERROR(
        make(s.m_results, PONDER_SAMPLING_SLOTS * sizeof(uint32_t), MemoryUse::Readback, "chosen tokens"));
    std::memset(s.m_history.mapped().data(), 0, s.m_history.mapped().size());
    return made;
}

void Sampling::record(vulkan::CommandRecorder& recorder, const SamplingKind& kind,
                      std::span<const One> choices) {
    PONDER_CHECK(!choices.empty());
    const Sampling& alike = *choices.front().sampling;
    const bool selects[] = {kind.draws && kind.topK, kind.draws && kind.takesMass};
    shared::SamplingPush push{.slices = alike.m_slices,
                              .sliceSize = alike.m_sliceSize,
                              .selection = 0,
                              .level = 0,
                              .counts = selects[0] ? 1u : 0u,
                              .selections = uint32_t{selects[0]} + uint32_t{selects[1]}};
    const auto step = [&](const vulkan::Kernel* Sampling::*kernel, uint32_t groups, const auto& buffers) {
        for (const One& one : choices)
            recorder.dispatch(*(one.sampling->*kernel), push, buffers(*one.sampling, one.views),
                              {groups, 1, 1});
    };
    using Buffers = std::vector<BufferView>;
    const auto weighing = [](const Sampling& s, const SamplingViews& views) {
        return Buffers{s.m_weights.view(), views.rule, s.m_scratch.view(), s.m_amounts.view()};
    };
    if (kind.penalises) {
        for (push.level = 0; push.level < 2; ++push.level) {
            step(&Sampling::m_penalise, kPenaltyGroups, [](const Sampling& s, const SamplingViews& views) {
                return Buffers{views.logits, s.m_weights.view(), views.rule, views.params, s.m_history.view()};
            });
            recorder.barrier("penalised logits");
        }
        push.level = 0;
    }
    step(&Sampling::m_greatest, push.slices, [](const Sampling& s, const SamplingViews& views) {
        return Buffers{views.logits, views.rule, s.m_scratch.view(), s.m_amounts.view()};
    });
    if (kind.draws) {
        recorder.barrier("greatest logit of each slice, amounts cleared");
        step(&Sampling::m_weigh, push.slices, [](const Sampling& s, const SamplingViews& views) {
            return Buffers{views.logits, s.m_weights.view(), views.rule, s.m_scratch.view(),
                           s.m_amounts.view()};
        });
        recorder.barrier("weights, amounts of a level");
        for (push.selection = 0; push.selection < push.selections; ++push.selection) {
            for (push.level = push.selection == 0 ? 1 : 0; push.level < PONDER_SAMPLING_LEVELS; ++push.level) {
                step(&Sampling::m_select, push.slices, weighing);
                recorder.barrier("amounts of a level");
            }
        }
        step(&Sampling::m_sum, push.slices, weighing);
    }
    recorder.barrier("what is kept of each slice");
    step(&Sampling::m_pick, 1, [](const Sampling& s, const SamplingViews& views) {
        return Buffers{s.m_weights.view(), views.rule,         s.m_scratch.view(), views.params,
                       views.ids,          s.m_history.view(), s.m_results.view()};
    });
}

std::span<uint32_t> Sampling::history() {
    const auto mapped = m_history.mapped();
    return {reinterpret_cast<uint32_t*>(mapped.data()), mapped.size() / sizeof(uint32_t)};
}

uint32_t Sampling::result(uint32_t slot) const {
    PONDER_CHECK(slot < PONDER_SAMPLING_SLOTS);
    uint32_t value = 0;
    std::memcpy(&value, m_results.mapped().data() + slot * sizeof(uint32_t), sizeof(value));
    return value;
}

} // namespace ponder::kernels
