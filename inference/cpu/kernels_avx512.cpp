// The CPU kernels in AVX-512 with VNNI.
#define PONDER_CPU_NAMESPACE avx512
#include "inference/cpu/kernels_isa.inc"
