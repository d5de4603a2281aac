#include <algorithm>

#include <fmt/format.h>

#include "inference/kernels/attention.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using vulkan::BufferView;

constexpr uint32_t kActInvocations = 128;
constexpr uint32_t kActValues = 4;      // of an invocation
constexpr uint32_t kMaxGroupsX = 32768; // below every device's limit; the rest goes into y

class VulkanElementwise final : public Elementwise {
public:
    VulkanElementwise(const vulkan::Kernel* rmsNorm, const vulkan::Kernel* gatedAct)
        : m_rmsNorm(rmsNorm), m_gatedAct(gatedAct) {}

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint64_t weight,
                               const BufferView& y, uint32_t columns, uint32_t n, float eps) override {
        return recordRmsNorm(recorder, x, columns, weight, y, columns, columns, n, eps);
    }

    Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const BufferView& x, uint32_t xStride,
                               uint64_t weight, const BufferView& y, uint32_t yStride, uint32_t columns,
                               uint32_t n, float eps) override {
        const shared::RmsNormPush push{
            .weight = weight, .columns = columns, .xStride = xStride, .yStride = yStride, .eps = eps};
        recorder.dispatch(*m_rmsNorm, push, {x, y}, {n, 1, 1});
        return {};
    }

    Result<void> recordGatedSilu(vulkan::CommandRecorder& recorder, const BufferView& gate,
                                 const BufferView& up, const BufferView& y, uint64_t values) override {
        constexpr uint64_t groupValues = uint64_t{kActInvocations} * kActValues;
        const uint64_t groups = (values + groupValues - 1) / groupValues;
        const uint64_t groupsY = (groups + kMaxGroupsX - 1) / kMaxGroupsX;
        if (groupsY * kMaxGroupsX * groupValues > UINT32_MAX)
            return {ErrorCode::UnsupportedArchitecture,
                    fmt::format("{} activations in one pass are not supported, only up to 4,294,967,295: "
                                "choose another model.",
                                values)};
        const shared::GatedActPush push{.values = static_cast<uint32_t>(values)};
        recorder.dispatch(*m_gatedAct, push, {gate, up, y},
                          {static_cast<uint32_t>(std::min<uint64_t>(groups, kMaxGroupsX)),
                           static_cast<uint32_t>(groupsY), 1});
        return {};
    }

private:
    const vulkan::Kernel* m_rmsNorm;
    const vulkan::Kernel* m_gatedAct;
};

} // namespace

Result<std::unique_ptr<Elementwise>> Elementwise::create(const vulkan::Context& context,
                                                         vulkan::KernelRegistry& registry) {
    // A row of activations is read by one workgroup: a wide one where the device has the lanes, so that one
    // token is not slow; software gains nothing beyond a few.
    const vulkan::DeviceCaps& caps = context.caps();
    const uint32_t rowInvocations = std::min(caps.software ? 64u : 512u, caps.maxInvocations);
    ASSIGN_OR_RETURN(const auto* rmsNorm, registry.get("rms_norm", {{PONDER_SPEC_WORKGROUP, rowInvocations}}));
    ASSIGN_OR_RETURN(const auto* gatedAct,
                     registry.get("gated_act", {{PONDER_SPEC_WORKGROUP, kActInvocations}}));
    return std::unique_ptr<Elementwise>(std::make_unique<VulkanElementwise>(rmsNorm, gatedAct));
}

} // namespace ponder::kernels
