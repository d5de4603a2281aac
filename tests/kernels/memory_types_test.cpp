// Which memory a buffer gets, with the lists that drivers of real devices give.
#include <initializer_list>

#include <doctest/doctest.h>

#include "inference/vulkan/memory_types.h"

using namespace ponder::vulkan;

namespace {

constexpr VkMemoryPropertyFlags kLocal = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
constexpr VkMemoryPropertyFlags kHost =
    VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
constexpr VkMemoryPropertyFlags kCached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
constexpr VkMemoryPropertyFlags kAmdSlow =
    VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD | VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD;

VkPhysicalDeviceMemoryProperties device(std::initializer_list<VkMemoryPropertyFlags> types) {
    VkPhysicalDeviceMemoryProperties memory{};
    for (const VkMemoryPropertyFlags flags : types)
        memory.memoryTypes[memory.memoryTypeCount++].propertyFlags = flags;
    return memory;
}

struct Expected {
    uint32_t local, upload, readback;
};

void check(const VkPhysicalDeviceMemoryProperties& memory, bool unified, Expected expected) {
    CHECK(chooseMemoryType(memory, ~0u, MemoryUse::DeviceLocal, unified) == expected.local);
    CHECK(chooseMemoryType(memory, ~0u, MemoryUse::Upload, unified) == expected.upload);
    CHECK(chooseMemoryType(memory, ~0u, MemoryUse::Readback, unified) == expected.readback);
}

} // namespace

TEST_SUITE_BEGIN("memory_types");

TEST_CASE("NVIDIA: device memory, host memory with and without cache, a window into the device") {
    const auto memory = device({0, kLocal, kHost, kHost | kCached, kLocal | kHost});
    check(memory, false, {1, 2, 3});
    CHECK_FALSE(isMappable(memory, 1));
    CHECK(isMappable(memory, 4));
    // Where the buffer cannot have the best type, the next best.
    CHECK(chooseMemoryType(memory, ~2u, MemoryUse::DeviceLocal, false) == 4u);
    CHECK(chooseMemoryType(memory, 1u << 3, MemoryUse::Upload, false) == 3u);
    CHECK_FALSE(chooseMemoryType(memory, 0, MemoryUse::Upload, false));
    CHECK_FALSE(chooseMemoryType(memory, 1u << 1, MemoryUse::Readback, false));
}

TEST_CASE("AMD: the uncached kinds are never taken") {
    check(device({kLocal, kLocal | kHost, kHost, kHost | kCached, kLocal | kAmdSlow, kHost | kAmdSlow,
                  kHost | kCached | kAmdSlow}),
          false, {0, 2, 3});
    CHECK_FALSE(chooseMemoryType(device({kLocal | kAmdSlow}), ~0u, MemoryUse::DeviceLocal, false));
}

TEST_CASE("a card all of whose memory can be mapped") {
    check(device({kLocal | kHost, kHost, kHost | kCached}), false, {0, 1, 2});
}

TEST_CASE("integrated graphics: one memory, mapped everywhere") {
    check(device({kLocal, kLocal | kHost, kLocal | kHost | kCached}), true, {1, 1, 2});
    check(device({kLocal | kHost | kCached}), true, {0, 0, 0}); // llvmpipe
}

TEST_CASE("a device that calls none of its memory local") {
    check(device({kHost, kHost | kCached}), true, {0, 0, 1});
}

TEST_CASE("no types at all") {
    for (const MemoryUse use : {MemoryUse::DeviceLocal, MemoryUse::Upload, MemoryUse::Readback})
        CHECK_FALSE(chooseMemoryType(device({}), ~0u, use, false));
}

TEST_SUITE_END();
