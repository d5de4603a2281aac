// The CPU kernels in AVX2, FMA and F16C.
#define PONDER_CPU_NAMESPACE avx2
#include "inference/cpu/kernels_isa.inc"
