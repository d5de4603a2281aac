#pragma once
// One Vulkan device with its queues, and the one gate that every fallible Vulkan call goes through. Owns instance, device,
// volk's table and the timeline of its compute queue. Created and used by the engine's thread; `call` and the caps may be
// used by the uploading thread too.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inference/vulkan/device_caps.h"
#include "inference/vulkan/volk.h"
#include "models/base/result.h"

namespace ponder::vulkan {

struct ContextOptions {
    std::string device; // "vulkan:0", or empty: the best (discrete before integrated before software)
    // With synchronization validation; messages go to the log and are counted. Tuning can ask for it too.
    bool validation = false;
    // For tests: the Nth call fails, as "lost", "device_memory" or "host_memory". 0: as tuning says.
    uint64_t failCall = 0;
    std::string failResult;
};

// How far a queue has come, by its timeline. Value 0: nothing to wait for.
struct TimelinePoint {
    VkSemaphore semaphore = VK_NULL_HANDLE;
    uint64_t value = 0;
};

class Context {
public:
    // Errors: NoDevice (none, or none by that name), DeviceTooLimited (names the missing features).
    static Result<std::unique_ptr<Context>> create(const ContextOptions& options);
    // Every device with its caps, the unusable ones left out; an empty list without a Vulkan loader. Never fails loudly.
    static std::vector<DeviceCaps> enumerate();
    ~Context();

    const DeviceCaps& caps() const;
    // Before kernels are made: from here on the caps say what was measured, unless tuning orders otherwise.
    void prefer(const MeasuredPaths& paths);
    VkDevice device() const;
    VkPhysicalDevice physicalDevice() const;
    const VolkDeviceTable& vk() const; // device functions
    uint32_t computeFamily() const;
    VkQueue computeQueue() const;
    bool hasTransferQueue() const; // a family of its own for uploads
    uint32_t transferFamily() const;
    VkQueue transferQueue() const;
    bool validationActive() const;
    uint64_t validationMessages() const;           // errors and warnings seen so far
    static uint64_t validationMessagesOfProcess(); // of all contexts, those that are gone too

    // Runs one Vulkan call and turns its result into ours: OUT_OF_DEVICE_MEMORY, OUT_OF_HOST_MEMORY, DEVICE_LOST have
    // codes of their own. `what`: "allocating 512 MB of device memory". Counts calls, and fails the Nth on request.
    // Any thread.
    Result<void> call(std::string_view what, const std::function<VkResult()>& body) const;
    // For what may fail without harm (a cache, a counter): not counted and never failed on request; a loss is remembered.
    VkResult tryCall(const std::function<VkResult()>& body) const;
    bool lost() const; // a call has said DEVICE_LOST: nothing may be submitted any more
    uint64_t callCount() const;

    // Timeline of the compute queue: submit returns the value that marks completion.
    // `after`: of another queue's timeline; what is submitted from here on begins behind it.
    Result<uint64_t> submit(std::vector<VkCommandBuffer> buffers, TimelinePoint after = {});
    TimelinePoint submitted() const;   // all of the compute queue so far
    Result<void> wait(uint64_t value); // watches for a lost device; no limit of its own
    uint64_t completed() const;        // the last value passed
    // Until nothing runs on any queue. What still holds buffers that submitted work uses calls it before freeing them.
    void waitIdle() const;

    // For the other parts of inference/vulkan. submitTo may be called from any thread; it locks the queue.
    Result<void> submitTo(VkQueue queue, const VkSubmitInfo& info, std::string_view what) const;
    Result<VkSemaphore> createTimeline(std::string_view name) const; // the caller destroys it
    Result<void> waitTimeline(VkSemaphore semaphore, uint64_t value) const;
    bool debugNames() const;
    void nameObject(VkObjectType type, uint64_t handle, std::string_view name) const;

private:
    struct Data;
    explicit Context(std::unique_ptr<Data> data);
    Result<void> openDevice();
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::vulkan
