// The CPU kernels in AVX-512 with VNNI, and AMX for products with many tokens.
#define PONDER_CPU_NAMESPACE amx
#define PONDER_CPU_AMX
#include "inference/cpu/kernels_isa.inc"
