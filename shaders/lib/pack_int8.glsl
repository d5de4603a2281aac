// Four whole numbers from -128 to 127 in a word, the first in its lowest byte.
#ifndef PONDER_LIB_PACK_INT8_GLSL
#define PONDER_LIB_PACK_INT8_GLSL
uint packInt8(ivec4 four) {
    const uvec4 bytes = uvec4(four) & 255u;
    return bytes.x | (bytes.y << 8) | (bytes.z << 16) | (bytes.w << 24);
}
#endif
