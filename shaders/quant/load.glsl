// Reading blocks by device address. Rows start 16-byte aligned; blocks inside a row are 2-byte aligned at worst, and the
// …At2 functions read them as aligned words and shift: such a word holds at least one byte asked for, so it never leaves
// the page, though it may hold a neighbour's bytes too.
#ifndef PONDER_QUANT_LOAD_GLSL
#define PONDER_QUANT_LOAD_GLSL
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_shader_16bit_storage : require
#extension GL_EXT_control_flow_attributes : require

layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer Memory16 { uint16_t value; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Memory32 { uint value; };
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Memory64 { uvec2 value; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Memory128 { uvec4 value; };

uint load16(uint64_t address) { return uint(Memory16(address).value); }
uint load32(uint64_t address) { return Memory32(address).value; }
uvec2 load64(uint64_t address) { return Memory64(address).value; }
uvec4 load128(uint64_t address) { return Memory128(address).value; }

uint load32At2(uint64_t address) { return load16(address) | (load16(address + 2) << 16); }

uvec2 load64At2(uint64_t address) {
    bool odd = (uint(address) & 2u) != 0u;
    uint64_t base = address & ~uint64_t(3);
    uvec2 words = uvec2(load32(base), load32(base + 4));
    if (odd) words = (words >> 16u) | (uvec2(words.y, load32(base + 8)) << 16u);
    return words;
}

uvec4 load128At2(uint64_t address) {
    bool odd = (uint(address) & 2u) != 0u;
    uint64_t base = address & ~uint64_t(3);
    uvec4 words = uvec4(load32(base), load32(base + 4), load32(base + 8), load32(base + 12));
    if (odd) words = (words >> 16u) | (uvec4(words.yzw, load32(base + 16)) << 16u);
    return words;
}

// 32 bytes, of which the sixteen from an even offset on are wanted.
uvec4 sixteenBytes(uvec4 low, uvec4 high, uint offset) {
    bool eight = (offset & 8u) != 0u, four = (offset & 4u) != 0u, two = (offset & 2u) != 0u;
    uvec4 first = eight ? uvec4(low.zw, high.xy) : low;
    uvec2 more = eight ? high.zw : high.xy;
    uvec4 words = four ? uvec4(first.yzw, more.x) : first;
    uint last = four ? more.y : more.x;
    return two ? (words >> 16u) | (uvec4(words.yzw, last) << 16u) : words;
}
// The 16 bits at an even offset of 16 bytes. Chosen, not indexed: an index that varies would send the vector through memory.
uint sixteenBits(uvec4 words, uint offset) {
    uvec2 pair = (offset & 8u) != 0u ? words.zw : words.xy;
    uint word = (offset & 4u) != 0u ? pair.y : pair.x;
    return (word >> ((offset & 2u) * 8u)) & 0xFFFFu;
}
// The same as load128At2 in two wide loads: neighbouring invocations then ask for each line of memory twice, not five times.
// Only where sixteen more bytes of the block follow, as the second load may hold none of those asked for.
uvec4 load128Wide(uint64_t address) {
    uint64_t base = address & ~uint64_t(15);
    return sixteenBytes(load128(base), load128(base + 16), uint(address) & 15u);
}

uint load8(uint64_t address) { // by the 16 bits it stands in
    return (load16(address & ~uint64_t(1)) >> ((uint(address) & 1u) * 8u)) & 255u;
}

float halfToFloat(uint bits) { return unpackHalf2x16(bits & 0xFFFFu).x; }

// Byte k of a word as float k: compilers make one conversion a byte of it.
vec4 bytesToFloats(uint word) {
    return vec4(float(word & 255u), float((word >> 8) & 255u), float((word >> 16) & 255u), float(word >> 24));
}
vec4 signedBytesToFloats(uint word) {
    return vec4(float(int(word << 24) >> 24), float(int(word << 16) >> 24), float(int(word << 8) >> 24),
                float(int(word) >> 24));
}

// Negates value k where bit k of signs is set.
vec4 applySigns(vec4 values, uint signs) {
    return uintBitsToFloat(floatBitsToUint(values) ^
                           ((uvec4(signs << 31, signs << 30, signs << 29, signs << 28)) & 0x80000000u));
}
// The eighth sign of IQ2 and IQ3 makes their number even.
uint evenSigns(uint sevenBits) { return sevenBits | ((uint(bitCount(sevenBits)) & 1u) << 7); }
#endif
