#include "inference/kernels/latent_attention.h"

#include "inference/kernels/latent_attention_plan.h"
#include "inference/tuning.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;

constexpr uint32_t kStoreInvocations = 128;

uint32_t groupsOf(uint64_t items, uint32_t size) { return static_cast<uint32_t>((items + size - 1) / size); }

Result<const vulkan::Kernel*> attendKernel(vulkan::KernelRegistry& registry, const LayerShape& shape,
                                           const LatentAttentionPlan& plan) {
    if (plan.cooperativeMatrix)
        return registry.get(
            "attention_latent_coopmat",
            {{PONDER_SPEC_WORKGROUP, plan.invocations}, {PONDER_SPEC_SUBGROUP, plan.subgroupSize}},
            plan.subgroupSize);
    return registry.get(shape.cache == inference::CacheFormat::F32 ? "attention_latent_f32"
                                                                   : "attention_latent",
                        {{PONDER_SPEC_HEAD_DIM, shape.planeValues()},
                         {PONDER_SPEC_VALUE_DIM, shape.kv_lora_rank},
                         {PONDER_SPEC_ROWS, plan.rows},
                         {PONDER_SPEC_KEYS, plan.keys}});
}

class VulkanLatentAttention final : public LatentAttention {
public:
    VulkanLatentAttention(const LayerShape& shape, const LatentAttentionPlan& plan,
                          const vulkan::Kernel& attend)
        : m_shape(shape), m_plan(plan), m_attend(attend) {}

    Result<void> prepare(const vulkan::Context& context, vulkan::KernelRegistry& registry) {
        ASSIGN_OR_RETURN(
            m_store,
            registry.get(m_shape.cache == inference::CacheFormat::F32 ? "latent_store_f32" : "latent_store",
                         {{PONDER_SPEC_WORKGROUP, kStoreInvocations}}));
        ASSIGN_OR_RETURN(m_merge, registry.get("attention_decode_merge",
                                               {{PONDER_SPEC_WORKGROUP, m_plan.mergeInvocations},
                                                {PONDER_SPEC_HEAD_DIM, m_shape.kv_lora_rank},
                                                {PONDER_SPEC_MERGE_VALUES, m_plan.mergeValues}}));
        const uint64_t parts = uint64_t{m_shape.n_heads} * m_plan.decodeParts;
        ASSIGN_OR_RETURN(m_sums, vulkan::Buffer::create(context, parts * m_shape.kv_lora_rank * sizeof(float),
                                                        vulkan::MemoryUse::DeviceLocal, "attention sums"));
        ASSIGN_OR_RETURN(m_weights,
                         vulkan::Buffer::create(context, parts * 2 * sizeof(float),
                                                vulkan::MemoryUse::DeviceLocal, "attention weights"));
        return {};
    }

    Result<void> recordStore(vulkan::CommandRecorder& recorder, const SequenceView& sequence, uint32_t layer,
                             const Store& store, uint32_t n) override {
        const shared::LatentStorePush push{.ropeTable = store.ropeTable,
                                           .normWeight = store.normWeight,
                                           .layer = layer,
                                           .n_heads = m_shape.n_heads,
                                           .head_dim = store.head_dim,
                                           .rope_dim = m_shape.rope_dim,
                                           .kv_lora_rank = m_shape.kv_lora_rank,
                                           .interleaved =
                                               store.pairs == models::RopePairs::Interleaved ? 1u : 0u,
                                           .eps = store.eps};
        const uint64_t pairs = uint64_t{m_shape.n_heads} * m_shape.rope_dim / 2;
        recorder.dispatch(*m_store, push,
                          {store.q, store.latent, store.absorbed, sequence.params, sequence.blockTable},
                          {1 + groupsOf(pairs, kStoreInvocations), n, 1});
        return {};
    }

    Result<void> record(vulkan::CommandRecorder& recorder, const SequenceView& sequence, uint32_t layer,
                        const BufferView& absorbed, const BufferView& out, float scale, uint32_t n) override {
        const uint32_t parts = m_plan.partsOf(n);
        const shared::AttentionPush push{.layer = layer,
                                         .n_heads = m_shape.n_heads,
                                         .n_kv_heads = 1,
                                         .n = n,
                                         .parts = parts,
                                         .scale = scale};
        const uint32_t tiles = groupsOf(uint64_t{n} * m_shape.n_heads, m_plan.rows);
        recorder.dispatch(m_attend, push,
                          {absorbed, parts > 1 ? m_sums.view() : out, m_weights.view(), sequence.params,
                           sequence.blockTable},
                          {tiles, parts, 1});
        if (parts == 1) return {};
        recorder.barrier("attention: parts before they are joined");
        recorder.dispatch(*m_merge, push, {m_sums.view(), m_weights.view(), out, sequence.params},
                          {groupsOf(m_shape.kv_lora_rank, m_plan.mergeValues), n * m_shape.n_heads, 1});
        return {};
    }

    std::string describe() const override { return "attention: latent, " + m_plan.describe(); }

private:
    LayerShape m_shape;
    LatentAttentionPlan m_plan;
    const vulkan::Kernel& m_attend;
    const vulkan::Kernel* m_store = nullptr;
    const vulkan::Kernel* m_merge = nullptr;
    vulkan::Buffer m_sums;    // float [n][n_heads][parts][kv_lora_rank]: of the parts, not yet normalised
    vulkan::Buffer m_weights; // float2 [n][n_heads][parts]: maximum score, sum of weights
};

} // namespace

Result<std::unique_ptr<LatentAttention>> LatentAttention::create(const vulkan::Context& context,
                                                                 vulkan::KernelRegistry& registry,
                                                                 const LayerShape& shape,
                                                                 uint32_t maxContext) {
    const bool noMatrices = inference::tuning().noCooperativeMatrix;
    ASSIGN_OR_RETURN(auto plan, planLatentAttention(context.caps(), shape, maxContext, noMatrices));
    auto attend = attendKernel(registry, shape, plan);
    if (!attend && plan.cooperativeMatrix) {
        // Left out of the build, or refused by the driver's compiler: the plain kernel is slower but always there.
        ASSIGN_OR_RETURN(plan, planLatentAttention(context.caps(), shape, maxContext, true));
        attend = attendKernel(registry, shape, plan);
    }
    ASSIGN_OR_RETURN(const vulkan::Kernel* found, std::move(attend));
    auto made = std::make_unique<VulkanLatentAttention>(shape, plan, *found);
    RETURN_IF_ERROR(made->prepare(context, registry));
    return std::unique_ptr<LatentAttention>(std::move(made));
}

} // namespace ponder::kernels
