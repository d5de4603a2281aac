#include "inference/vulkan/context.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "inference/tuning.h"
#include "inference/vulkan/device_query.h"
#include "models/base/log.h"
#include "models/base/text.h"

namespace ponder::vulkan {

namespace {

// How long one wait may last before it looks whether the device is still there.
constexpr uint64_t kWaitSliceNs = 1'000'000'000;

struct Families {
    uint32_t compute = VK_QUEUE_FAMILY_IGNORED;
    uint32_t transfer = VK_QUEUE_FAMILY_IGNORED; // has neither graphics nor compute; ignored: there is none
    uint32_t timestampBits = 0;
};

Families findFamilies(VkPhysicalDevice device) {
    uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
    std::vector<VkQueueFamilyProperties> all(count);
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, all.data());
    Families found;
    bool withGraphics = true;
    for (uint32_t i = 0; i < count; ++i) {
        const VkQueueFlags flags = all[i].queueFlags;
        const bool graphics = (flags & VK_QUEUE_GRAPHICS_BIT) != 0;
        // A family without graphics starts a submission sooner: 7.5 us against 13.6 on an H100.
        if ((flags & VK_QUEUE_COMPUTE_BIT) &&
            (found.compute == VK_QUEUE_FAMILY_IGNORED || (withGraphics && !graphics))) {
            found.compute = i;
            found.timestampBits = all[i].timestampValidBits;
            withGraphics = graphics;
        }
        // Exactly transfers: video and sparse-only families would pass a laxer test and copy slowly.
        constexpr VkQueueFlags kBesides = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT |
                                          VK_QUEUE_VIDEO_DECODE_BIT_KHR | VK_QUEUE_VIDEO_ENCODE_BIT_KHR |
                                          VK_QUEUE_OPTICAL_FLOW_BIT_NV;
        if ((flags & VK_QUEUE_TRANSFER_BIT) && !(flags & kBesides) &&
            found.transfer == VK_QUEUE_FAMILY_IGNORED)
            found.transfer = i;
    }
    return found;
}

struct Candidate {
    VkPhysicalDevice device = VK_NULL_HANDLE;
    std::unique_ptr<DeviceQuery> query;
};

std::vector<Candidate> queryAll(const Instance& instance) {
    std::vector<Candidate> result;
    const auto devices = instance.physicalDevices();
    for (uint32_t i = 0; i < devices.size(); ++i)
        result.push_back({devices[i], queryDevice(instance, devices[i], i)});
    return result;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

Error tooLimited(const DeviceQuery& query) {
    return {ErrorCode::DeviceTooLimited,
            fmt::format("{} ({}) lacks {}, which Ponder needs: update its driver or choose another device.",
                        printable(query.caps.name), query.caps.id, joined(query.missing))};
}

Result<size_t> choose(const std::vector<Candidate>& candidates, const std::string& wanted) {
    if (candidates.empty()) return noDevice();
    if (!wanted.empty()) {
        std::vector<std::string> names;
        for (size_t i = 0; i < candidates.size(); ++i) {
            const DeviceQuery& query = *candidates[i].query;
            names.push_back(fmt::format("{} ({})", query.caps.id, printable(query.caps.name)));
            if (query.caps.id != wanted) continue;
            if (!query.missing.empty()) return tooLimited(query);
            return i;
        }
        return Error{ErrorCode::NoDevice,
                     fmt::format("There is no device '{}' on this computer: choose {}, or cpu.",
                                 printable(wanted), joined(names))};
    }
    size_t best = candidates.size();
    for (size_t i = 0; i < candidates.size(); ++i)
        if (candidates[i].query->missing.empty() &&
            (best == candidates.size() || isBetter(candidates[i].query->caps, candidates[best].query->caps)))
            best = i;
    if (best == candidates.size()) return tooLimited(*candidates.front().query);
    return best;
}

VkResult injectedResult(const std::string& name) {
    if (name == "device_memory") return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    if (name == "host_memory") return VK_ERROR_OUT_OF_HOST_MEMORY;
    return VK_ERROR_DEVICE_LOST;
}

Error toError(VkResult result, std::string_view what) {
    switch (result) {
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
        return {ErrorCode::OutOfDeviceMemory, fmt::format("The device ran out of memory while {}: choose a "
                                                          "smaller context or a smaller model, or close "
                                                          "programs that use the graphics card.",
                                                          what)};
    case VK_ERROR_OUT_OF_HOST_MEMORY:
        return {
            ErrorCode::OutOfHostMemory,
            fmt::format(
                "The computer ran out of memory while {}: close other programs or choose a smaller model.",
                what)};
    case VK_ERROR_DEVICE_LOST:
        return {ErrorCode::DeviceLost,
                fmt::format(
                    "The graphics driver gave up (device lost) while {}: try again, and update the driver if "
                    "it happens often.",
                    what)};
    default:
        return {ErrorCode::Internal,
                fmt::format("The graphics driver failed with Vulkan error {} while {}: update the driver "
                            "or choose another device.",
                            static_cast<int>(result), what)};
    }
}

} // namespace

struct Context::Data {
    std::unique_ptr<Instance> instance;
    VkPhysicalDevice physicalDevice = VK_NULL_HANDLE;
    std::unique_ptr<DeviceQuery> query;
    Families families;
    VkDevice device = VK_NULL_HANDLE;
    VolkDeviceTable vk{};
    VkQueue computeQueue = VK_NULL_HANDLE, transferQueue = VK_NULL_HANDLE;
    VkSemaphore timeline = VK_NULL_HANDLE;
    uint64_t lastSubmitted = 0;
    std::atomic<uint64_t> calls{0};
    std::atomic<bool> lost{false};
    uint64_t failCall = 0; // the Nth call fails; 0: none
    bool failOnce = false; // ordered by the environment: once in the process, so that trying again succeeds
    VkResult failResult = VK_ERROR_DEVICE_LOST;
    std::mutex queueMutex; // of both queues: the uploading threads may share the compute queue

    void drain() {
        if (!device) return;
        const std::lock_guard lock(queueMutex);
        vk.vkDeviceWaitIdle(device);
    }
};

Context::Context(std::unique_ptr<Data> data) : m_data(std::move(data)) {}

Result<std::unique_ptr<Context>> Context::create(const ContextOptions& options) {
    const auto& tuning = inference::tuning();
    auto data = std::make_unique<Data>();
    ASSIGN_OR_RETURN(data->instance, Instance::create(options.validation || tuning.validation));
    data->failCall = options.failCall ? options.failCall : tuning.failVulkanCall;
    data->failOnce = options.failCall == 0;
    data->failResult = injectedResult(options.failCall ? options.failResult : tuning.failVulkanResult);

    auto candidates = queryAll(*data->instance);
    ASSIGN_OR_RETURN(const size_t chosen, choose(candidates, options.device));
    data->physicalDevice = candidates[chosen].device;
    data->query = std::move(candidates[chosen].query);
    DeviceCaps& caps = data->query->caps;
    data->families = findFamilies(data->physicalDevice);
    if (data->families.compute == VK_QUEUE_FAMILY_IGNORED)
        return Error{
            ErrorCode::DeviceTooLimited,
            fmt::format("{} ({}) has no queue for compute, which Ponder needs: choose another device.",
                        printable(caps.name), caps.id)};
    if (data->families.timestampBits == 0) caps.timestampPeriodNs = 0;
    if (tuning.noCooperativeMatrix) caps.cooperativeMatrix = caps.cooperativeMatrix2 = false;

    std::unique_ptr<Context> self(new Context(std::move(data)));
    RETURN_IF_ERROR(self->openDevice());
    log(LogLevel::Info, LogCategory::Vulkan, "device {}: {}, {}", self->caps().id, self->caps().name,
        self->caps().driver);
    return self;
}

Result<void> Context::openDevice() {
    Data& d = *m_data;
    const float priority = 1.0f;
    std::vector<VkDeviceQueueCreateInfo> queues;
    for (const uint32_t family : {d.families.compute, d.families.transfer}) {
        if (family == VK_QUEUE_FAMILY_IGNORED) continue;
        VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
        queue.queueFamilyIndex = family;
        queue.queueCount = 1;
        queue.pQueuePriorities = &priority;
        queues.push_back(queue);
    }
    VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
    info.pNext = &d.query->enable.core;
    info.queueCreateInfoCount = static_cast<uint32_t>(queues.size());
    info.pQueueCreateInfos = queues.data();
    info.enabledExtensionCount = static_cast<uint32_t>(d.query->extensions.size());
    info.ppEnabledExtensionNames = d.query->extensions.data();
    RETURN_IF_ERROR(call("opening the device",
                         [&] { return vkCreateDevice(d.physicalDevice, &info, nullptr, &d.device); }));
    volkLoadDeviceTable(&d.vk, d.device);
    d.vk.vkGetDeviceQueue(d.device, d.families.compute, 0, &d.computeQueue);
    d.transferQueue = d.computeQueue;
    if (d.families.transfer != VK_QUEUE_FAMILY_IGNORED)
        d.vk.vkGetDeviceQueue(d.device, d.families.transfer, 0, &d.transferQueue);
    ASSIGN_OR_RETURN(d.timeline, createTimeline("compute timeline"));
    return {};
}

std::vector<DeviceCaps> Context::enumerate() {
    std::vector<DeviceCaps> result;
    const auto instance = Instance::create(false);
    if (!instance.ok()) return result;
    for (const Candidate& candidate : queryAll(**instance))
        if (candidate.query->missing.empty()) result.push_back(candidate.query->caps);
    return result;
}

Context::~Context() {
    Data& d = *m_data;
    if (!d.device) return;
    waitIdle();
    if (d.timeline) d.vk.vkDestroySemaphore(d.device, d.timeline, nullptr);
    d.vk.vkDestroyDevice(d.device, nullptr);
}

void Context::prefer(const MeasuredPaths& paths) {
    DeviceCaps& caps = m_data->query->caps;
    caps.integersFaster = paths.integers;
    if (paths.matrices == false && !inference::tuning().anyCooperativeMatrix)
        caps.cooperativeMatrix = caps.cooperativeMatrix2 = false;
}

const DeviceCaps& Context::caps() const { return m_data->query->caps; }
VkDevice Context::device() const { return m_data->device; }
VkPhysicalDevice Context::physicalDevice() const { return m_data->physicalDevice; }
const VolkDeviceTable& Context::vk() const { return m_data->vk; }
uint32_t Context::computeFamily() const { return m_data->families.compute; }
VkQueue Context::computeQueue() const { return m_data->computeQueue; }
bool Context::hasTransferQueue() const { return m_data->families.transfer != VK_QUEUE_FAMILY_IGNORED; }
uint32_t Context::transferFamily() const {
    return hasTransferQueue() ? m_data->families.transfer : m_data->families.compute;
}
VkQueue Context::transferQueue() const { return m_data->transferQueue; }
bool Context::validationActive() const { return m_data->instance->validationActive(); }
bool Context::debugNames() const { return m_data->instance->debugUtils(); }
uint64_t Context::validationMessages() const { return m_data->instance->validationMessages(); }
uint64_t Context::validationMessagesOfProcess() { return Instance::messagesOfProcess(); }
bool Context::lost() const { return m_data->lost.load(std::memory_order_acquire); }
uint64_t Context::callCount() const { return m_data->calls.load(std::memory_order_relaxed); }

Result<void> Context::call(std::string_view what, const std::function<VkResult()>& body) const {
    Data& d = *m_data;
    if (lost()) return toError(VK_ERROR_DEVICE_LOST, what);
    const uint64_t number = d.calls.fetch_add(1, std::memory_order_relaxed) + 1;
    VkResult result = VK_SUCCESS;
    static std::atomic<bool> struck{false};
    if (number == d.failCall && !(d.failOnce && struck.exchange(true))) {
        result = d.failResult;
        // On a device that is really lost nothing runs any more; make it so for the pretended loss.
        if (result == VK_ERROR_DEVICE_LOST) {
            d.lost.store(true, std::memory_order_release);
            d.drain();
        }
    } else {
        result = body();
    }
    if (result >= VK_SUCCESS) return {}; // the positive ones are answers, not failures
    if (result == VK_ERROR_DEVICE_LOST) d.lost.store(true, std::memory_order_release);
    return toError(result, what);
}

VkResult Context::tryCall(const std::function<VkResult()>& body) const {
    if (lost()) return VK_ERROR_DEVICE_LOST;
    const VkResult result = body();
    if (result == VK_ERROR_DEVICE_LOST) m_data->lost.store(true, std::memory_order_release);
    return result;
}

void Context::waitIdle() const {
    if (!lost()) m_data->drain(); // a loss noticed here is noticed again by the next call
}

Result<VkSemaphore> Context::createTimeline(std::string_view name) const {
    VkSemaphoreTypeCreateInfo type{VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO};
    type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
    VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    info.pNext = &type;
    VkSemaphore semaphore = VK_NULL_HANDLE;
    RETURN_IF_ERROR(call("creating a semaphore",
                         [&] { return vk().vkCreateSemaphore(device(), &info, nullptr, &semaphore); }));
    nameObject(VK_OBJECT_TYPE_SEMAPHORE, reinterpret_cast<uint64_t>(semaphore), name);
    return semaphore;
}

void Context::nameObject(VkObjectType type, uint64_t handle, std::string_view name) const {
    if (!debugNames() || name.empty()) return;
    const std::string text(name);
    VkDebugUtilsObjectNameInfoEXT info{VK_STRUCTURE_TYPE_DEBUG_UTILS_OBJECT_NAME_INFO_EXT};
    info.objectType = type;
    info.objectHandle = handle;
    info.pObjectName = text.c_str();
    vkSetDebugUtilsObjectNameEXT(device(), &info); // a name that could not be set harms nothing
}

Result<void> Context::submitTo(VkQueue queue, const VkSubmitInfo& info, std::string_view what) const {
    return call(what, [&] {
        const std::lock_guard lock(m_data->queueMutex);
        if (lost()) return VK_ERROR_DEVICE_LOST; // another thread learnt it while this one waited
        return vk().vkQueueSubmit(queue, 1, &info, VK_NULL_HANDLE);
    });
}

Result<uint64_t> Context::submit(std::vector<VkCommandBuffer> buffers, TimelinePoint after) {
    Data& d = *m_data;
    const uint64_t value = d.lastSubmitted + 1;
    constexpr VkPipelineStageFlags kAllStages = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;
    VkTimelineSemaphoreSubmitInfo timeline{VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO};
    timeline.signalSemaphoreValueCount = 1;
    timeline.pSignalSemaphoreValues = &value;
    VkSubmitInfo info{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    info.pNext = &timeline;
    info.commandBufferCount = static_cast<uint32_t>(buffers.size());
    info.pCommandBuffers = buffers.data();
    info.signalSemaphoreCount = 1;
    info.pSignalSemaphores = &d.timeline;
    if (after.value > 0) {
        timeline.waitSemaphoreValueCount = info.waitSemaphoreCount = 1;
        timeline.pWaitSemaphoreValues = &after.value;
        info.pWaitSemaphores = &after.semaphore;
        info.pWaitDstStageMask = &kAllStages;
    }
    RETURN_IF_ERROR(submitTo(d.computeQueue, info, "submitting work"));
    d.lastSubmitted = value;
    return value;
}

TimelinePoint Context::submitted() const { return {m_data->timeline, m_data->lastSubmitted}; }

Result<void> Context::wait(uint64_t value) { return waitTimeline(m_data->timeline, value); }

Result<void> Context::waitTimeline(VkSemaphore semaphore, uint64_t value) const {
    VkSemaphoreWaitInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO};
    info.semaphoreCount = 1;
    info.pSemaphores = &semaphore;
    info.pValues = &value;
    for (VkResult result = VK_TIMEOUT; result == VK_TIMEOUT;)
        RETURN_IF_ERROR(call("waiting for the device",
                             [&] { return result = vk().vkWaitSemaphores(device(), &info, kWaitSliceNs); }));
    return {};
}

uint64_t Context::completed() const {
    const Data& d = *m_data;
    uint64_t value = 0;
    const VkResult read =
        tryCall([&] { return vk().vkGetSemaphoreCounterValue(device(), d.timeline, &value); });
    // On a lost device everything is over: nothing submitted will run.
    return read == VK_SUCCESS ? value : lost() ? d.lastSubmitted : 0;
}

} // namespace ponder::vulkan
