#pragma once
// The Vulkan instance and its debug messenger. Owns both. Part of Context; nothing outside inference/vulkan includes it.
// Created on one thread; the message counter may be read from any.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "inference/vulkan/volk.h"
#include "models/base/result.h"

namespace ponder::vulkan {

Error noDevice(); // the sentence for a computer without any

class Instance {
public:
    // Errors: NoDevice (no loader, or a loader that refuses). Without the validation layer `validation` gives a warning in
    // the log and an instance without it.
    static Result<std::unique_ptr<Instance>> create(bool validation);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    VkInstance handle() const { return m_instance; }
    uint32_t apiVersion() const { return m_apiVersion; } // what we asked for: at most 1.3
    bool debugUtils() const { return m_debugUtils; }
    bool validationActive() const { return m_validation; }
    uint64_t validationMessages() const { return m_messages.load(std::memory_order_relaxed); }
    static uint64_t messagesOfProcess();
    std::vector<VkPhysicalDevice> physicalDevices() const; // in the loader's order; empty on failure

private:
    Instance() = default;
    VkInstance m_instance = VK_NULL_HANDLE;
    VkDebugUtilsMessengerEXT m_messenger = VK_NULL_HANDLE;
    uint32_t m_apiVersion = 0;
    bool m_debugUtils = false, m_validation = false;
    std::atomic<uint64_t> m_messages{0}; // errors and warnings
};

} // namespace ponder::vulkan
