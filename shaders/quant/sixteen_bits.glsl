// What F16 and BF16 share. A piece is four runs of eight values, 64 apart: neighbouring lanes read neighbouring 16 bytes.
#define QUANT_RUN 8
#define QUANT_TAILS 1 // any number of columns
#define QUANT_HAS_SCALE 0
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uvec4 words[4]; };

uint quantPieces(uint columns) { return ((columns + 255u) / 256u) * 8u; }
uint quantColumn(uint piece, uint run) { return (piece >> 3) * 256u + run * 64u + (piece & 7u) * 8u; }

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    QuantRaw raw;
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        uint column = quantColumn(piece, i);
        uint64_t address = row + uint64_t(column) * 2u;
        raw.words[i] = uvec4(0);
        if (QUANT_ROW_ALIGNED) {
            if (column < columns) raw.words[i] = load128(address);
        } else {
            [[unroll]] for (uint k = 0; k < 8; ++k)
                if (column + k < columns) raw.words[i][k >> 1] |= load16(address + k * 2u) << ((k & 1u) * 16u);
        }
    }
    return raw;
}
