#include "inference/cpu/tables.h"

#include "models/base/result.h"
#include "models/quant_codebooks.h"

namespace ponder::cpu {

namespace {

uint8_t byteOf(models::Grid grid, int value) {
    return static_cast<uint8_t>(grid == models::Grid::Iq1 ? 8 * (value + 1) : 128 + value);
}

template <typename Word, size_t N>
void fill(Word (&words)[N], models::Grid grid) {
    const models::GridInfo& info = models::gridInfo(grid);
    PONDER_CHECK(info.packed.size() == N && info.valuesPerEntry == sizeof(Word));
    for (uint32_t entry = 0; entry < N; ++entry)
        for (uint32_t i = 0; i < info.valuesPerEntry; ++i)
            words[entry] |= static_cast<Word>(byteOf(grid, models::gridValue(grid, entry, i))) << (8 * i);
}

Tables build() {
    using models::Grid;
    Tables t{};
    fill(t.iq1, Grid::Iq1);
    fill(t.iq2Xxs, Grid::Iq2Xxs);
    fill(t.iq2Xs, Grid::Iq2Xs);
    fill(t.iq2S, Grid::Iq2S);
    fill(t.iq3Xxs, Grid::Iq3Xxs);
    fill(t.iq3S, Grid::Iq3S);
    for (uint32_t bits = 0; bits < 256; ++bits) {
        for (int i = 0; i < 8; ++i)
            if ((bits >> i & 1u) != 0) t.signs[bits] |= uint64_t{0xFF} << (8 * i);
    }
    for (uint32_t bits = 0; bits < 128; ++bits) t.evenSigns[bits] = t.signs[models::evenSigns(bits)];
    for (size_t i = 0; i < 16; ++i) t.iq4[i] = static_cast<uint8_t>(models::iq4Values()[i] + 128);
    return t;
}

} // namespace

const Tables& tables() {
    static const Tables all = build();
    return all;
}

} // namespace ponder::cpu
