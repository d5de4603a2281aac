#pragma once
// Which instruction sets the CPU kernels may use: asked of the processor and the system once, or ordered for tests and
// comparisons. Any thread.

#include <optional>
#include <string_view>

namespace ponder::cpu {

// Each level includes those before it. Plain: standard C++ for any processor. Avx2: with FMA and F16C. Avx512: F, BW, DQ,
// VL and VNNI, whose vpdpbusd multiplies and sums 64 pairs of bytes in one instruction. Amx: tiles of 8-bit integers.
enum class Isa { Plain, Avx2, Avx512, Amx };

Isa detectIsa();                   // the best that this processor and system offer
std::string_view isaName(Isa isa); // "plain", "avx2", "avx512", "amx"
std::optional<Isa> isaFromName(std::string_view name);

} // namespace ponder::cpu
