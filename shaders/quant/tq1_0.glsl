// TQ1_0: d (t - 1), t a base-3 digit. A byte b stands for the fraction b / 256: digit n is floor(3 frac(3^n b / 256)).
// A piece is 32 consecutive values in four runs of eight, which are eight bytes at one digit (the last two runs: four bytes
// at two digits each).
#define QUANT_RUN 8
#define QUANT_TAILS 0
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uint d; uvec2 qs[4]; };

uint quantPieces(uint columns) { return columns / 32u; }
uint quantColumn(uint piece, uint run) { return piece * 32u + run * 8u; }

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t((piece >> 3) * TQ1_0_BYTES);
    QuantRaw raw;
    raw.d = load16(block + TQ1_0_D);
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        uint first = (piece & 7u) * 32u + r * 8u;
        if (first < 160u) raw.qs[r] = load64At2(block + TQ1_0_QS + (first & 31u));
        else if (first < 240u) raw.qs[r] = load64At2(block + TQ1_0_QS + 32u + (first & 15u));
        else raw.qs[r] = uvec2(load32At2(block + TQ1_0_QH));
    }
    return raw;
}

vec4 ternaryDigits(uint bytes, uint power) {
    vec4 values;
    [[unroll]] for (uint k = 0; k < 4; ++k) {
        uint fraction = (((bytes >> (8u * k)) & 255u) * power) & 255u;
        values[k] = float((fraction * 3u) >> 8) - 1.0;
    }
    return values;
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[4], out float offset[4]) {
    const uint powers[5] = uint[5](1, 3, 9, 27, 81);
    float d = halfToFloat(raw.d);
    [[unroll]] for (uint r = 0; r < 4; ++r) {
        uint first = (piece & 7u) * 32u + r * 8u;
        uint digit = first < 160u ? first / 32u : first < 240u ? (first - 160u) / 16u : (first - 240u) / 4u;
        uint next = first < 240u ? digit : digit + 1u;
        q[2 * r] = ternaryDigits(raw.qs[r].x, powers[digit]);
        q[2 * r + 1] = ternaryDigits(raw.qs[r].y, powers[next]);
        scale[r] = d;
        offset[r] = 0.0;
    }
}
