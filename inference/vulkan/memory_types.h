#pragma once
// Which of a device's kinds of memory a buffer gets: a pure function of what the driver lists, tested with the lists of real
// devices (cards with and without resizable BAR, integrated graphics, software). Any thread.

#include <cstdint>
#include <optional>

#include "inference/vulkan/buffer.h"
#include "inference/vulkan/volk.h"

namespace ponder::vulkan {

// `allowed`: bits of the types that the buffer can have. unified: host and device share their memory; then DeviceLocal is
// mappable where any type is. Weights are mappable on a card too where the host sees all of its memory, and like DeviceLocal
// elsewhere. Nothing: no type can serve.
std::optional<uint32_t> chooseMemoryType(const VkPhysicalDeviceMemoryProperties& memory, uint32_t allowed,
                                         MemoryUse use, bool unified);
// Whether the host can map it and needs no flushing.
bool isMappable(const VkPhysicalDeviceMemoryProperties& memory, uint32_t type);

} // namespace ponder::vulkan
