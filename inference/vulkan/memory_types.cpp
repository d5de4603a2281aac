#include "inference/vulkan/memory_types.h"

#include <algorithm>

namespace ponder::vulkan {

namespace {

constexpr VkMemoryPropertyFlags kLocal = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
constexpr VkMemoryPropertyFlags kMappable =
    VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
constexpr VkMemoryPropertyFlags kCached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
// Slow, or not for us.
constexpr VkMemoryPropertyFlags kNever =
    VK_MEMORY_PROPERTY_PROTECTED_BIT | VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT |
    VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD | VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD;

// All of `required`; of the rest as much of `wanted` and as little of `unwanted` as can be.
struct Wish {
    VkMemoryPropertyFlags required, wanted, unwanted;
};

Wish wishFor(MemoryUse use, bool unified) {
    switch (use) {
    case MemoryUse::DeviceLocal:
    case MemoryUse::Weights:
        // A card's mappable memory may be a window of 256 MiB (no resizable BAR), which others need more.
        return unified ? Wish{kLocal, kMappable, 0} : Wish{kLocal, 0, kMappable};
    case MemoryUse::Upload:
        // Not cached: on NVIDIA write-combined memory, which the device reads without asking the host's caches.
        return {kMappable, 0, unified ? 0 : kLocal | kCached};
    case MemoryUse::Readback:
        break;
    }
    return {kMappable, kCached, unified ? 0 : kLocal};
}

// The best type, in the driver's order among equals, which is by speed.
std::optional<uint32_t> choose(const VkPhysicalDeviceMemoryProperties& memory, uint32_t allowed,
                               const Wish& wish) {
    std::optional<uint32_t> best;
    int bestScore = 0;
    for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
        const VkMemoryPropertyFlags flags = memory.memoryTypes[i].propertyFlags;
        if (!(allowed & (1u << i)) || (flags & wish.required) != wish.required || (flags & kNever)) continue;
        const int score = __builtin_popcount(flags & wish.wanted) - __builtin_popcount(flags & wish.unwanted);
        if (best && score <= bestScore) continue;
        best = i;
        bestScore = score;
    }
    return best;
}

// Those in a heap as large as any of the device's own: not in a window into it.
uint32_t typesOfLargestHeaps(const VkPhysicalDeviceMemoryProperties& memory) {
    VkDeviceSize largest = 0;
    for (uint32_t i = 0; i < memory.memoryHeapCount; ++i)
        if (memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT)
            largest = std::max(largest, memory.memoryHeaps[i].size);
    uint32_t types = 0;
    for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
        const VkMemoryHeap& heap = memory.memoryHeaps[memory.memoryTypes[i].heapIndex];
        if ((heap.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) && heap.size == largest) types |= 1u << i;
    }
    return types;
}

} // namespace

std::optional<uint32_t> chooseMemoryType(const VkPhysicalDeviceMemoryProperties& memory, uint32_t allowed,
                                         MemoryUse use, bool unified) {
    if (use == MemoryUse::Weights && !unified) {
        const auto mappable =
            choose(memory, allowed & typesOfLargestHeaps(memory), {kLocal | kMappable, 0, kCached});
        if (mappable) return mappable;
    }
    const auto type = choose(memory, allowed, wishFor(use, unified));
    if (type || (use != MemoryUse::DeviceLocal && use != MemoryUse::Weights)) return type;
    return choose(memory, allowed, {0, kMappable, 0}); // a device that calls none of its memory local
}

bool isMappable(const VkPhysicalDeviceMemoryProperties& memory, uint32_t type) {
    return (memory.memoryTypes[type].propertyFlags & kMappable) == kMappable;
}

} // namespace ponder::vulkan
