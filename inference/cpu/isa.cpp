#include "inference/cpu/isa.h"

#include <array>

namespace ponder::cpu {

namespace {
constexpr std::array<std::string_view, 3> kNames{"plain", "avx2", "avx512"};
} // namespace

Isa detectIsa() {
#if defined(__x86_64__)
    __builtin_cpu_init(); // looks at what the system saves on a switch of threads, too
    const bool avx2 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vnni"))
        return Isa::Avx512;
    if (avx2) return Isa::Avx2;
#endif
    return Isa::Plain;
}

std::string_view isaName(Isa isa) { return kNames[static_cast<size_t>(isa)]; }

std::optional<Isa> isaFromName(std::string_view name) {
    for (size_t i = 0; i < kNames.size(); ++i)
        if (kNames[i] == name) return static_cast<Isa>(i);
    return std::nullopt;
}

} // namespace ponder::cpu
