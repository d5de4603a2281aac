// The sixteen values of IQ4_NL and IQ4_XS, four a word, + 128 (models/quant_codebooks.h: iq4Values).
// -127 -104 -83 -65 | -49 -35 -22 -10 | 1 13 25 38 | 53 69 89 113
vec4 iq4Floats(uint nibbles) { // four nibbles, one a byte
    const uint table[4] = uint[4](0x3F2D1801u, 0x766A5D4Fu, 0xA6998D81u, 0xF1D9C5B5u);
    vec4 values;
    [[unroll]] for (uint k = 0; k < 4; ++k) {
        uint index = (nibbles >> (8u * k)) & 15u;
        uint low = (index & 4u) != 0u ? table[1] : table[0];
        uint high = (index & 4u) != 0u ? table[3] : table[2];
        uint word = (index & 8u) != 0u ? high : low;
        values[k] = float((word >> ((index & 3u) * 8u)) & 255u) - 128.0;
    }
    return values;
}

// The same as signed bytes, for integers.
uint iq4Bytes(uint nibbles) {
    const uint64_t low = 0xF6EADDCFBFAD9881ul, high = 0x7159453526190D01ul;
    uint bytes = 0;
    [[unroll]] for (uint k = 0; k < 4; ++k) {
        uint index = (nibbles >> (8u * k)) & 15u;
        bytes |= (uint(((index & 8u) != 0u ? high : low) >> ((index & 7u) * 8u)) & 255u) << (8u * k);
    }
    return bytes;
}
