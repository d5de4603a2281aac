#pragma once
// Host side of choosing a token from logits on the device, as inference/sampler.h does on the host and to the bit the same; with it the
// input of the next pass is made there, so that it may begin before anybody has read the choice. Owns scratch memory, the tokens
// looked back upon and the last results. Belongs to the engine's thread.

#include <cstdint>
#include <memory>
#include <span>

#include "inference/vulkan/command_recorder.h"
#include "shaders/shared/sampling.h"

namespace ponder::kernels {

// What of a choice is recorded; numbers are read from the rule.
struct SamplingKind {
    bool penalises = false;
    bool draws = false;                   // else the greatest
    bool topK = false, takesMass = false; // of a draw
    bool operator==(const SamplingKind&) const = default;
};

// What a pass reads, and a choice makes ready for the next one.
struct SamplingViews {
    vulkan::BufferView logits; // float [vocabulary], penalised in place
    vulkan::BufferView params; // StepParams
    vulkan::BufferView rule;   // SamplingRule
    vulkan::BufferView ids;
};

// How the vocabulary is shared out.
struct SamplingShape {
    uint32_t invocations = 0; // of a workgroup, a power of two up to 256
    uint32_t slices = 0;      // at most as many
};
SamplingShape samplingShape(const vulkan::DeviceCaps& caps, uint32_t vocabulary);

class Sampling {
public:
    static Result<std::unique_ptr<Sampling>> create(const vulkan::Context& context,
                                                    vulkan::KernelRegistry& registry, uint32_t vocabulary,
                                                    uint32_t contextTokens, const SamplingShape& shape);

    // Choices that do not depend on each other, step by step side by side, each by a Sampling of its own; all of them were created
    // alike. The logits are complete, and so are results when the host has waited: barriers on both sides are the caller's.
    struct One {
        const Sampling* sampling = nullptr;
        SamplingViews views;
    };
    static void record(vulkan::CommandRecorder& recorder, const SamplingKind& kind,
                       std::span<const One> choices);
    void record(vulkan::CommandRecorder& recorder, const SamplingKind& kind,
                const SamplingViews& views) const {
        const One one{this, views};
        record(recorder, kind, {&one, 1});
    }

    // By position: the tokens that rule.window looks back upon, and those up to rule.forcedEnd. Written by the host while no pass is
    // under way; the device adds what it chooses.
    std::span<uint32_t> history();
    // PONDER_SAMPLING_NONE: nothing could be chosen.
    uint32_t result(uint32_t slot) const;

private:
    Sampling() = default;

    uint32_t m_slices = 0, m_sliceSize = 0;
    const vulkan::Kernel *m_penalise = nullptr, *m_greatest = nullptr, *m_weigh = nullptr,
                         *m_select = nullptr, *m_sum = nullptr, *m_pick = nullptr;
    vulkan::Buffer m_weights; // float [vocabulary]
    vulkan::Buffer m_scratch; // SamplingScratch
    vulkan::Buffer m_amounts; // SamplingAmounts
    vulkan::Buffer m_history; // uint [context]
    vulkan::Buffer m_results; // uint [PONDER_SAMPLING_SLOTS]
};

} // namespace ponder::kernels
