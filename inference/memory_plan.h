#pragma once
// The memory plan: what of a model goes where, before anything is loaded, from the header and a few numbers of the machine
// alone. It is what `info` and the window show, and what the loader executes. Pure functions of plain values; any thread.
//
// All of a model lies on the device if it fits there. Of a mixture of experts that does not, attention, norms, shared experts,
// dense layers, embedding, head and cache go there first, then the same number of experts of every layer; the rest lies in
// host memory, where the CPU computes it and the device reads its share of it (experts/host_link.h, experts/expert_stream.h). Host
// memory may hold the device's experts as well: then they are exchanged by use. Of any other model that does not fit, the last
// layers are the CPU's, whole and with their part of the cache. Where they can be brought over for a pass of many tokens, the
// last two are the device's after all, in the room through which the CPU's come (hybrid/layer_ring.h), and host memory holds
// them too. What exceeds host memory is read from disk whenever it is needed. One device is used as yet.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "inference/cache_format.h"
#include "models/base/result.h"
#include "models/hyperparams.h"
#include "models/tensor_info.h"

namespace ponder::inference {

enum class Place {
    DeviceMemory, // read by the GPU where it computes
    HostCpu,      // host memory, computed by the CPU or brought over to the GPU for a pass
    Disk,         // through the page cache
};
inline constexpr size_t kPlaceCount = 3;

inline constexpr uint32_t kBlockTokens = 256;      // of the cache
inline constexpr uint32_t kDefaultContext = 32768; // where nobody asks and the file allows
inline constexpr uint32_t kLeastContext = 2048;    // below this a plan does not fit (or the file's, if less)
inline constexpr uint32_t kPrefillRows = 512;      // tokens of one prefill chunk
// The most where experts come over a link for a chunk, which takes as long for few, and where the device computes so many in
// little more than a second: each doubling of rows makes the products of large matrices some tenth faster.
inline constexpr uint32_t kMostPrefillRows = 2048;
inline constexpr uint32_t kLogitRows = 16;         // positions whose logits exist at once
inline constexpr uint32_t kDecodeColumns = 8;      // tokens that attention over a split cache takes at once
inline constexpr uint32_t kAttentionSplits = 64;   // parts of the cache whose results wait to be joined
inline constexpr uint64_t kSegmentAlignment = 256; // bytes, of every segment in its arena
inline constexpr uint64_t kArenaTailBytes = 256; // behind the last segment: kernels may read past a row's end
inline constexpr double kExpectedBandwidthShare = 0.6; // of the bytes per second that a memory can give
inline constexpr uint32_t kSharedContext =
    8192; // where nobody asks, of models whose last layers are the CPU's

struct PlanDevice {
    std::string name;
    uint64_t localBytes = 0;         // of the device-local heap
    uint64_t budgetBytes = 0;        // left of it now, by the driver; 0: all of it
    uint64_t maxAllocationBytes = 0; // the largest arena
    bool unified = false;            // memory shared with the host
    double gigabytesPerSecond = 0;   // 1e9 bytes; measured, or a default for the kind; 0: not known
    double teraflops = 0; // of its matrix units, about; 0: none, or not known, or it draws the screen
};

// The computer around the device, where it may take a share in the work.
struct PlanHost {
    bool computes = false; // false: the device has all of the model or the plan does not fit
    bool copiesExperts =
        false; // holds those of the device too, as far as it can, so that they may be exchanged by use
    // Experts are brought to the device for chunks of at most so many tokens, which needs room there; 0: they are not.
    uint32_t streamedRows = 0;
    bool bringsLayers = false;     // layers of the CPU can be brought to the device for a pass of many tokens
    bool onlyDisk = false;         // the device is the host itself: experts that exceed it are read from disk
    uint64_t memoryBytes = 0;      // free now; 0: not known
    double gigabytesPerSecond = 0; // of its memory; 0: not known
    double diskGigabytesPerSecond = 0;
};

enum class ExpertPlaces { Auto, Host, Device }; // what fits on the device, none there, all there

struct PlanRequest {
    const models::Hyperparams& hyperparams;
    std::span<const models::TensorInfo> tensors; // of the file; those that the family does not use get no place
    std::span<const PlanDevice> devices;         // the first is used
    PlanHost host;
    uint32_t context = 0; // tokens; 0: the least of the file's, kDefaultContext, and what fits
    CacheFormat cache = CacheFormat::F16;
    bool prediction = false;        // with the block that predicts a further token
    uint64_t deviceBudgetBytes = 0; // 0: what the device offers, less a spare
    uint64_t hostBudgetBytes = 0;   // 0: what the host has free, less a spare
    uint32_t chunkRows = 0;         // at least, of a model that the device has alone; 0: what suits it
    ExpertPlaces experts = ExpertPlaces::Auto;
};

// Experts [firstExpert, firstExpert + experts) of a tensor, or all of one that has none (0, 1).
struct Placement {
    uint32_t tensor = 0; // index into PlanRequest::tensors
    uint32_t firstExpert = 0, experts = 1;
    Place place = Place::DeviceMemory;
    uint32_t device = 0;
};

// Where the rows of a tensor lie in device memory. Rows of a tensor with experts count through them in file order.
struct Segment {
    uint32_t tensor = 0;
    uint32_t device = 0, arena = 0;
    uint64_t offset = 0; // in the arena; a multiple of kSegmentAlignment
    uint64_t firstRow = 0, rows = 0;
    uint64_t sizeBytes = 0;
};

struct MemoryPlan {
    bool fits = false;
    std::string verdict;       // one sentence with the numbers; what would fit when this does not
    uint32_t context = 0;      // tokens granted; what was asked for when it does not fit
    uint64_t bytesWeights = 0; // on the device, arenas with their padding
    uint64_t bytesCache = 0;   // of it on the device
    uint64_t bytesScratch = 0; // the same
    uint32_t chunkRows = kPrefillRows;
    uint64_t bytesStream = 0; // of the scratch: experts or layers that are brought over for one pass
    uint64_t bytesHostCache = 0, bytesHostScratch = 0;
    uint64_t bytesHostCopies = 0;            // of experts or layers that lie on the device
    uint64_t bytesByPlace[kPlaceCount] = {}; // of weights
    uint64_t bytesPerTokenByPlace[kPlaceCount] = {};
    uint32_t hostLayers = 0;      // the last ones of the model but for ringLayers
    uint32_t ringLayers = 0;      // the last ones, where the device has them in turns with those of the host
    uint32_t expertsOnDevice = 0; // of all layers together
    uint32_t experts = 0;         // the same of the model; 0: it has none
    uint32_t expertsCopied =
        0; // of those on the device: with a copy in host memory, so that others may take their places
    std::string warning;         // one sentence: what will be slow; empty: nothing
    uint64_t bytesAvailable = 0; // of the device, after the spare and the budget
    uint64_t bytesCachePerToken = 0;
    uint64_t bytesPerToken = 0;         // weights read to generate one, with an empty cache
    double expectedTokensPerSecond = 0; // 0: not known
    std::vector<Placement> placements;  // by tensor index
    // What the host holds too: the last of the device's experts of each tensor, or the tensors of ringLayers.
    std::vector<Placement> copies;
    std::vector<Segment> segments;    // by tensor index, then row; none of ringLayers
    std::vector<uint64_t> arenaBytes; // of the device; each at most PlanDevice::maxAllocationBytes

    uint64_t bytesDevice() const { return bytesWeights + bytesCache + bytesScratch; }
    uint64_t bytesOf(Place place) const { return bytesByPlace[static_cast<size_t>(place)]; }
    uint64_t bytesHost() const {
        return bytesOf(Place::HostCpu) + bytesHostCopies + bytesHostCache + bytesHostScratch;
    }
    uint32_t deviceCacheLayers(const models::Hyperparams& computed) const; // but for the host's, in order
    bool sharedWithHost() const { return bytesOf(Place::HostCpu) + bytesOf(Place::Disk) > 0; }
};

// Errors: NoDevice (none given), InvalidArgument (tensors of no known family). That a model is too large is no error here:
// the plan says so (requireFit makes it one).
Result<MemoryPlan> planMemory(const PlanRequest& request);

// ModelTooLarge with the verdict, for whoever is about to load.
Result<void> requireFit(const MemoryPlan& plan);

// Parts of the plan, for tests and for whoever allocates them.
uint64_t cacheBytesPerToken(const models::Hyperparams& p, CacheFormat cache);
uint64_t cacheBytes(const models::Hyperparams& p, uint32_t context, CacheFormat cache); // whole blocks
// Upper bound of everything else on the device: activations of a chunk in float32, logits, attention's partial results,
// and what pipelines and a driver take. The decoder keeps to the row counts above.
uint64_t scratchBytes(const models::Hyperparams& p, uint32_t context, uint32_t rows = kPrefillRows);
// The same for what the CPU computes of a model whose last `hostLayers` are its own, or whose experts are.
uint64_t hostScratchBytes(const models::Hyperparams& p, uint32_t context, uint32_t hostLayers,
                          uint32_t rows = kPrefillRows);
// Left alone of a budget, for the desktop and the driver: a tenth, at most 1 GiB.
uint64_t spareBytes(uint64_t budgetBytes);

} // namespace ponder::inference
