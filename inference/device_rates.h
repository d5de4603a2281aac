#pragma once
// How many bytes a second memories give, for expectations and for judging what was measured. Pure functions; any thread.

#include <optional>
#include <string_view>

#include "inference/vulkan/device_caps.h"

namespace ponder::inference {

// 1e9 bytes/s, as the maker publishes it; nothing: a device that the table does not have.
std::optional<double> publishedBandwidth(std::string_view deviceName);

// The same, or what is usual for its kind.
double expectedBandwidth(const vulkan::DeviceCaps& caps);

// Not measured: two channels of DDR5 and an NVMe disk, the least that a machine has which would run large mixtures.
inline constexpr double kHostGigabytesPerSecond = 80, kDiskGigabytesPerSecond = 3;

} // namespace ponder::inference
