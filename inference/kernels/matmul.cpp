#include "inference/kernels/matmul.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/kernels/matmul_parts.h"
#include "inference/kernels/matmul_plan.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using models::QuantType;
using vulkan::BufferView;

constexpr uint32_t kRowsInvocations = 64;
constexpr uint32_t kJoinInvocations = 128, kJoinRows = 4; // of an invocation

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
    VulkanMatMul(MatMulTools tools, uint32_t maxTokens)
        : m_tools(std::move(tools)), m_maxTokens(maxTokens),
          m_normInvocations(std::min(m_tools.context.caps().software ? 64u : 1024u,
                                     m_tools.context.caps().maxInvocations)) {}

    Result<void> allocate(uint32_t maxColumns) {
        const uint32_t rows = m_maxTokens > kMatVecTokens ? m_maxTokens : 0;
        RETURN_IF_ERROR(m_tools.allocate(rows, uint64_t{rows} * halfStride(maxColumns)));
        RETURN_IF_ERROR(allocateShares(rows));
        if (!integers(QuantType::Q4_K)) return {};
        const uint32_t tokens = std::min(m_maxTokens, kMatVecTokens);
        RETURN_IF_ERROR(m_int8.allocate(m_tools.context, tokens, maxColumns));
        RETURN_IF_ERROR(m_gated.allocate(m_tools.context, tokens, maxColumns));
        RETURN_IF_ERROR(m_normed.allocate(m_tools.context, tokens, maxColumns));
        const uint64_t norms = std::max(int8RowBlocks(maxColumns), tokens);
        ASSIGN_OR_RETURN(m_norm, vulkan::Buffer::create(m_tools.context, norms * sizeof(float),
                                                        vulkan::MemoryUse::DeviceLocal, "a norm's factors"));
        return {};
    }
    Result<void> record(vulkan::CommandRecorder& recorder, std::span<const MatMulArgs> products) override;
    Result<void> recordRows(vulkan::CommandRecorder& recorder, const Weight& weight, const BufferView& ids,
                            const BufferView& y, uint32_t n) override;
    Int8View rounded(std::span<const Weight* const> weights, uint32_t n) const override;
    HalfView halves(std::span<const Weight* const> weights, uint32_t n) const override;
    Result<Int8View> recordGated(vulkan::CommandRecorder& recorder, const Weight& gate, const Weight& up,
                                 const Int8View& x, uint32_t n) override;
    bool takesNorm(const Weight& weight, std::span<const Weight* const> readers, uint32_t n) const override;
    Result<Int8View> recordWithNorm(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                                    uint64_t normWeight, float eps) override;
    std::string describe() const override;

private:
    // A product whose columns have been shared out, to be joined.
    struct Join {
        shared::MatMulJoinPush push;
        BufferView shares, y;
        uint32_t n;
    };

    bool integers(QuantType type) const { // of one to eight tokens
        return useIntegers(m_tools.context.caps(), m_tools.overrides, type, m_tools.precise);
    }
    Result<void> allocateShares(uint32_t rows) {
        const uint64_t bytes = splitBytes(m_tools.context.caps(), m_tools.overrides);
        if (rows == 0 || m_tools.precise || bytes == 0) return {};
        ASSIGN_OR_RETURN(m_shares, vulkan::Buffer::create(m_tools.context, bytes,
                                                          vulkan::MemoryUse::DeviceLocal, "shares of sums"));
        return {};
    }
    // Room for shares that no other product of this recording has; empty: there is none.
    BufferView sharesOf(uint32_t splits, uint32_t n, uint32_t rows);
    Result<void> recordJoins(vulkan::CommandRecorder& recorder);
    MatMulPlan planOf(const MatMulArgs& args) const {
        return planMatMul(m_tools.context.caps(), m_tools.overrides, args.weight->type, args.weight->rows,
                          args.weight->columns, args.n, m_tools.precise || args.exact);
    }
    std::array<uint32_t, 3> gridOf(uint32_t groups) const { // counted over x and y
        const uint32_t across = std::min(groups, std::min(m_tools.context.caps().maxWorkgroupsX, 32768u));
        return {across, ceilDiv(groups, across), 1};
    }
    template <typename Push>
    Push pushOf(const MatMulArgs& args, const WeightSegment& segment) const;
    Result<void> check(const MatMulArgs& args) const;
    Result<void> recordMatVec(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                              const MatMulPlan& plan);
    Result<void> recordPlain(vulkan::CommandRecorder& recorder, const MatMulArgs& args);
    // Products of the same x, which has been converted.
    Result<void> recordMatrices(vulkan::CommandRecorder& recorder,
                                std::span<const MatMulArgs* const> products);
    // Rows of a segment, their columns in so many shares.
    void recordTiles(vulkan::CommandRecorder& recorder, const vulkan::Kernel& kernel, const MatMulArgs& args,
                     const MatMulPlan& plan, const WeightSegment& rows, uint32_t splits);
    // What wants x converted, in groups of the same x, so that each is converted once. record: of all products of one x.
    template <typename Convert, typename Record>
    Result<void> recordConverted(vulkan::CommandRecorder& recorder, std::vector<const MatMulArgs*> products,
                                 bool first, std::string_view barrier, const Convert& convert,
                                 const Record& record);

    MatMulTools m_tools;
    Int8Activations m_int8, m_gated, m_normed; // only where mat-vec multiplies integers
    vulkan::Buffer m_norm;                     // the same
    vulkan::Buffer m_shares;                   // only where cooperative matrices may share columns out
    uint64_t m_sharesUsed = 0;
    std::vector<Join> m_joins;               // of the recording under way
    uint32_t m_maxTokens, m_normInvocations; // m_normInvocations: of a row
};

// What mat-vec and mat-mat are told alike of a segment's rows.
template <typename Push>
Push VulkanMatMul::pushOf(const MatMulArgs& args, const WeightSegment& segment) const {
    Push push{};
    push.weight = segment.address;
    push.bias = args.bias;
    push.codebook = m_tools.codebooks.address();
    push.rowBytes = static_cast<uint32_t>(args.weight->rowBytes);
    push.rows = segment.rows;
    push.columns = args.weight->columns;
    push.yStride = args.yStride;
    push.firstRow = segment.firstRow;
    push.accumulate = args.accumulate ? 1u : 0u;
    return push;
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
                                        const MatMulPlan& unnormed) {
    const Weight& weight = *args.weight;
    const bool xAligned = args.xStride % 4 == 0 && args.x.offset % 16 == 0;
    const Int8View x = args.prepared.rounded ? args.prepared.rounded : m_int8.view();
    const vulkan::DeviceCaps& caps = m_tools.context.caps();
    const MatMulPlan plan = unnormed.integers && x.wantsFactor() ? planNormed(caps, unnormed) : unnormed;
    ASSIGN_OR_RETURN(
        const vulkan::Kernel* kernel,
        m_tools.registry.get(
            kernelName(plan.integers ? "matvec_int8" : "matvec", weight.type),
            plan.integers ? integerConstants(plan, caps, args.n, weight.columns, x.wantsFactor())
                          : vectorConstants(plan, caps, args.n, weight.columns, rowAligned(weight), xAligned),
            plan.subgroupSize));
    for (const WeightSegment& segment : weight.segments) {
        const uint32_t rowsOfGroup = plan.workgroup / plan.lanesPerRow * plan.rowsPerLane;
        const uint32_t groups = ceilDiv(segment.rows, rowsOfGroup);
        if (plan.integers) {
            auto push = pushOf<shared::Int8MatVecPush>(args, segment);
            push.x = x.numbers.address;
            push.xScales = x.scales.address;
            push.norm = x.norm.address;
            push.eps = x.eps;
            recorder.dispatch(*kernel, push, {args.y}, gridOf(groups));
        } else {
            auto push = pushOf<shared::MatVecPush>(args, segment);
            push.xStride = args.xStride;
            recorder.dispatch(*kernel, push, {args.x, args.y}, gridOf(groups));
        }
    }
    return {};
}

Result<void> VulkanMatMul::recordPlain(vulkan::CommandRecorder& recorder, const MatMulArgs& args) {
    const MatMulPlan plan = planOf(args);
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     m_tools.registry.get(kernelName("matmul", args.weight->type),
                                          {{PONDER_SPEC_ROW_ALIGNED, rowAligned(*args.weight)}}));
    for (const WeightSegment& segment : args.weight->segments) {
        auto push = pushOf<shared::MatMulPush>(args, segment);
        push.xStride = args.xStride;
        push.n = args.n;
        recorder.dispatch(*kernel, push, {args.x, args.y},
                          {ceilDiv(segment.rows, plan.tileRows), ceilDiv(args.n, plan.tileTokens), 1});
    }
    return {};
}

void VulkanMatMul::recordTiles(vulkan::CommandRecorder& recorder, const vulkan::Kernel& kernel,
                               const MatMulArgs& args, const MatMulPlan& plan, const WeightSegment& rows,
                               uint32_t splits) {
    auto push = pushOf<shared::MatMulPush>(args, rows);
    push.xStride = halfStride(args.weight->columns) / 8;
    push.n = args.n;
    std::array<uint32_t, 3> groups{ceilDiv(rows.rows, plan.tileRows), ceilDiv(args.n, plan.tileTokens), 1};
    BufferView y = args.y;
    if (const BufferView shares = sharesOf(splits, args.n, rows.rows); shares.sizeBytes > 0) {
        m_joins.push_back({{.bias = push.bias,
                            .rows = rows.rows,
                            .splits = splits,
                            .yStride = push.yStride,
                            .firstRow = push.firstRow,
                            .accumulate = push.accumulate},
                           shares,
                           args.y,
                           args.n});
        y = shares;
        groups[2] = splits;
        push.bias = 0;
        push.yStride = rows.rows;
        push.firstRow = push.accumulate = 0;
    }
    const HalfView x = m_tools.halves.view();
    recorder.dispatch(kernel, push, {x.values, x.scales, y}, groups);
}

Result<void> VulkanMatMul::recordMatrices(vulkan::CommandRecorder& recorder,
                                          std::span<const MatMulArgs* const> products) {
    std::vector<uint32_t> rows;
    for (const MatMulArgs* args : products) rows.push_back(args->weight->rows);
    const MatMulArgs& last = *products.back();
    const MatMulPlan plan =
        planTogether(m_tools.context.caps(), m_tools.overrides, rows, last.weight->columns, last.n);
    for (const MatMulArgs* args : products) {
        const Weight& weight = *args->weight;
        ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                         m_tools.registry.get(kernelName("matmul_coopmat", weight.type),
                                              matrixConstants(plan, rowAligned(weight)), plan.subgroupSize));
        for (const WeightSegment& segment : weight.segments) {
            WeightSegment whole = segment;
            const bool hasTail = args == &last && &segment == &weight.segments.back() && plan.tailRows > 0 &&
                                 plan.tailRows < segment.rows;
            if (hasTail) whole.rows = (segment.rows - plan.tailRows) / plan.tileRows * plan.tileRows;
            if (whole.rows > 0) recordTiles(recorder, *kernel, *args, plan, whole, plan.splits);
            if (!hasTail) continue;
            const WeightSegment tail{segment.firstRow + whole.rows, segment.rows - whole.rows,
                                     segment.address + uint64_t{whole.rows} * weight.rowBytes};
            recordTiles(recorder, *kernel, *args, plan, tail, plan.tailSplits);
        }
    }
    return {};
}

BufferView VulkanMatMul::sharesOf(uint32_t splits, uint32_t n, uint32_t rows) {
    constexpr uint64_t alignment = 256; // no device wants more
    const uint64_t bytes = uint64_t{splits} * n * rows * sizeof(float);
    if (splits < 2 || m_sharesUsed + bytes > m_shares.sizeBytes()) return {};
    const BufferView part = m_shares.view().part(m_sharesUsed, bytes);
    m_sharesUsed += (bytes + alignment - 1) / alignment * alignment;
    return part;
}

Result<void> VulkanMatMul::recordJoins(vulkan::CommandRecorder& recorder) {
    if (m_joins.empty()) return {};
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     m_tools.registry.get("matmul_join", {{PONDER_SPEC_WORKGROUP, kJoinInvocations}}));
    recorder.barrier("shares of columns summed");
    for (const Join& join : m_joins)
        recorder.dispatch(*kernel, join.push, {join.shares, join.y},
                          {ceilDiv(join.push.rows, kJoinInvocations * kJoinRows), join.n, 1});
    return {};
}

template <typename Convert, typename Record>
Result<void> VulkanMatMul::recordConverted(vulkan::CommandRecorder& recorder,
                                           std::vector<const MatMulArgs*> products, bool first,
                                           std::string_view barrier, const Convert& convert,
                                           const Record& record) {
    for (; !products.empty(); first = false) {
        const MatMulArgs& leader = *products.front();
        if (!first) recorder.barrier(barrier);
        RETURN_IF_ERROR(convert(leader));
        std::vector<const MatMulArgs*> same, rest;
        for (const MatMulArgs* args : products) (sameX(*args, leader) ? same : rest).push_back(args);
        RETURN_IF_ERROR(record(same));
        products = std::move(rest);
    }
    return {};
}

Result<void> VulkanMatMul::record(vulkan::CommandRecorder& recorder, std::span<const MatMulArgs> products) {
    std::vector<const MatMulArgs*> halves, integers, preparedHalves;
    m_joins.clear();
    m_sharesUsed = 0;
    bool rounded = false; // some x that its maker has left in m_int8
    for (const MatMulArgs& args : products) {
        RETURN_IF_ERROR(check(args));
        const MatMulPlan plan = planOf(args);
        if (plan.integers && !args.prepared.rounded) {
            integers.push_back(&args);
            continue;
        }
        rounded = rounded || plan.integers;
        if (plan.path == MatMulPlan::Path::MatVec)
            RETURN_IF_ERROR(recordMatVec(recorder, args, plan));
        else if (plan.path == MatMulPlan::Path::Plain)
            RETURN_IF_ERROR(recordPlain(recorder, args));
        else
            (args.prepared.halves ? preparedHalves : halves).push_back(&args);
    }
    const auto vectors = [&](std::span<const MatMulArgs* const> same) -> Result<void> {
        for (const MatMulArgs* args : same) RETURN_IF_ERROR(recordMatVec(recorder, *args, planOf(*args)));
        return {};
    };
    RETURN_IF_ERROR(recordConverted(
        recorder, std::move(integers), !rounded, "int8 activations of the previous x have been read",
        [&](const MatMulArgs& of) {
            return m_int8.record(recorder, m_tools.registry, of.x, of.xStride, of.weight->columns, of.n);
        },
        vectors));
    if (!preparedHalves.empty()) RETURN_IF_ERROR(recordMatrices(recorder, preparedHalves));
    RETURN_IF_ERROR(recordConverted(
        recorder, std::move(halves), preparedHalves.empty(),
        "f16 activations of the previous x have been read",
        [&](const MatMulArgs& of) {
            return m_tools.halves.record(recorder, m_tools.registry, of.x, of.xStride, of.weight->columns,
                                         of.n);
        },
        [&](std::span<const MatMulArgs* const> same) { return recordMatrices(recorder, same); }));
    return recordJoins(recorder);
}

Result<Int8View> VulkanMatMul::recordGated(vulkan::CommandRecorder& recorder, const Weight& gate,
                                           const Weight& up, const Int8View& x, uint32_t n) {
    PONDER_CHECK(gate && up && x && n > 0);
    const MatMulPlan plan = planGated(m_tools.context.caps(), m_tools.overrides, gate.type, gate.rows,
                                      gate.columns, n, m_tools.precise);
    const bool alike = gate.type == up.type && gate.rows == up.rows && gate.columns == up.columns &&
                       gate.rowBytes == up.rowBytes;
    if (!plan.integers || !alike || gate.segments.size() != 1 || up.segments.size() != 1) return Int8View{};
    const shared::GatedMatVecPush push{.gate = gate.address(),
                                       .up = up.address(),
                                       .codebook = m_tools.codebooks.address(),
                                       .x = x.numbers.address,
                                       .xScales = x.scales.address,
                                       .norm = x.norm.address,
                                       .rowBytes = static_cast<uint32_t>(gate.rowBytes),
                                       .rows = gate.rows,
                                       .columns = gate.columns,
                                       .eps = x.eps};
    ASSIGN_OR_RETURN(
        const vulkan::Kernel* kernel,
        m_tools.registry.get(kernelName("gated_int8", gate.type),
                             integerConstants(plan, m_tools.context.caps(), n, gate.columns, x.wantsFactor()),
                             plan.subgroupSize));
    const Int8View result = m_gated.view();
    recorder.dispatch(*kernel, push, {result.numbers, result.scales}, gridOf(gate.rows / kInt8Block));
    return result;
}

// Not a function of n: several tokens are to be what each is alone.
bool VulkanMatMul::takesNorm(const Weight& weight, std::span<const Weight* const> readers, uint32_t n) const {
    return n <= kMatVecTokens && weight.segments.size() == 1 &&
           planResidual(m_tools.context.caps(), m_tools.overrides, weight.type, weight.rows, weight.columns,
                        m_tools.precise)
               .integers &&
           std::all_of(readers.begin(), readers.end(),
                       [&](const Weight* reader) { return integers(reader->type); });
}

Result<Int8View> VulkanMatMul::recordWithNorm(vulkan::CommandRecorder& recorder, const MatMulArgs& args,
                                              uint64_t normWeight, float eps) {
    PONDER_CHECK(args.accumulate && normWeight % 16 == 0 && args.y.offset % 16 == 0 &&
                 args.yStride % 4 == 0 && !args.prepared.rounded.wantsFactor());
    Int8View normed = m_normed.view();
    normed.norm = m_norm.view();
    normed.eps = eps;
    if (args.n > 1) {
        RETURN_IF_ERROR(record(recorder, {&args, 1}));
        recorder.barrier("residual to be normed");
        ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                         m_tools.registry.get("norm_rounded", {{PONDER_SPEC_WORKGROUP, m_normInvocations}}));
        const shared::RmsNormPush push{.weight = normWeight,
                                       .columns = args.weight->rows,
                                       .xStride = args.yStride,
                                       .yStride = 0,
                                       .eps = eps};
        recorder.dispatch(*kernel, push, {args.y, normed.norm, normed.numbers, normed.scales}, {args.n, 1, 1});
        return normed;
    }
    RETURN_IF_ERROR(check(args));
    const Weight& weight = *args.weight;
    const vulkan::DeviceCaps& caps = m_tools.context.caps();
    const MatMulPlan plan =
        planResidual(caps, m_tools.overrides, weight.type, weight.rows, weight.columns, m_tools.precise);
    PONDER_CHECK(plan.integers && weight.segments.size() == 1);
    if (!args.prepared.rounded)
        RETURN_IF_ERROR(m_int8.record(recorder, m_tools.registry, args.x, args.xStride, weight.columns, 1));
    const Int8View x = args.prepared.rounded ? args.prepared.rounded : m_int8.view();
    const shared::ResidualMatVecPush push{.weight = weight.address(),
                                          .bias = args.bias,
                                          .codebook = m_tools.codebooks.address(),
                                          .x = x.numbers.address,
                                          .xScales = x.scales.address,
                                          .normWeight = normWeight,
                                          .rowBytes = static_cast<uint32_t>(weight.rowBytes),
                                          .rows = weight.rows,
                                          .columns = weight.columns};
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     m_tools.registry.get(kernelName("residual_int8", weight.type),
                                          vectorConstants(plan, caps, 1, weight.columns, 0, true),
                                          plan.subgroupSize));
    recorder.dispatch(*kernel, push, {args.y, normed.norm, normed.numbers, normed.scales},
                      gridOf(weight.rows / kInt8Block));
    return normed;
}

Int8View VulkanMatMul::rounded(std::span<const Weight* const> weights, uint32_t n) const {
    const bool wanted = std::any_of(weights.begin(), weights.end(),
                                    [&](const Weight* weight) { return integers(weight->type); });
    return n <= kMatVecTokens && wanted ? m_int8.view() : Int8View{};
}

HalfView VulkanMatMul::halves(std::span<const Weight* const> weights, uint32_t n) const {
    const bool wanted = std::all_of(weights.begin(), weights.end(), [&](const Weight* weight) {
        return planMatMul(m_tools.context.caps(), m_tools.overrides, weight->type, weight->rows,
                          weight->columns, n, m_tools.precise)
                   .path == MatMulPlan::Path::CooperativeMatrix;
    });
    return n > kMatVecTokens && wanted ? m_tools.halves.view() : HalfView{};
}

Result<void> VulkanMatMul::recordRows(vulkan::CommandRecorder& recorder, const Weight& weight,
                                      const BufferView& ids, const BufferView& y, uint32_t n) {
    PONDER_CHECK(weight && n > 0);
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     m_tools.registry.get(kernelName("get_rows", weight.type),
                                          {{PONDER_SPEC_WORKGROUP, kRowsInvocations},
                                           {PONDER_SPEC_ROW_ALIGNED, rowAligned(weight)}}));
    for (const WeightSegment& segment : weight.segments) {
        const shared::GetRowsPush push{.weight = segment.address,
                                       .codebook = m_tools.codebooks.address(),
                                       .rowBytes = static_cast<uint32_t>(weight.rowBytes),
                                       .rows = segment.rows,
                                       .columns = weight.columns,
                                       .firstRow = segment.firstRow,
                                       .n = n};
        recorder.dispatch(*kernel, push, {ids, y},
                          {ceilDiv(piecesOf(weight.type, weight.columns), kRowsInvocations),
                           std::min(n, std::min(m_tools.context.caps().maxWorkgroupsY, 32768u)), 1});
    }
    return {};
}

std::string VulkanMatMul::describe() const {
    // Of a matrix as models have them.
    const MatMulPlan plan = planMatMul(m_tools.context.caps(), m_tools.overrides, QuantType::Q4_K, 4096, 4096,
                                       512, m_tools.precise);
    const std::string_view vector = integers(QuantType::Q4_K) ? "mat-vec int8" : "mat-vec f32";
    if (plan.path != MatMulPlan::Path::CooperativeMatrix) return fmt::format("{}, mat-mat f32", vector);
    return fmt::format("{}, mat-mat cooperative matrix f16 (KHR, {} x {} tiles)", vector, plan.tileRows,
                       plan.tileTokens);
}

} // namespace

Result<std::unique_ptr<MatMul>> createMatMul(const vulkan::Context& context, vulkan::KernelRegistry& registry,
                                             const MatMulOverrides& overrides, bool precise,
                                             uint32_t maxTokens, uint32_t maxColumns) {
    auto made = std::make_unique<VulkanMatMul>(
        MatMulTools::of(context, registry, overrides, precise, "matmul_coopmat_q4_k"), maxTokens);
    RETURN_IF_ERROR(made->allocate(maxColumns));
    return std::unique_ptr<MatMul>(std::move(made));
}

Result<std::unique_ptr<MatMul>> MatMul::create(const vulkan::Context& context,
                                               vulkan::KernelRegistry& registry, bool precise,
                                               uint32_t maxTokens, uint32_t maxColumns) {
    return createMatMul(context, registry, overridesOfTuning(), precise, maxTokens, maxColumns);
}

} // namespace ponder::kernels
