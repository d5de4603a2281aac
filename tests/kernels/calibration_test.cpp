// The self-test of a device, run on whatever there is: what it finds, records, and heeds, and what it survives.
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

#include "inference/calibration.h"
#include "inference/calibrator.h"
#include "inference/kernels/matmul_plan.h"
#include "tests/kernels/support/gpu.h"

using namespace ponder;
using namespace ponder::inference;
using test::require;

namespace {

// A device of its own: what is found changes its caps.
struct Fixture {
    explicit Fixture(uint64_t failCall = 0, const char* failResult = "") {
        vulkan::ContextOptions options;
        if (const char* device = std::getenv("PONDER_TEST_DEVICE")) options.device = device;
        options.failCall = failCall;
        options.failResult = failResult;
        context = require(vulkan::Context::create(options));
        registry = require(vulkan::KernelRegistry::create(*context, ""));
        std::filesystem::remove_all(folder);
    }
    ~Fixture() { std::filesystem::remove_all(folder); }

    Result<void> run(Calibrate when, std::stop_token stop = {}) {
        return calibrate(*context, *registry, {.when = when, .folder = folder, .stop = std::move(stop)});
    }
    std::optional<Calibration> record() const { return readCalibration(folder, context->caps()); }
    bool integers() const {
        return kernels::useIntegers(context->caps(), {}, models::QuantType::Q4_K, false);
    }

    std::string folder =
        (std::filesystem::temp_directory_path() / ("ponder-calibrator-" + std::to_string(::getpid()))).string();
    std::unique_ptr<vulkan::Context> context;
    std::unique_ptr<vulkan::KernelRegistry> registry;
};

} // namespace

TEST_SUITE_BEGIN("calibration");

TEST_CASE("what is measured is recorded, chosen by and not measured again") {
    Fixture first;
    const vulkan::DeviceCaps before = first.context->caps();
    require(first.run(Calibrate::Once));
    const auto record = first.record();
    REQUIRE(record);
    MESSAGE(record->rates.describe());
    CHECK(record->rates.copy > 0);
    CHECK(record->rates.floatMatVec > 0);
    CHECK(record->rates.plainMatMul > 0);
    CHECK((record->rates.integerMatVec > 0) == before.integerDotAny);
    if (!before.cooperativeMatrix) CHECK(record->rates.cooperativeMatMul == 0);
    const auto chosen = choosePaths(before, record->rates);
    CHECK(record->paths.integers == chosen.integers);
    CHECK(record->paths.matrices == chosen.matrices);
    CHECK(first.context->caps().integersFaster == chosen.integers);
    CHECK(first.context->caps().cooperativeMatrix ==
          (before.cooperativeMatrix && chosen.matrices.value_or(true)));
    CHECK(first.registry->created().size() >= 2);

    vulkan::ContextOptions options;
    if (const char* device = std::getenv("PONDER_TEST_DEVICE")) options.device = device;
    const auto next = require(vulkan::Context::create(options));
    const auto registry = require(vulkan::KernelRegistry::create(*next, ""));
    const uint64_t calls = next->callCount();
    require(calibrate(*next, *registry, {.folder = first.folder, .stop = {}}));
    CHECK(next->callCount() == calls);
    CHECK(registry->created().empty());
    CHECK(next->caps().integersFaster == chosen.integers);
}

TEST_CASE("a record counts, whatever it says, and switches of the plan count more") {
    for (const bool integers : {false, true}) {
        Fixture fixture;
        REQUIRE(writeCalibration(fixture.folder, fixture.context->caps(),
                                 {{.copy = 1}, {.integers = integers, .matrices = false}})
                    .ok());
        require(fixture.run(Calibrate::Once));
        const vulkan::DeviceCaps& caps = fixture.context->caps();
        CHECK_FALSE(caps.cooperativeMatrix);
        CHECK(fixture.integers() == (integers && caps.integerDotAny));
        CHECK_FALSE(kernels::useIntegers(caps, {.integerDot = false}, models::QuantType::Q4_K, false));
        CHECK(kernels::useIntegers(caps, {.integerDot = true}, models::QuantType::Q4_K, false) ==
              caps.integerDotAny);
        CHECK(fixture.registry->created().empty());
    }
}

TEST_CASE("where it is always measured a record is replaced") {
    Fixture fixture;
    REQUIRE(writeCalibration(fixture.folder, fixture.context->caps(), {{.copy = 1}, {}}).ok());
    require(fixture.run(Calibrate::Always));
    REQUIRE(fixture.record());
    CHECK(fixture.record()->rates.floatMatVec > 0);
}

TEST_CASE(
    "nothing is measured where it is not wanted or cannot be kept, and nothing recorded that is not to be") {
    Fixture fixture;
    REQUIRE(writeCalibration(fixture.folder, fixture.context->caps(), {{.copy = 1}, {.integers = true}}).ok());
    const auto without = [&](Calibrate when, bool folder, bool record) {
        require(
            calibrate(*fixture.context, *fixture.registry,
                      {.when = when, .folder = folder ? fixture.folder : "", .record = record, .stop = {}}));
    };
    const uint64_t calls = fixture.context->callCount();
    without(Calibrate::Never, true, true);
    CHECK_FALSE(fixture.context->caps().integersFaster); // nor is the record heeded
    without(Calibrate::Once, false, true);
    std::filesystem::remove_all(fixture.folder);
    without(Calibrate::Once, true, false);
    CHECK(fixture.context->callCount() == calls);
    without(Calibrate::Always, true, false);
    CHECK(fixture.context->callCount() > calls);
    CHECK_FALSE(fixture.record());
}

TEST_CASE("stopped, it leaves everything as it was") {
    Fixture fixture;
    std::stop_source stop;
    stop.request_stop();
    require(fixture.run(Calibrate::Always, stop.get_token()));
    CHECK_FALSE(fixture.record());
    CHECK_FALSE(fixture.context->caps().integersFaster);
}

TEST_CASE("a failing call leaves the choice to the caps, and only a lost device is an error") {
    Fixture whole;
    const uint64_t before = whole.context->callCount();
    require(whole.run(Calibrate::Always));
    const uint64_t calls = whole.context->callCount() - before;
    REQUIRE(calls > 60);
    // The first calls one by one, then ever fewer: buffers, pipelines, recordings, submissions. How often it measures is a matter
    // of time, so not the last ones.
    size_t kind = 0;
    for (uint64_t call = 1; call < calls * 2 / 3; call += 1 + call / 4, ++kind) {
        const test::CallFailure& failure = test::kCallFailures[kind % std::size(test::kCallFailures)];
        CAPTURE(call);
        CAPTURE(failure.name);
        Fixture fixture(before + call, failure.name);
        const auto result = fixture.run(Calibrate::Always);
        if (fixture.context->callCount() < before + call) continue; // it was not made this time
        CHECK_FALSE(fixture.record());
        CHECK_FALSE(fixture.context->caps().integersFaster);
        if (failure.code == ErrorCode::DeviceLost) {
            REQUIRE_FALSE(result.ok());
            CHECK(result.error().code == ErrorCode::DeviceLost);
            continue;
        }
        CHECK(result.ok());
        require(fixture.run(Calibrate::Always)); // the device is as good as before
        CHECK(fixture.record());
    }
}

TEST_SUITE_END();
