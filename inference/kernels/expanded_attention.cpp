#include "inference/kernels/expanded_attention.h"

#include <fmt/format.h>

#include "inference/kernels/latent_attention_plan.h"
#include "inference/kernels/matmul_parts.h"
#include "inference/tuning.h"
#include "models/base/errors.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#include "shaders/shared/step_params.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;

constexpr uint32_t kUnpackInvocations = 128;
// Pieces of 32 values that a row has at most: formats without blocks count 256 columns at a time.
uint32_t mostPieces(uint32_t columns) { return ceilDiv(columns, 256) * 8; }

class VulkanExpandedAttention final : public ExpandedAttention {
public:
    VulkanExpandedAttention(vulkan::KernelRegistry& registry, const LayerShape& shape,
                            const ExpandedAttentionPlan& plan, uint32_t maxTokens, uint32_t maxContext)
        : m_registry(registry), m_shape(shape), m_plan(plan), m_maxTokens(maxTokens),
          m_maxContext(maxContext) {}

    Result<void> findKernels() {
        const auto kernel = [&](const char* name, uint32_t subgroups) {
            return m_registry.get(name,
                                  {{PONDER_SPEC_WORKGROUP, subgroups * m_plan.subgroupSize},
                                   {PONDER_SPEC_SUBGROUP, m_plan.subgroupSize}},
                                  m_plan.subgroupSize);
        };
        ASSIGN_OR_RETURN(m_expand, kernel("latent_expand_coopmat", m_plan.expandSubgroups));
        ASSIGN_OR_RETURN(m_attend, kernel("attention_expanded_coopmat", m_plan.attendSubgroups));
        return {};
    }
    Result<void> allocate(const vulkan::Context& context) {
        ASSIGN_OR_RETURN(m_codebooks, uploadCodebooks(context));
        ASSIGN_OR_RETURN(m_weights, vulkan::Buffer::create(
                                        context, uint64_t{m_maxTokens} * m_shape.n_heads * 2 * sizeof(float),
                                        vulkan::MemoryUse::DeviceLocal, "attention weights"));
        return {};
    }

    bool takes(uint32_t n) const override { return n >= m_plan.leastTokens && n <= m_maxTokens; }
    uint64_t scratchBytes() const override { return m_plan.scratchBytes; }
    std::string describe() const override {
        return fmt::format(
            "from {} tokens on expanded, cooperative matrix f16 (KHR) {}x{}, {} keys at a time",
            m_plan.leastTokens, m_plan.rows, m_plan.keys, m_plan.pieceKeys);
    }

    Result<void> recordUnpack(vulkan::CommandRecorder& recorder, const Args& args) override {
        const uint64_t half = m_plan.headsBytes / 2;
        RETURN_IF_ERROR(unpack(recorder, *args.keys, args.keysTransposed, args.scratch.part(0, half)));
        return unpack(recorder, *args.values, false, args.scratch.part(half, half));
    }

    Result<void> record(vulkan::CommandRecorder& recorder, const SequenceView& sequence, uint32_t layer,
                        const Args& args, uint32_t n) override {
        PONDER_CHECK(takes(n) && args.scratch.sizeBytes >= m_plan.scratchBytes);
        const BufferView heads = args.scratch.part(0, m_plan.headsBytes);
        const BufferView expanded =
            args.scratch.part(m_plan.headsBytes, m_plan.scratchBytes - m_plan.headsBytes);
        const uint32_t keyDim = m_shape.planeValues(), pieceKeys = m_plan.pieceKeys;
        // Of every piece that a sequence may have: those beyond its end cost next to nothing.
        for (uint32_t firstKey = 0; firstKey < m_maxContext; firstKey += pieceKeys) {
            recorder.mark("expansion");
            if (firstKey > 0) recorder.barrier("attention: a piece's keys before the next one's");
            const shared::ExpandPush expand{.layer = layer,
                                            .n_heads = m_shape.n_heads,
                                            .keyDim = keyDim,
                                            .kv_lora_rank = m_shape.kv_lora_rank,
                                            .firstKey = firstKey,
                                            .pieceKeys = pieceKeys};
            recorder.dispatch(*m_expand, expand, {heads, expanded, sequence.params, sequence.blockTable},
                              {pieceKeys / m_plan.expandKeys, m_shape.n_heads, 2});
            recorder.mark("attention");
            recorder.barrier("attention: keys and values expanded");
            const shared::ExpandedAttentionPush attend{.layer = layer,
                                                       .n_heads = m_shape.n_heads,
                                                       .keyDim = keyDim,
                                                       .n = n,
                                                       .firstKey = firstKey,
                                                       .pieceKeys = pieceKeys,
                                                       .scale = args.scale};
            recorder.dispatch(*m_attend, attend,
                              {args.q, args.rotated, expanded, args.out, m_weights.view(), sequence.params,
                               sequence.blockTable},
                              {ceilDiv(n, m_plan.rows), m_shape.n_heads, 1});
        }
        return {};
    }

private:
    Result<void> unpack(vulkan::CommandRecorder& recorder, const ExpertWeight& weight, bool transposed,
                        const BufferView& into) {
        PONDER_CHECK(weight.experts == m_shape.n_heads &&
                     uint64_t{weight.rows} * weight.columns * weight.experts * 2 == into.sizeBytes);
        ASSIGN_OR_RETURN(
            const vulkan::Kernel* kernel,
            m_registry.get(kernelName("unpack_heads", weight.type),
                           {{PONDER_SPEC_WORKGROUP, kUnpackInvocations},
                            {PONDER_SPEC_ROW_ALIGNED, rowsAligned(weight.type, weight.rowBytes)}}));
        const shared::UnpackHeadsPush push{.table = weight.table,
                                           .codebook = m_codebooks.address(),
                                           .rowBytes = static_cast<uint32_t>(weight.rowBytes),
                                           .rows = weight.rows,
                                           .columns = weight.columns,
                                           .transposed = transposed ? 1u : 0u};
        const uint64_t pieces = uint64_t{mostPieces(weight.columns)} * weight.rows;
        recorder.dispatch(*kernel, push, {into}, {ceilDiv(pieces, kUnpackInvocations), weight.experts, 1});
        return {};
    }

    vulkan::KernelRegistry& m_registry;
    LayerShape m_shape;
    ExpandedAttentionPlan m_plan;
    uint32_t m_maxTokens, m_maxContext;
    const vulkan::Kernel* m_expand = nullptr;
    const vulkan::Kernel* m_attend = nullptr;
    vulkan::Buffer m_codebooks;
    vulkan::Buffer m_weights; // float2 [maxTokens][n_heads]: maximum score, sum of weights, between pieces
};

} // namespace

Result<std::unique_ptr<ExpandedAttention>> ExpandedAttention::create(const vulkan::Context& context,
                                                                     vulkan::KernelRegistry& registry,
                                                                     const LayerShape& shape,
                                                                     uint32_t v_head_dim, uint32_t maxTokens,
                                                                     uint32_t maxContext) {
    std::unique_ptr<ExpandedAttention> none;
    if (inference::tuning().noCooperativeMatrix) return none;
    const auto plan = planExpandedAttention(context.caps(), shape, v_head_dim, maxTokens, maxContext);
    if (!plan) return none;
    auto made = std::make_unique<VulkanExpandedAttention>(registry, shape, *plan, maxTokens, maxContext);
    // Left out of the build, or refused by the driver's compiler: the absorbed form is slower but always there.
    if (!made->findKernels()) return none;
    RETURN_IF_ERROR(made->allocate(context));
    return std::unique_ptr<ExpandedAttention>(std::move(made));
}

} // namespace ponder::kernels
