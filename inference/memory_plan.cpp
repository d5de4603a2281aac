#include "inference/memory_plan.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "inference/arena_packer.h"
#include "inference/memory_plan_parts.h"
#include "models/base/text.h"
#include "models/catalog.h"

namespace ponder::inference {

using models::Hyperparams;
using models::TensorInfo;

namespace {

constexpr uint64_t kGibibyte = uint64_t{1} << 30;
constexpr uint64_t kFixedScratchBytes =
    uint64_t{96} << 20; // pipelines, tables, sampling state, shares of sums, the driver's own

// Of host memory, what a driver lets a device read where it lies: 95 to 101 of 135 GB with NVIDIA's. Copies of experts beyond
// that would take the link away from experts that have only one place.
constexpr uint64_t kLinkedParts[] = {7, 10};
constexpr uint32_t kRingLayers = 2;           // one that is computed, one on its way
constexpr uint32_t kMostForRing = 2;          // layers that the host computes more of a token for it
constexpr uint64_t kStreamedExperts = 32;     // that find room on the device on their way
constexpr uint64_t kStreamShareOfDevice = 16; // of which they take at most this part
constexpr uint64_t kChunkShareOfDevice = 16;  // the same of what a chunk of more than kPrefillRows needs
constexpr double kLongChunkSeconds = 1.2;     // that it may take by the device's teraflops

// What is computed: the first of the blocks that predict where prediction is wanted, else none.
Hyperparams computed(const PlanRequest& request) {
    Hyperparams p = request.hyperparams;
    p.n_nextn_layers = request.prediction ? std::min(1u, p.n_nextn_layers) : 0;
    return p;
}

class Planner {
public:
    Planner(const PlanRequest& request, Hyperparams p, ModelParts parts)
        : m_request(request), m_p(std::move(p)), m_device(request.devices.front()),
          m_parts(std::move(parts)) {}

    MemoryPlan plan() {
        measureAvailable();
        m_plan.bytesCachePerToken = cacheBytesPerToken(m_p, m_request.cache);
        m_plan.bytesPerToken = m_parts.bytesPerToken();
        m_plan.experts = m_parts.wholeModel().experts;
        const bool asked = m_request.context != 0;
        m_most =
            asked ? std::min(m_request.context, m_p.n_ctx_train) : std::min(m_p.n_ctx_train, kDefaultContext);
        m_least = asked ? m_most : std::min(m_most, kLeastContext);
        if (!pack(m_parts.wholeModel())) { // a single row exceeds an allocation: the verdict says so
            m_plan.context = asked ? m_request.context : m_most;
            return std::move(m_plan);
        }
        const bool mixture = m_plan.experts > 0;
        const bool without = m_request.experts == ExpertPlaces::Host && mixture && m_request.host.computes;
        const uint32_t longest = longestContext(m_parts.wholeModel(), m_most);
        if (longest >= m_least && !without) {
            m_plan.chunkRows = longChunkRows(longest);
            settle(m_parts.wholeModel(), longest);
        } else if (!leaveOnDisk() && (!m_request.host.computes ||
                                      (mixture && m_request.experts == ExpertPlaces::Device) || !share())) {
            refuse(longest);
        }
        return std::move(m_plan);
    }

private:
    struct Packed {
        std::vector<Segment> segments;
        std::vector<uint64_t> arenas;
        uint64_t bytes = 0;
    };

    void measureAvailable() {
        const uint64_t budget = m_device.budgetBytes != 0 ? m_device.budgetBytes : m_device.localBytes;
        m_plan.bytesAvailable = budget - spareBytes(budget);
        if (m_request.deviceBudgetBytes != 0)
            m_plan.bytesAvailable = std::min(m_plan.bytesAvailable, m_request.deviceBudgetBytes);
    }

    // What the device holds by a split, into m_packed. False: something exceeds an allocation.
    bool pack(const Split& split) {
        ArenaPacker packer(m_device.maxAllocationBytes);
        for (const ModelParts::Part& part : m_parts.parts()) {
            const TensorInfo& tensor = m_request.tensors[part.tensor];
            const uint64_t rows = m_parts.onHost(part, split) || m_parts.inRing(part, split) ? 0
                                  : part.experts > 0 ? m_parts.expertsOnDevice(part, split) * tensor.shape[1]
                                                     : tensor.rows();
            if (packer.add(part.tensor, tensor, part.rowsTogether, rows)) continue;
            m_plan.verdict =
                fmt::format("Does not fit: one {} of {} takes {}, but {} allocates at most {} at once.",
                            part.rowsTogether == 1 ? "row" : "part", tensor.name,
                            formatBytes(part.rowsTogether * tensor.rowBytes()), printable(m_device.name),
                            formatBytes(m_device.maxAllocationBytes));
            return false;
        }
        m_packed = {packer.takeSegments(), packer.takeArenaBytes(), 0};
        for (const uint64_t bytes : m_packed.arenas) m_packed.bytes += bytes;
        return true;
    }

    Hyperparams cachedOnDevice(const Split& split) const {
        MemoryPlan plan;
        plan.hostLayers = split.hostLayers;
        Hyperparams p = m_p;
        p.n_layers = plan.deviceCacheLayers(m_p);
        return p;
    }

    bool fitsWith(const Split& split, uint32_t context, uint32_t rows) const { // of what is packed
        return m_packed.bytes + cacheBytes(cachedOnDevice(split), context, m_request.cache) +
                   scratchBytes(m_p, context, rows) + streamBytes(split, context) <=
               m_plan.bytesAvailable;
    }
    bool hasRoomForChunk(uint32_t context, uint32_t rows) const { // without missing it
        return scratchBytes(m_p, context, rows) <= m_plan.bytesAvailable / kChunkShareOfDevice;
    }
    // Of a chunk of a model that is shared with the host.
    uint32_t chunkRows() const {
        uint32_t rows = std::max(m_request.host.streamedRows, kPrefillRows);
        while (rows > kPrefillRows && !hasRoomForChunk(m_least, rows)) rows /= 2;
        return rows;
    }
    // The same of one that the device has alone, within what it computes in a moment, for no shorter context.
    uint32_t longChunkRows(uint32_t context) const { // of what is packed
        const double flops = m_device.teraflops * 1e12 * kLongChunkSeconds;
        const double flopsPerToken = 2.0 * static_cast<double>(m_parts.weightsPerToken());
        uint32_t rows = kMostPrefillRows;
        while (rows > kPrefillRows && (rows * flopsPerToken > flops || !hasRoomForChunk(context, rows)))
            rows /= 2;
        rows = std::max(rows, m_request.chunkRows);
        while (rows > kPrefillRows && !fitsWith(m_parts.wholeModel(), context, rows)) rows /= 2;
        return std::max(rows, kPrefillRows);
    }
    // Room on the device for experts on their way: some, or a share of a small device, or none. For layers: two, with a cache.
    uint64_t streamBytes(const Split& split, uint32_t context) const {
        if (split.ringLayers > 0) {
            Hyperparams brought = m_p;
            brought.n_layers = split.ringLayers;
            return split.ringLayers * (m_parts.largestLayerBytes() + kArenaTailBytes) +
                   cacheBytes(brought, context, m_request.cache);
        }
        if (m_request.host.streamedRows == 0 || !m_parts.anyExpertOnHost(split)) return 0;
        const uint64_t expert = m_parts.largestExpertBytes();
        const uint64_t most = m_plan.bytesAvailable / kStreamShareOfDevice;
        return std::min<uint64_t>(kStreamedExperts, most / expert / 2 * 2) * expert;
    }
    bool fits(const Split& split, uint32_t context) {
        return pack(split) && fitsWith(split, context, m_plan.chunkRows);
    }

    // The longest context up to `most` that fits, in whole blocks where it is shorter; 0: none.
    uint32_t longestContext(const Split& split, uint32_t most) {
        if (fits(split, most)) return most;
        uint32_t low = 0, high = (most - 1) / kBlockTokens; // in blocks; low fits (or is nothing)
        while (low < high) {
            const uint32_t middle = low + (high - low + 1) / 2;
            if (fitsWith(split, middle * kBlockTokens, m_plan.chunkRows)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low * kBlockTokens;
    }

    // A split with the host. False: even then the device has too little.
    bool share() {
        if (m_plan.experts > 0) {
            m_plan.chunkRows = chunkRows();
            const uint32_t context = longestContext({0, 0}, m_most);
            if (context >= m_least) return settle({mostExperts(context), 0}, context);
        }
        m_plan.chunkRows = kPrefillRows;
        const bool asked = m_request.context != 0;
        for (const uint32_t context : {asked ? m_most : std::min(m_most, kSharedContext), m_least}) {
            const uint32_t least = fewestHostLayers(0, context);
            if (least == 0) continue;
            const uint32_t streamed = bringsLayers() ? fewestHostLayers(kRingLayers, context) : 0;
            if (streamed > 0 && streamed <= least + kMostForRing &&
                settleInMemory({0, streamed, kRingLayers}, context))
                return true;
            return settle({0, least, 0}, context);
        }
        return false;
    }

    // Layers of the host beside so many in the ring; 0: none are enough.
    uint32_t fewestHostLayers(uint32_t ringLayers, uint32_t context) {
        if (m_parts.layers() <= ringLayers) return 0;
        uint32_t low = 1, high = m_parts.layers() - ringLayers; // more free more
        if (!fits({0, high, ringLayers}, context)) return 0;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (fits({0, middle, ringLayers}, context)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return high;
    }

    // Only layers with attention of the kind that has its part in the ring, none of them mixtures.
    bool bringsLayers() const {
        return m_request.host.bringsLayers && m_p.kv_lora_rank == 0 && m_plan.experts == 0 &&
               m_parts.largestLayerBytes() + kArenaTailBytes <= m_device.maxAllocationBytes;
    }

    // The same as settle() where host memory has room for all of it; else nothing is done.
    bool settleInMemory(const Split& split, uint32_t context) {
        MemoryPlan before = m_plan;
        if (settle(split, context) && m_plan.fits && m_plan.bytesOf(Place::Disk) == 0 &&
            m_plan.bytesHost() <= hostBytes())
            return true;
        m_plan = std::move(before);
        return false;
    }

    // Of a mixture whose device is the host itself.
    bool leaveOnDisk() {
        if (!m_request.host.onlyDisk || m_plan.experts == 0 || m_request.experts == ExpertPlaces::Device)
            return false;
        const uint32_t context = longestContext({0, 0}, m_most);
        return context >= m_least && settle({mostExperts(context), 0}, context);
    }

    uint32_t mostExperts(uint32_t context) {
        if (m_request.experts == ExpertPlaces::Host && m_request.host.computes) return 0;
        uint32_t low = 0, high = m_plan.experts - 1;
        while (low < high) {
            const uint32_t middle = low + (high - low + 1) / 2;
            if (fits({middle, 0}, context)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    // Makes the plan of a split that fits on the device. True, or the host has too little and the verdict says so.
    bool settle(const Split& split, uint32_t context) {
        PONDER_CHECK(pack(split));
        m_plan.context = context;
        m_plan.hostLayers = split.hostLayers;
        m_plan.ringLayers = split.ringLayers;
        m_plan.expertsOnDevice = split.experts;
        m_plan.bytesWeights = m_packed.bytes;
        m_plan.segments = std::move(m_packed.segments);
        m_plan.arenaBytes = std::move(m_packed.arenas);
        m_plan.bytesCache = cacheBytes(cachedOnDevice(split), context, m_request.cache);
        m_plan.bytesStream = streamBytes(split, context);
        m_plan.bytesScratch = scratchBytes(m_p, context, m_plan.chunkRows) + m_plan.bytesStream;
        if (!m_request.host.onlyDisk && (m_parts.anyExpertOnHost(split) || split.hostLayers > 0)) {
            Hyperparams ours = m_p;
            ours.n_layers = split.hostLayers + split.ringLayers;
            ours.n_nextn_layers = 0;
            m_plan.bytesHostCache = cacheBytes(ours, context, m_request.cache);
            m_plan.bytesHostScratch = hostScratchBytes(m_p, context, split.hostLayers, m_plan.chunkRows);
        }
        m_plan.fits = placeParts(split);
        if (!m_plan.fits) return true;
        if (m_request.host.copiesExperts && split.ringLayers == 0) placeCopies(split);
        expectSpeed();
        m_plan.verdict = fitVerdict();
        return true;
    }

    // Bytes of host memory that the model may take; nothing known: no limit.
    uint64_t hostBytes() const {
        if (m_request.host.onlyDisk) return 0;
        const uint64_t memory = m_request.host.memoryBytes;
        uint64_t bytes = memory > 0 ? memory - spareBytes(memory) : UINT64_MAX;
        if (m_device.unified) bytes -= std::min(bytes, m_plan.bytesDevice());
        return m_request.hostBudgetBytes > 0 ? std::min(bytes, m_request.hostBudgetBytes) : bytes;
    }

    uint64_t hostBytesForWeights() const {
        const uint64_t bytes = hostBytes(), besides = m_plan.bytesHostCache + m_plan.bytesHostScratch;
        return bytes > besides ? bytes - besides : 0;
    }

    void place(const ModelParts::Part& part, uint32_t first, uint32_t count, Place where) {
        if (count == 0) return;
        const uint32_t all = std::max(1u, part.experts);
        const auto at = static_cast<size_t>(where);
        m_plan.placements.push_back({part.tensor, first, count, where, 0});
        m_plan.bytesByPlace[at] += part.bytes / all * count;
        m_plan.bytesPerTokenByPlace[at] += part.readPerToken * count / all;
    }

    // Of the host's, layers come before experts; of experts every layer keeps the same share in memory.
    bool placeParts(const Split& split) {
        uint64_t left = hostBytesForWeights(), experts = 0;
        const uint64_t most = left;
        const bool anyOnHost = m_parts.anyExpertOnHost(split) || split.hostLayers > 0;
        if (anyOnHost && most == 0 && !m_request.host.onlyDisk) {
            m_plan.verdict = fmt::format("Does not fit: what the CPU computes needs {} beside the weights, "
                                         "and the computer offers less, {}: "
                                         "close other programs, or choose a smaller model.",
                                         formatBytes(m_plan.bytesHostCache + m_plan.bytesHostScratch),
                                         formatBytes(hostBytes()));
            return false;
        }
        std::vector<bool> onDisk(m_parts.layers(), false);
        const uint32_t end = m_parts.layers() - split.ringLayers;
        for (uint32_t layer = end - split.hostLayers; layer < end; ++layer) {
            uint64_t bytes = 0;
            for (const ModelParts::Part& part : m_parts.parts())
                if (part.block == layer && part.experts == 0) bytes += part.bytes;
            onDisk[layer] = bytes > left;
            if (!onDisk[layer]) left -= bytes;
        }
        for (const ModelParts::Part& part : m_parts.parts())
            if (part.experts > 0)
                experts += part.expertBytes() * (part.experts - m_parts.expertsOnDevice(part, split));
        const double share = experts <= left ? 1.0 : static_cast<double>(left) / static_cast<double>(experts);
        for (const ModelParts::Part& part : m_parts.parts()) {
            if (part.experts > 0) {
                const uint32_t device = m_parts.expertsOnDevice(part, split), rest = part.experts - device;
                const auto host = static_cast<uint32_t>(share * rest);
                place(part, 0, device, Place::DeviceMemory);
                place(part, device, host, Place::HostCpu);
                place(part, device + host, rest - host, Place::Disk);
            } else if (m_parts.onHost(part, split)) {
                place(part, 0, 1, onDisk[part.block] ? Place::Disk : Place::HostCpu);
            } else {
                place(part, 0, 1, Place::DeviceMemory);
                if (!m_parts.inRing(part, split)) continue;
                m_plan.copies.push_back({part.tensor, 0, 1, Place::HostCpu, 0});
                m_plan.bytesHostCopies += part.bytes;
            }
        }
        return true;
    }

    // Of every layer the same number, as many as host memory has room for; none where it has not even room for the others.
    void placeCopies(const Split& split) {
        if (m_plan.bytesOf(Place::HostCpu) == 0 || m_plan.bytesOf(Place::Disk) > 0) return;
        uint64_t bytes = hostBytesForWeights();
        if (m_request.host.streamedRows > 0 && m_request.host.memoryBytes > 0)
            bytes = std::min(bytes, m_request.host.memoryBytes / kLinkedParts[1] * kLinkedParts[0]);
        const uint64_t ours = m_plan.bytesOf(Place::HostCpu), left = bytes > ours ? bytes - ours : 0;
        const auto copied = [&](const ModelParts::Part& part, uint32_t most) {
            const uint32_t device = m_parts.expertsOnDevice(part, split);
            return device < part.experts ? std::min(device, most) : 0; // of a whole layer nothing is exchanged
        };
        const auto bytesOf = [&](uint32_t most) {
            uint64_t sum = 0;
            for (const ModelParts::Part& part : m_parts.parts())
                sum += copied(part, most) * part.expertBytes();
            return sum;
        };
        uint32_t low = 0, high = m_p.n_experts;
        while (low < high) {
            const uint32_t middle = low + (high - low + 1) / 2;
            if (bytesOf(middle) <= left) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        std::unordered_set<uint32_t> blocks;
        for (const ModelParts::Part& part : m_parts.parts()) {
            const uint32_t count = copied(part, low);
            if (count == 0) continue;
            m_plan.copies.push_back(
                {part.tensor, m_parts.expertsOnDevice(part, split) - count, count, Place::HostCpu, 0});
            if (blocks.insert(part.block).second) m_plan.expertsCopied += count;
        }
        m_plan.bytesHostCopies = bytesOf(low);
    }

    // One place after the other: what they do at the same time is gained on top.
    void expectSpeed() {
        const double rates[kPlaceCount] = {m_device.gigabytesPerSecond * kExpectedBandwidthShare,
                                           m_request.host.gigabytesPerSecond * kExpectedBandwidthShare,
                                           m_request.host.diskGigabytesPerSecond};
        double seconds = 0;
        for (size_t i = 0; i < kPlaceCount; ++i) {
            if (m_plan.bytesPerTokenByPlace[i] == 0) continue;
            if (rates[i] <= 0) return;
            seconds += static_cast<double>(m_plan.bytesPerTokenByPlace[i]) / (rates[i] * 1e9);
        }
        if (seconds > 0) m_plan.expectedTokensPerSecond = 1 / seconds;
    }

    std::string fitVerdict() {
        std::string text = fmt::format(
            "Fits: {} of weights, {} of cache for {} tokens and {} of scratch in the {} that {} "
            "offers",
            formatBytes(m_plan.bytesWeights), formatBytes(m_plan.bytesCache), formatCount(m_plan.context),
            formatBytes(m_plan.bytesScratch), formatBytes(m_plan.bytesAvailable), printable(m_device.name));
        const uint64_t ours = m_plan.bytesOf(Place::HostCpu), disk = m_plan.bytesOf(Place::Disk);
        if (m_plan.hostLayers > 0) {
            text += fmt::format("; {} of {} layers are computed by the CPU: {} in host memory",
                                m_plan.hostLayers, m_parts.layers(), formatBytes(ours));
            if (m_plan.ringLayers > 0)
                text += fmt::format(", and {} of copies, as {} computes all of them for long prompts",
                                    formatBytes(m_plan.bytesHostCopies), printable(m_device.name));
        } else if (m_request.host.onlyDisk && disk > 0) {
            text += fmt::format("; {} of {} experts are read from disk when a token needs them",
                                formatCount(m_plan.experts - m_plan.expertsOnDevice),
                                formatCount(m_plan.experts));
        } else if (m_plan.sharedWithHost()) {
            text += fmt::format("; {} of {} experts are computed by the CPU: {} in host memory",
                                formatCount(m_plan.experts - m_plan.expertsOnDevice),
                                formatCount(m_plan.experts), formatBytes(ours));
            if (m_plan.bytesHostCopies > 0)
                text += fmt::format(", and {} of copies, so that those of {} change with use",
                                    formatBytes(m_plan.bytesHostCopies), printable(m_device.name));
        }
        if (disk > 0) {
            text += fmt::format(", {} on disk", formatBytes(disk));
            m_plan.warning = fmt::format(
                "The model exceeds the memory of the computer: {} of its weights are read from disk, {} for "
                "a token{}.",
                formatBytes(disk), formatBytes(m_plan.bytesPerTokenByPlace[static_cast<size_t>(Place::Disk)]),
                m_plan.expectedTokensPerSecond > 0
                    ? fmt::format(", so expect about {:.2g} tokens/s", m_plan.expectedTokensPerSecond)
                    : "");
        }
        if (m_request.context > m_plan.context)
            text += fmt::format("; the model was trained for {} tokens and takes no more",
                                formatCount(m_p.n_ctx_train));
        return text + ".";
    }

    // Of the whole model; what the device would hold at least stands in it where the host could take a share.
    void refuse(uint32_t longest) {
        const Split whole = m_parts.wholeModel();
        PONDER_CHECK(pack(whole));
        m_plan.context = m_least;
        m_plan.bytesWeights = m_packed.bytes;
        m_plan.segments = std::move(m_packed.segments);
        m_plan.arenaBytes = std::move(m_packed.arenas);
        m_plan.bytesCache = cacheBytes(m_p, m_plan.context, m_request.cache);
        m_plan.bytesScratch = scratchBytes(m_p, m_plan.context);
        for (const ModelParts::Part& part : m_parts.parts())
            place(part, 0, std::max(1u, part.experts), Place::DeviceMemory);
        if (m_request.host.computes && (m_plan.experts == 0 || m_request.experts != ExpertPlaces::Device)) {
            const Split least{0, m_parts.layers()};
            const uint64_t bytes = (pack(least) ? m_packed.bytes : 0) +
                                   cacheBytes(cachedOnDevice(least), m_plan.context, m_request.cache);
            m_plan.verdict = fmt::format("Does not fit: with every layer computed by the CPU, embedding, "
                                         "head, cache and scratch still "
                                         "take {} and {} offers {}: allow it more memory, choose a smaller "
                                         "model, or run it on the CPU alone.",
                                         formatBytes(bytes + m_plan.bytesScratch), printable(m_device.name),
                                         formatBytes(m_plan.bytesAvailable));
            return;
        }
        m_plan.verdict = refusal(longest);
    }

    std::string refusal(uint32_t longest) const {
        const std::string needs = fmt::format(
            "Does not fit: {} of weights, {} of cache for {} tokens and {} of scratch are {}, "
            "but {} offers {}",
            formatBytes(m_plan.bytesWeights), formatBytes(m_plan.bytesCache), formatCount(m_plan.context),
            formatBytes(m_plan.bytesScratch), formatBytes(m_plan.bytesDevice()), printable(m_device.name),
            formatBytes(m_plan.bytesAvailable));
        if (m_request.host.computes)
            return fmt::format("{}: leave out --experts device, and the CPU takes its share.", needs);
        if (longest >= std::min(m_plan.context, kLeastContext))
            return fmt::format("{}: choose a context of {} tokens or fewer.", needs, formatCount(longest));
        const uint64_t besides = m_plan.bytesCache + m_plan.bytesScratch;
        const uint64_t left = m_plan.bytesAvailable > besides ? m_plan.bytesAvailable - besides : 0;
        // A mix as large as the file itself is no advice.
        const auto mix = models::largestMixWithin(
            m_parts.parameters(), std::min(left, m_plan.bytesWeights - m_plan.bytesWeights / 20));
        if (mix)
            return fmt::format("{}: {} of the same model, about {}, would fit.", needs, mix->name,
                               formatBytes(mix->sizeBytes));
        if (longest > 0)
            return fmt::format("{}: choose a smaller model, or a context of {} tokens.", needs,
                               formatCount(longest));
        return fmt::format("{}: no quantisation of it would fit, choose a smaller model.", needs);
    }

    const PlanRequest& m_request;
    const Hyperparams m_p;
    const PlanDevice& m_device;
    const ModelParts m_parts;
    uint32_t m_most = 0, m_least = 0; // tokens of context
    Packed m_packed;                  // of the split looked at last
    MemoryPlan m_plan;
};

} // namespace

Result<MemoryPlan> planMemory(const PlanRequest& request) {
    if (request.devices.empty())
        return Error{ErrorCode::NoDevice, "There is no device to plan for: install a Vulkan driver."};
    Hyperparams p = computed(request);
    ASSIGN_OR_RETURN(auto parts, ModelParts::of(p, request.tensors));
    return Planner(request, std::move(p), std::move(parts)).plan();
}

// A block that predicts counts its layer behind all of the model's, so that then none is left out; one there always is, as a
// block of the cache goes by its address.
uint32_t MemoryPlan::deviceCacheLayers(const Hyperparams& p) const {
    return p.n_nextn_layers > 0 ? p.n_layers : std::max(1u, p.n_layers - hostLayers);
}

Result<void> requireFit(const MemoryPlan& plan) {
    if (plan.fits) return {};
    return {ErrorCode::ModelTooLarge, plan.verdict};
}

uint64_t spareBytes(uint64_t budgetBytes) { return std::min(budgetBytes / 10, kGibibyte); }

uint64_t cacheBytesPerToken(const Hyperparams& p, CacheFormat cache) {
    const uint64_t values = p.kv_lora_rank > 0
                                ? uint64_t{p.kv_lora_rank} + p.rope_dim // one latent for all heads
                                : uint64_t{p.n_kv_heads} * (p.head_dim + p.v_head_dim);
    return (uint64_t{p.n_layers} + p.n_nextn_layers) * cacheRow(cache, values).bytes();
}

uint64_t cacheBytes(const Hyperparams& p, uint32_t context, CacheFormat cache) {
    const uint64_t blocks = (uint64_t{context} + kBlockTokens - 1) / kBlockTokens;
    return blocks * kBlockTokens * cacheBytesPerToken(p, cache);
}

uint64_t scratchBytes(const Hyperparams& p, uint32_t context, uint32_t rows) {
    const uint64_t queries = uint64_t{p.n_heads} * p.head_dim, attended = uint64_t{p.n_heads} * p.v_head_dim;
    const bool latent = p.kv_lora_rank > 0;
    const uint64_t keyDim = uint64_t{p.kv_lora_rank} + p.rope_dim;
    // Keys and values; or compressed queries, latents, queries and results in terms of the latent, those once more as f16.
    const uint64_t keys = latent
                              ? p.q_lora_rank + keyDim + p.n_heads * (keyDim + 2 * uint64_t{p.kv_lora_rank})
                              : uint64_t{p.n_kv_heads} * (p.head_dim + p.v_head_dim);
    const uint64_t feedForward =
        std::max<uint64_t>(p.n_ff, uint64_t{p.n_ff_expert} * (p.n_experts_used + p.n_shared_experts));
    // The router's logits, experts' gate and up, their results, and the choice.
    const uint64_t experts =
        p.isMoe() ? p.n_experts + p.n_experts_used * (3 * uint64_t{p.n_ff_expert} + p.n_embd + 4) : 0;
    const uint64_t prediction = p.n_nextn_layers > 0 ? 3 * uint64_t{p.n_embd} : 0; // embedding, and the pair
    // A row of a chunk: residual, normed and one spare; queries twice; attention's result; gate, up, product.
    const uint64_t row =
        3 * uint64_t{p.n_embd} + 2 * queries + keys + attended + 3 * feedForward + experts + prediction;
    const uint64_t logits = uint64_t{kLogitRows} * p.n_vocab * 2; // and a sorted copy
    // Partial results carry a maximum and a sum beside the values.
    const uint64_t partialValues = latent ? p.kv_lora_rank : p.v_head_dim;
    const uint64_t partial = uint64_t{kDecodeColumns} * kAttentionSplits * p.n_heads * (partialValues + 2);
    const uint64_t rotary = uint64_t{context} * p.rope_dim; // cosine and sine for half of it
    return (rows * row + logits + partial + rotary) * sizeof(float) + kFixedScratchBytes;
}

uint64_t hostScratchBytes(const Hyperparams& p, uint32_t context, uint32_t hostLayers, uint32_t rows) {
    const uint64_t queries = uint64_t{p.n_heads} * (p.head_dim + p.v_head_dim + 2 * uint64_t{p.kv_lora_rank});
    const uint64_t experts =
        p.isMoe() ? p.n_experts_used * (3 * uint64_t{p.n_ff_expert} + 2 * uint64_t{p.n_embd}) : 0;
    // A row of a chunk: handed over, normed and quantised, the result; then what the CPU makes of it.
    uint64_t row = 5 * uint64_t{p.n_embd} + experts;
    if (hostLayers > 0) row += 3 * uint64_t{p.n_ff} + 2 * queries;
    const uint64_t rotary = hostLayers > 0 ? uint64_t{context} * p.rope_dim : 0;
    return (rows * row + rotary) * sizeof(float);
}

} // namespace ponder::inference
