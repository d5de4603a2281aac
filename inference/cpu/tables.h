#pragma once
// The codebooks of the IQ formats as the CPU kernels read them: eight (IQ3: four) unsigned bytes an entry in one word, 128
// above the values (IQ1: eighths above -1, 8 (value + 1)), and sign bits spread over bytes. Built once from models/quant_codebooks.h; constant afterwards; any thread.

#include <cstdint>

namespace ponder::cpu {

struct Tables {
    uint64_t iq1[2048], iq2Xxs[256], iq2Xs[512], iq2S[1024]; // eight bytes an entry, the first in the lowest
    uint32_t iq3Xxs[256], iq3S[512];                         // four
    uint64_t signs[256];                                     // byte i is 255 where bit i of the index is set
    uint64_t evenSigns[128]; // the same for seven stored bits, models::evenSigns
    uint8_t iq4[16];         // the values of IQ4_NL + 128
};

const Tables& tables();

} // namespace ponder::cpu
