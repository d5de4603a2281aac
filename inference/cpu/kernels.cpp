#include "inference/cpu/kernels.h"

namespace ponder::cpu {

namespace plain {
Kernels table();
}
#if defined(__x86_64__)
namespace avx2 {
Kernels table();
}
namespace avx512 {
Kernels table();
}
namespace amx {
Kernels table();
}
#endif

const Kernels& kernels(Isa isa) {
    static const Kernels plainTable = plain::table();
#if defined(__x86_64__)
    static const Kernels avx2Table = avx2::table();
    static const Kernels avx512Table = avx512::table();
    static const Kernels amxTable = amx::table();
    if (isa == Isa::Amx) return amxTable;
    if (isa == Isa::Avx512) return avx512Table;
    if (isa == Isa::Avx2) return avx2Table;
#endif
    (void)isa;
    return plainTable;
}

} // namespace ponder::cpu
