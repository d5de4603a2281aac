#include "inference/kernels/router.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "inference/kernels/matmul_parts.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;

constexpr uint32_t kMaxExperts = 1024; // what the kernel's shared memory is laid out for
constexpr uint32_t kRouteInvocations = 64, kSortInvocations = 512, kCombineInvocations = 128,
                   kSplitInvocations = 64;

class VulkanRouter final : public Router {
public:
    explicit VulkanRouter(const RouterShape& shape) : m_shape(shape) {}

    Result<void> prepare(const vulkan::Context& context, vulkan::KernelRegistry& registry, uint32_t maxTokens,
                         bool shared) {
        const uint32_t sorting =
            std::min(context.caps().software ? 64u : kSortInvocations, context.caps().maxInvocations);
        ASSIGN_OR_RETURN(m_route, registry.get("route_experts", {{PONDER_SPEC_WORKGROUP, kRouteInvocations},
                                                                 {PONDER_SPEC_EXPERTS, m_shape.n_experts}}));
        ASSIGN_OR_RETURN(m_sort, registry.get("sort_experts", {{PONDER_SPEC_WORKGROUP, sorting},
                                                               {PONDER_SPEC_EXPERTS, m_shape.n_experts}}));
        ASSIGN_OR_RETURN(m_combine,
                         registry.get("combine_experts", {{PONDER_SPEC_WORKGROUP, kCombineInvocations}}));
        const uint64_t pairs = uint64_t{maxTokens} * m_shape.n_used;
        const auto make = [&](vulkan::Buffer& into, uint64_t words, const char* name) -> Result<void> {
            ASSIGN_OR_RETURN(
                into, vulkan::Buffer::create(context, words * 4, vulkan::MemoryUse::DeviceLocal, name));
            return {};
        };
        RETURN_IF_ERROR(make(m_chosen, pairs, "chosen experts"));
        RETURN_IF_ERROR(make(m_weights, pairs, "experts' weights"));
        RETURN_IF_ERROR(make(m_sorted, m_shape.n_experts + 1 + pairs, "pairs by expert"));
        m_choice = {.chosen = m_chosen.view(), .sorted = m_sorted.view()};
        if (!shared) return {};
        const vulkan::SpecConstants partial{{PONDER_SPEC_WORKGROUP, sorting},
                                            {PONDER_SPEC_EXPERTS, m_shape.n_experts},
                                            {PONDER_SPEC_PARTIAL, 1}};
        ASSIGN_OR_RETURN(m_sortHeld, registry.get("sort_experts", partial));
        ASSIGN_OR_RETURN(m_split, registry.get("split_experts", {{PONDER_SPEC_WORKGROUP, kSplitInvocations}}));
        ASSIGN_OR_RETURN(m_combineHeld,
                         registry.get("combine_experts", {{PONDER_SPEC_WORKGROUP, kCombineInvocations},
                                                          {PONDER_SPEC_PARTIAL, 1}}));
        RETURN_IF_ERROR(make(m_heldChosen, pairs, "experts held"));
        RETURN_IF_ERROR(make(m_heldWeights, pairs, "weights of experts held"));
        m_heldChoice = {.chosen = m_heldChosen.view(), .sorted = m_sorted.view(), .partial = true};
        ASSIGN_OR_RETURN(m_ones, vulkan::Buffer::create(context, maxTokens * sizeof(float),
                                                        vulkan::MemoryUse::Upload, "ones"));
        for (uint32_t i = 0; i < maxTokens; ++i) {
            const float one = 1;
            std::memcpy(&m_ones.mapped()[i * sizeof(float)], &one, sizeof(float));
        }
        return {};
    }

    Result<void> record(vulkan::CommandRecorder& recorder, const BufferView& logits, uint64_t bias,
                        uint32_t n) override {
        const shared::RouterPush push{.bias = bias,
                                      .n_experts = m_shape.n_experts,
                                      .n_used = m_shape.n_used,
                                      .groups = m_shape.groups,
                                      .groupsUsed = m_shape.groupsUsed,
                                      .sigmoid = m_shape.sigmoid ? 1u : 0u,
                                      .topTwo = m_shape.sigmoid ? 1u : 0u,
                                      .normalise = m_shape.normalise ? 1u : 0u,
                                      .scale = m_shape.scale};
        recorder.dispatch(*m_route, push, {logits, m_chosen.view(), m_weights.view()}, {n, 1, 1});
        return {};
    }

    Result<void> recordSplit(vulkan::CommandRecorder& recorder, const ExpertWeight& tensor, uint32_t n,
                             uint64_t taken) override {
        PONDER_CHECK(taken == 0 || n == 1);
        const shared::SplitExpertsPush push{.table = tensor.table,
                                            .taken = taken,
                                            .pairs = n * m_shape.n_used,
                                            .n_experts = m_shape.n_experts};
        recorder.dispatch(*m_split, push,
                          {m_chosen.view(), m_weights.view(), m_heldChosen.view(), m_heldWeights.view()},
                          {ceilDiv(push.pairs, kSplitInvocations), 1, 1});
        return {};
    }

    Result<void> recordSort(vulkan::CommandRecorder& recorder, uint32_t n, Pairs pairs) override {
        const shared::SortExpertsPush push{.pairs = n * m_shape.n_used, .n_experts = m_shape.n_experts};
        recorder.dispatch(pairs == Pairs::Held ? *m_sortHeld : *m_sort, push,
                          {choice(pairs).chosen, m_sorted.view()}, {1, 1, 1});
        return {};
    }

    Result<void> recordCombine(vulkan::CommandRecorder& recorder, const BufferView& results,
                               const BufferView& x, uint32_t columns, uint32_t n, Pairs pairs) override {
        const shared::CombinePush push{.columns = columns, .n_used = m_shape.n_used};
        const bool held = pairs == Pairs::Held;
        recorder.dispatch(held ? *m_combineHeld : *m_combine, push,
                          {results, held ? m_heldWeights.view() : m_weights.view(), x},
                          {ceilDiv(columns, kCombineInvocations), n, 1});
        return {};
    }

    Result<void> recordAdd(vulkan::CommandRecorder& recorder, const BufferView& sums, const BufferView& x,
                           uint32_t columns, uint32_t n) override {
        const shared::CombinePush push{.columns = columns, .n_used = 1};
        recorder.dispatch(*m_combine, push, {sums, m_ones.view(), x},
                          {ceilDiv(columns, kCombineInvocations), n, 1});
        return {};
    }

    const ExpertChoice& choice(Pairs pairs) const override {
        return pairs == Pairs::Held ? m_heldChoice : m_choice;
    }
    BufferView weights() const override { return m_weights.view(); }

private:
    RouterShape m_shape;
    const vulkan::Kernel* m_route = nullptr;
    const vulkan::Kernel* m_sort = nullptr;
    const vulkan::Kernel* m_combine = nullptr;
    const vulkan::Kernel* m_sortHeld = nullptr; // these where the device holds some of the experts
    const vulkan::Kernel* m_split = nullptr;
    const vulkan::Kernel* m_combineHeld = nullptr;
    vulkan::Buffer m_chosen, m_weights, m_sorted, m_heldChosen, m_heldWeights, m_ones;
    ExpertChoice m_choice, m_heldChoice;
};

} // namespace

RouterShape routerShape(const models::Hyperparams& p) {
    return {.n_experts = p.n_experts,
            .n_used = p.n_experts_used,
            .groups = p.n_expert_groups,
            .groupsUsed = p.n_expert_groups_used,
            .sigmoid = p.expert_gating == models::ExpertGating::Sigmoid,
            .normalise = p.expert_weights_norm,
            .scale = p.expert_weights_scale};
}

Result<std::unique_ptr<Router>> Router::create(const vulkan::Context& context,
                                               vulkan::KernelRegistry& registry, const RouterShape& shape,
                                               uint32_t maxTokens, bool shared) {
    if (shape.n_experts > kMaxExperts)
        return Error{ErrorCode::UnsupportedArchitecture,
                     fmt::format("A mixture of {} experts is not supported, only of up to {}: choose another "
                                 "model.",
                                 shape.n_experts, kMaxExperts)};
    auto made = std::make_unique<VulkanRouter>(shape);
    RETURN_IF_ERROR(made->prepare(context, registry, maxTokens, shared));
    return std::unique_ptr<Router>(std::move(made));
}

} // namespace ponder::kernels
