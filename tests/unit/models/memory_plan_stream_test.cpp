// The plan's room on the device for experts that are brought over for a pass of many tokens.

#include "tests/unit/models/plan_support.h"

using namespace ponder;
using namespace ponder::test;

namespace {

Hyperparams computed() { // without the block that predicts
    Hyperparams p = r1();
    p.n_nextn_layers = 0;
    return p;
}

MemoryPlan streamed(uint64_t deviceBytes, uint32_t rows, QuantType type = QuantType::Q4_K) {
    const PlanDevice gpu = device(deviceBytes);
    const auto tensors = tensorsOf(r1(), type);
    auto plan = planMemory(
        {.hyperparams = r1(),
         .tensors = tensors,
         .devices = {&gpu, 1},
         .host = {.computes = true, .copiesExperts = true, .streamedRows = rows, .memoryBytes = 500 * kGiB},
         .context = 4096});
    REQUIRE(plan.ok());
    return std::move(plan).value();
}

} // namespace

TEST_CASE("streamed experts: room for some and longer chunks, all within the device") {
    const MemoryPlan with = streamed(80 * kGiB, kMostPrefillRows), without = streamed(80 * kGiB, 0);
    REQUIRE((with.fits && without.fits));
    CHECK(with.bytesStream > 500'000'000);
    CHECK(with.bytesStream <= with.bytesAvailable / 16);
    CHECK(with.chunkRows == kMostPrefillRows);
    CHECK(with.bytesDevice() <= with.bytesAvailable);
    CHECK(with.bytesScratch == scratchBytes(computed(), with.context, with.chunkRows) + with.bytesStream);
    CHECK(with.expertsOnDevice < without.expertsOnDevice);
    CHECK(without.bytesStream == 0);
    CHECK(without.chunkRows == kPrefillRows);
    CHECK(without.bytesScratch == scratchBytes(computed(), without.context));
}

TEST_CASE("streamed experts: a smaller device has shorter chunks, and less on its way") {
    const MemoryPlan large = streamed(80 * kGiB, kMostPrefillRows),
                     small = streamed(32 * kGiB, kMostPrefillRows);
    REQUIRE(small.fits);
    CHECK(small.chunkRows >= kPrefillRows);
    CHECK(small.chunkRows < large.chunkRows);
    CHECK(small.bytesStream <= small.bytesAvailable / 16);
    CHECK(small.bytesDevice() <= small.bytesAvailable);
}

TEST_CASE("streamed experts: copies leave what only the host has within what a device may read there") {
    const MemoryPlan with = streamed(80 * kGiB, kMostPrefillRows, QuantType::IQ1_S);
    REQUIRE(with.fits);
    CHECK(with.bytesHostCopies > 0);
    CHECK(with.bytesOf(Place::HostCpu) + with.bytesHostCopies <= 500 * kGiB / 10 * 7);
}

namespace {

struct Dense {
    uint64_t budget = 0, hostBytes = 64 * kGiB;
    bool brings = true;
    uint32_t context = 0;
    uint64_t maxAllocation = 4 * kGiB;
    CacheFormat cache = CacheFormat::F16;
};

Planned dense(const Dense& asked, const Hyperparams& p = qwen14b()) {
    const PlanDevice gpu = device(80 * kGiB, asked.maxAllocation);
    Planned result{p, tensorsOf(p, QuantType::Q4_K), {}};
    auto plan = planMemory({.hyperparams = result.p,
                            .tensors = result.tensors,
                            .devices = {&gpu, 1},
                            .host = {.computes = true,
                                     .copiesExperts = true,
                                     .bringsLayers = asked.brings,
                                     .memoryBytes = asked.hostBytes},
                            .context = asked.context,
                            .cache = asked.cache,
                            .deviceBudgetBytes = asked.budget});
    REQUIRE(plan.ok());
    result.plan = std::move(plan).value();
    return result;
}

uint32_t blockOf(const std::string& name) {
    return name.starts_with("blk.") ? static_cast<uint32_t>(std::stoul(name.substr(4))) : UINT32_MAX;
}

} // namespace

TEST_CASE("streamed layers: the last two lie in the room through which the host's come, and on the host") {
    const uint64_t half = dense({}).plan.bytesWeights / 2;
    const Planned result = dense({.budget = half});
    const MemoryPlan &plan = result.plan, without = dense({.budget = half, .brings = false}).plan;
    REQUIRE((plan.fits && without.fits));
    CHECK(without.ringLayers == 0);
    CHECK(without.bytesStream == 0);
    REQUIRE(plan.ringLayers == 2);
    CHECK(plan.hostLayers >= without.hostLayers);
    CHECK(plan.hostLayers <= without.hostLayers + 1); // for their cache
    CHECK(plan.context == without.context);
    CHECK(plan.bytesDevice() <= plan.bytesAvailable);
    CHECK(plan.bytesScratch == scratchBytes(result.p, plan.context) + plan.bytesStream);
    CHECK(plan.deviceCacheLayers(result.p) == 48 - plan.hostLayers);
    const uint64_t cacheOfLayer = uint64_t{plan.context} * plan.bytesCachePerToken / 48;
    CHECK(plan.bytesHostCache == cacheOfLayer * (plan.hostLayers + 2));
    uint64_t layer = 0;
    for (const Placement& placement : plan.placements) {
        const TensorInfo& tensor = result.tensors[placement.tensor];
        const uint32_t block = blockOf(tensor.name);
        const bool host = block < 46 && block >= 46 - plan.hostLayers;
        CHECK(placement.place == (host ? Place::HostCpu : Place::DeviceMemory));
        if (block == 47) layer += tensor.sizeBytes;
    }
    CHECK(plan.bytesStream >= 2 * (layer + cacheOfLayer));
    CHECK(plan.bytesStream <= 2 * (layer + cacheOfLayer) + 30 * kSegmentAlignment);
    CHECK(plan.bytesHostCopies == 2 * layer);
    size_t copied = 0;
    for (const TensorInfo& tensor : result.tensors)
        copied += blockOf(tensor.name) == 46 || blockOf(tensor.name) == 47;
    CHECK(plan.copies.size() == copied);
    for (const Placement& copy : plan.copies) {
        CHECK(blockOf(result.tensors[copy.tensor].name) >= 46);
        CHECK(blockOf(result.tensors[copy.tensor].name) < 48);
        CHECK(copy.place == Place::HostCpu);
    }
    for (const Segment& segment : plan.segments) {
        const uint32_t block = blockOf(result.tensors[segment.tensor].name);
        CHECK((block == UINT32_MAX || block < 46 - plan.hostLayers));
    }
    CHECK(plan.verdict.find("for long prompts") != std::string::npos);
    CHECK(without.verdict.find("for long prompts") == std::string::npos);
}

TEST_CASE("streamed layers: not where it costs host memory that there is not, nor where a layer exceeds an "
          "allocation") {
    const uint64_t half = dense({}).plan.bytesWeights / 2;
    const MemoryPlan with = dense({.budget = half}).plan;
    REQUIRE(with.ringLayers == 2);
    bool on = false;
    for (uint64_t bytes = with.bytesHost() / 2; bytes < 2 * with.bytesHost(); bytes += with.bytesHost() / 40) {
        const MemoryPlan plan = dense({.budget = half, .hostBytes = bytes}).plan;
        REQUIRE(plan.fits);
        CHECK((plan.ringLayers == 0 || plan.bytesOf(Place::Disk) == 0));
        CHECK(plan.bytesHost() <= bytes);
        CHECK((plan.ringLayers == 2 || !on)); // more never takes it away
        on = plan.ringLayers == 2;
    }
    CHECK(on);
    CHECK(dense({.budget = half, .maxAllocation = 150'000'000}).plan.ringLayers == 0);
    CHECK(dense({.budget = 40 * kGiB}).plan.ringLayers == 0); // all of it fits
}

TEST_CASE("streamed layers: budgets of every size are kept to") {
    Hyperparams few = qwen14b();
    few.n_layers = 3;
    uint32_t rings = 0;
    for (const Hyperparams& p : {qwen14b(), few})
        for (const CacheFormat cache : {CacheFormat::F16, CacheFormat::F32})
            for (const uint32_t context : {0u, 4096u, 131072u})
                for (uint64_t budget = 700'000'001; budget < 20 * kGiB; budget += budget / 9 + 7919) {
                    const MemoryPlan plan =
                        dense({.budget = budget, .context = context, .cache = cache}, p).plan;
                    CAPTURE(budget);
                    CAPTURE(context);
                    CHECK((!plan.fits || plan.bytesDevice() <= budget));
                    CHECK(plan.hostLayers + plan.ringLayers <= p.n_layers);
                    CHECK((plan.ringLayers == 0 || plan.hostLayers > 0));
                    rings += plan.ringLayers > 0;
                }
    CHECK(rings > 20);
}
