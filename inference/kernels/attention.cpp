#include "inference/kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "inference/kernels/attention_plan.h"
#include "inference/tuning.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using inference::CacheFormat;
using vulkan::BufferView;

constexpr uint32_t kRopeInvocations = 128;

uint32_t groupsOf(uint64_t items, uint32_t size) { return static_cast<uint32_t>((items + size - 1) / size); }

struct Pipelines {
    const vulkan::Kernel* ropeStore = nullptr;
    const vulkan::Kernel* decode = nullptr;
    const vulkan::Kernel* prefill = nullptr;
};

// The variant of a kernel that reads or writes this cache.
std::string variant(std::string_view kernel, CacheFormat cache) {
    return fmt::format("{}{}", kernel,
                       cache == CacheFormat::F32  ? "_f32"
                       : cache == CacheFormat::Q8 ? "_q8"
                                                  : "");
}

Result<const vulkan::Kernel*> prefillKernel(vulkan::KernelRegistry& registry, const LayerShape& shape,
                                            const AttentionPlan& plan) {
    if (plan.prefill == AttentionPlan::Prefill::CooperativeMatrix)
        return registry.get(
            variant(fmt::format("attention_prefill_coopmat_{}", shape.head_dim), shape.cache),
            {{PONDER_SPEC_WORKGROUP, plan.invocations}, {PONDER_SPEC_SUBGROUP, plan.subgroupSize}},
            plan.subgroupSize);
    return registry.get(variant("attention_prefill", shape.cache), {{PONDER_SPEC_HEAD_DIM, shape.head_dim},
                                                                    {PONDER_SPEC_ROWS, plan.rows},
                                                                    {PONDER_SPEC_KEYS, plan.keys}});
}

class VulkanAttention final : public Attention {
public:
    VulkanAttention(const vulkan::Context& context, vulkan::KernelRegistry& registry, const LayerShape& shape,
                    const AttentionPlan& plan, const Pipelines& pipelines)
        : m_context(context), m_registry(registry), m_shape(shape), m_plan(plan), m_pipelines(pipelines) {}

    // For passes of so many tokens.
    Result<void> makeParts(size_t tokens) {
        const uint64_t parts = uint64_t{m_shape.n_heads} * m_plan.decodeParts;
        while (m_parts.size() < tokens) {
            Parts made;
            ASSIGN_OR_RETURN(made.sums,
                             vulkan::Buffer::create(m_context, parts * m_shape.head_dim * sizeof(float),
                                                    vulkan::MemoryUse::DeviceLocal, "attention sums"));
            ASSIGN_OR_RETURN(made.weights,
                             vulkan::Buffer::create(m_context, parts * 2 * sizeof(float),
                                                    vulkan::MemoryUse::DeviceLocal, "attention weights"));
            m_parts.push_back(std::move(made));
        }
        return {};
    }

    Result<bool> recordTokens(vulkan::CommandRecorder& recorder, uint32_t layer,
                              std::span<const AttentionToken> tokens) override {
        PONDER_CHECK(!tokens.empty());
        for (const AttentionToken& token : tokens) RETURN_IF_ERROR(checkRotation(token.inputs));
        RETURN_IF_ERROR(makeParts(tokens.size()));
        for (size_t i = 0; i < tokens.size(); ++i) {
            const AttentionInputs& inputs = tokens[i].inputs;
            const shared::AttentionDecodePush decode{.ropeTable = inputs.ropeTable,
                                                     .layer = layer,
                                                     .n_heads = m_shape.n_heads,
                                                     .n_kv_heads = m_shape.n_kv_heads,
                                                     .rope_dim = inputs.rope_dim,
                                                     .interleaved = interleaved(inputs),
                                                     .parts = m_plan.decodeParts,
                                                     .scale = scale()};
            recorder.dispatch(*m_pipelines.decode, decode,
                              {inputs.q, inputs.k, inputs.v, tokens[i].sequence.params,
                               tokens[i].sequence.blockTable, m_parts[i].sums.view(),
                               m_parts[i].weights.view()},
                              {m_shape.n_kv_heads, m_plan.decodeHeadGroups, m_plan.decodeParts});
        }
        recorder.barrier("attention: parts before they are joined");
        const bool rounds = m_shape.head_dim % kInt8Block == 0 &&
                            std::all_of(tokens.begin(), tokens.end(),
                                        [](const AttentionToken& token) { return bool(token.rounded); });
        ASSIGN_OR_RETURN(const vulkan::Kernel* merge,
                         m_registry.get(rounds ? "attention_decode_merge_int8" : "attention_decode_merge",
                                        {{PONDER_SPEC_WORKGROUP, m_plan.mergeInvocations},
                                         {PONDER_SPEC_HEAD_DIM, m_shape.head_dim}}));
        const shared::AttentionPush push = pushOf(layer, 1);
        const std::array<uint32_t, 3> grid{groupsOf(m_shape.head_dim, 32), m_shape.n_heads, 1};
        for (size_t i = 0; i < tokens.size(); ++i) {
            const AttentionToken& token = tokens[i];
            const BufferView sums = m_parts[i].sums.view(), weights = m_parts[i].weights.view();
            if (rounds)
                recorder.dispatch(*merge, push,
                                  {sums, weights, token.out, token.sequence.params, token.rounded.numbers,
                                   token.rounded.scales},
                                  grid);
            else
                recorder.dispatch(*merge, push, {sums, weights, token.out, token.sequence.params}, grid);
        }
        return rounds;
    }

    Result<void> recordRopeAndStore(vulkan::CommandRecorder& recorder, const SequenceView& sequence,
                                    uint32_t layer, const AttentionInputs& inputs, uint32_t n) override {
        RETURN_IF_ERROR(checkRotation(inputs));
        const shared::RopeStorePush push{.ropeTable = inputs.ropeTable,
                                         .layer = layer,
                                         .n_heads = m_shape.n_heads,
                                         .n_kv_heads = m_shape.n_kv_heads,
                                         .head_dim = m_shape.head_dim,
                                         .rope_dim = inputs.rope_dim,
                                         .interleaved = interleaved(inputs)};
        const uint32_t storedTogether = m_shape.cache == CacheFormat::Q8 ? 8 : 2; // values of an invocation
        const uint32_t invocations =
            m_shape.n_heads * m_shape.head_dim / 2 + 2 * m_shape.planeValues() / storedTogether;
        recorder.dispatch(*m_pipelines.ropeStore, push,
                          {inputs.q, inputs.k, inputs.v, sequence.params, sequence.blockTable},
                          {groupsOf(invocations, kRopeInvocations), n, 1});
        return {};
    }

    Result<void> record(vulkan::CommandRecorder& recorder, const SequenceView& sequence, uint32_t layer,
                        const BufferView& q, const BufferView& out, uint32_t n) override {
        const uint64_t rows = uint64_t{n} * (m_shape.n_heads / m_shape.n_kv_heads);
        recorder.dispatch(*m_pipelines.prefill, pushOf(layer, n),
                          {q, out, sequence.params, sequence.blockTable},
                          {groupsOf(rows, m_plan.rows), m_shape.n_kv_heads, 1});
        return {};
    }

    std::string describe() const override { return "attention: " + m_plan.describe(); }

private:
    // Of one token; those of the tokens of a pass are apart.
    struct Parts {
        vulkan::Buffer sums;    // float [n_heads][parts][head_dim]: sums of the parts, not yet normalised
        vulkan::Buffer weights; // float2 [n_heads][parts]: maximum score, sum of weights
    };
    Result<void> checkRotation(const AttentionInputs& inputs) const {
        if (inputs.rope_dim % 2 == 0 && inputs.rope_dim <= m_shape.head_dim) return {};
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("Heads of {} values of which {} are rotated are not supported, only an even "
                            "number of them: choose another model.",
                            m_shape.head_dim, inputs.rope_dim)};
    }
    static uint32_t interleaved(const AttentionInputs& inputs) {
        return inputs.pairs == models::RopePairs::Interleaved ? 1 : 0;
    }
    float scale() const { return 1 / std::sqrt(static_cast<float>(m_shape.head_dim)); }
    shared::AttentionPush pushOf(uint32_t layer, uint32_t n) const {
        return {.layer = layer,
                .n_heads = m_shape.n_heads,
                .n_kv_heads = m_shape.n_kv_heads,
                .n = n,
                .parts = m_plan.decodeParts,
                .scale = scale()};
    }

    const vulkan::Context& m_context;
    vulkan::KernelRegistry& m_registry;
    LayerShape m_shape;
    AttentionPlan m_plan;
    Pipelines m_pipelines;
    std::vector<Parts> m_parts; // of each token that a pass has had
};

} // namespace

Result<std::unique_ptr<Attention>> Attention::create(const vulkan::Context& context,
                                                     vulkan::KernelRegistry& registry, const LayerShape& shape,
                                                     uint32_t maxTokens, uint32_t maxContext) {
    const vulkan::DeviceCaps& caps = context.caps();
    AttentionOverrides overrides{.noCooperativeMatrix =
                                     inference::tuning().noCooperativeMatrix || maxTokens < 2,
                                 .decodeParts = inference::tuning().decodeParts};
    ASSIGN_OR_RETURN(AttentionPlan plan, planAttention(caps, shape, maxContext, overrides));

    Pipelines pipelines;
    ASSIGN_OR_RETURN(pipelines.ropeStore, registry.get(variant("rope_store", shape.cache),
                                                       {{PONDER_SPEC_WORKGROUP, kRopeInvocations}}));
    ASSIGN_OR_RETURN(pipelines.decode, registry.get(variant("attention_decode", shape.cache),
                                                    {{PONDER_SPEC_HEAD_DIM, shape.head_dim},
                                                     {PONDER_SPEC_HEADS, plan.decodeHeads}}));
    auto prefill = prefillKernel(registry, shape, plan);
    if (!prefill && plan.prefill == AttentionPlan::Prefill::CooperativeMatrix) {
        // Left out of the build, or refused by the driver's compiler: the plain kernel is slower but always
        // there.
        overrides.noCooperativeMatrix = true;
        ASSIGN_OR_RETURN(plan, planAttention(caps, shape, maxContext, overrides));
        prefill = prefillKernel(registry, shape, plan);
    }
    ASSIGN_OR_RETURN(pipelines.prefill, std::move(prefill));

    auto made = std::make_unique<VulkanAttention>(context, registry, shape, plan, pipelines);
    RETURN_IF_ERROR(made->makeParts(1)); // more once a pass has several sequences
    return std::unique_ptr<Attention>(std::move(made));
}

} // namespace ponder::kernels
