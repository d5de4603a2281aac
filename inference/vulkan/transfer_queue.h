#pragma once
// Copies beside the work of the compute queue: on the device's queue for transfers, or in order with the rest where it has none.
// Whatever uses the copies is submitted to wait for the point of a timeline that comes back. Owns recordings and timeline; the
// buffers outlive what is under way. Belongs to one thread at a time.

#include <memory>
#include <span>
#include <vector>

#include "inference/vulkan/buffer.h"

namespace ponder::vulkan {

struct BufferCopy {
    BufferView from, to; // the smaller size counts
};

struct TransferOptions {
    uint32_t slots = 4;       // submissions under way at once
    bool afterCompute = true; // each begins when all that the compute queue was given before has ended
};

class TransferQueue {
public:
    static Result<std::unique_ptr<TransferQueue>> create(const Context& context,
                                                         const TransferOptions& options = {});
    ~TransferQueue(); // waits for what is under way
    TransferQueue(const TransferQueue&) = delete;
    TransferQueue& operator=(const TransferQueue&) = delete;

    // The number, below slots, of the submission that is next, once the one that had it before has ended.
    Result<uint32_t> slot() const;
    // Takes the next slot.
    Result<TimelinePoint> submit(std::span<const BufferCopy> copies);
    Result<void> wait(const TimelinePoint& point) const;
    // The last submission; value 0 before the first.
    TimelinePoint submitted() const { return {m_timeline, m_sent}; }

private:
    TransferQueue(const Context& context, const TransferOptions& options)
        : m_context(context), m_afterCompute(options.afterCompute), m_commands(options.slots) {}
    Result<void> prepare();

    const Context& m_context;
    bool m_afterCompute;
    VkCommandPool m_pool = VK_NULL_HANDLE;
    std::vector<VkCommandBuffer> m_commands; // one a slot
    VkSemaphore m_timeline = VK_NULL_HANDLE;
    uint64_t m_sent = 0; // submissions: the timeline's value when all are done
};

} // namespace ponder::vulkan
