// The CPU kernels in standard C++.
#define PONDER_CPU_NAMESPACE plain
#include "inference/cpu/kernels_isa.inc"
