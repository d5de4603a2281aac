#include "inference/kernels/matmul.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/kernels/matmul_parts.h"
#include "inference/kernels/matmul_plan.h"
#include "inference/tuning.h"
#include "shaders/embedded.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using models::QuantType;
using vulkan::BufferView;

constexpr uint32_t kRowsInvocations = 64;

uint32_t piecesOf(QuantType type, uint32_t columns) { // as the format's quantPieces
    return models::quantTypeInfo(type).valuesPerBlock == 1 ? ceilDiv(columns, 256) * 8 : columns / 32;
}

uint32_t rowAligned(const Weight& weight) { return rowsAligned(weight.type, weight.rowBytes); }

// Conversions of x that have been recorded are told apart by what they read.
bool sameX(const MatMulArgs& a, const MatMulArgs& b) {
    return a.x.buffer == b.x.buffer && a.x.offset == b.x.offset && a.xStride == b.xStride && a.n == b.n &&
           a.weight->columns == b.weight->columns;
}

class VulkanMatMul final : public MatMul {
public:
    VulkanMatMul(const vulkan::Context& context, vulkan::KernelRegistry& registry,
                 const MatMulOverrides& overrides, bool precise, uint32_t maxTokens)
        : m_context(context), m_registry(registry), m_overrides(overrides), m_precise(precise),
          m_maxTokens(maxTokens) {}

    Result<void> allocate(uint32_t maxColumns);
    Result<void> record(vulkan::CommandRecorder& recorder, std::span<const MatMulArgs> products) override;
    Result<void> recordRows(vulkan::CommandRecorder& recorder, const Weight& weight, const BufferView& ids,
                            const BufferView& y, uint32_t n) override;
    std::string describe() const override;

private:
    MatMulPlan planOf(const MatMulArgs& args) const {
        return planMatMul(m_context.caps(), m_overrides, args.weight->type, args.weight->rows,
                          args.weight->columns, args.n, m_precise || args.exact);
    }
    Result<void> check(const MatMulArgs& args) const;
    Result<void> recordMatVec(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                              const MatMulPlan& plan);
    Result<void> recordMatMul(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                              const MatMulPlan& plan);

    const vulkan::Context& m_context;
    vulkan::KernelRegistry& m_registry;
    MatMulOverrides m_overrides;
    bool m_precise;
    uint32_t m_maxTokens;
    vulkan::Buffer m_codebooks;
    HalfActivations m_halves; // only for cooperative matrices
};

Result<void> VulkanMatMul::allocate(uint32_t maxColumns) {
    ASSIGN_OR_RETURN(m_codebooks, uploadCodebooks(m_context));
    if (m_precise || m_overrides.noCooperativeMatrix || !m_context.caps().cooperativeMatrix ||
        m_maxTokens <= kMatVecTokens)
        return {};
    return m_halves.allocate(m_context, m_maxTokens, uint64_t{m_maxTokens} * halfStride(maxColumns));
}

Result<void> VulkanMatMul::check(const MatMulArgs& args) const {
    PONDER_CHECK(args.weight && *args.weight && args.n > 0);
    const Weight& weight = *args.weight;
    const uint32_t block = models::quantTypeInfo(weight.type).valuesPerBlock;
    PONDER_CHECK(weight.columns % block == 0 && args.xStride >= weight.columns && args.yStride >= weight.rows);
    PONDER_CHECK(weight.rowBytes < (uint64_t{1} << 32) &&
                 uint64_t{args.n} * args.xStride < (uint64_t{1} << 32) &&
                 uint64_t{args.n} * args.yStride < (uint64_t{1} << 32)); // kernels index by 32 bits
    return requireTokens(args.n, m_maxTokens);
}

Result<void> VulkanMatMul::recordMatVec(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                                        const MatMulPlan& plan) {
    const Weight& weight = *args.weight;
    const bool xAligned = args.xStride % 4 == 0 && args.x.offset % 16 == 0;
    ASSIGN_OR_RETURN(
        const vulkan::Kernel* kernel,
        m_registry.get(kernelName("matvec", weight.type),
                       vectorConstants(plan, m_context.caps(), args.n, rowAligned(weight), xAligned),
                       plan.subgroupSize));
    for (const WeightSegment& segment : weight.segments) {
        const shared::MatVecPush push{.weight = segment.address,
                                      .bias = args.bias,
                                      .codebook = m_codebooks.address(),
                                      .rowBytes = static_cast<uint32_t>(weight.rowBytes),
                                      .rows = segment.rows,
                                      .columns = weight.columns,
                                      .xStride = args.xStride,
                                      .yStride = args.yStride,
                                      .firstRow = segment.firstRow,
                                      .accumulate = args.accumulate ? 1u : 0u};
        const uint32_t rowsOfGroup = plan.workgroup / plan.lanesPerRow * plan.rowsPerLane;
        const uint32_t groups = ceilDiv(segment.rows, rowsOfGroup);
        const uint32_t across = std::min(groups, std::min(m_context.caps().maxWorkgroupsX, 32768u));
        recorder.dispatch(*kernel, push, {args.x, args.y}, {across, ceilDiv(groups, across), 1});
    }
    return {};
}

Result<void> VulkanMatMul::recordMatMul(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                                        const MatMulPlan& plan) {
    const Weight& weight = *args.weight;
    const bool matrices = plan.path == MatMulPlan::Path::CooperativeMatrix;
    const vulkan::Kernel* kernel = nullptr;
    const uint32_t aligned = rowAligned(weight);
    if (matrices) {
        ASSIGN_OR_RETURN(kernel, m_registry.get(kernelName("matmul_coopmat", weight.type),
                                                matrixConstants(plan, aligned), plan.subgroupSize));
    } else {
        ASSIGN_OR_RETURN(
            kernel, m_registry.get(kernelName("matmul", weight.type), {{PONDER_SPEC_ROW_ALIGNED, aligned}}));
    }
    for (const WeightSegment& segment : weight.segments) {
        const shared::MatMulPush push{.weight = segment.address,
                                      .bias = args.bias,
                                      .codebook = m_codebooks.address(),
                                      .rowBytes = static_cast<uint32_t>(weight.rowBytes),
                                      .rows = segment.rows,
                                      .columns = weight.columns,
                                      .xStride = matrices ? halfStride(weight.columns) / 8 : args.xStride,
                                      .yStride = args.yStride,
                                      .firstRow = segment.firstRow,
                                      .accumulate = args.accumulate ? 1u : 0u,
                                      .n = args.n};
        const std::array<uint32_t, 3> groups{ceilDiv(segment.rows, plan.tileRows),
                                             ceilDiv(args.n, plan.tileTokens), 1};
        if (matrices)
            recorder.dispatch(*kernel, push, {m_halves.values(), m_halves.scales(), args.y}, groups);
        else
            recorder.dispatch(*kernel, push, {args.x, args.y}, groups);
    }
    return {};
}

Result<void> VulkanMatMul::record(vulkan::CommandRecorder& recorder, std::span<const MatMulArgs> products) {
    // What needs no conversion first, then the others in groups of the same x, so that each x is converted once.
    std::vector<const MatMulArgs*> converted;
    for (const MatMulArgs& args : products) {
        RETURN_IF_ERROR(check(args));
        const MatMulPlan plan = planOf(args);
        if (plan.path == MatMulPlan::Path::MatVec)
            RETURN_IF_ERROR(recordMatVec(recorder, args, plan));
        else if (plan.path == MatMulPlan::Path::Plain)
            RETURN_IF_ERROR(recordMatMul(recorder, args, plan));
        else
            converted.push_back(&args);
    }
    for (bool first = true; !converted.empty(); first = false) {
        const MatMulArgs& leader = *converted.front();
        if (!first) recorder.barrier("f16 activations of the previous x have been read");
        RETURN_IF_ERROR(m_halves.record(recorder, m_registry, leader.x, leader.xStride,
                                        leader.weight->columns, leader.n));
        std::vector<const MatMulArgs*> rest;
        for (const MatMulArgs* args : converted) {
            if (sameX(*args, leader))
                RETURN_IF_ERROR(recordMatMul(recorder, *args, planOf(*args)));
            else
                rest.push_back(args);
        }
        converted = std::move(rest);
    }
    return {};
}

Result<void> VulkanMatMul::recordRows(vulkan::CommandRecorder& recorder, const Weight& weight,
                                      const BufferView& ids, const BufferView& y, uint32_t n) {
    PONDER_CHECK(weight && n > 0);
    ASSIGN_OR_RETURN(
        const vulkan::Kernel* kernel,
        m_registry.get(kernelName("get_rows", weight.type), {{PONDER_SPEC_WORKGROUP, kRowsInvocations},
                                                             {PONDER_SPEC_ROW_ALIGNED, rowAligned(weight)}}));
    for (const WeightSegment& segment : weight.segments) {
        const shared::GetRowsPush push{.weight = segment.address,
                                       .codebook = m_codebooks.address(),
                                       .rowBytes = static_cast<uint32_t>(weight.rowBytes),
                                       .rows = segment.rows,
                                       .columns = weight.columns,
                                       .firstRow = segment.firstRow,
                                       .n = n};
        recorder.dispatch(*kernel, push, {ids, y},
                          {ceilDiv(piecesOf(weight.type, weight.columns), kRowsInvocations),
                           std::min(n, std::min(m_context.caps().maxWorkgroupsY, 32768u)), 1});
    }
    return {};
}

std::string VulkanMatMul::describe() const {
    // Of a matrix as models have them.
    const MatMulPlan plan =
        planMatMul(m_context.caps(), m_overrides, QuantType::Q4_K, 4096, 4096, 512, m_precise);
    if (plan.path != MatMulPlan::Path::CooperativeMatrix) return "mat-vec f32, mat-mat f32";
    return fmt::format("mat-vec f32, mat-mat cooperative matrix f16 (KHR, {} x {} tiles)", plan.tileRows,
                       plan.tileTokens);
}

} // namespace

Result<std::unique_ptr<MatMul>> createMatMul(const vulkan::Context& context, vulkan::KernelRegistry& registry,
                                             const MatMulOverrides& overrides, bool precise,
                                             uint32_t maxTokens, uint32_t maxColumns) {
    MatMulOverrides chosen = overrides;
    if (shaders::find("matmul_coopmat_q4_k").empty())
        chosen.noCooperativeMatrix = true; // glslc did not know them
    auto made = std::make_unique<VulkanMatMul>(context, registry, chosen, precise, maxTokens);
    RETURN_IF_ERROR(made->allocate(maxColumns));
    return std::unique_ptr<MatMul>(std::move(made));
}

Result<std::unique_ptr<MatMul>> MatMul::create(const vulkan::Context& context,
                                               vulkan::KernelRegistry& registry, bool precise,
                                               uint32_t maxTokens, uint32_t maxColumns) {
    const inference::Tuning& tuning = inference::tuning();
    return createMatMul(
        context, registry,
        {.noCooperativeMatrix = tuning.noCooperativeMatrix, .subgroupSize = tuning.subgroupSize}, precise,
        maxTokens, maxColumns);
}

} // namespace ponder::kernels
