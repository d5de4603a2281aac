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

// Rows and weights that start at multiples of 16 bytes are read four values at a time.
struct NormPipelines {
    const vulkan::Kernel* any = nullptr;
    const vulkan::Kernel* aligned = nullptr;
    const vulkan::Kernel* rounding = nullptr; // aligned
};
struct ActPipelines {
    const vulkan::Kernel* any = nullptr;
    const vulkan::Kernel* rounding = nullptr;
};

class VulkanElementwise final : public Elementwise {
public:
    VulkanElementwise(const NormPipelines& norm, const ActPipelines& act) : m_norm(norm), m_act(act) {}

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint64_t weight,
                               const BufferView& y, uint32_t columns, uint32_t n, float eps) override {
        return recordRmsNorm(recorder, x, columns, weight, y, columns, columns, n, eps);
    }

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint32_t xStride,
                               uint64_t weight, const BufferView& y, uint32_t yStride, uint32_t columns,
                               uint32_t n, float eps) override {
        const shared::RmsNormPush push{
            .weight = weight, .columns = columns, .xStride = xStride, .yStride = yStride, .eps = eps};
        const bool aligned = (x.offset | y.offset | weight) % 16 == 0 && xStride % 4 == 0 &&
                             yStride % 4 == 0 && columns % 4 == 0;
        recorder.dispatch(aligned ? *m_norm.aligned : *m_norm.any, push, {x, y}, {n, 1, 1});
        return {};
    }

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint64_t weight,
                               const BufferView& y, uint32_t columns, uint32_t n, float eps,
                               const Int8View& rounded) override {
        if (!rounded) return recordRmsNorm(recorder, x, weight, y, columns, n, eps);
        PONDER_CHECK((x.offset | y.offset | weight) % 16 == 0 && columns % kInt8Block == 0);
        const shared::RmsNormPush push{
            .weight = weight, .columns = columns, .xStride = columns, .yStride = columns, .eps = eps};
        recorder.dispatch(*m_norm.rounding, push, {x, y, rounded.numbers, rounded.scales}, {n, 1, 1});
        return {};
    }

    Result<void> recordGatedSilu(vulkan::CommandRecorder& recorder, const BufferView& gate,
                                 const BufferView& up, const BufferView& y, uint64_t values) override {
        return recordGatedSilu(recorder, gate, up, y, values, {});
    }

    Result<void> recordGatedSilu(vulkan::CommandRecorder& recorder, const BufferView& gate,
                                 const BufferView& up, const BufferView& y, uint64_t values,
                                 const Int8View& rounded) override {
        constexpr uint64_t groupValues = uint64_t{kActInvocations} * kActValues;
        const uint64_t groups = (values + groupValues - 1) / groupValues;
        const uint64_t groupsY = (groups + kMaxGroupsX - 1) / kMaxGroupsX;
        if (groupsY * kMaxGroupsX * groupValues > UINT32_MAX)
            return {ErrorCode::UnsupportedArchitecture,
                    fmt::format("{} activations in one pass are not supported, only up to 4,294,967,295: "
                                "choose another model.",
                                values)};
        const shared::GatedActPush push{.values = static_cast<uint32_t>(values)};
        const std::array<uint32_t, 3> grid{static_cast<uint32_t>(std::min<uint64_t>(groups, kMaxGroupsX)),
                                           static_cast<uint32_t>(groupsY), 1};
        if (!rounded) {
            recorder.dispatch(*m_act.any, push, {gate, up, y}, grid);
            return {};
        }
        PONDER_CHECK((gate.offset | up.offset | y.offset) % 16 == 0 && values % kInt8Block == 0);
        recorder.dispatch(*m_act.rounding, push, {gate, up, y, rounded.numbers, rounded.scales}, grid);
        return {};
    }

private:
    NormPipelines m_norm;
    ActPipelines m_act;
};

} // namespace

Result<std::unique_ptr<Elementwise>> Elementwise::create(const vulkan::Context& context,
                                                         vulkan::KernelRegistry& registry) {
    // A row of activations is read by one workgroup: as wide as the device has it, so that one
    // token is not slow; software gains nothing beyond a few.
    const vulkan::DeviceCaps& caps = context.caps();
    const uint32_t rowInvocations = std::min(caps.software ? 64u : 1024u, caps.maxInvocations);
    const auto norm = [&](std::string_view name, uint32_t aligned) {
        return registry.get(name, {{PONDER_SPEC_WORKGROUP, rowInvocations}, {PONDER_SPEC_X_ALIGNED, aligned}});
    };
    NormPipelines norms;
    ASSIGN_OR_RETURN(norms.any, norm("rms_norm", 0));
    ASSIGN_OR_RETURN(norms.aligned, norm("rms_norm", 1));
    ASSIGN_OR_RETURN(norms.rounding, norm("rms_norm_int8", 1));
    ActPipelines acts;
    ASSIGN_OR_RETURN(acts.any, registry.get("gated_act", {{PONDER_SPEC_WORKGROUP, kActInvocations}}));
    ASSIGN_OR_RETURN(acts.rounding,
                     registry.get("gated_act_int8", {{PONDER_SPEC_WORKGROUP, kActInvocations}}));
    return std::unique_ptr<Elementwise>(std::make_unique<VulkanElementwise>(norms, acts));
}

} // namespace ponder::kernels
