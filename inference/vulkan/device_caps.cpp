#include "inference/vulkan/device_caps.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "inference/vulkan/device_query.h"

namespace ponder::vulkan {

namespace {

class Extensions {
public:
    explicit Extensions(VkPhysicalDevice device) {
        uint32_t count = 0;
        if (vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr) != VK_SUCCESS) return;
        m_all.resize(count);
        if (vkEnumerateDeviceExtensionProperties(device, nullptr, &count, m_all.data()) < 0) m_all.clear();
    }
    bool has(const char* name) const {
        return std::any_of(m_all.begin(), m_all.end(), [&](const VkExtensionProperties& one) {
            return std::strcmp(one.extensionName, name) == 0;
        });
    }

private:
    std::vector<VkExtensionProperties> m_all;
};

// Appends to a pNext chain whose last link is `tail`.
template <typename Struct>
void link(void**& tail, Struct& next) {
    *tail = &next;
    tail = &next.pNext;
}

// Whether a monitor hangs on the card at this PCI address, as the kernel's mode setting sees it.
bool hasConnectedConnector(const VkPhysicalDevicePCIBusInfoPropertiesEXT& pci) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path folder = fmt::format("/sys/bus/pci/devices/{:04x}:{:02x}:{:02x}.{:x}/drm", pci.pciDomain,
                                        pci.pciBus, pci.pciDevice, pci.pciFunction);
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (at.depth() == 2) at.disable_recursion_pending(); // drm/card0/card0-HDMI-A-1/status
        if (at->path().filename() != "status") continue;
        std::string status;
        std::ifstream(at->path()) >> status;
        if (status == "connected") return true;
    }
    return false;
}

// Cooperative matrices come in many combinations; ours is f16 x f16 -> f32 at 16x16x16, shared by one subgroup.
bool hasOurMatrix(VkPhysicalDevice device) {
    uint32_t count = 0;
    if (!vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR ||
        vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, &count, nullptr) != VK_SUCCESS)
        return false;
    std::vector<VkCooperativeMatrixPropertiesKHR> all(count,
                                                      {VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR});
    if (vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, &count, all.data()) < 0) return false;
    return std::any_of(all.begin(), all.end(), [](const VkCooperativeMatrixPropertiesKHR& one) {
        return one.MSize == 16 && one.NSize == 16 && one.KSize == 16 &&
               one.AType == VK_COMPONENT_TYPE_FLOAT16_KHR && one.BType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
               one.CType == VK_COMPONENT_TYPE_FLOAT32_KHR &&
               one.ResultType == VK_COMPONENT_TYPE_FLOAT32_KHR && one.scope == VK_SCOPE_SUBGROUP_KHR;
    });
}

bool hasOurFlexibleMatrix(VkPhysicalDevice device) {
    uint32_t count = 0;
    if (!vkGetPhysicalDeviceCooperativeMatrixFlexibleDimensionsPropertiesNV ||
        vkGetPhysicalDeviceCooperativeMatrixFlexibleDimensionsPropertiesNV(device, &count, nullptr) !=
            VK_SUCCESS)
        return false;
    std::vector<VkCooperativeMatrixFlexibleDimensionsPropertiesNV> all(
        count, {VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_FLEXIBLE_DIMENSIONS_PROPERTIES_NV});
    if (vkGetPhysicalDeviceCooperativeMatrixFlexibleDimensionsPropertiesNV(device, &count, all.data()) < 0)
        return false;
    return std::any_of(
        all.begin(), all.end(), [](const VkCooperativeMatrixFlexibleDimensionsPropertiesNV& one) {
            return one.AType == VK_COMPONENT_TYPE_FLOAT16_KHR && one.BType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
                   one.ResultType == VK_COMPONENT_TYPE_FLOAT32_KHR && one.scope == VK_SCOPE_WORKGROUP_KHR;
        });
}

void readHeaps(VkPhysicalDevice device, bool budgets, DeviceCaps& caps) {
    VkPhysicalDeviceMemoryBudgetPropertiesEXT budget{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT};
    VkPhysicalDeviceMemoryProperties2 memory{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2};
    if (budgets) memory.pNext = &budget;
    vkGetPhysicalDeviceMemoryProperties2(device, &memory);
    const auto& properties = memory.memoryProperties;
    for (uint32_t i = 0; i < properties.memoryHeapCount; ++i) {
        MemoryHeap heap;
        heap.sizeBytes = properties.memoryHeaps[i].size;
        heap.budgetBytes = budgets && budget.heapBudget[i] ? budget.heapBudget[i] : heap.sizeBytes;
        heap.deviceLocal = (properties.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0;
        for (uint32_t t = 0; t < properties.memoryTypeCount; ++t)
            heap.hostVisible |=
                properties.memoryTypes[t].heapIndex == i &&
                (properties.memoryTypes[t].propertyFlags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) != 0;
        caps.heaps.push_back(heap);
    }
}

} // namespace

std::unique_ptr<DeviceQuery> queryDevice(const Instance& instance, VkPhysicalDevice device, uint32_t index) {
    auto query = std::make_unique<DeviceQuery>();
    DeviceCaps& caps = query->caps;
    caps.id = fmt::format("vulkan:{}", index);

    VkPhysicalDeviceProperties basic{};
    vkGetPhysicalDeviceProperties(device, &basic);
    caps.name = basic.deviceName;
    caps.vendorId = basic.vendorID;
    caps.deviceId = basic.deviceID;
    caps.driverVersion = basic.driverVersion;
    caps.apiVersion = std::min(basic.apiVersion, instance.apiVersion());
    if (basic.apiVersion < VK_API_VERSION_1_2) {
        query->missing.push_back(fmt::format("Vulkan 1.2 (it has {}.{})",
                                             VK_API_VERSION_MAJOR(basic.apiVersion),
                                             VK_API_VERSION_MINOR(basic.apiVersion)));
        return query;
    }
    const bool v13 = caps.apiVersion >= VK_API_VERSION_1_3;
    const Extensions extensions(device);
    // Promoted into 1.3: there by extension or by version.
    const auto hasPromoted = [&](const char* name) { return v13 || extensions.has(name); };
    const bool sizeControl = hasPromoted(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
    const bool maintenance4 = hasPromoted(VK_KHR_MAINTENANCE_4_EXTENSION_NAME);
    const bool dot = hasPromoted(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
    const bool matrix = extensions.has(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
    const bool matrix2 = v13 && matrix && extensions.has(VK_NV_COOPERATIVE_MATRIX_2_EXTENSION_NAME);
    const bool budgets = extensions.has(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
    const bool hostImport = extensions.has(VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME);
    const bool pciBus = extensions.has(VK_EXT_PCI_BUS_INFO_EXTENSION_NAME);
    const bool unitsNv = extensions.has(VK_NV_SHADER_SM_BUILTINS_EXTENSION_NAME);
    const bool unitsAmd = extensions.has(VK_AMD_SHADER_CORE_PROPERTIES_EXTENSION_NAME);
    const bool unitsArm = extensions.has(VK_ARM_SHADER_CORE_BUILTINS_EXTENSION_NAME);

    // Properties.
    VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    VkPhysicalDeviceVulkan11Properties p11{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES};
    VkPhysicalDeviceVulkan12Properties p12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES};
    VkPhysicalDeviceSubgroupSizeControlProperties pSubgroup{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES};
    VkPhysicalDeviceMaintenance4Properties p4{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_PROPERTIES};
    VkPhysicalDeviceShaderIntegerDotProductProperties pDot{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_PROPERTIES};
    VkPhysicalDevicePCIBusInfoPropertiesEXT pci{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PCI_BUS_INFO_PROPERTIES_EXT};
    VkPhysicalDeviceExternalMemoryHostPropertiesEXT pHost{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_MEMORY_HOST_PROPERTIES_EXT};
    VkPhysicalDeviceShaderSMBuiltinsPropertiesNV pUnitsNv{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_SM_BUILTINS_PROPERTIES_NV};
    VkPhysicalDeviceShaderCorePropertiesAMD pUnitsAmd{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CORE_PROPERTIES_AMD};
    VkPhysicalDeviceShaderCoreBuiltinsPropertiesARM pUnitsArm{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CORE_BUILTINS_PROPERTIES_ARM};
    void** tail = &properties.pNext;
    link(tail, p11);
    if (hostImport) link(tail, pHost);
    link(tail, p12);
    if (sizeControl) link(tail, pSubgroup);
    if (maintenance4) link(tail, p4);
    if (dot) link(tail, pDot);
    if (pciBus) link(tail, pci);
    if (unitsNv) link(tail, pUnitsNv);
    if (unitsAmd) link(tail, pUnitsAmd);
    if (unitsArm) link(tail, pUnitsArm);
    vkGetPhysicalDeviceProperties2(device, &properties);
    const VkPhysicalDeviceLimits& limits = properties.properties.limits;

    caps.driver = fmt::format("{} {}", p12.driverName, p12.driverInfo);
    caps.software = basic.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    caps.unified = caps.software || basic.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
    caps.discrete = basic.deviceType == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
    caps.drivesDisplay = pciBus && !caps.software && hasConnectedConnector(pci);
    caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = p11.subgroupSize;
    caps.computeUnits = unitsNv    ? pUnitsNv.shaderSMCount
                        : unitsAmd ? pUnitsAmd.shaderEngineCount * pUnitsAmd.shaderArraysPerEngineCount *
                                         pUnitsAmd.computeUnitsPerShaderArray
                        : unitsArm ? pUnitsArm.shaderCoreCount
                                   : 0;
    caps.maxInvocations = limits.maxComputeWorkGroupInvocations;
    caps.maxSharedBytes = limits.maxComputeSharedMemorySize;
    caps.maxWorkgroupsX = limits.maxComputeWorkGroupCount[0];
    caps.maxWorkgroupsY = limits.maxComputeWorkGroupCount[1];
    caps.maxWorkgroupsZ = limits.maxComputeWorkGroupCount[2];
    caps.maxPushBytes = limits.maxPushConstantsSize;
    caps.hostImportAlignment = hostImport ? pHost.minImportedHostPointerAlignment : 0;
    caps.maxAllocationBytes = p11.maxMemoryAllocationSize;
    if (maintenance4 && p4.maxBufferSize)
        caps.maxAllocationBytes = std::min(caps.maxAllocationBytes, p4.maxBufferSize);
    caps.maxStorageRange = limits.maxStorageBufferRange;
    caps.storageAlignment = static_cast<uint32_t>(limits.minStorageBufferOffsetAlignment);
    caps.timestampPeriodNs = limits.timestampComputeAndGraphics ? limits.timestampPeriod : 0;
    readHeaps(device, budgets, caps);

    // Features, as reported.
    FeatureChain has;
    tail = &has.core.pNext;
    link(tail, has.v11);
    link(tail, has.v12);
    if (sizeControl) link(tail, has.subgroupSize);
    if (maintenance4) link(tail, has.maintenance4);
    if (dot) link(tail, has.integerDot);
    if (matrix) link(tail, has.matrix);
    if (matrix2) link(tail, has.matrix2);
    vkGetPhysicalDeviceFeatures2(device, &has.core);

    // Features, as enabled: what is required, and of the optional what is there.
    FeatureChain& on = query->enable;
    tail = &on.core.pNext;
    const auto need = [&](VkBool32 there, VkBool32& enable, const char* name) {
        enable = VK_TRUE;
        if (!there) query->missing.emplace_back(name);
    };
    link(tail, on.v11);
    link(tail, on.v12);
    need(has.core.features.shaderInt64, on.core.features.shaderInt64, "shaderInt64");
    need(has.v11.storageBuffer16BitAccess, on.v11.storageBuffer16BitAccess, "storageBuffer16BitAccess");
    need(has.v12.storageBuffer8BitAccess, on.v12.storageBuffer8BitAccess, "storageBuffer8BitAccess");
    need(has.v12.bufferDeviceAddress, on.v12.bufferDeviceAddress, "bufferDeviceAddress");
    need(has.v12.scalarBlockLayout, on.v12.scalarBlockLayout, "scalarBlockLayout");
    need(has.v12.timelineSemaphore, on.v12.timelineSemaphore, "timelineSemaphore");
    // What the plain kernels are compiled with; a test holds them to it.
    const std::pair<VkSubgroupFeatureFlagBits, const char*> operations[] = {
        {VK_SUBGROUP_FEATURE_ARITHMETIC_BIT, "subgroup arithmetic"},
        {VK_SUBGROUP_FEATURE_SHUFFLE_BIT, "subgroup shuffles"},
        {VK_SUBGROUP_FEATURE_VOTE_BIT, "subgroup votes"},
        {VK_SUBGROUP_FEATURE_QUAD_BIT, "subgroup quads"},
    };
    for (const auto& [operation, name] : operations)
        if (!(p11.subgroupSupportedOperations & operation) ||
            !(p11.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT))
            query->missing.emplace_back(name);
    on.core.features.shaderInt16 = has.core.features.shaderInt16;
    on.v11.uniformAndStorageBuffer16BitAccess = has.v11.uniformAndStorageBuffer16BitAccess;
    on.v12.uniformAndStorageBuffer8BitAccess = has.v12.uniformAndStorageBuffer8BitAccess;
    on.v12.shaderFloat16 = has.v12.shaderFloat16;
    on.v12.shaderInt8 = has.v12.shaderInt8;
    on.v12.shaderSubgroupExtendedTypes = has.v12.shaderSubgroupExtendedTypes;
    on.v12.vulkanMemoryModel = has.v12.vulkanMemoryModel; // cooperative matrices are compiled against it
    on.v12.vulkanMemoryModelDeviceScope = has.v12.vulkanMemoryModelDeviceScope;
    caps.int64 = has.core.features.shaderInt64;
    caps.int16 = has.core.features.shaderInt16;
    caps.float16 = has.v12.shaderFloat16;
    caps.int8 = has.v12.shaderInt8;

    const auto addExtension = [&](const char* name) {
        if (extensions.has(name)) query->extensions.push_back(name);
    };
    if (sizeControl && has.subgroupSize.subgroupSizeControl &&
        (pSubgroup.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT)) {
        on.subgroupSize.subgroupSizeControl = VK_TRUE;
        on.subgroupSize.computeFullSubgroups = has.subgroupSize.computeFullSubgroups;
        link(tail, on.subgroupSize);
        addExtension(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
        caps.subgroupSizeControl = true;
        caps.minSubgroupSize = pSubgroup.minSubgroupSize;
        caps.maxSubgroupSize = pSubgroup.maxSubgroupSize;
    }
    if (maintenance4 && has.maintenance4.maintenance4) { // LocalSizeId of SPIR-V 1.6
        on.maintenance4.maintenance4 = VK_TRUE;
        link(tail, on.maintenance4);
        addExtension(VK_KHR_MAINTENANCE_4_EXTENSION_NAME);
    }
    if (dot && has.integerDot.shaderIntegerDotProduct) {
        on.integerDot.shaderIntegerDotProduct = VK_TRUE;
        link(tail, on.integerDot);
        addExtension(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
        caps.integerDotAny = true;
        caps.integerDot = pDot.integerDotProduct4x8BitPackedSignedAccelerated;
    }
    if (matrix && has.matrix.cooperativeMatrix && has.v12.vulkanMemoryModel && has.v12.shaderFloat16 &&
        hasOurMatrix(device)) {
        on.matrix.cooperativeMatrix = VK_TRUE;
        link(tail, on.matrix);
        addExtension(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
        caps.cooperativeMatrix = true;
        const auto& m = has.matrix2;
        if (matrix2 && m.cooperativeMatrixWorkgroupScope && m.cooperativeMatrixFlexibleDimensions &&
            m.cooperativeMatrixReductions && m.cooperativeMatrixConversions &&
            m.cooperativeMatrixPerElementOperations && m.cooperativeMatrixTensorAddressing &&
            m.cooperativeMatrixBlockLoads && hasOurFlexibleMatrix(device)) {
            void* const next = on.matrix2.pNext;
            on.matrix2 = m;
            on.matrix2.pNext = next;
            link(tail, on.matrix2);
            addExtension(VK_NV_COOPERATIVE_MATRIX_2_EXTENSION_NAME);
            caps.cooperativeMatrix2 = true;
        }
    }
    addExtension(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
    addExtension(VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME);
    return query;
}

} // namespace ponder::vulkan
