#include "inference/device.h"

#include "inference/device_cpu.h"
#include "inference/device_vulkan.h"

namespace ponder::inference {

Result<std::unique_ptr<Device>> openDevice(const std::string& name) {
    if (name == "cpu") return std::unique_ptr<Device>(std::make_unique<CpuDevice>());
    return VulkanDevice::open(name);
}

} // namespace ponder::inference
