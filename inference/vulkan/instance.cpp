#include "inference/vulkan/instance.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string_view>

#include "models/base/log.h"

namespace ponder::vulkan {

namespace {

std::atomic<uint64_t> g_messages{0};

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

VKAPI_ATTR VkBool32 VKAPI_CALL onMessage(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                         VkDebugUtilsMessageTypeFlagsEXT,
                                         const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
    static_cast<std::atomic<uint64_t>*>(user)->fetch_add(1, std::memory_order_relaxed);
    g_messages.fetch_add(1, std::memory_order_relaxed);
    const bool error = (severity & VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT) != 0;
    log(error ? LogLevel::Error : LogLevel::Warning, LogCategory::Vulkan, "validation: {}",
        data->pMessage ? data->pMessage : "");
    return VK_FALSE;
}

bool hasLayer(const char* name) {
    uint32_t count = 0;
    if (vkEnumerateInstanceLayerProperties(&count, nullptr) != VK_SUCCESS) return false;
    std::vector<VkLayerProperties> layers(count);
    if (vkEnumerateInstanceLayerProperties(&count, layers.data()) < 0) return false;
    return std::any_of(layers.begin(), layers.end(), [&](const VkLayerProperties& layer) {
        return std::strcmp(layer.layerName, name) == 0;
    });
}

bool hasExtension(const char* layer, const char* name) {
    uint32_t count = 0;
    if (vkEnumerateInstanceExtensionProperties(layer, &count, nullptr) != VK_SUCCESS) return false;
    std::vector<VkExtensionProperties> extensions(count);
    if (vkEnumerateInstanceExtensionProperties(layer, &count, extensions.data()) < 0) return false;
    return std::any_of(extensions.begin(), extensions.end(), [&](const VkExtensionProperties& extension) {
        return std::strcmp(extension.extensionName, name) == 0;
    });
}

VkResult initialiseVolk() {
    static std::once_flag once;
    static VkResult result = VK_ERROR_INITIALIZATION_FAILED;
    std::call_once(once, [] { result = volkInitialize(); });
    return result;
}

} // namespace

Error noDevice() {
    return {ErrorCode::NoDevice,
            "No Vulkan device was found: install the Vulkan driver of the graphics card "
            "(mesa-vulkan-drivers for AMD, Intel and software; nvidia-driver for NVIDIA), or choose the "
            "device cpu."};
}

Result<std::unique_ptr<Instance>> Instance::create(bool validation) {
    if (initialiseVolk() != VK_SUCCESS)
        return Error{ErrorCode::NoDevice,
                     "There is no Vulkan loader (libvulkan.so.1) on this computer: install the package "
                     "libvulkan1 and the Vulkan driver of the graphics card, or choose the device cpu."};

    std::unique_ptr<Instance> self(new Instance);
    self->m_apiVersion = std::min(volkGetInstanceVersion(), VK_API_VERSION_1_3);
    if (self->m_apiVersion < VK_API_VERSION_1_2)
        return Error{ErrorCode::NoDevice,
                     fmt::format("The Vulkan loader of this computer speaks Vulkan {}.{} and Ponder needs "
                                 "1.2: update the package libvulkan1.",
                                 VK_API_VERSION_MAJOR(self->m_apiVersion),
                                 VK_API_VERSION_MINOR(self->m_apiVersion))};

    std::vector<const char*> layers, extensions;
    self->m_debugUtils = hasExtension(nullptr, VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    if (validation) {
        self->m_validation = self->m_debugUtils && hasLayer(kValidationLayer) &&
                             hasExtension(kValidationLayer, VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
        if (!self->m_validation)
            log(LogLevel::Warning, LogCategory::Vulkan,
                "validation was asked for, but the layer {} is not installed (package "
                "vulkan-validationlayers)",
                kValidationLayer);
    }
    if (self->m_debugUtils) extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    if (self->m_validation) {
        layers.push_back(kValidationLayer);
        extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
    }

    VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO};
    application.pApplicationName = "Ponder";
    application.apiVersion = self->m_apiVersion;
    const VkValidationFeatureEnableEXT enabled[] = {
        VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
    VkValidationFeaturesEXT features{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT};
    features.enabledValidationFeatureCount = 1;
    features.pEnabledValidationFeatures = enabled;
    VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
    info.pNext = self->m_validation ? &features : nullptr;
    info.pApplicationInfo = &application;
    info.enabledLayerCount = static_cast<uint32_t>(layers.size());
    info.ppEnabledLayerNames = layers.data();
    info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    const VkResult created = vkCreateInstance(&info, nullptr, &self->m_instance);
    if (created != VK_SUCCESS) {
        self->m_instance = VK_NULL_HANDLE;
        if (created == VK_ERROR_OUT_OF_HOST_MEMORY)
            return Error{ErrorCode::OutOfHostMemory,
                         "The computer ran out of memory while starting Vulkan: close other programs."};
        if (created == VK_ERROR_INCOMPATIBLE_DRIVER)
            return noDevice(); // what the loader says where there is no driver
        return Error{
            ErrorCode::NoDevice,
            fmt::format("Vulkan could not be started (error {}): update the driver of the graphics card.",
                        static_cast<int>(created))};
    }
    volkLoadInstanceOnly(self->m_instance);

    if (self->m_validation) {
        VkDebugUtilsMessengerCreateInfoEXT messenger{VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT};
        messenger.messageSeverity =
            VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT;
        messenger.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT;
        messenger.pfnUserCallback = onMessage;
        messenger.pUserData = &self->m_messages;
        if (vkCreateDebugUtilsMessengerEXT(self->m_instance, &messenger, nullptr, &self->m_messenger) !=
            VK_SUCCESS)
            self->m_validation = false;
    }
    return self;
}

uint64_t Instance::messagesOfProcess() { return g_messages.load(std::memory_order_relaxed); }

Instance::~Instance() {
    if (m_messenger) vkDestroyDebugUtilsMessengerEXT(m_instance, m_messenger, nullptr);
    if (m_instance) vkDestroyInstance(m_instance, nullptr);
}

std::vector<VkPhysicalDevice> Instance::physicalDevices() const {
    uint32_t count = 0;
    if (vkEnumeratePhysicalDevices(m_instance, &count, nullptr) != VK_SUCCESS) return {};
    std::vector<VkPhysicalDevice> devices(count);
    if (vkEnumeratePhysicalDevices(m_instance, &count, devices.data()) < 0) return {};
    devices.resize(count);
    return devices;
}

} // namespace ponder::vulkan
