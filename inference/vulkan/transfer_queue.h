#pragma once
// Copies beside the work of the compute queue: on the device's queue for transfers, or in order with the rest where it has none.
// Each submission begins when all that the compute queue was given before has ended; whatever of it uses the copies is submitted
// to wait for the point of a timeline that comes back. Owns recordings and timeline; the buffers outlive what is under way.
// Belongs to the engine's thread.

#include <array>
#include <memory>
#include <span>

#include "inference/vulkan/buffer.h"

namespace ponder::vulkan {

struct BufferCopy {
    BufferView from, to; // the smaller size counts
};

class TransferQueue {
public:
    static Result<std::unique_ptr<TransferQueue>> create(const Context& context);
    ~TransferQueue(); // waits for what is under way
    TransferQueue(const TransferQueue&) = delete;
    TransferQueue& operator=(const TransferQueue&) = delete;

    // Waits while so many submissions are under way that there is no room for another one.
    Result<TimelinePoint> submit(std::span<const BufferCopy> copies);
    Result<void> wait(const TimelinePoint& point) const;

private:
    static constexpr size_t kSlots = 4;

    explicit TransferQueue(const Context& context) : m_context(context) {}
    Result<void> prepare();

    const Context& m_context;
    VkCommandPool m_pool = VK_NULL_HANDLE;
    std::array<VkCommandBuffer, kSlots> m_commands{};
    VkSemaphore m_timeline = VK_NULL_HANDLE;
    uint64_t m_sent = 0; // submissions: the timeline's value when all are done
};

} // namespace ponder::vulkan
