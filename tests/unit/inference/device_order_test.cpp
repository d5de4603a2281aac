// Which device is taken where none is named, for computers made up here.
#include <algorithm>

#include <doctest/doctest.h>

#include "inference/vulkan/device_caps.h"

using ponder::vulkan::DeviceCaps;
using ponder::vulkan::isBetter;

namespace {

DeviceCaps device(const char* id, bool software, bool discrete, uint64_t bytes) {
    DeviceCaps caps;
    caps.id = id;
    caps.software = software;
    caps.discrete = discrete;
    caps.heaps = {
        {.sizeBytes = bytes, .budgetBytes = bytes, .deviceLocal = true, .hostVisible = false},
        {.sizeBytes = uint64_t{1} << 40, .budgetBytes = 1, .deviceLocal = false, .hostVisible = true}};
    return caps;
}

constexpr uint64_t kGib = uint64_t{1} << 30;

} // namespace

TEST_CASE("a card before integrated graphics before the CPU before software, and of equals the larger") {
    const DeviceCaps inOrder[] = {
        device("vulkan:3", false, true, 24 * kGib), device("vulkan:0", false, true, 8 * kGib),
        device("vulkan:2", false, false, 60 * kGib), device("cpu", true, false, kGib),
        device("vulkan:1", true, false, 64 * kGib)};
    for (size_t a = 0; a < std::size(inOrder); ++a)
        for (size_t b = 0; b < std::size(inOrder); ++b) {
            CAPTURE(inOrder[a].id);
            CAPTURE(inOrder[b].id);
            CHECK(isBetter(inOrder[a], inOrder[b]) == (a < b));
        }
}
