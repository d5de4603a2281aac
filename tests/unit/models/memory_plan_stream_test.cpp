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
    const MemoryPlan with = streamed(80 * kGiB, kStreamedRows), without = streamed(80 * kGiB, 0);
    REQUIRE((with.fits && without.fits));
    CHECK(with.bytesStream > 500'000'000);
    CHECK(with.bytesStream <= with.bytesAvailable / 16);
    CHECK(with.chunkRows == kStreamedRows);
    CHECK(with.bytesDevice() <= with.bytesAvailable);
    CHECK(with.bytesScratch == scratchBytes(computed(), with.context, with.chunkRows) + with.bytesStream);
    CHECK(with.expertsOnDevice < without.expertsOnDevice);
    CHECK(without.bytesStream == 0);
    CHECK(without.chunkRows == kPrefillRows);
    CHECK(without.bytesScratch == scratchBytes(computed(), without.context));
}

TEST_CASE("streamed experts: a smaller device has shorter chunks, and less on its way") {
    const MemoryPlan large = streamed(80 * kGiB, kStreamedRows), small = streamed(32 * kGiB, kStreamedRows);
    REQUIRE(small.fits);
    CHECK(small.chunkRows >= kPrefillRows);
    CHECK(small.chunkRows < large.chunkRows);
    CHECK(small.bytesStream <= small.bytesAvailable / 16);
    CHECK(small.bytesDevice() <= small.bytesAvailable);
}

TEST_CASE("streamed experts: copies leave what only the host has within what a device may read there") {
    const MemoryPlan with = streamed(80 * kGiB, kStreamedRows, QuantType::IQ1_S);
    REQUIRE(with.fits);
    CHECK(with.bytesHostCopies > 0);
    CHECK(with.bytesOf(Place::HostCpu) + with.bytesHostCopies <= 500 * kGiB / 10 * 7);
}
