#include "inference/device.h"

#include <algorithm>

#include "inference/device_cpu.h"
#include "inference/device_vulkan.h"
#include "inference/tuning.h"
#include "inference/vulkan/context.h"
#include "models/base/log.h"

namespace ponder::inference {

namespace {

constexpr std::string_view kCpu = "cpu", kAnyVulkan = "vulkan"; // of the switch

std::unique_ptr<Device> openCpu() { return std::make_unique<CpuDevice>(); }

// A real Vulkan device, or the CPU where there is none that Ponder can use.
Result<std::unique_ptr<Device>> openBest() {
    auto device = VulkanDevice::open({});
    if (device && !(*device)->caps().software) return device;
    if (!device) {
        const Error& error = device.error();
        if (error.code != ErrorCode::NoDevice && error.code != ErrorCode::DeviceTooLimited) return error;
        log(LogLevel::Info, LogCategory::Engine, "the CPU is used: {}", error.message);
    }
    return openCpu();
}

} // namespace

std::vector<vulkan::DeviceCaps> allDevices() {
    auto devices = vulkan::Context::enumerate();
    devices.push_back(cpuCaps());
    const std::string& first = tuning().device;
    const auto isFirst = [&](const vulkan::DeviceCaps& caps) {
        return first == kAnyVulkan ? caps.id != kCpu : caps.id == first;
    };
    std::stable_sort(devices.begin(), devices.end(), [&](const auto& a, const auto& b) {
        return isFirst(a) != isFirst(b) ? isFirst(a) : vulkan::isBetter(a, b);
    });
    return devices;
}

Result<std::unique_ptr<Device>> openDevice(const std::string& name) {
    const std::string& wanted = name.empty() ? tuning().device : name;
    if (wanted.empty()) return openBest();
    if (wanted == kCpu) return openCpu();
    return VulkanDevice::open(wanted == kAnyVulkan ? std::string() : wanted);
}

} // namespace ponder::inference
