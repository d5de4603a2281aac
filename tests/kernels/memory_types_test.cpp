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

constexpr VkDeviceSize kMib = 1 << 20, kGib = 1 << 30;
struct Heap {
    VkDeviceSize size;
    bool local;
};

// The same types in heaps: that of each type by its number.
VkPhysicalDeviceMemoryProperties device(std::initializer_list<VkMemoryPropertyFlags> types,
                                        std::initializer_list<Heap> heaps,
                                        std::initializer_list<uint32_t> heapOfType) {
    VkPhysicalDeviceMemoryProperties memory = device(types);
    for (const Heap& heap : heaps)
        memory.memoryHeaps[memory.memoryHeapCount++] = {
            heap.size, heap.local ? VkMemoryHeapFlags{VK_MEMORY_HEAP_DEVICE_LOCAL_BIT} : 0};
    uint32_t type = 0;
    for (const uint32_t heap : heapOfType) memory.memoryTypes[type++].heapIndex = heap;
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

TEST_CASE("weights are mapped on a card only where the host sees all of its memory") {
    const auto weights = [](const VkPhysicalDeviceMemoryProperties& memory, uint32_t allowed = ~0u) {
        return chooseMemoryType(memory, allowed, MemoryUse::Weights, false);
    };
    const auto nvidia = {VkMemoryPropertyFlags{0}, kLocal, kHost, kHost | kCached, kLocal | kHost};
    const auto h100 = device(nvidia, {{80 * kGib, true}, {500 * kGib, false}}, {1, 0, 1, 1, 0});
    CHECK(weights(h100) == 4u);
    check(h100, false, {1, 2, 3}); // and nothing else is
    CHECK(weights(h100, ~(1u << 4)) == 1u);
    CHECK_FALSE(weights(h100, 0));
    // A window of 256 MiB, and one as large as the rest.
    const auto window =
        device(nvidia, {{24 * kGib, true}, {64 * kGib, false}, {256 * kMib, true}}, {1, 0, 1, 1, 2});
    CHECK(weights(window) == 1u);
    CHECK(weights(device(nvidia, {{8 * kGib, true}, {64 * kGib, false}, {8 * kGib, true}}, {1, 0, 1, 1, 2})) ==
          4u);

    const auto amd = {kLocal, kLocal | kHost, kHost, kHost | kCached, kLocal | kHost | kAmdSlow};
    CHECK(weights(device(amd, {{16 * kGib, true}, {32 * kGib, false}}, {0, 0, 1, 1, 0})) == 1u);
    CHECK(weights(device(amd, {{15 * kGib, true}, {32 * kGib, false}, {256 * kMib, true}}, {0, 2, 1, 1, 2})) ==
          0u);
    CHECK(weights(device({kLocal, kLocal | kHost | kAmdSlow}, {{16 * kGib, true}}, {0, 0})) == 0u);

    // Written in order and never read: without a cache, where there are both.
    CHECK(weights(device({kLocal | kHost | kCached, kLocal | kHost}, {{16 * kGib, true}}, {0, 0})) == 1u);
    // The host's memory is none of the card's, whatever a driver says of the type.
    CHECK(weights(device({kLocal, kLocal | kHost}, {{16 * kGib, true}, {32 * kGib, false}}, {0, 1})) == 0u);
}

TEST_CASE("weights are like all memory of the device where host and device share theirs") {
    for (const auto& memory :
         {device({kLocal, kLocal | kHost, kLocal | kHost | kCached}, {{16 * kGib, true}}, {0, 0, 0}),
          device({kLocal, kLocal | kHost}, {{16 * kGib, true}, {256 * kMib, true}}, {0, 1}),
          device({kLocal | kHost | kCached}, {{8 * kGib, true}}, {0}), // llvmpipe
          device({kHost, kHost | kCached}, {{8 * kGib, false}}, {0, 0})})
        CHECK(chooseMemoryType(memory, ~0u, MemoryUse::Weights, true) ==
              chooseMemoryType(memory, ~0u, MemoryUse::DeviceLocal, true));
    const auto none = device({kHost, kHost | kCached}, {{8 * kGib, false}}, {0, 0}); // of its memory local
    CHECK(chooseMemoryType(none, ~0u, MemoryUse::Weights, false) == 0u);
}

TEST_CASE("integrated graphics: one memory, mapped everywhere") {
    check(device({kLocal, kLocal | kHost, kLocal | kHost | kCached}), true, {1, 1, 2});
    check(device({kLocal | kHost | kCached}), true, {0, 0, 0}); // llvmpipe
}

TEST_CASE("a device that calls none of its memory local") {
    check(device({kHost, kHost | kCached}), true, {0, 0, 1});
}

TEST_CASE("no types at all") {
    for (const MemoryUse use :
         {MemoryUse::DeviceLocal, MemoryUse::Weights, MemoryUse::Upload, MemoryUse::Readback})
        CHECK_FALSE(chooseMemoryType(device({}), ~0u, use, false));
}

TEST_SUITE_END();
