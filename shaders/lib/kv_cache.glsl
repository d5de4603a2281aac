// Reading the block cache by device address, eight values of a head at a time. KV_F32 chooses the float32 cache of
// --precise over f16, KV_Q8 that of --cache q8. Layouts and block size: shared/step_params.h. head_dim is a multiple of 8, with
// KV_Q8 of 32 (Attention::create refuses others), so that every chunk is aligned, to 16 bytes or, with KV_Q8, to the 8 it has.
//
// KV_PLANE(address, kvDim) is a plane to read from, KV_LOAD(plane, at) its chunk at, counted through tokens and heads. (As
// macros they cost f16 nothing where kernels are compiled without an optimiser, which those with matrices are.)
#ifndef PONDER_LIB_KV_CACHE_GLSL
#define PONDER_LIB_KV_CACHE_GLSL
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_shader_16bit_storage : require
#include "shaders/shared/step_params.h"

#ifdef KV_Q8
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_quad : require
#include "shaders/lib/pack_int8.glsl"
struct KvChunk {
    uvec2 bytes; // eight of int8
    float scale; // what each is multiplied with
};
#define KV_LEAST_SCALE 6.103515625e-5 // in the cache: 2^-14, the least normal f16, so that nothing is divided by 0
#define KV_PLANE_BYTES(kvDim) (PONDER_KV_BLOCK * ((kvDim) + (kvDim) / PONDER_KV_SCALED * 2))
vec4 kvUnpacked(uint bytes) {
    const ivec4 shifted = ivec4(bytes << 24, bytes << 16, bytes << 8, bytes);
    return vec4(shifted >> 24); // with their signs
}
vec4 kvLow(KvChunk chunk) { return kvUnpacked(chunk.bytes.x) * chunk.scale; } // exact
vec4 kvHigh(KvChunk chunk) { return kvUnpacked(chunk.bytes.y) * chunk.scale; }

// Called by the four invocations of a quad together, which have the values of a scale. Precise: what a step and what a prefill
// store must not differ in a bit.
KvChunk kvRounded(vec4 low, vec4 high) {
    const vec4 sizes = max(abs(low), abs(high));
    float most = max(max(sizes.x, sizes.y), max(sizes.z, sizes.w));
    most = max(most, subgroupQuadSwapHorizontal(most));
    most = max(most, subgroupQuadSwapVertical(most));
    // To the 11 bits of a normal f16 by hand: drivers round a conversion either way, or leave it out where one back follows. Values
    // are divided by what is stored, so that its rounding costs them nothing.
    precise const float exact = most * (128.0 / 127.0);
    const uint bits = floatBitsToUint(exact);
    const float kept = max(uintBitsToFloat((bits + 0xFFFu + (bits >> 13 & 1u)) & ~0x1FFFu), KV_LEAST_SCALE);
    precise const float inverse = 128.0 / kept;
    precise const vec4 numbersLow = low * inverse, numbersHigh = high * inverse;
    return KvChunk(uvec2(packInt8(ivec4(clamp(roundEven(numbersLow), -127.0, 127.0))),
                         packInt8(ivec4(clamp(roundEven(numbersHigh), -127.0, 127.0)))),
                   kept / 128.0);
}

layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer KvBytes { uvec2 chunks[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer KvScales { float16_t scales[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer KvNewBytes { uvec2 chunks[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer KvNewScales { float16_t scales[]; };
struct KvChunks {
    KvBytes bytes;
    KvScales scales;
};
#define KV_CHUNKS_OF_SCALE (PONDER_KV_SCALED / 8)
uint64_t kvScalesAddress(uint64_t plane, uint kvDim) { return plane + PONDER_KV_BLOCK * kvDim; }
#define KV_PLANE(address, kvDim) KvChunks(KvBytes(address), KvScales(kvScalesAddress(address, kvDim)))
#define KV_LOAD(plane, at) kvLoad(plane, at)
KvChunk kvLoad(KvChunks plane, uint at) {
    return KvChunk(plane.bytes.chunks[at], float(plane.scales.scales[at / KV_CHUNKS_OF_SCALE]) / 128.0);
}
void kvStore(uint64_t plane, uint kvDim, uint at, KvChunk chunk) {
    KvNewBytes(plane).chunks[at] = chunk.bytes;
    if (at % KV_CHUNKS_OF_SCALE == 0)
        KvNewScales(kvScalesAddress(plane, kvDim)).scales[at / KV_CHUNKS_OF_SCALE] = float16_t(chunk.scale * 128.0);
}
#else
#ifdef KV_F32
struct KvChunk {
    vec4 low, high;
};
#define KV_BYTES 4
#define KV_VALUE float
vec4 kvLow(KvChunk chunk) { return chunk.low; }
vec4 kvHigh(KvChunk chunk) { return chunk.high; }
KvChunk kvChunk(vec4 low, vec4 high) { return KvChunk(low, high); }
#else
#define KvChunk uvec4
#define KV_BYTES 2
#define KV_VALUE float16_t
vec4 kvLow(uvec4 chunk) { return vec4(unpackHalf2x16(chunk.x), unpackHalf2x16(chunk.y)); }
vec4 kvHigh(uvec4 chunk) { return vec4(unpackHalf2x16(chunk.z), unpackHalf2x16(chunk.w)); }
uvec4 kvChunk(vec4 low, vec4 high) { // of rounded values: packing alone may round otherwise than storing does
    return uvec4(packHalf2x16(low.xy), packHalf2x16(low.zw), packHalf2x16(high.xy), packHalf2x16(high.zw));
}
#endif
#define KV_PLANE_BYTES(kvDim) uint64_t(PONDER_KV_BLOCK * KV_BYTES) * kvDim
float kvRounded(float value) { return float(KV_VALUE(value)); } // as the cache keeps it

layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer KvChunks { KvChunk chunks[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer KvValues { KV_VALUE values[]; };
#define KV_PLANE(address, kvDim) KvChunks(address)
#define KV_LOAD(plane, at) plane.chunks[at]
#endif

// Address of K of the first token of a block, in `layer`; V lies kvPlaneBytes behind it. kvDim: n_kv_heads *
// head_dim.
uint64_t kvPlaneBytes(uint kvDim) { return KV_PLANE_BYTES(kvDim); }
uint64_t kvLayerAddress(uint64_t block, uint layer, uint kvDim) { return block + 2 * layer * kvPlaneBytes(kvDim); }
// Of latent attention, which has one plane: a token's latent and its rotated key, of which the latent is the value too.
uint64_t latentLayerAddress(uint64_t block, uint layer, uint keyDim) { return block + layer * kvPlaneBytes(keyDim); }
#endif
