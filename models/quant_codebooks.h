#pragma once
// The codebooks ("grids") of the IQ formats: an index in a block stands for eight values, or four in the IQ3 formats, that
// are found here. They are data of the file formats, without which the blocks mean nothing. Constant tables; any thread.

#include <cstdint>
#include <span>
#include <vector>

namespace ponder::models {

enum class Grid : uint8_t { Iq1, Iq2Xxs, Iq2Xs, Iq2S, Iq3Xxs, Iq3S };
inline constexpr int kGridCount = 6;

struct GridInfo {
    uint32_t valuesPerEntry;          // 8, or 4
    uint32_t bitsPerValue;            // of the packed form: 2, or 3
    std::span<const int8_t> levels;   // what a packed number stands for
    std::span<const uint16_t> packed; // (entries): value i in bits [i * bitsPerValue, (i + 1) * bitsPerValue)
};

const GridInfo& gridInfo(Grid grid);
int8_t gridValue(Grid grid, uint32_t entry, uint32_t i);

// As kernels read a grid: IQ2 two words an entry and IQ3 one, a value a byte, the first in the lowest; IQ1 one word an
// entry, the packed form as it is.
std::vector<uint32_t> gridWords(Grid grid);

// Values of the sixteen numbers of IQ4_NL and IQ4_XS.
std::span<const int8_t> iq4Values(); // (16)

// Seven stored sign bits make eight: the eighth makes the number of set bits even. Bit i set: value i is negative.
constexpr uint8_t evenSigns(uint32_t sevenBits) {
    uint32_t parity = sevenBits & 0x7Fu;
    parity ^= parity >> 4;
    parity ^= parity >> 2;
    parity ^= parity >> 1;
    return static_cast<uint8_t>((sevenBits & 0x7Fu) | ((parity & 1u) << 7));
}

} // namespace ponder::models
