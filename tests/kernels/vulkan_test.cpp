// The Vulkan layer on the device at hand: choosing it, memory, recordings, failing calls, and whether validation is awake.
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

#include <doctest/doctest.h>

#include "inference/tuning.h"
#include "shaders/shared/self_test.h"
#include "tests/kernels/support/gpu.h"

using namespace ponder;
using namespace ponder::vulkan;
using test::require;

namespace {

constexpr uint32_t kGroup = 64;

// Fill, kernel, read back, in a context of its own: the shortest run that touches everything.
Result<std::vector<uint32_t>> shortRun(const ContextOptions& options, uint32_t count,
                                       uint64_t* calls = nullptr) {
    ASSIGN_OR_RETURN(const auto context, Context::create(options));
    ASSIGN_OR_RETURN(const auto registry, KernelRegistry::create(*context, ""));
    ASSIGN_OR_RETURN(const Kernel* kernel, registry->get("self_test", {{0, kGroup}, {1, 3}}));
    ASSIGN_OR_RETURN(const Buffer values,
                     Buffer::create(*context, count * 4, MemoryUse::DeviceLocal, "values"));
    ASSIGN_OR_RETURN(const Buffer constant, Buffer::create(*context, 4, MemoryUse::Upload, "constant"));
    ASSIGN_OR_RETURN(const Buffer back, Buffer::create(*context, count * 4, MemoryUse::Readback, "back"));
    *reinterpret_cast<uint32_t*>(constant.mapped().data()) = 7;
    ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(*context, "short run", true));
    RETURN_IF_ERROR(recorder.begin());
    recorder.fill(values.view(), 5);
    recorder.barrier("filled before it is read");
    recorder.mark("kernel");
    recorder.dispatch(*kernel, shared::SelfTestPush{constant.address(), count, 0}, {values.view()},
                      {(count + kGroup - 1) / kGroup, 1, 1});
    recorder.barrier("computed before it is copied");
    recorder.copy(values.view(), back.view());
    recorder.hostBarrier();
    RETURN_IF_ERROR(recorder.end());
    const auto run = [&]() -> Result<void> {
        ASSIGN_OR_RETURN(const uint64_t done, context->submit({recorder.handle()}));
        RETURN_IF_ERROR(context->wait(done));
        ASSIGN_OR_RETURN(const auto times, recorder.timestamps());
        if (context->caps().timestampPeriodNs > 0 && times.size() != 1)
            return Error{ErrorCode::Internal, "no timestamp"};
        return {};
    };
    auto ran = run();
    if (calls) *calls = context->callCount();
    if (!ran.ok()) {
        // After a loss every further call says so, and nothing is run.
        if (context->lost()) {
            const auto again = context->submit({recorder.handle()});
            if (again.ok() || again.error().code != ErrorCode::DeviceLost)
                return Error{ErrorCode::Internal, "a lost device took work"};
        }
        context->waitIdle(); // before the buffers go
        return std::move(ran).error();
    }
    const auto* words = reinterpret_cast<const uint32_t*>(back.mapped().data());
    return std::vector<uint32_t>(words, words + count);
}

ContextOptions failing(uint64_t call, const char* result) {
    ContextOptions options;
    options.failCall = call;
    options.failResult = result;
    return options;
}

} // namespace

TEST_SUITE_BEGIN("vulkan");

TEST_CASE("devices are numbered in the loader's order and have plausible caps") {
    const auto devices = Context::enumerate();
    REQUIRE_FALSE(devices.empty());
    for (const DeviceCaps& caps : devices) {
        CAPTURE(caps.name);
        CHECK(caps.id.starts_with("vulkan:"));
        CHECK(caps.subgroupSize >= caps.minSubgroupSize);
        CHECK(caps.subgroupSize <= caps.maxSubgroupSize);
        CHECK(caps.maxSharedBytes >= 16384);
        CHECK(caps.maxAllocationBytes >= 1u << 30);
        CHECK(caps.int64);
        CHECK_FALSE(caps.heaps.empty());
        ContextOptions options;
        options.device = caps.id;
        CHECK(require(Context::create(options))->caps().name == caps.name);
    }
}

TEST_CASE("a device that is not there is refused with the list of those that are") {
    for (const char* wanted : {"vulkan:99", "cpu", "vulkan", "no\nsuch"}) {
        CAPTURE(wanted);
        ContextOptions options;
        options.device = wanted;
        const auto context = Context::create(options);
        REQUIRE_FALSE(context.ok());
        CHECK(context.error().code == ErrorCode::NoDevice);
        CHECK(context.error().message.find("vulkan:0") != std::string::npos);
        CHECK(context.error().message.find('\n') == std::string::npos);
    }
}

TEST_CASE("llvmpipe's subgroups follow LP_NATIVE_VECTOR_WIDTH") {
    const char* width = std::getenv("LP_NATIVE_VECTOR_WIDTH");
    if (width && test::context().caps().software && test::context().caps().name.starts_with("llvmpipe"))
        CHECK(test::context().caps().subgroupSize == static_cast<uint32_t>(std::atoi(width)) / 32);
}

TEST_CASE("binding, push constant, specialization constant and device address all arrive") {
    for (const uint32_t count : {1u, 63u, 64u, 65u, 1000u}) {
        CAPTURE(count);
        const auto values = require(shortRun({}, count));
        for (uint32_t i = 0; i < count; ++i) REQUIRE(values[i] == 5 * 3 + i + 7);
    }
}

TEST_CASE("a recording can be submitted again and again") {
    const Kernel* kernel = require(test::registry().get("self_test", {{0, kGroup}}));
    const Buffer zero = test::upload(std::vector<uint32_t>{0});
    const Buffer values = test::upload(std::vector<uint32_t>(100, 0));
    auto recorder = require(CommandRecorder::create(test::context(), "replayed"));
    require(recorder.begin());
    recorder.dispatch(*kernel, shared::SelfTestPush{zero.address(), 100, 0}, {values.view()}, {2, 1, 1});
    require(recorder.end());
    uint64_t done = 0;
    for (int i = 0; i < 20; ++i) {
        const uint64_t value = require(test::context().submit({recorder.handle()}));
        CHECK(value > done);
        done = value;
        // One at a time: the same command buffer may not be pending twice.
        require(test::context().wait(done));
        CHECK(test::context().completed() >= done);
    }
    const auto got = test::download<uint32_t>(values.view(), 100);
    for (uint32_t i = 0; i < 100; ++i) REQUIRE(got[i] == 20 * i);
}

TEST_CASE("a recording grows as many descriptor sets as it needs") {
    const Kernel* kernel = require(test::registry().get("self_test", {{0, kGroup}}));
    const Buffer one = test::upload(std::vector<uint32_t>{1});
    const Buffer values = test::upload(std::vector<uint32_t>{0});
    auto recorder = require(CommandRecorder::create(test::context(), "long"));
    for (int round = 0; round < 2; ++round) { // the second reuses the pools of the first
        require(recorder.begin());
        for (int i = 0; i < 1000; ++i) {
            recorder.dispatch(*kernel, shared::SelfTestPush{one.address(), 1, 0}, {values.view()}, {1, 1, 1});
            recorder.barrier("counts in turn");
        }
        require(recorder.end());
        require(test::context().wait(require(test::context().submit({recorder.handle()}))));
    }
    CHECK(test::download<uint32_t>(values.view(), 1)[0] == 2000);
}

TEST_CASE("a guarded buffer sees no harm from a kernel that stays inside") {
    const Kernel* kernel = require(test::registry().get("self_test", {{0, kGroup}}));
    const Buffer zero = test::upload(std::vector<uint32_t>{0});
    test::GuardedBuffer output(37 * 4);
    output.set(std::vector<uint32_t>(37, 2));
    test::run([&](CommandRecorder& recorder) {
        recorder.dispatch(*kernel, shared::SelfTestPush{zero.address(), 37, 0}, {output.view()}, {1, 1, 1});
    });
    const auto got = output.values<uint32_t>();
    for (uint32_t i = 0; i < 37; ++i) REQUIRE(got[i] == 2 + i);
}

TEST_CASE("empty and impossible buffers") {
    const Context& context = test::context();
    const Buffer empty = require(Buffer::create(context, 0, MemoryUse::DeviceLocal, "empty"));
    CHECK(static_cast<bool>(empty));
    CHECK(empty.sizeBytes() == 0);
    CHECK(empty.mapped().empty());
    const Buffer upload = require(Buffer::create(context, 3, MemoryUse::Upload, "three"));
    CHECK(upload.mapped().size() == 3);
    CHECK(upload.address() % 16 == 0);
    for (const uint64_t size : {context.caps().maxAllocationBytes + 1, ~uint64_t{0}}) {
        const auto huge = Buffer::create(context, size, MemoryUse::DeviceLocal, "huge");
        REQUIRE_FALSE(huge.ok());
        CHECK(huge.error().code == ErrorCode::OutOfDeviceMemory);
    }
    Buffer moved;
    CHECK_FALSE(static_cast<bool>(moved));
    moved = require(Buffer::create(context, 16, MemoryUse::DeviceLocal, "moved"));
    const VkBuffer handle = moved.handle();
    const Buffer taken = std::move(moved);
    CHECK(taken.handle() == handle);
}

TEST_CASE("more workgroups than the device has are an error of end()") {
    const Kernel* kernel = require(test::registry().get("self_test", {{0, kGroup}}));
    const Buffer values = test::upload(std::vector<uint32_t>{0});
    auto recorder = require(CommandRecorder::create(test::context(), "too much"));
    require(recorder.begin());
    if (test::context().caps().maxWorkgroupsY < ~0u) {
        recorder.dispatch(*kernel, shared::SelfTestPush{values.address(), 1, 0}, {values.view()},
                          {1, test::context().caps().maxWorkgroupsY + 1, 1});
        const auto ended = recorder.end();
        REQUIRE_FALSE(ended.ok());
        CHECK(ended.error().code == ErrorCode::DeviceTooLimited);
        require(recorder.begin()); // and the recorder is as good as new
    }
    require(recorder.end());
}

TEST_CASE("a barrier to the host, copies of parts and fills") {
    std::vector<uint32_t> numbers(256);
    std::iota(numbers.begin(), numbers.end(), 0u);
    const Buffer from = test::upload(numbers);
    const Buffer to = test::deviceBuffer(1024);
    test::run([&](CommandRecorder& recorder) {
        recorder.fill(to.view(), 99);
        recorder.barrier("filled before it is copied over");
        recorder.copy(from.view().part(16, 64), to.view().part(32, 1000)); // the smaller size counts
    });
    const auto got = test::download<uint32_t>(to.view(), 256);
    for (uint32_t i = 0; i < 256; ++i) REQUIRE(got[i] == (i >= 8 && i < 24 ? i - 4 : 99));
}

TEST_CASE("timestamps name the stages in order") {
    if (test::context().caps().timestampPeriodNs <= 0) return;
    const Buffer buffer = test::deviceBuffer(1 << 16);
    auto recorder = require(CommandRecorder::create(test::context(), "timed", true));
    require(recorder.begin());
    recorder.mark("first");
    recorder.fill(buffer.view(), 1);
    recorder.barrier("one fill after the other");
    recorder.mark("second");
    recorder.fill(buffer.view(), 2);
    require(recorder.end());
    CHECK_FALSE(recorder.timestamps().ok()); // has not run
    require(test::context().wait(require(test::context().submit({recorder.handle()}))));
    const auto times = require(recorder.timestamps());
    REQUIRE(times.size() == 2);
    CHECK(times[0].name == "first");
    CHECK(times[1].name == "second");
    CHECK(times[0].microseconds >= 0);
}

TEST_CASE("every Vulkan call of a short run can fail, in every way") {
    uint64_t calls = 0;
    require(shortRun({}, 100, &calls));
    REQUIRE(calls > 20);
    for (const test::CallFailure& way : test::kCallFailures) {
        for (uint64_t n = 1; n <= calls; ++n) {
            CAPTURE(way.name);
            CAPTURE(n);
            const auto run = shortRun(failing(n, way.name), 100);
            REQUIRE_FALSE(run.ok());
            CHECK(run.error().code == way.code);
            CHECK(run.error().message.find('\n') == std::string::npos);
        }
        CHECK(shortRun(failing(calls + 100, way.name), 100).ok());
    }
}

TEST_CASE("the validation layer is awake: it reports a missing barrier and a wrong use") {
    if (!inference::tuning().validation) return;
    const Context& context = test::context();
    REQUIRE_MESSAGE(context.validationActive(), "validation was asked for and the layer did not load");
    const Buffer buffer = test::deviceBuffer(1024, "abused on purpose");
    auto recorder = require(CommandRecorder::create(context, "abused on purpose"));
    require(recorder.begin());

    const uint64_t before = context.validationMessages();
    recorder.fill(buffer.view(), 1);
    recorder.fill(buffer.view(), 2); // write after write, no barrier
    const uint64_t afterHazard = context.validationMessages();
    CHECK_MESSAGE(afterHazard > before, "synchronization validation is asleep");

    context.vk().vkCmdFillBuffer(recorder.handle(), buffer.handle(), 2, 4,
                                 0); // the offset must be a multiple of 4
    const uint64_t afterMisuse = context.validationMessages();
    CHECK_MESSAGE(afterMisuse > afterHazard, "validation is asleep");
    test::expectValidationMessages(afterMisuse - before); // never submitted
}

TEST_SUITE_END();

// Run with the loader pointed at a driver that does not exist; without that the case has nothing to look at.
TEST_SUITE_BEGIN("no_device");

TEST_CASE("a computer without a Vulkan driver") {
    const char* drivers = std::getenv("VK_DRIVER_FILES");
    if (!drivers || std::string(drivers) != "/nonexistent") return;
    CHECK(Context::enumerate().empty());
    const auto context = Context::create({});
    REQUIRE_FALSE(context.ok());
    CHECK(context.error().code == ErrorCode::NoDevice);
    CHECK(context.error().message.find("install") != std::string::npos);
}

TEST_SUITE_END();
