// Rotary position embedding of one pair of a head's values. head_dim and rope_dim are even, rope_dim <= head_dim; values
// beyond rope_dim stay as they are.
#ifndef PONDER_LIB_ROPE_GLSL
#define PONDER_LIB_ROPE_GLSL
#extension GL_EXT_buffer_reference : require
#include "shaders/shared/types.h"

layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer RopeTable { vec2 cosSin[]; };

struct RopePair {
    uint first, second; // places of its values in the head
    bool turns;
    vec2 turn; // cosine, sine
};

// Pairs are (2i, 2i + 1) if interleaved, else (i, i + rope_dim / 2); beyond rope_dim neighbours in either order. table: address of
// (cos, sin) [n_ctx][rope_dim / 2].
RopePair ropePair(uint pair, uint64_t table, uint position, uint rope_dim, bool interleaved) {
    const uint rotated = rope_dim / 2;
    RopePair of;
    of.turns = pair < rotated;
    const bool apart = of.turns && !interleaved;
    of.first = apart ? pair : 2 * pair;
    of.second = of.first + (apart ? rotated : 1);
    of.turn = vec2(1, 0);
    if (of.turns) of.turn = RopeTable(table).cosSin[position * rotated + pair];
    return of;
}

// The pair that a value of the head belongs to.
uint ropePairOf(uint at, uint rope_dim, bool interleaved) {
    return interleaved || at >= rope_dim ? at / 2 : at % (rope_dim / 2);
}

// Precise: every kernel that rotates a value gives it the same bits, whatever its compiler would join into one operation.
vec2 ropeTurned(vec2 values, RopePair pair) {
    precise const float x = values.x * pair.turn.x - values.y * pair.turn.y;
    precise const float y = values.x * pair.turn.y + values.y * pair.turn.x;
    return pair.turns ? vec2(x, y) : values;
}
#endif
