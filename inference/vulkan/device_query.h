#pragma once
// Asks a physical device for everything Ponder wants to know, and prepares what a logical device of it enables. Part of
// Context; nothing outside inference/vulkan includes it. Values that point into themselves: not copied, not moved.

#include <memory>
#include <string>
#include <vector>

#include "inference/vulkan/device_caps.h"
#include "inference/vulkan/instance.h"
#include "inference/vulkan/volk.h"

namespace ponder::vulkan {

// Chain of feature structures, first as reported by the device, then cut down to what is enabled.
struct FeatureChain {
    VkPhysicalDeviceFeatures2 core{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
    VkPhysicalDeviceVulkan11Features v11{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES};
    VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    VkPhysicalDeviceSubgroupSizeControlFeatures subgroupSize{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES};
    VkPhysicalDeviceMaintenance4Features maintenance4{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_FEATURES};
    VkPhysicalDeviceShaderIntegerDotProductFeatures integerDot{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES};
    VkPhysicalDeviceCooperativeMatrixFeaturesKHR matrix{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR};
    VkPhysicalDeviceCooperativeMatrix2FeaturesNV matrix2{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_2_FEATURES_NV};
};

struct DeviceQuery {
    DeviceCaps caps;
    std::vector<std::string> missing; // what Ponder needs and the device lacks, by Vulkan's names; empty: usable
    std::vector<const char*> extensions; // to enable
    FeatureChain enable;                 // to enable: pass &enable.core as pNext
};

std::unique_ptr<DeviceQuery> queryDevice(const Instance& instance, VkPhysicalDevice device, uint32_t index);

} // namespace ponder::vulkan
