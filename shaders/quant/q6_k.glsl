// Q6_K: d s (q - 32). A piece is 16 bytes of ql: low nibbles a run, high nibbles the run 64 values on.
#define QUANT_RUN 16
#define QUANT_RUN_STEP 64
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0
#define QUANT_BYTES 1
#define QUANT_BIAS 32
#define QUANT_SIGNED 0
#ifdef QUANT_WIDE
#define LOAD_Q6_K load128Wide
#else
#define LOAD_Q6_K load128At2
#endif

struct QuantRaw { uint d; uint scales; uvec4 qh; uvec4 ql; }; // scales: the two of the piece

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) {
    uint j = piece & 7u;
    return (piece >> 3) * 256u + (j >> 2) * 128u + run * 64u + (j & 3u) * 16u;
}

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint j = piece & 7u;
    uint64_t block = row + uint64_t((piece >> 3) * Q6_K_BYTES);
    uint first = (j >> 2) * 8u + (j & 3u); // scale of the first run; the second's is four on
    uint64_t scales = block + Q6_K_SCALES + (first & ~1u);
    uint shift = (first & 1u) * 8u;
    uint both = ((load16(scales) >> shift) & 255u) | (((load16(scales + 4) >> shift) & 255u) << 8);
    return QuantRaw(load16(block + Q6_K_D), both, LOAD_Q6_K(block + Q6_K_QH + (j >> 2) * 32u + (j & 1u) * 16u),
                    LOAD_Q6_K(block + Q6_K_QL + j * 16u));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) {
    uint shift = piece & 2u; // values 0-31 and 64-95: bits 0 and 4; 32-63 and 96-127: bits 2 and 6
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        uint low = (raw.qh[i] >> shift) & 0x03030303u;
        uint high = (raw.qh[i] >> (shift + 4u)) & 0x03030303u;
        bytes[i] = (raw.ql[i] & 0x0F0F0F0Fu) | (low << 4);
        bytes[4 + i] = ((raw.ql[i] >> 4) & 0x0F0F0F0Fu) | (high << 4);
    }
}

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    float d = halfToFloat(raw.d);
    scale[0] = d * float(int(raw.scales << 24) >> 24);
    scale[1] = d * float(int(raw.scales << 16) >> 24);
    offset[0] = offset[1] = 0.0;
}
