// How decoding splits the keys of a sequence into parts: attention_decode and its merge must agree. Every
// part is a whole number of steps, so that a step never spans two blocks of the cache; short sequences use
// fewer parts than there are.
#ifndef PONDER_LIB_ATTENTION_PARTS_GLSL
#define PONDER_LIB_ATTENTION_PARTS_GLSL
#include "shaders/shared/step_params.h"

#define DECODE_KEYS 64u // of a step; divides PONDER_KV_BLOCK

uint keysOfPart(uint kvLength, uint parts) {
    return (kvLength + parts * DECODE_KEYS - 1) / (parts * DECODE_KEYS) * DECODE_KEYS;
}
uint usedParts(uint kvLength, uint parts) {
    const uint share = keysOfPart(kvLength, parts);
    return (kvLength + share - 1) / share;
}
#endif
