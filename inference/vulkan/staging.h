#pragma once
// Brings much data to the device at the speed of the link: reading threads fill a ring of pinned pieces, two a thread, and
// each hands its piece to the transfer queue as soon as it is full. Where host and device share their memory the threads read
// straight into the target; where a card's target is mapped half of them do, as the ring is bound by the host's memory and
// writing over the link by the processor. Owns nothing after its call has returned. Called by the engine's thread; starts its
// own threads.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>

#include "inference/vulkan/buffer.h"

namespace ponder::vulkan {

// Larger copies use the link better, smaller rings are pinned sooner (some 0.3 ms a MiB). A 4.68 GB file from the page cache of
// a machine with an H100 and 16 cores: 28 GB/s with 1 MiB, 29 with 2, 26 with 4, 16 to 21 with 8.
inline constexpr uint64_t kUploadPieceBytes = 2ull << 20;

// One range of a source to be put at one place of a buffer; any size.
struct UploadJob {
    uint32_t source = 0; // the reader's own number: a shard
    uint64_t sourceOffset = 0;
    const Buffer* target = nullptr;
    uint64_t targetOffset = 0;
    uint64_t sizeBytes = 0;
};

// Fills `into` from the source, only writing there: it may be a card's memory. Runs on several threads at once; looks at `stop`
// often enough, and gives Cancelled then. After an Io of a read straight into a target the same is read into a ring.
using UploadReader = std::function<Result<void>(uint32_t source, uint64_t offset, std::span<std::byte> into,
                                                const std::stop_token& stop)>;

struct UploadOptions {
    uint32_t threads = 0; // 0: as many as the machine has, at most 16
    uint64_t pieceBytes = kUploadPieceBytes;
    // Of the threads, how many read straight into targets that are mapped; what is not goes through a ring on any of them.
    // Default: as tuning says, else all where host and device share their memory, half elsewhere.
    std::optional<uint32_t> directThreads;
};

// Returns when everything is on the device and visible to the compute queue; or the first failure, or Cancelled, when nothing
// is under way any more. Jobs are taken in order. `progress` gets the bytes done so far, on the calling thread.
Result<void> upload(const Context& context, std::span<const UploadJob> jobs, const UploadReader& reader,
                    const std::function<void(uint64_t doneBytes)>& progress = {}, std::stop_token stop = {},
                    const UploadOptions& options = {});

} // namespace ponder::vulkan
