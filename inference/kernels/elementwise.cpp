#include <algorithm>

#include <fmt/format.h>

#include "inference/kernels/attention.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;

constexpr uint32_t kActInvocations = 128; // a multiple of four: rounding shares blocks by fours
constexpr uint32_t kActValues = 4;        // of an invocation
constexpr uint32_t kMaxGroupsX = 32768;   // below every device's limit; the rest goes into y

class VulkanElementwise final : public Elementwise {
public:
    VulkanElementwise(vulkan::KernelRegistry& registry, uint32_t rowInvocations)
        : m_registry(registry), m_rowInvocations(rowInvocations) {}

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint32_t xStride,
                               uint64_t weight, const BufferView& y, uint32_t yStride, uint32_t columns,
                               uint32_t n, float eps) override {
        const shared::RmsNormPush push{
            .weight = weight, .columns = columns, .xStride = xStride, .yStride = yStride, .eps = eps};
        ASSIGN_OR_RETURN(const auto* kernel,
                         norm("rms_norm", byFours(x, y, weight, xStride | yStride | columns)));
        recorder.dispatch(*kernel, push, {x, y}, {n, 1, 1});
        return {};
    }

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint64_t weight,
                               const BufferView& y, uint32_t columns, uint32_t n, float eps,
                               const Prepared& prepared) override {
        if (!prepared.rounded && !prepared.halves)
            return recordRmsNorm(recorder, x, columns, weight, y, columns, columns, n, eps);
        const shared::RmsNormPush push{
            .weight = weight, .columns = columns, .xStride = columns, .yStride = columns, .eps = eps};
        if (const HalfView& halves = prepared.halves) {
            ASSIGN_OR_RETURN(const auto* kernel, norm("rms_norm_f16", byFours(x, x, weight, columns)));
            recorder.dispatch(*kernel, push, {x, halves.values, halves.scales}, {n, 1, 1});
            return {};
        }
        PONDER_CHECK(byFours(x, y, weight, columns) && columns % kInt8Block == 0);
        ASSIGN_OR_RETURN(const auto* kernel, norm("rms_norm_int8", true));
        recorder.dispatch(*kernel, push, {x, y, prepared.rounded.numbers, prepared.rounded.scales}, {n, 1, 1});
        return {};
    }

    Result<void> recordGatedSilu(vulkan::CommandRecorder& recorder, const BufferView& gate,
                                 const BufferView& up, const BufferView& y, uint32_t columns, uint32_t n,
                                 const Prepared& prepared) override {
        const uint64_t values = uint64_t{columns} * n;
        constexpr uint64_t groupValues = uint64_t{kActInvocations} * kActValues;
        const uint64_t groups = (values + groupValues - 1) / groupValues;
        const uint64_t groupsY = (groups + kMaxGroupsX - 1) / kMaxGroupsX;
        if (groupsY * kMaxGroupsX * groupValues > UINT32_MAX)
            return {ErrorCode::UnsupportedArchitecture,
                    fmt::format("{} activations in one pass are not supported, only up to 4,294,967,295: "
                                "choose another model.",
                                values)};
        const shared::GatedActPush push{.values = static_cast<uint32_t>(values), .columns = columns};
        if (const HalfView& halves = prepared.halves) {
            const bool aligned = columns % 4 == 0 && (gate.offset | up.offset) % 16 == 0;
            ASSIGN_OR_RETURN(const auto* kernel,
                             m_registry.get("gated_act_f16", {{PONDER_SPEC_WORKGROUP, m_rowInvocations},
                                                              {PONDER_SPEC_X_ALIGNED, aligned ? 1u : 0u}}));
            recorder.dispatch(*kernel, push, {gate, up, halves.values, halves.scales}, {n, 1, 1});
            return {};
        }
        const std::array<uint32_t, 3> grid{static_cast<uint32_t>(std::min<uint64_t>(groups, kMaxGroupsX)),
                                           static_cast<uint32_t>(groupsY), 1};
        const Int8View& rounded = prepared.rounded;
        ASSIGN_OR_RETURN(const auto* kernel, m_registry.get(rounded ? "gated_act_int8" : "gated_act",
                                                            {{PONDER_SPEC_WORKGROUP, kActInvocations}}));
        if (!rounded) {
            recorder.dispatch(*kernel, push, {gate, up, y}, grid);
            return {};
        }
        PONDER_CHECK((gate.offset | up.offset | y.offset) % 16 == 0 && columns % kInt8Block == 0);
        recorder.dispatch(*kernel, push, {gate, up, y, rounded.numbers, rounded.scales}, grid);
        return {};
    }

private:
    // Whether four values are read at a time. counts: strides and columns, one or the other bit of each.
    static bool byFours(const BufferView& x, const BufferView& y, uint64_t weight, uint32_t counts) {
        return (x.offset | y.offset | weight) % 16 == 0 && counts % 4 == 0;
    }
    // Made when first recorded: a device that multiplies floats compiles nothing that rounds.
    Result<const vulkan::Kernel*> norm(std::string_view name, bool aligned) {
        return m_registry.get(
            name, {{PONDER_SPEC_WORKGROUP, m_rowInvocations}, {PONDER_SPEC_X_ALIGNED, aligned ? 1u : 0u}});
    }

    vulkan::KernelRegistry& m_registry;
    uint32_t m_rowInvocations;
};

} // namespace

Result<std::unique_ptr<Elementwise>> Elementwise::create(const vulkan::Context& context,
                                                         vulkan::KernelRegistry& registry) {
    // A row of activations is read by one workgroup: as wide as the device has it, so that one
    // token is not slow; software gains nothing beyond a few.
    const vulkan::DeviceCaps& caps = context.caps();
    const uint32_t rowInvocations = std::min(caps.software ? 64u : 1024u, caps.maxInvocations);
    return std::unique_ptr<Elementwise>(std::make_unique<VulkanElementwise>(registry, rowInvocations));
}

} // namespace ponder::kernels
