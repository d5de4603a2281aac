// The plan of models that the device and the host share.

#include <algorithm>
#include <set>

#include "tests/unit/models/plan_support.h"

using namespace ponder;
using namespace ponder::test;

namespace {

struct Machine {
    uint64_t deviceBytes = 0, hostBytes = 0;
    uint64_t deviceBudget = 0, hostBudget = 0;
    bool unified = false;
};

Planned shared(const Hyperparams& p, QuantType type, const Machine& machine,
               ExpertPlaces experts = ExpertPlaces::Auto, uint32_t context = 0, bool prediction = false) {
    PlanDevice gpu = device(machine.deviceBytes);
    gpu.unified = machine.unified;
    Planned result{p, tensorsOf(p, type), {}};
    auto plan = planMemory({.hyperparams = result.p,
                            .tensors = result.tensors,
                            .devices = {&gpu, 1},
                            .host = {.computes = true,
                                     .memoryBytes = machine.hostBytes,
                                     .gigabytesPerSecond = 100,
                                     .diskGigabytesPerSecond = 2},
                            .context = context,
                            .prediction = prediction,
                            .deviceBudgetBytes = machine.deviceBudget,
                            .hostBudgetBytes = machine.hostBudget,
                            .experts = experts});
    REQUIRE(plan.ok());
    result.plan = std::move(plan).value();
    return result;
}

uint64_t allBytes(const MemoryPlan& plan) {
    uint64_t bytes = 0;
    for (const uint64_t place : plan.bytesByPlace) bytes += place;
    return bytes;
}

// Every tensor and every expert of it has one place; what is said of bytes adds up; the device holds what it can.
void checkShared(const Planned& planned, uint64_t maxAllocation = 4 * kGiB) {
    const MemoryPlan& plan = planned.plan;
    std::map<uint32_t, uint32_t> next; // by tensor: the first expert that has no place yet
    uint64_t read = 0;
    for (const Placement& placement : plan.placements) {
        CHECK(placement.firstExpert == next[placement.tensor]);
        next[placement.tensor] += placement.experts;
    }
    for (const auto& [tensor, placed] : next) {
        const TensorInfo& info = planned.tensors[tensor];
        const bool stacked = info.name.find("_exps.") != std::string::npos;
        CHECK(placed == (stacked ? planned.p.n_experts : 1));
    }
    for (const uint64_t bytes : plan.bytesPerTokenByPlace) read += bytes;
    CHECK(read <= plan.bytesPerToken);
    CHECK(read + 1000 * next.size() >= plan.bytesPerToken); // shares of experts are rounded
    CHECK(plan.bytesDevice() <= plan.bytesAvailable);
    CHECK(plan.bytesWeights >= plan.bytesOf(Place::DeviceMemory));
    CHECK(plan.verdict.starts_with("Fits: "));
    CHECK(std::count(plan.verdict.begin(), plan.verdict.end(), '\n') == 0);
    CHECK(plan.warning.empty() == (plan.bytesOf(Place::Disk) == 0));
    checkSegments(planned, maxAllocation);
}

Place placeOf(const Planned& planned, std::string_view name, uint32_t expert = 0) {
    for (const Placement& placement : planned.plan.placements)
        if (planned.tensors[placement.tensor].name == name && expert >= placement.firstExpert &&
            expert < placement.firstExpert + placement.experts)
            return placement.place;
    FAIL(std::string(name));
    return {};
}

} // namespace

TEST_CASE("shared plan: of R1 the device takes everything but experts, then the same number of those in "
          "every layer") {
    const Planned result = shared(r1(), QuantType::IQ1_S, {80 * kGiB, 128 * kGiB});
    const MemoryPlan& plan = result.plan;
    REQUIRE(plan.fits);
    checkShared(result);
    CHECK(plan.context == kDefaultContext);
    CHECK(plan.experts == 58 * 256);
    CHECK(plan.expertsOnDevice > 58 * 100);
    CHECK(plan.expertsOnDevice < plan.experts);
    CHECK(plan.hostLayers == 0);
    CHECK(plan.bytesOf(Place::Disk) == 0);
    CHECK(plan.bytesOf(Place::HostCpu) > 0);
    CHECK(plan.bytesHostCache == 0);
    const MemoryPlan whole = shared(r1(), QuantType::IQ1_S, {800 * kGiB, 128 * kGiB}).plan;
    CHECK(allBytes(plan) == whole.bytesOf(Place::DeviceMemory));
    std::set<uint32_t> held; // experts of a layer
    for (const Placement& placement : plan.placements) {
        const std::string& name = result.tensors[placement.tensor].name;
        if (name.find("_exps.") == std::string::npos)
            CHECK(placement.place == Place::DeviceMemory);
        else if (placement.place == Place::DeviceMemory)
            held.insert(placement.experts);
    }
    CHECK(held.size() <= 2);
    CHECK(*held.rbegin() - *held.begin() <= 1);
    // One expert more would not fit.
    const uint64_t expert = uint64_t{3} * 7168 * 2048 / 256 * 50; // IQ1_S: 50 bytes for 256 weights
    CHECK(plan.bytesDevice() + expert + 3 * kSegmentAlignment > plan.bytesAvailable);
    const double seconds = static_cast<double>(plan.bytesPerTokenByPlace[0]) / 0.6e12 +
                           static_cast<double>(plan.bytesPerTokenByPlace[1]) / 60e9;
    CHECK(plan.expectedTokensPerSecond == doctest::Approx(1 / seconds));
    CHECK(plan.verdict.find("experts are computed by the CPU") != std::string::npos);
}

TEST_CASE("shared plan: what exceeds host memory is on disk, with a warning and the speed") {
    const Planned result = shared(r1(), QuantType::Q4_K, {80 * kGiB, 128 * kGiB});
    const MemoryPlan& plan = result.plan;
    REQUIRE(plan.fits);
    checkShared(result);
    CHECK(plan.bytesOf(Place::Disk) > 100 * kGiB);
    CHECK(plan.bytesHost() <= 127 * kGiB);
    CHECK(plan.bytesHost() > 120 * kGiB);
    CHECK(plan.warning.find("read from disk") != std::string::npos);
    CHECK(plan.warning.find("tokens/s") != std::string::npos);
    CHECK(plan.expectedTokensPerSecond < 2);
    CHECK(placeOf(result, "blk.30.ffn_up_exps.weight", 0) == Place::DeviceMemory);
    CHECK(placeOf(result, "blk.30.ffn_up_exps.weight", 255) == Place::Disk);
    const Planned half = shared(r1(), QuantType::Q4_K, {80 * kGiB, 600 * kGiB, 0, 200 * kGiB});
    checkShared(half);
    CHECK(half.plan.bytesHost() <= 200 * kGiB);
    CHECK(half.plan.bytesOf(Place::Disk) > 0);
    CHECK(shared(r1(), QuantType::Q4_K, {80 * kGiB, 600 * kGiB}).plan.bytesOf(Place::Disk) == 0);
}

TEST_CASE("shared plan: memory that device and host share is not given twice") {
    const Planned result = shared(r1(), QuantType::IQ1_S, {64 * kGiB, 110 * kGiB, 0, 0, true});
    REQUIRE(result.plan.fits);
    CHECK(result.plan.bytesDevice() + result.plan.bytesHost() <= 110 * kGiB);
    CHECK(result.plan.bytesOf(Place::Disk) > 0);
}

TEST_CASE("shared plan: where experts are wanted") {
    const Planned none = shared(v2Lite(), QuantType::Q8_0, {80 * kGiB, 64 * kGiB}, ExpertPlaces::Host);
    REQUIRE(none.plan.fits);
    checkShared(none);
    CHECK(none.plan.expertsOnDevice == 0);
    CHECK(none.plan.experts == 26 * 64);
    CHECK(shared(v2Lite(), QuantType::Q8_0, {80 * kGiB, 64 * kGiB}).plan.sharedWithHost() == false);
    CHECK(shared(v2Lite(), QuantType::Q8_0, {80 * kGiB, 64 * kGiB}, ExpertPlaces::Device).plan.fits);
    const MemoryPlan refused =
        shared(v2Lite(), QuantType::Q8_0, {6 * kGiB, 64 * kGiB}, ExpertPlaces::Device).plan;
    CHECK_FALSE(refused.fits);
    CHECK(refused.verdict.find("--experts device") != std::string::npos);
    CHECK(requireFit(refused).error().code == ErrorCode::ModelTooLarge);
    // A model without experts has none to place.
    CHECK_FALSE(
        shared(qwen7b(), QuantType::Q4_K, {80 * kGiB, 64 * kGiB}, ExpertPlaces::Host).plan.sharedWithHost());
}

TEST_CASE("shared plan: V2-Lite on a small card, with and without a budget") {
    const Planned card = shared(v2Lite(), QuantType::Q8_0, {6 * kGiB, 32 * kGiB});
    REQUIRE(card.plan.fits);
    checkShared(card);
    CHECK(card.plan.expertsOnDevice > 0);
    const Planned budget = shared(v2Lite(), QuantType::Q8_0, {80 * kGiB, 32 * kGiB, 4 * kGiB});
    REQUIRE(budget.plan.fits);
    checkShared(budget);
    CHECK(budget.plan.expertsOnDevice < card.plan.expertsOnDevice);
    CHECK(budget.plan.bytesAvailable == 4 * kGiB);
}

TEST_CASE("shared plan: of a dense model the last layers are the CPU's, with their part of the cache") {
    const uint64_t whole = shared(qwen14b(), QuantType::Q4_K, {80 * kGiB, 64 * kGiB}).plan.bytesWeights;
    const Planned result = shared(qwen14b(), QuantType::Q4_K, {80 * kGiB, 64 * kGiB, whole / 2});
    const MemoryPlan& plan = result.plan;
    REQUIRE(plan.fits);
    checkShared(result);
    CHECK(plan.context == kSharedContext);
    CHECK(plan.hostLayers > 24);
    CHECK(plan.hostLayers < 48);
    CHECK(plan.experts == 0);
    CHECK(plan.bytesHostCache == uint64_t{plan.context} * plan.bytesCachePerToken / 48 * plan.hostLayers);
    CHECK(plan.bytesCache + plan.bytesHostCache == uint64_t{plan.context} * plan.bytesCachePerToken);
    for (const Placement& placement : plan.placements) {
        const std::string& name = result.tensors[placement.tensor].name;
        const bool layer = name.starts_with("blk.");
        const uint32_t block = layer ? static_cast<uint32_t>(std::stoul(name.substr(4))) : 0;
        CHECK(placement.place ==
              (layer && block >= 48 - plan.hostLayers ? Place::HostCpu : Place::DeviceMemory));
    }
    CHECK(plan.verdict.find("of 48 layers") != std::string::npos);
    // One layer more on the device would not fit.
    const uint64_t layer =
        plan.bytesOf(Place::HostCpu) / plan.hostLayers + plan.bytesHostCache / plan.hostLayers;
    CHECK(plan.bytesDevice() + layer > plan.bytesAvailable);
    // What was asked for is granted, at the price of more layers.
    const MemoryPlan longer =
        shared(qwen14b(), QuantType::Q4_K, {80 * kGiB, 64 * kGiB, whole / 2}, ExpertPlaces::Auto, 32768).plan;
    REQUIRE(longer.fits);
    CHECK(longer.context == 32768);
    CHECK(longer.hostLayers > plan.hostLayers);
}

TEST_CASE("shared plan: budgets of every size are kept to or refused in one sentence") {
    for (const auto& [p, type] : {std::pair(r1(), QuantType::IQ1_S), std::pair(v2Lite(), QuantType::Q8_0),
                                  std::pair(qwen14b(), QuantType::Q4_K)}) {
        uint32_t experts = 0, layers = p.n_layers + 1;
        for (uint64_t budget = 100'000'003; budget < 100 * kGiB; budget += budget / 3 + 7919) {
            const Planned result = shared(p, type, {80 * kGiB, 256 * kGiB, budget});
            const MemoryPlan& plan = result.plan;
            CAPTURE(budget);
            if (!plan.fits) {
                CHECK(plan.verdict.starts_with("Does not fit: "));
                CHECK(plan.verdict.ends_with("."));
                CHECK(layers == p.n_layers + 1); // more never fits less
                continue;
            }
            checkShared(result);
            CHECK(plan.expertsOnDevice >= experts);
            CHECK(plan.hostLayers <= layers);
            experts = plan.expertsOnDevice;
            layers = plan.hostLayers;
        }
        CHECK(layers == 0);
    }
}

TEST_CASE("shared plan: a budget too small for anything, on either side") {
    const MemoryPlan plan = shared(qwen14b(), QuantType::Q4_K, {80 * kGiB, 64 * kGiB, 1000}).plan;
    CHECK_FALSE(plan.fits);
    CHECK(plan.verdict.find("1.00 kB") != std::string::npos);
    CHECK(plan.verdict.find("on the CPU alone") != std::string::npos);
    const MemoryPlan host = shared(qwen14b(), QuantType::Q4_K, {80 * kGiB, 64 * kGiB, 4 * kGiB, 1000}).plan;
    CHECK_FALSE(host.fits);
    CHECK(host.verdict.find("the computer offers less, 1.00 kB") != std::string::npos);
    CHECK_FALSE(shared(r1(), QuantType::IQ1_S, {0, 64 * kGiB}).plan.fits);
}

TEST_CASE(
    "shared plan: the block that predicts stays with the device, its experts are shared as the others") {
    const Planned result =
        shared(r1(), QuantType::IQ1_S, {80 * kGiB, 128 * kGiB}, ExpertPlaces::Auto, 0, true);
    REQUIRE(result.plan.fits);
    checkShared(result);
    CHECK(result.plan.experts == 59 * 256);
    CHECK(placeOf(result, "blk.61.nextn.eh_proj.weight") == Place::DeviceMemory);
    CHECK(placeOf(result, "blk.61.ffn_up_exps.weight", 255) == Place::HostCpu);
    CHECK(result.plan.deviceCacheLayers(result.p) == 61);
}

TEST_CASE(
    "shared plan: on the CPU alone experts beyond its memory are read from disk, other models are refused") {
    const auto onCpu = [](const Hyperparams& p, uint64_t memory, ExpertPlaces experts) {
        const PlanDevice cpu{.name = "A CPU",
                             .localBytes = memory,
                             .budgetBytes = memory,
                             .maxAllocationBytes = uint64_t{1} << 46,
                             .unified = true,
                             .gigabytesPerSecond = 100};
        Planned result{p, tensorsOf(p, QuantType::Q4_K), {}};
        result.plan = planMemory({.hyperparams = result.p,
                                  .tensors = result.tensors,
                                  .devices = {&cpu, 1},
                                  .host = {.onlyDisk = true, .diskGigabytesPerSecond = 2},
                                  .experts = experts})
                          .value();
        return result;
    };
    for (const ExpertPlaces experts : {ExpertPlaces::Auto, ExpertPlaces::Host}) {
        const Planned result = onCpu(r1(), 128 * kGiB, experts);
        const MemoryPlan& plan = result.plan;
        REQUIRE(plan.fits);
        checkShared(result, uint64_t{1} << 46);
        CHECK(plan.bytesHost() == 0); // all of it counts as the device's
        CHECK(plan.bytesDevice() > 120 * kGiB);
        CHECK(plan.bytesOf(Place::Disk) > 200 * kGiB);
        CHECK(plan.expertsOnDevice > 58 * 50);
        CHECK(plan.verdict.find("experts are read from disk when a token needs them") != std::string::npos);
        CHECK(plan.expectedTokensPerSecond < 1);
        CHECK(placeOf(result, "blk.30.ffn_up_exps.weight", 0) == Place::DeviceMemory);
        CHECK(placeOf(result, "blk.30.ffn_up_exps.weight", 255) == Place::Disk);
        CHECK(placeOf(result, "blk.30.attn_output.weight") == Place::DeviceMemory);
    }
    CHECK_FALSE(onCpu(r1(), 4 * kGiB, ExpertPlaces::Auto).plan.fits);
    CHECK_FALSE(onCpu(r1(), 128 * kGiB, ExpertPlaces::Device).plan.fits);
    const MemoryPlan dense = onCpu(qwen14b(), 4 * kGiB, ExpertPlaces::Auto).plan;
    CHECK_FALSE(dense.fits);
    CHECK(dense.verdict.find("smaller model") != std::string::npos);
}
