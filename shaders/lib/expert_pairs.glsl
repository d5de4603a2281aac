// Which (token, slot) pairs a workgroup of a mat-mat over experts computes: those of expert gl_WorkGroupID.y. Routed ones lie
// sorted by expert in `routing` (sort_experts.comp): where each expert's begin [experts + 1], then the pairs. Otherwise slot s
// of every token belongs to expert s: the heads of attention. Before including: `push` (ExpertsPush), `routing`.
#ifndef PONDER_LIB_EXPERT_PAIRS_GLSL
#define PONDER_LIB_EXPERT_PAIRS_GLSL
#extension GL_EXT_buffer_reference : require

layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Table { uint64_t addresses[]; };

uint64_t expertAddress() { return Table(push.table).addresses[gl_WorkGroupID.y]; }
uint pairsOfExpert() {
    return push.routed != 0 ? routing[gl_WorkGroupID.y + 1] - routing[gl_WorkGroupID.y] : push.n;
}
uint pairAt(uint i) {
    return push.routed != 0 ? routing[push.experts + 1 + routing[gl_WorkGroupID.y] + i]
                            : i * push.slots + gl_WorkGroupID.y;
}
uint xRowOfPair(uint pair) { return push.xPerPair != 0 ? pair : pair / push.slots; }
#endif
