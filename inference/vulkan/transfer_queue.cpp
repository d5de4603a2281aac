#include "inference/vulkan/transfer_queue.h"

#include <algorithm>

namespace ponder::vulkan {

Result<std::unique_ptr<TransferQueue>> TransferQueue::create(const Context& context,
                                                             const TransferOptions& options) {
    std::unique_ptr<TransferQueue> queue(new TransferQueue(context, options));
    RETURN_IF_ERROR(queue->prepare());
    return queue;
}

TransferQueue::~TransferQueue() {
    if (m_sent > 0) m_context.waitIdle();
    const auto& vk = m_context.vk();
    if (m_timeline) vk.vkDestroySemaphore(m_context.device(), m_timeline, nullptr);
    if (m_pool) vk.vkDestroyCommandPool(m_context.device(), m_pool, nullptr);
}

Result<void> TransferQueue::prepare() {
    const auto& vk = m_context.vk();
    VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    pool.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT | VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    pool.queueFamilyIndex = m_context.transferFamily();
    RETURN_IF_ERROR(m_context.call("preparing copies", [&] {
        return vk.vkCreateCommandPool(m_context.device(), &pool, nullptr, &m_pool);
    }));
    VkCommandBufferAllocateInfo buffers{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    buffers.commandPool = m_pool;
    buffers.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    buffers.commandBufferCount = static_cast<uint32_t>(m_commands.size());
    RETURN_IF_ERROR(m_context.call("preparing copies", [&] {
        return vk.vkAllocateCommandBuffers(m_context.device(), &buffers, m_commands.data());
    }));
    ASSIGN_OR_RETURN(m_timeline, m_context.createTimeline("transfer timeline"));
    return {};
}

Result<uint32_t> TransferQueue::slot() const {
    const uint64_t slots = m_commands.size();
    if (m_sent >= slots) RETURN_IF_ERROR(m_context.waitTimeline(m_timeline, m_sent - slots + 1));
    return static_cast<uint32_t>(m_sent % slots);
}

Result<TimelinePoint> TransferQueue::submit(std::span<const BufferCopy> copies) {
    const auto& vk = m_context.vk();
    ASSIGN_OR_RETURN(const uint32_t next, slot());
    const VkCommandBuffer commands = m_commands[next];
    VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    RETURN_IF_ERROR(
        m_context.call("recording copies", [&] { return vk.vkBeginCommandBuffer(commands, &begin); }));
    for (const BufferCopy& copy : copies) {
        const VkBufferCopy region{copy.from.offset, copy.to.offset,
                                  std::min(copy.from.sizeBytes, copy.to.sizeBytes)};
        if (region.size > 0) vk.vkCmdCopyBuffer(commands, copy.from.buffer, copy.to.buffer, 1, &region);
    }
    RETURN_IF_ERROR(m_context.call("recording copies", [&] { return vk.vkEndCommandBuffer(commands); }));

    const TimelinePoint before = m_afterCompute ? m_context.submitted() : TimelinePoint{};
    const uint64_t value = m_sent + 1;
    constexpr VkPipelineStageFlags kAllStages = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;
    VkTimelineSemaphoreSubmitInfo timeline{VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO};
    timeline.waitSemaphoreValueCount = m_afterCompute ? 1 : 0;
    timeline.signalSemaphoreValueCount = 1;
    timeline.pWaitSemaphoreValues = &before.value;
    timeline.pSignalSemaphoreValues = &value;
    VkSubmitInfo info{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    info.pNext = &timeline;
    info.waitSemaphoreCount = timeline.waitSemaphoreValueCount;
    info.commandBufferCount = info.signalSemaphoreCount = 1;
    info.pWaitSemaphores = &before.semaphore;
    info.pWaitDstStageMask = &kAllStages;
    info.pCommandBuffers = &commands;
    info.pSignalSemaphores = &m_timeline;
    RETURN_IF_ERROR(m_context.submitTo(m_context.transferQueue(), info, "submitting copies"));
    m_sent = value;
    return TimelinePoint{m_timeline, value};
}

Result<void> TransferQueue::wait(const TimelinePoint& point) const {
    return m_context.waitTimeline(point.semaphore, point.value);
}

} // namespace ponder::vulkan
