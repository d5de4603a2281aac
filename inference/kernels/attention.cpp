#include "inference/kernels/attention.h"

#include <cmath>

#include <fmt/format.h>

#include "inference/kernels/attention_plan.h"
#include "inference/tuning.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;

constexpr uint32_t kRopeInvocations = 128;

uint32_t groupsOf(uint64_t items, uint32_t size) { return static_cast<uint32_t>((items + size - 1) / size); }

struct Pipelines {
    const vulkan::Kernel* ropeStore = nullptr;
    const vulkan::Kernel* decode = nullptr;
    const vulkan::Kernel* prefill = nullptr;
};

Result<const vulkan::Kernel*> prefillKernel(vulkan::KernelRegistry& registry, const LayerShape& shape,
                                            const AttentionPlan& plan) {
    if (plan.prefill == AttentionPlan::Prefill::CooperativeMatrix)
        return registry.get(
            shape.head_dim == 64 ? "attention_prefill_coopmat_64" : "attention_prefill_coopmat_128",
            {{PONDER_SPEC_WORKGROUP, plan.invocations}, {PONDER_SPEC_SUBGROUP, plan.subgroupSize}},
            plan.subgroupSize);
    return registry.get(shape.precise ? "attention_prefill_f32" : "attention_prefill",
                        {{PONDER_SPEC_HEAD_DIM, shape.head_dim},
                         {PONDER_SPEC_ROWS, plan.rows},
                         {PONDER_SPEC_KEYS, plan.keys}});
}

class VulkanAttention final : public Attention {
public:
    VulkanAttention(vulkan::KernelRegistry& registry, const LayerShape& shape, const AttentionPlan& plan,
                    const Pipelines& pipelines, vulkan::Buffer sums, vulkan::Buffer weights)
        : m_registry(registry), m_shape(shape), m_plan(plan), m_pipelines(pipelines), m_sums(std::move(sums)),
          m_weights(std::move(weights)) {}

    Result<bool> recordToken(vulkan::CommandRecorder& recorder, const SequenceView& sequence, uint32_t layer,
                             const AttentionInputs& inputs, const BufferView& out,
                             const Int8View& rounded) override {
        RETURN_IF_ERROR(checkRotation(inputs));
        const shared::AttentionDecodePush decode{.ropeTable = inputs.ropeTable,
                                                 .layer = layer,
                                                 .n_heads = m_shape.n_heads,
                                                 .n_kv_heads = m_shape.n_kv_heads,
                                                 .rope_dim = inputs.rope_dim,
                                                 .interleaved = interleaved(inputs),
                                                 .parts = m_plan.decodeParts,
                                                 .scale = scale()};
        recorder.dispatch(*m_pipelines.decode, decode,
                          {inputs.q, inputs.k, inputs.v, sequence.params, sequence.blockTable, m_sums.view(),
                           m_weights.view()},
                          {m_shape.n_kv_heads, m_plan.decodeHeadGroups, m_plan.decodeParts});
        recorder.barrier("attention: parts before they are joined");
        const bool rounds = rounded && m_shape.head_dim % kInt8Block == 0;
        ASSIGN_OR_RETURN(const vulkan::Kernel* merge,
                         m_registry.get(rounds ? "attention_decode_merge_int8" : "attention_decode_merge",
                                        {{PONDER_SPEC_WORKGROUP, m_plan.mergeInvocations},
                                         {PONDER_SPEC_HEAD_DIM, m_shape.head_dim}}));
        const shared::AttentionPush push = pushOf(layer, 1);
        const std::array<uint32_t, 3> grid{groupsOf(m_shape.head_dim, 32), m_shape.n_heads, 1};
        if (rounds)
            recorder.dispatch(
                *merge, push,
                {m_sums.view(), m_weights.view(), out, sequence.params, rounded.numbers, rounded.scales},
                grid);
        else
            recorder.dispatch(*merge, push, {m_sums.view(), m_weights.view(), out, sequence.params}, grid);
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
        const uint32_t pairsOfToken = (m_shape.n_heads + 2 * m_shape.n_kv_heads) * m_shape.head_dim / 2;
        recorder.dispatch(*m_pipelines.ropeStore, push,
                          {inputs.q, inputs.k, inputs.v, sequence.params, sequence.blockTable},
                          {groupsOf(pairsOfToken, kRopeInvocations), n, 1});
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

    vulkan::KernelRegistry& m_registry;
    LayerShape m_shape;
    AttentionPlan m_plan;
    Pipelines m_pipelines;
    vulkan::Buffer m_sums;    // float [n_heads][parts][head_dim]: sums of the parts, not yet normalised
    vulkan::Buffer m_weights; // float2 [n_heads][parts]: maximum score, sum of weights
};

} // namespace

Result<std::unique_ptr<Attention>> Attention::create(const vulkan::Context& context,
                                                     vulkan::KernelRegistry& registry, const LayerShape& shape,
                                                     uint32_t maxTokens, uint32_t maxContext) {
    const vulkan::DeviceCaps& caps = context.caps();
    const bool noMatrices = inference::tuning().noCooperativeMatrix || maxTokens < 2;
    ASSIGN_OR_RETURN(AttentionPlan plan, planAttention(caps, shape, maxContext, noMatrices));

    Pipelines pipelines;
    ASSIGN_OR_RETURN(pipelines.ropeStore, registry.get(shape.precise ? "rope_store_f32" : "rope_store",
                                                       {{PONDER_SPEC_WORKGROUP, kRopeInvocations}}));
    ASSIGN_OR_RETURN(
        pipelines.decode,
        registry.get(shape.precise ? "attention_decode_f32" : "attention_decode",
                     {{PONDER_SPEC_HEAD_DIM, shape.head_dim}, {PONDER_SPEC_HEADS, plan.decodeHeads}}));
    auto prefill = prefillKernel(registry, shape, plan);
    if (!prefill && plan.prefill == AttentionPlan::Prefill::CooperativeMatrix) {
        // Left out of the build, or refused by the driver's compiler: the plain kernel is slower but always
        // there.
        ASSIGN_OR_RETURN(plan, planAttention(caps, shape, maxContext, true));
        prefill = prefillKernel(registry, shape, plan);
    }
    ASSIGN_OR_RETURN(pipelines.prefill, std::move(prefill));

    const uint64_t parts = uint64_t{shape.n_heads} * plan.decodeParts;
    ASSIGN_OR_RETURN(auto sums, vulkan::Buffer::create(context, parts * shape.head_dim * sizeof(float),
                                                       vulkan::MemoryUse::DeviceLocal, "attention sums"));
    ASSIGN_OR_RETURN(auto weights,
                     vulkan::Buffer::create(context, parts * 2 * sizeof(float),
                                            vulkan::MemoryUse::DeviceLocal, "attention weights"));
    return std::unique_ptr<Attention>(std::make_unique<VulkanAttention>(registry, shape, plan, pipelines,
                                                                        std::move(sums), std::move(weights)));
}

} // namespace ponder::kernels
