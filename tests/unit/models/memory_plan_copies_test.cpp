// The plan's copies in host memory of experts that lie on the device, so that others may take their places.

#include <map>

#include "tests/unit/models/plan_support.h"

using namespace ponder;
using namespace ponder::test;

namespace {

Planned copied(uint64_t deviceBytes, uint64_t hostBytes, QuantType type = QuantType::IQ1_S,
               ExpertPlaces experts = ExpertPlaces::Auto, uint64_t hostBudget = 0, bool copies = true) {
    const PlanDevice gpu = device(deviceBytes);
    Planned result{r1(), tensorsOf(r1(), type), {}};
    auto plan = planMemory({.hyperparams = result.p,
                            .tensors = result.tensors,
                            .devices = {&gpu, 1},
                            .host = {.computes = true, .copiesExperts = copies, .memoryBytes = hostBytes},
                            .hostBudgetBytes = hostBudget,
                            .experts = experts});
    REQUIRE(plan.ok());
    result.plan = std::move(plan).value();
    return result;
}

// Copies are of the last experts that the device has of a tensor, and what is the host's alone begins behind them.
void checkCopies(const Planned& planned) {
    const MemoryPlan& plan = planned.plan;
    std::map<uint32_t, uint32_t> onDevice; // experts, by tensor
    for (const Placement& placement : plan.placements)
        if (placement.place == Place::DeviceMemory) onDevice[placement.tensor] = placement.experts;
    uint64_t bytes = 0;
    std::map<std::string, uint32_t> ofGates;
    for (const Placement& copy : plan.copies) {
        const TensorInfo& tensor = planned.tensors[copy.tensor];
        CHECK(copy.experts > 0);
        CHECK(copy.place == Place::HostCpu);
        CHECK(copy.firstExpert + copy.experts == onDevice[copy.tensor]);
        CHECK(onDevice[copy.tensor] < planned.p.n_experts);
        bytes += tensor.sizeBytes / planned.p.n_experts * copy.experts;
        if (tensor.name.find("gate_exps") != std::string::npos) ofGates[tensor.name] = copy.experts;
    }
    uint32_t experts = 0;
    for (const auto& [name, count] : ofGates) experts += count;
    CHECK(plan.expertsCopied == experts);
    CHECK(plan.bytesHostCopies == bytes);
    CHECK(plan.expertsCopied <= plan.expertsOnDevice);
}

} // namespace

TEST_CASE("copies: all of the device's experts where host memory has room, and the plan is as without them") {
    const Planned with = copied(80 * kGiB, 400 * kGiB);
    const Planned without =
        copied(80 * kGiB, 400 * kGiB, QuantType::IQ1_S, ExpertPlaces::Auto, 0, /*copies=*/false);
    REQUIRE((with.plan.fits && without.plan.fits));
    checkCopies(with);
    CHECK(with.plan.expertsCopied == with.plan.expertsOnDevice);
    CHECK(with.plan.expertsOnDevice == without.plan.expertsOnDevice);
    CHECK(with.plan.bytesDevice() == without.plan.bytesDevice());
    CHECK(with.plan.placements.size() == without.plan.placements.size());
    CHECK(with.plan.bytesHost() == without.plan.bytesHost() + with.plan.bytesHostCopies);
    CHECK(with.plan.verdict.find("of copies") != std::string::npos);
    CHECK(without.plan.verdict.find("of copies") == std::string::npos);
    CHECK(without.plan.copies.empty());
    CHECK(without.plan.expertsCopied == 0);
}

TEST_CASE("copies: as many as host memory has room for, and none beside what is read from disk") {
    uint32_t before = 0;
    for (uint64_t host = 60 * kGiB; host < 160 * kGiB; host += 7 * kGiB + 12345) {
        CAPTURE(host);
        for (const uint64_t budget : {uint64_t{0}, host * 3 / 4}) {
            const Planned planned = copied(80 * kGiB, host, QuantType::IQ1_S, ExpertPlaces::Auto, budget);
            REQUIRE(planned.plan.fits);
            checkCopies(planned);
            if (planned.plan.bytesOf(Place::Disk) > 0) CHECK(planned.plan.copies.empty());
            CHECK(planned.plan.bytesHost() <= host);
            if (budget > 0) CHECK(planned.plan.bytesHost() <= budget);
            if (budget > 0) continue;
            CHECK(planned.plan.expertsCopied >= before);
            before = planned.plan.expertsCopied;
        }
    }
    CHECK(before > 0);
}

TEST_CASE("copies: none where the device has no expert, or all of them") {
    CHECK(copied(80 * kGiB, 400 * kGiB, QuantType::IQ1_S, ExpertPlaces::Host).plan.copies.empty());
    CHECK(copied(800 * kGiB, 400 * kGiB).plan.copies.empty());
    CHECK(copied(80 * kGiB, 400 * kGiB, QuantType::IQ1_S, ExpertPlaces::Host).plan.bytesHostCopies == 0);
}
