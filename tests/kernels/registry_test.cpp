// The registry, the reflection it builds on, the pipeline cache's file, and the layouts shared with the shaders.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <unistd.h>

#include <doctest/doctest.h>

#include "inference/vulkan/pipeline_cache.h"
#include "inference/vulkan/spirv_reflect.h"
#include "shaders/embedded.h"
#include "shaders/shared/self_test.h"
#include "tests/kernels/support/gpu.h"
#include "tests/kernels/support/push_layouts.h"

using namespace ponder;
using namespace ponder::vulkan;
using test::require;

TEST_SUITE_BEGIN("registry");

TEST_CASE("every embedded kernel can be reflected") {
    CHECK_FALSE(shaders::names().empty());
    CHECK(std::is_sorted(shaders::names().begin(), shaders::names().end()));
    for (const auto name : shaders::names()) {
        CAPTURE(std::string(name));
        const auto interface = require(reflectShader(shaders::find(name)));
        CHECK(interface.bindings <= 16);
        CHECK(interface.pushBytes <= 128); // what every Vulkan device has
    }
    CHECK(shaders::find("no_such_kernel").empty());
    CHECK(shaders::find("").empty());
}

TEST_CASE("kernels use only what every accepted device has, or what their name says") {
    // Numbers of SPIR-V's capabilities. What Context requires of a device:
    const std::vector<uint32_t> required{1 /* Shader */,
                                         11 /* Int64 */,
                                         61,
                                         62,
                                         63,
                                         65,
                                         68 /* subgroups: basic, vote, arithmetic,
                                         shuffle, quad */
                                         ,
                                         4433,
                                         4448 /* 16- and 8-bit storage */,
                                         5347 /* addresses */};
    // And of one whose caps say cooperativeMatrix (2: NV's) or integerDot:
    const std::vector<uint32_t> matrix{9 /* Float16 */, 5345 /* memory model */, 6022 /* KHR */};
    const std::vector<uint32_t> matrix2{5430, 5431, 5432, 5433, 5434, 5439 /* NV */};
    const std::vector<uint32_t> dot{39 /* Int8 */, 6016, 6017, 6018, 6019};
    const auto in = [](const std::vector<uint32_t>& list, uint32_t value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    };
    for (const auto name : shaders::names()) {
        CAPTURE(std::string(name));
        const bool usesMatrix = name.find("coopmat") != std::string_view::npos;
        const bool usesMatrix2 = name.find("coopmat2") != std::string_view::npos;
        const bool usesDot = name.starts_with("matvec_int8_") || name.starts_with("gated_int8_") ||
                             name.starts_with("residual_int8_");
        for (const uint32_t capability : require(reflectShader(shaders::find(name))).capabilities) {
            CAPTURE(capability);
            CHECK((in(required, capability) || (usesMatrix && in(matrix, capability)) ||
                   (usesMatrix2 && in(matrix2, capability)) || (usesDot && in(dot, capability))));
        }
    }
}

TEST_CASE("push constants lie in SPIR-V where C++ puts them") {
    for (const auto name : shaders::names()) {
        CAPTURE(std::string(name));
        const auto interface = require(reflectShader(shaders::find(name)));
        if (interface.pushMembers.empty()) continue;
        const test::PushLayout* const layout = test::pushLayoutOf(name);
        REQUIRE_MESSAGE(layout != nullptr, "no row in push_layouts.cpp covers this kernel");
        REQUIRE(interface.pushMembers.size() == layout->offsets.size());
        for (size_t i = 0; i < layout->offsets.size(); ++i) {
            CAPTURE(i);
            CHECK(interface.pushMembers[i].offset == layout->offsets[i]);
        }
        CHECK(interface.pushBytes <= layout->sizeBytes);
    }
}

TEST_CASE("reflection of what is not SPIR-V is an error") {
    const std::vector<uint32_t> empty, wrong(8, 0), cut{0x07230203, 0x10500, 0, 10, 0, 0x00200011};
    const std::vector<uint32_t> endless{0x07230203, 0x10500, 0, 10, 0, 0};
    for (const auto& words : {empty, wrong, cut, endless}) CHECK_FALSE(reflectShader(words).ok());
}

TEST_CASE("reflection of the self-test kernel") {
    const auto interface = require(reflectShader(shaders::find("self_test")));
    CHECK(interface.bindings == 1);
    CHECK(interface.pushBytes == sizeof(shared::SelfTestPush));
    CHECK(interface.specIds == std::vector<uint32_t>{0, 1});
}

TEST_CASE("the same kernel is made once, other constants make another") {
    auto kernels = require(KernelRegistry::create(test::context(), ""));
    const Kernel* const a = require(kernels->get("self_test", {{0, 64}, {1, 3}}));
    const Kernel* const b = require(kernels->get("self_test", {{0, 64}, {1, 3}}));
    const Kernel* const c = require(kernels->get("self_test", {{0, 64}, {1, 4}}));
    CHECK(a == b);
    CHECK(a != c);
    CHECK(kernels->created().size() == 2);
    CHECK(kernels->created().front() == "self_test 0=64 1=3");
    const auto missing = kernels->get("no_such_kernel");
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().message.find("no_such_kernel") != std::string::npos);
    CHECK(kernels->created().size() == 2);
}

TEST_CASE("kernels that are asked for together are compiled at its end, each once") {
    auto kernels = require(KernelRegistry::create(test::context(), ""));
    const Kernel* const before = require(kernels->get("self_test", {{0, 64}, {1, 1}}));
    std::vector<const Kernel*> together;
    auto recorder = require(CommandRecorder::create(test::context(), "trial"));
    const vulkan::Buffer out = test::deviceBuffer(64 * 4);
    const auto record = [&](const Kernel& kernel) {
        require(recorder.begin());
        recorder.dispatch(kernel, shared::SelfTestPush{0, 64, 0}, {out.view()}, {1, 1, 1});
        require(recorder.end());
    };
    require(kernels->compileTogether([&]() -> Result<void> {
        for (uint32_t i = 1; i <= 20; ++i)
            together.push_back(require(kernels->get("self_test", {{0, 64}, {1, i}})));
        CHECK(together[0] == before);
        CHECK(together[1]->pipeline == VK_NULL_HANDLE);
        CHECK(together[1]->bindings == 1);
        CHECK(require(kernels->get("self_test", {{0, 64}, {1, 2}})) == together[1]);
        record(*together[1]); // a trial: nothing of it runs
        return {};
    }));
    std::set<VkPipeline> different;
    for (const Kernel* kernel : together) different.insert(kernel->pipeline);
    CHECK(different.size() == 20);
    CHECK_FALSE(different.contains(VK_NULL_HANDLE));
    CHECK(kernels->created().size() == 20);
    CHECK(require(kernels->get("self_test", {{0, 64}, {1, 2}})) == together[1]);
    record(*together[1]);
    CHECK(recorder.handle() != VK_NULL_HANDLE);
    require(kernels->compileTogether([] { return Result<void>(); })); // nothing
}

TEST_CASE("of kernels asked for together one that fails takes nothing with it") {
    for (const test::CallFailure& way : test::kCallFailures) {
        for (uint64_t n = 1;; ++n) {
            CAPTURE(way.name);
            CAPTURE(n);
            REQUIRE(n < 1000);
            vulkan::ContextOptions options;
            options.failCall = n;
            options.failResult = way.name;
            const auto context = vulkan::Context::create(options);
            if (!context.ok()) continue;
            const uint64_t opened = (*context)->callCount();
            auto made = KernelRegistry::create(**context, "");
            if (!made.ok()) continue;
            auto& kernels = **made;
            const auto outcome = kernels.compileTogether([&]() -> Result<void> {
                for (uint32_t i = 1; i <= 3; ++i)
                    RETURN_IF_ERROR(kernels.get("self_test", {{0, 64}, {1, i}}));
                return {};
            });
            if ((*context)->callCount() < n) {
                CHECK(outcome.ok());
                break;
            }
            CHECK(opened < n);
            REQUIRE_FALSE(outcome.ok());
            CHECK(outcome.error().code == way.code);
            CHECK(kernels.created().size() < 3);
            if ((*context)->lost()) continue;
            for (uint32_t i = 1; i <= 3; ++i)
                CHECK(require(kernels.get("self_test", {{0, 64}, {1, i}}))->pipeline != VK_NULL_HANDLE);
        }
    }
    // An error of asking itself is the one that is told; what was asked for before it is gone.
    auto kernels = require(KernelRegistry::create(test::context(), ""));
    const auto refused = kernels->compileTogether([&]() -> Result<void> {
        RETURN_IF_ERROR(kernels->get("self_test", {{0, 64}, {1, 1}}));
        RETURN_IF_ERROR(kernels->get("no_such_kernel"));
        return {};
    });
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("no_such_kernel") != std::string::npos);
    CHECK(kernels->created().empty());
    CHECK_THROWS_AS((void)kernels->compileTogether([&]() -> Result<void> {
        RETURN_IF_ERROR(kernels->get("self_test", {{0, 64}, {1, 1}}));
        throw std::bad_alloc();
    }),
                    std::bad_alloc);
    CHECK(kernels->created().empty());
    CHECK(require(kernels->get("self_test", {{0, 64}, {1, 1}}))->pipeline != VK_NULL_HANDLE);
}

TEST_CASE("a required subgroup size the device does not have is dropped") {
    const Kernel* const any = require(test::registry().get("self_test", {{0, 64}}));
    CHECK(require(test::registry().get("self_test", {{0, 64}}, 3)) == any);
    CHECK(require(test::registry().get("self_test", {{0, 64}}, 4096)) == any);
}

TEST_CASE("the cache file survives damage") {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / ("ponder-registry-test-" + std::to_string(::getpid()));
    fs::remove_all(folder);
    fs::path file;
    const auto useRegistry = [&] {
        auto kernels = require(KernelRegistry::create(test::context(), folder.string()));
        require(kernels->get("self_test", {{0, 64}}));
        require(kernels->saveCache());
    };
    useRegistry();
    for (const auto& entry : fs::directory_iterator(folder)) {
        CHECK(file.empty()); // one file, and nothing temporary beside it
        file = entry.path();
    }
    REQUIRE_FALSE(file.empty());
    const auto whole = fs::file_size(file);

    const auto damage = [&](const char* how) {
        CAPTURE(how);
        useRegistry();
        CHECK(fs::file_size(file) >= whole);
    };
    fs::resize_file(file, whole - 1);
    damage("cut short");
    fs::resize_file(file, 5);
    damage("less than its header");
    fs::resize_file(file, 0);
    damage("empty");
    {
        std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
        change.seekp(-1, std::ios::end);
        change.put('\x5a');
    }
    damage("a flipped byte");
    {
        std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
        change.seekp(16);
        const uint64_t huge = ~uint64_t{0};
        change.write(reinterpret_cast<const char*>(&huge), sizeof huge);
    }
    damage("a size beyond the file");
    fs::remove_all(folder);
}

TEST_CASE("a cache folder that cannot be written is an error of saving, not of working") {
    auto kernels = require(KernelRegistry::create(test::context(), "/proc/ponder-no-such-folder"));
    require(kernels->get("self_test", {{0, 64}}));
    const auto saved = kernels->saveCache();
    REQUIRE_FALSE(saved.ok());
    CHECK(saved.error().code == ErrorCode::Io);
}

TEST_SUITE_END();
