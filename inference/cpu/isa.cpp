#include "inference/cpu/isa.h"

#include <array>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ponder::cpu {

namespace {

constexpr std::array<std::string_view, 4> kNames{"plain", "avx2", "avx512", "amx"};

#if defined(__x86_64__)
// Tiles are 8 KiB of registers: Linux (5.16 and later) gives them to a process that asks, for all its threads, and refuses
// where a signal stack is too small for them. Documentation/x86/xstate.rst.
bool mayUseTiles() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    constexpr unsigned kTiles = 1u << 24 | 1u << 25; // AMX-TILE, AMX-INT8 (Intel SDM, CPUID leaf 7)
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & kTiles) != kTiles) return false;
#if defined(__linux__) && defined(SYS_arch_prctl)
    constexpr long kRequestPermission = 0x1023, kTileData = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
    return false;
#endif
}
#endif

Isa detect() {
#if defined(__x86_64__)
    __builtin_cpu_init(); // looks at what the system saves on a switch of threads, too
    const bool avx2 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    if (!avx2) return Isa::Plain;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl") ||
        !__builtin_cpu_supports("avx512vnni"))
        return Isa::Avx2;
    return mayUseTiles() ? Isa::Amx : Isa::Avx512;
#else
    return Isa::Plain;
#endif
}

} // namespace

Isa detectIsa() {
    static const Isa best = detect();
    return best;
}

std::string_view isaName(Isa isa) { return kNames[static_cast<size_t>(isa)]; }

std::optional<Isa> isaFromName(std::string_view name) {
    for (size_t i = 0; i < kNames.size(); ++i)
        if (kNames[i] == name) return static_cast<Isa>(i);
    return std::nullopt;
}

} // namespace ponder::cpu
