#include "inference/kernels/expert_matmul.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/kernels/matmul_parts.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

constexpr uint32_t kTransposedTokens = 4; // of a workgroup, where there are so many
constexpr uint32_t kMaxGroupsY = 65535;   // what every device takes

bool sameX(const ExpertMatMulArgs& a, const ExpertMatMulArgs& b) {
    return a.x.buffer == b.x.buffer && a.x.offset == b.x.offset && a.xStride == b.xStride && a.n == b.n &&
           a.slots == b.slots && a.xPerPair == b.xPerPair && a.weight->columns == b.weight->columns;
}

class VulkanExpertMatMul final : public ExpertMatMul {
public:
    VulkanExpertMatMul(MatMulTools tools, const Limits& limits)
        : m_tools(std::move(tools)), m_limits(limits) {}

    Result<void> allocate() {
        return m_tools.allocate(uint64_t{m_limits.tokens} * m_limits.rows,
                                uint64_t{m_limits.tokens} * m_limits.rowValues);
    }

    Result<void> record(vulkan::CommandRecorder& recorder,
                        std::span<const ExpertMatMulArgs> products) override;
    Result<void> recordTransposed(vulkan::CommandRecorder& recorder, const ExpertMatMulArgs& args) override;
    bool wantsSorted(uint32_t n, uint32_t slots, uint32_t experts) const override {
        return !expertsByPair(n, slots, experts);
    }

private:
    Result<void> check(const ExpertMatMulArgs& args) const;
    shared::ExpertsPush pushOf(const ExpertMatMulArgs& args) const;
    MatMulPlan planOf(const ExpertMatMulArgs& args) const {
        const ExpertWeight& weight = *args.weight;
        return planExperts(m_tools.context.caps(), m_tools.overrides, weight.type, weight.rows, weight.columns,
                           args.n, args.slots, weight.experts, args.choice != nullptr, m_tools.precise);
    }
    Result<void> recordVectors(vulkan::CommandRecorder& recorder, const ExpertMatMulArgs& args,
                               const MatMulPlan& plan);
    Result<void> recordMatrices(vulkan::CommandRecorder& recorder, const ExpertMatMulArgs& args,
                                const MatMulPlan& plan);

    MatMulTools m_tools;
    Limits m_limits;
};

Result<void> VulkanExpertMatMul::check(const ExpertMatMulArgs& args) const {
    PONDER_CHECK(args.weight && *args.weight && args.n > 0 && args.slots > 0);
    const ExpertWeight& weight = *args.weight;
    PONDER_CHECK(weight.columns % models::quantTypeInfo(weight.type).valuesPerBlock == 0);
    PONDER_CHECK(args.choice != nullptr || weight.experts == args.slots);
    const uint64_t pairs = uint64_t{args.n} * args.slots;
    if (weight.rowBytes >= uint64_t{1} << 32 ||
        pairs * std::max(args.xStride, args.yStride) >= uint64_t{1} << 32) // kernels index by 32 bits
        return Error{
            ErrorCode::UnsupportedArchitecture,
            fmt::format("Products of {} tokens with {} of {} experts, {} bytes a row, are beyond the "
                        "4,294,967,295 values that kernels count: choose another model.",
                        args.n, args.slots, weight.experts, weight.rowBytes)};
    return requireTokens(args.n, m_limits.tokens);
}

shared::ExpertsPush VulkanExpertMatMul::pushOf(const ExpertMatMulArgs& args) const {
    const ExpertWeight& weight = *args.weight;
    return {.table = weight.table,
            .codebook = m_tools.codebooks.address(),
            .rowBytes = static_cast<uint32_t>(weight.rowBytes),
            .rows = weight.rows,
            .columns = weight.columns,
            .xStride = args.xStride,
            .yStride = args.yStride,
            .n = args.n,
            .slots = args.slots,
            .xPerPair = args.xPerPair ? 1u : 0u,
            .experts = weight.experts,
            .routed = args.choice != nullptr ? 1u : 0u};
}

Result<void> VulkanExpertMatMul::recordVectors(vulkan::CommandRecorder& recorder,
                                               const ExpertMatMulArgs& args, const MatMulPlan& plan) {
    const ExpertWeight& weight = *args.weight;
    const bool xAligned = args.xStride % 4 == 0 && args.x.offset % 16 == 0;
    vulkan::SpecConstants constants = vectorConstants(plan, m_tools.context.caps(), 1, weight.columns,
                                                      rowsAligned(weight.type, weight.rowBytes), xAligned);
    if (args.choice && args.choice->partial) constants.push_back({PONDER_SPEC_PARTIAL, 1});
    ASSIGN_OR_RETURN(
        const vulkan::Kernel* kernel,
        m_tools.registry.get(kernelName("matvec_experts", weight.type), constants, plan.subgroupSize));
    const uint32_t rowsOfGroup = plan.workgroup / plan.lanesPerRow * plan.rowsPerLane;
    recorder.dispatch(*kernel, pushOf(args), {args.x, args.y, args.choice ? args.choice->chosen : args.x},
                      {ceilDiv(weight.rows, rowsOfGroup), args.n * args.slots, 1});
    return {};
}

Result<void> VulkanExpertMatMul::recordMatrices(vulkan::CommandRecorder& recorder,
                                                const ExpertMatMulArgs& args, const MatMulPlan& plan) {
    const ExpertWeight& weight = *args.weight;
    const uint32_t aligned = rowsAligned(weight.type, weight.rowBytes);
    // An expert may be every token's: tiles that it does not fill end at once.
    const std::array<uint32_t, 3> groups{ceilDiv(weight.rows, plan.tileRows), weight.experts,
                                         ceilDiv(args.n, plan.tileTokens)};
    const vulkan::BufferView routing = args.choice ? args.choice->sorted : args.x;
    shared::ExpertsPush push = pushOf(args);
    if (plan.path == MatMulPlan::Path::CooperativeMatrix) {
        push.xStride = halfStride(weight.columns) / 8;
        ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                         m_tools.registry.get(kernelName("matmul_coopmat_experts", weight.type),
                                              matrixConstants(plan, aligned), plan.subgroupSize));
        recorder.dispatch(*kernel, push,
                          {m_tools.halves.view().values, m_tools.halves.view().scales, args.y, routing},
                          groups);
        return {};
    }
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     m_tools.registry.get(kernelName("matmul_experts", weight.type),
                                          {{PONDER_SPEC_ROW_ALIGNED, aligned}}));
    recorder.dispatch(*kernel, push, {args.x, args.y, routing}, groups);
    return {};
}

Result<void> VulkanExpertMatMul::record(vulkan::CommandRecorder& recorder,
                                        std::span<const ExpertMatMulArgs> products) {
    const ExpertMatMulArgs* converted = nullptr;
    for (const ExpertMatMulArgs& args : products) {
        RETURN_IF_ERROR(check(args));
        const MatMulPlan plan = planOf(args);
        if (plan.path == MatMulPlan::Path::MatVec) {
            RETURN_IF_ERROR(recordVectors(recorder, args, plan));
            continue;
        }
        if (plan.path == MatMulPlan::Path::CooperativeMatrix && !converted) {
            converted = &args;
            RETURN_IF_ERROR(m_tools.halves.record(recorder, m_tools.registry, args.x, args.xStride,
                                                  args.weight->columns,
                                                  args.xPerPair ? args.n * args.slots : args.n));
        }
        PONDER_CHECK(plan.path != MatMulPlan::Path::CooperativeMatrix || sameX(args, *converted));
        RETURN_IF_ERROR(recordMatrices(recorder, args, plan));
    }
    return {};
}

Result<void> VulkanExpertMatMul::recordTransposed(vulkan::CommandRecorder& recorder,
                                                  const ExpertMatMulArgs& args) {
    RETURN_IF_ERROR(check(args));
    PONDER_CHECK(args.choice == nullptr && args.xPerPair);
    const ExpertWeight& weight = *args.weight;
    const uint32_t tokens = args.n <= kMatVecTokens ? 1 : kTransposedTokens;
    ASSIGN_OR_RETURN(
        const vulkan::Kernel* kernel,
        m_tools.registry.get(kernelName("matvec_transposed", weight.type),
                             {{PONDER_SPEC_COLUMNS, tokens},
                              {PONDER_SPEC_ROW_ALIGNED, rowsAligned(weight.type, weight.rowBytes)}}));
    PONDER_CHECK(ceilDiv(args.n, tokens) <= kMaxGroupsY);
    recorder.dispatch(*kernel, pushOf(args), {args.x, args.y}, {weight.experts, ceilDiv(args.n, tokens), 1});
    return {};
}

} // namespace

Result<std::unique_ptr<ExpertMatMul>> createExpertMatMul(const vulkan::Context& context,
                                                         vulkan::KernelRegistry& registry,
                                                         const MatMulOverrides& overrides, bool precise,
                                                         const ExpertMatMul::Limits& limits) {
    auto made = std::make_unique<VulkanExpertMatMul>(
        MatMulTools::of(context, registry, overrides, precise, "matmul_coopmat_experts_q4_k"), limits);
    RETURN_IF_ERROR(made->allocate());
    return std::unique_ptr<ExpertMatMul>(std::move(made));
}

Result<std::unique_ptr<ExpertMatMul>> ExpertMatMul::create(const vulkan::Context& context,
                                                           vulkan::KernelRegistry& registry, bool precise,
                                                           const Limits& limits) {
    return createExpertMatMul(context, registry, overridesOfTuning(), precise, limits);
}

} // namespace ponder::kernels
