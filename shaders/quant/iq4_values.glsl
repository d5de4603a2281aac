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

#ifdef QUANT_INT8
// Both values of a byte of nibbles, signed, that of the low one in bits 0-7, of the high one in bits 16-23: looking them up in
// shared memory takes a fifth of the instructions of choosing.
#define QUANT_PREPARE
shared uint s_iq4[256];

void quantPrepare(uint invocation, uint invocations) { // by all of a workgroup, before the rest
    const uint table[4] = uint[4](0xBFAD9881u, 0xF6EADDCFu, 0x26190D01u, 0x71594535u);
    for (uint i = invocation; i < 256u; i += invocations) {
        uint low = (table[(i >> 2) & 3u] >> ((i & 3u) * 8u)) & 255u;
        uint high = (table[i >> 6] >> (((i >> 4) & 3u) * 8u)) & 255u;
        s_iq4[i] = low | (high << 16);
    }
    barrier();
}

void iq4Bytes(uvec4 qs, out uint bytes[8]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        uint a = s_iq4[qs[i] & 255u] | (s_iq4[(qs[i] >> 8) & 255u] << 8);
        uint b = s_iq4[(qs[i] >> 16) & 255u] | (s_iq4[qs[i] >> 24] << 8);
        bytes[i] = (a & 0xFFFFu) | (b << 16);
        bytes[4 + i] = (a >> 16) | (b & 0xFFFF0000u);
    }
}
#endif
