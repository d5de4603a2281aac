#include "inference/kernels/matmul_parts.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "inference/kernels/codebooks.h"
#include "inference/tuning.h"
#include "models/base/errors.h"
#include "models/base/text.h"
#include "shaders/embedded.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

constexpr uint32_t kToF16Invocations = 256;
constexpr uint32_t kToInt8Invocations = 128;
constexpr uint32_t kMaxGroupsX = 32768; // below every device's limit

} // namespace

std::string kernelName(std::string_view family, models::QuantType type) {
    std::string name = fmt::format("{}_{}", family, models::quantTypeInfo(type).name);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return name;
}

uint32_t rowsAligned(models::QuantType type, uint64_t rowBytes) {
    return models::quantTypeInfo(type).valuesPerBlock == 1 && rowBytes % 16 == 0 ? 1 : 0;
}

vulkan::SpecConstants matrixConstants(const MatMulPlan& plan, uint32_t aligned) {
    return {{PONDER_SPEC_WORKGROUP, plan.workgroup},
            {PONDER_SPEC_TILE_ROWS, plan.tileRows},
            {PONDER_SPEC_TILE_TOKENS, plan.tileTokens},
            {PONDER_SPEC_SUBGROUP_ROWS, plan.subgroupRows},
            {PONDER_SPEC_SUBGROUP_TOKENS, plan.subgroupTokens},
            {PONDER_SPEC_ROW_ALIGNED, aligned}};
}

vulkan::SpecConstants vectorConstants(const MatMulPlan& plan, const vulkan::DeviceCaps& caps, uint32_t n,
                                      uint32_t columns, uint32_t aligned, bool xAligned) {
    return {{PONDER_SPEC_WORKGROUP, plan.workgroup},
            {PONDER_SPEC_LANES_PER_ROW, plan.lanesPerRow},
            {PONDER_SPEC_ROWS_PER_LANE, plan.rowsPerLane},
            {PONDER_SPEC_COLUMNS, n},
            {PONDER_SPEC_SUBGROUPS, plan.workgroup / std::min(caps.minSubgroupSize, plan.subgroupSize)},
            {PONDER_SPEC_ROW_ALIGNED, aligned},
            {PONDER_SPEC_X_ALIGNED, xAligned ? 1u : 0u},
            {PONDER_SPEC_X_STRIDE, plan.integers && n > 1 ? int8RowBlocks(columns) : 0u}};
}

vulkan::SpecConstants integerConstants(const MatMulPlan& plan, const vulkan::DeviceCaps& caps, uint32_t n,
                                       uint32_t columns, bool normed) {
    vulkan::SpecConstants constants = vectorConstants(plan, caps, n, columns, 0, true);
    const uint32_t subgroup = std::min(caps.minSubgroupSize, plan.subgroupSize);
    constants.push_back({PONDER_SPEC_NORM_CHUNKS, normed ? ceilDiv(columns / kInt8Block, subgroup) : 0u});
    return constants;
}

Result<void> requireTokens(uint32_t n, uint32_t most) {
    if (n > most)
        return ownMistake(
            fmt::format("A product of {} tokens was asked of kernels made for at most {}", n, most));
    return {};
}

Result<vulkan::Buffer> uploadCodebooks(const vulkan::Context& context) {
    const std::vector<uint32_t> words = codebookWords();
    const uint64_t bytes = words.size() * sizeof(uint32_t);
    ASSIGN_OR_RETURN(vulkan::Buffer codebooks,
                     vulkan::Buffer::create(context, bytes, vulkan::MemoryUse::DeviceLocal, "codebooks"));
    ASSIGN_OR_RETURN(vulkan::Buffer staging,
                     vulkan::Buffer::create(context, bytes, vulkan::MemoryUse::Upload, "codebooks upload"));
    std::memcpy(staging.mapped().data(), words.data(), bytes);
    ASSIGN_OR_RETURN(vulkan::CommandRecorder recorder, vulkan::CommandRecorder::create(context, "codebooks"));
    RETURN_IF_ERROR(recorder.begin());
    recorder.copy(staging.view(), codebooks.view());
    recorder.barrier("codebooks uploaded");
    RETURN_IF_ERROR(recorder.end());
    const VkCommandBuffer commands = recorder.handle();
    VkSubmitInfo submission{};
    submission.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
    submission.commandBufferCount = 1;
    submission.pCommandBuffers = &commands;
    RETURN_IF_ERROR(context.submitTo(context.computeQueue(), submission, "uploading codebooks"));
    context.waitIdle();
    return codebooks;
}

Result<void> HalfActivations::allocate(const vulkan::Context& context, uint64_t rows, uint64_t values) {
    ASSIGN_OR_RETURN(m_values, vulkan::Buffer::create(context, values * 2, vulkan::MemoryUse::DeviceLocal,
                                                      "f16 activations"));
    ASSIGN_OR_RETURN(m_scales, vulkan::Buffer::create(context, rows * sizeof(float),
                                                      vulkan::MemoryUse::DeviceLocal, "f16 scales"));
    return {};
}

Result<void> HalfActivations::record(vulkan::CommandRecorder& recorder, vulkan::KernelRegistry& registry,
                                     const vulkan::BufferView& x, uint32_t xStride, uint32_t columns,
                                     uint32_t rows) const {
    const shared::ToF16Push push{.columns = columns, .xStride = xStride, .rows = rows};
    if (uint64_t{rows} * halfStride(columns) * 2 > m_values.sizeBytes() ||
        uint64_t{rows} * sizeof(float) > m_scales.sizeBytes())
        return ownMistake(fmt::format("{} rows of {} values were to become f16 where {} of memory was taken",
                                      rows, columns, formatBytes(m_values.sizeBytes())));
    const bool aligned = (xStride | columns) % 4 == 0 && x.offset % 16 == 0;
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     registry.get("to_f16", {{PONDER_SPEC_WORKGROUP, kToF16Invocations},
                                             {PONDER_SPEC_X_ALIGNED, aligned ? 1u : 0u}}));
    recorder.dispatch(*kernel, push, {x, m_values.view(), m_scales.view()},
                      {std::min(rows, kMaxGroupsX), ceilDiv(rows, kMaxGroupsX), 1});
    recorder.barrier("f16 activations written");
    return {};
}

Result<void> Int8Activations::allocate(const vulkan::Context& context, uint32_t rows, uint32_t columns) {
    const uint64_t blocks = uint64_t{rows} * int8RowBlocks(columns);
    ASSIGN_OR_RETURN(m_numbers, vulkan::Buffer::create(context, blocks * kInt8BlockBytes,
                                                       vulkan::MemoryUse::DeviceLocal, "int8 activations"));
    ASSIGN_OR_RETURN(m_scales, vulkan::Buffer::create(context, blocks * 2 * sizeof(float),
                                                      vulkan::MemoryUse::DeviceLocal, "int8 scales"));
    return {};
}

Result<void> Int8Activations::record(vulkan::CommandRecorder& recorder, vulkan::KernelRegistry& registry,
                                     const vulkan::BufferView& x, uint32_t xStride, uint32_t columns,
                                     uint32_t rows) const {
    if (uint64_t{rows} * int8RowBlocks(columns) * kInt8BlockBytes > m_numbers.sizeBytes() ||
        columns % kInt8Block != 0)
        return ownMistake(fmt::format("{} rows of {} values were to become int8 where {} of memory was taken",
                                      rows, columns, formatBytes(m_numbers.sizeBytes())));
    const bool aligned = xStride % 4 == 0 && x.offset % 16 == 0;
    ASSIGN_OR_RETURN(const vulkan::Kernel* kernel,
                     registry.get("to_int8", {{PONDER_SPEC_WORKGROUP, kToInt8Invocations},
                                              {PONDER_SPEC_X_ALIGNED, aligned ? 1u : 0u}}));
    recorder.dispatch(*kernel, shared::ToInt8Push{.columns = columns, .xStride = xStride},
                      {x, m_numbers.view(), m_scales.view()},
                      {ceilDiv(columns / 4, kToInt8Invocations), rows, 1});
    recorder.barrier("int8 activations written");
    return {};
}

MatMulTools MatMulTools::of(const vulkan::Context& context, vulkan::KernelRegistry& registry,
                            const MatMulOverrides& overrides, bool precise, std::string_view coopmat) {
    MatMulTools tools{context, registry, overrides, precise, {}, {}};
    if (shaders::find("matvec_int8_q4_k").empty()) tools.overrides.integerDot = false;
    if (shaders::find(coopmat).empty()) tools.overrides.noCooperativeMatrix = true; // glslc did not know them
    return tools;
}

Result<void> MatMulTools::allocate(uint64_t rows, uint64_t values) {
    ASSIGN_OR_RETURN(codebooks, uploadCodebooks(context));
    if (precise || overrides.noCooperativeMatrix || !context.caps().cooperativeMatrix || rows == 0) return {};
    return halves.allocate(context, rows, values);
}

MatMulOverrides overridesOfTuning() {
    const inference::Tuning& tuning = inference::tuning();
    return {.noCooperativeMatrix = tuning.noCooperativeMatrix,
            .integerDot = tuning.integerDot,
            .subgroupSize = tuning.subgroupSize};
}

} // namespace ponder::kernels
