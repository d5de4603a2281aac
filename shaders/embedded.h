#pragma once
// The compiled kernels, linked into the program: every variant of variants.cmake whose compiler support was there.
// The words live as long as the program. Any thread.

#include <cstdint>
#include <span>
#include <string_view>

namespace ponder::shaders {

// SPIR-V of one variant; empty when this build has none by that name.
std::span<const uint32_t> find(std::string_view name);
// All of them, sorted.
std::span<const std::string_view> names();

} // namespace ponder::shaders
