#include "inference/vulkan/staging.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "inference/tuning.h"
#include "inference/vulkan/transfer_queue.h"
#include "models/base/errors.h"

namespace ponder::vulkan {

namespace {

constexpr uint32_t kMaxThreads = 16;
constexpr auto kProgressInterval = std::chrono::milliseconds(30);

// A job no larger than a slot of the ring.
struct Piece {
    const UploadJob* job;
    uint64_t from; // bytes into the job
    uint64_t sizeBytes;
};

std::vector<Piece> cut(std::span<const UploadJob> jobs, uint64_t pieceBytes) {
    std::vector<Piece> pieces;
    for (const UploadJob& job : jobs)
        for (uint64_t from = 0; from < job.sizeBytes; from += pieceBytes)
            pieces.push_back({&job, from, std::min(pieceBytes, job.sizeBytes - from)});
    return pieces;
}

// What one thread works with: two pieces of pinned memory and what sends them, made by that thread for the first piece that
// it cannot read straight into its target, freed by upload().
class Lane {
public:
    // direct: pieces of mapped targets need no ring.
    Lane(const Context& context, uint64_t pieceBytes, bool direct)
        : m_context(context), m_pieceBytes(pieceBytes), m_direct(direct) {}
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    bool direct() const { return m_direct; }

    // The slot that is next, once the device has read what it held.
    Result<std::span<std::byte>> slot() {
        // Each thread pins its own pieces, so that the first already read while the last are still being pinned.
        if (!m_ring) RETURN_IF_ERROR(prepare());
        ASSIGN_OR_RETURN(const uint32_t index, m_copies->slot());
        return m_ring.mapped().subspan(index * m_pieceBytes, m_pieceBytes);
    }

    // Hands the slot's first bytes over to the transfer queue.
    Result<void> send(const Buffer& target, uint64_t targetOffset, uint64_t sizeBytes) {
        ASSIGN_OR_RETURN(const uint32_t index, m_copies->slot());
        const BufferCopy copy{m_ring.view().part(index * m_pieceBytes, sizeBytes),
                              target.view().part(targetOffset, sizeBytes)};
        const auto sent = m_copies->submit({&copy, 1});
        return sent ? Result<void>() : sent.error();
    }

    Result<void> finish() const {
        const TimelinePoint last = sent();
        return last.value > 0 ? m_copies->wait(last) : Result<void>();
    }
    // The last piece that was sent; value 0 where none was.
    TimelinePoint sent() const { return m_copies ? m_copies->submitted() : TimelinePoint{}; }

private:
    Result<void> prepare() {
        ASSIGN_OR_RETURN(m_copies, TransferQueue::create(m_context, {.slots = kSlots, .afterCompute = false}));
        ASSIGN_OR_RETURN(m_ring,
                         Buffer::create(m_context, kSlots * m_pieceBytes, MemoryUse::Upload, "upload ring"));
        return {};
    }

    static constexpr uint32_t kSlots = 2;
    const Context& m_context;
    uint64_t m_pieceBytes;
    bool m_direct;
    Buffer m_ring;
    std::unique_ptr<TransferQueue> m_copies; // ends before the ring does
};

// What the threads share.
struct Work {
    const std::vector<Piece>& pieces;
    const UploadReader& reader;
    std::stop_token stop;

    std::mutex mutex;
    std::condition_variable changed;
    size_t next = 0;
    uint64_t doneBytes = 0;
    size_t running = 0;
    std::optional<Error> failure; // the first

    std::optional<Piece> take() {
        const std::lock_guard lock(mutex);
        if (failure || next == pieces.size()) return std::nullopt;
        if (stop.stop_requested()) {
            failure = stopped();
            return std::nullopt;
        }
        return pieces[next++];
    }
    void done(const Result<void>& result, uint64_t bytes) {
        const std::lock_guard lock(mutex);
        if (!result.ok() && !failure) failure = result.error();
        if (result.ok()) doneBytes += bytes;
        changed.notify_one();
    }
    void ended() {
        const std::lock_guard lock(mutex);
        --running;
        changed.notify_one();
    }
};

Result<void> bring(const Work& work, Lane& lane, const Piece& piece) {
    const UploadJob& job = *piece.job;
    const uint64_t from = job.sourceOffset + piece.from, to = job.targetOffset + piece.from;
    if (const auto mapped = job.target->mapped(); lane.direct() && !mapped.empty()) {
        // No barrier: what the host has written to coherent memory before a submission is visible to that by itself, and what
        // this thread has comes before by the lock in done().
        const Result<void> read =
            work.reader(job.source, from, mapped.subspan(to, piece.sizeBytes), work.stop);
        // Some file systems, those that read without a page cache, refuse to write into a device: over the ring they do not.
        if (read.ok() || read.error().code != ErrorCode::Io) return read;
    }
    ASSIGN_OR_RETURN(const auto slot, lane.slot());
    RETURN_IF_ERROR(work.reader(job.source, from, slot.first(piece.sizeBytes), work.stop));
    return lane.send(*job.target, to, piece.sizeBytes);
}

void runLane(Work& work, Lane& lane) {
    while (const auto piece = work.take()) work.done(bring(work, lane, *piece), piece->sizeBytes);
    work.done(lane.finish(), 0);
    work.ended();
}

size_t directThreads(const Context& context, const UploadOptions& options, size_t threads) {
    const auto wanted = options.directThreads ? options.directThreads : inference::tuning().directThreads;
    return std::min<size_t>(wanted.value_or(context.caps().unified ? threads : threads / 2), threads);
}

// Copies of another queue are visible to what waits for their semaphores: an empty submission does, for all later ones.
Result<void> showToComputeQueue(const Context& context, const std::vector<std::unique_ptr<Lane>>& lanes) {
    std::vector<VkSemaphore> semaphores;
    std::vector<uint64_t> values;
    for (const auto& lane : lanes) {
        const TimelinePoint sent = lane->sent();
        if (sent.value == 0) continue;
        semaphores.push_back(sent.semaphore);
        values.push_back(sent.value);
    }
    if (semaphores.empty()) return {};
    const std::vector<VkPipelineStageFlags> stages(semaphores.size(), VK_PIPELINE_STAGE_ALL_COMMANDS_BIT);
    VkTimelineSemaphoreSubmitInfo timeline{VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO};
    timeline.waitSemaphoreValueCount = static_cast<uint32_t>(values.size());
    timeline.pWaitSemaphoreValues = values.data();
    VkSubmitInfo info{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    info.pNext = &timeline;
    info.waitSemaphoreCount = static_cast<uint32_t>(semaphores.size());
    info.pWaitSemaphores = semaphores.data();
    info.pWaitDstStageMask = stages.data();
    return context.submitTo(context.computeQueue(), info, "loading");
}

} // namespace

Result<void> upload(const Context& context, std::span<const UploadJob> jobs, const UploadReader& reader,
                    const std::function<void(uint64_t)>& progress, std::stop_token stop,
                    const UploadOptions& options) {
    for (const UploadJob& job : jobs)
        PONDER_CHECK(job.target && job.targetOffset <= job.target->sizeBytes() &&
                     job.sizeBytes <= job.target->sizeBytes() - job.targetOffset);
    const std::vector<Piece> pieces = cut(jobs, options.pieceBytes);
    const uint32_t cores = std::max(1u, std::thread::hardware_concurrency());
    const size_t wanted =
        std::min<size_t>(options.threads ? options.threads : std::min(cores, kMaxThreads), pieces.size());

    // Those with a ring begin, as they pin it first.
    const size_t withRing = wanted - directThreads(context, options, wanted);
    std::vector<std::unique_ptr<Lane>> lanes;
    for (size_t i = 0; i < wanted; ++i)
        lanes.push_back(std::make_unique<Lane>(context, options.pieceBytes, i >= withRing));
    Work work{pieces, reader, stop, {}, {}, 0, 0, 0, {}};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < wanted; ++i) {
        {
            const std::lock_guard lock(work.mutex);
            ++work.running;
        }
        try {
            threads.emplace_back(runLane, std::ref(work), std::ref(*lanes[i]));
        } catch (const std::system_error&) { // no more threads: go on with those there are
            work.ended();
            if (threads.empty())
                work.done(Error{ErrorCode::OutOfHostMemory, "The system gave no thread to load with: close "
                                                            "other programs."},
                          0);
            break;
        }
    }

    {
        std::unique_lock lock(work.mutex);
        auto reported = std::chrono::steady_clock::now();
        while (work.running > 0) {
            work.changed.wait(lock);
            const auto now = std::chrono::steady_clock::now();
            if (!progress || now - reported < kProgressInterval) continue;
            reported = now;
            const uint64_t bytes = work.doneBytes;
            lock.unlock();
            progress(bytes);
            lock.lock();
        }
    }
    for (std::thread& thread : threads) thread.join();
    Result<void> shown = work.failure ? Result<void>(*work.failure) : showToComputeQueue(context, lanes);
    context.waitIdle(); // a lane whose wait failed may still be pending
    RETURN_IF_ERROR(shown);
    if (progress) progress(work.doneBytes);
    return {};
}

} // namespace ponder::vulkan
