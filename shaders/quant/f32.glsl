// F32. A piece is four runs of eight values, 64 apart, so that neighbouring lanes read neighbouring bytes.
#define QUANT_RUN 8
#define QUANT_TAILS 1 // any number of columns
#define QUANT_HAS_SCALE 0
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uvec4 words[8]; };

uint quantPieces(uint columns) { return ((columns + 255u) / 256u) * 8u; }
uint quantColumn(uint piece, uint run) { return (piece >> 3) * 256u + run * 64u + (piece & 7u) * 8u; }

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    QuantRaw raw;
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        uint column = quantColumn(piece, i >> 1) + (i & 1u) * 4u;
        uint64_t address = row + uint64_t(column) * 4u;
        raw.words[i] = uvec4(0);
        if (QUANT_ROW_ALIGNED) {
            if (column < columns) raw.words[i] = load128(address);
        } else {
            [[unroll]] for (uint k = 0; k < 4; ++k)
                if (column + k < columns) raw.words[i][k] = load32(address + k * 4u);
        }
    }
    return raw;
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[4], out float offset[4]) {
    [[unroll]] for (uint i = 0; i < 8; ++i) q[i] = uintBitsToFloat(raw.words[i]);
    [[unroll]] for (uint r = 0; r < 4; ++r) { scale[r] = 1.0; offset[r] = 0.0; }
}
