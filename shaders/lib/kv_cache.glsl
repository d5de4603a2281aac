// Reading the block cache by device address, eight values of a head at a time. KV_F32 chooses the float32
// cache of --precise over f16. Layout and block size: shared/step_params.h. head_dim is a multiple of 8
// (Attention::create refuses others), so every chunk of eight is 16-byte aligned.
#ifndef PONDER_LIB_KV_CACHE_GLSL
#define PONDER_LIB_KV_CACHE_GLSL
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_shader_16bit_storage : require
#include "shaders/shared/step_params.h"

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
float kvRounded(float value) { return float(KV_VALUE(value)); } // as the cache keeps it

layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer KvChunks { KvChunk chunks[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer KvValues { KV_VALUE values[]; };

// Address of K of the first token of a block, in `layer`; V lies kvPlaneBytes behind it. kvDim: n_kv_heads *
// head_dim.
uint64_t kvPlaneBytes(uint kvDim) { return uint64_t(PONDER_KV_BLOCK * KV_BYTES) * kvDim; }
uint64_t kvLayerAddress(uint64_t block, uint layer, uint kvDim) { return block + 2 * layer * kvPlaneBytes(kvDim); }
// Of latent attention, which has one plane: a token's latent and its rotated key, of which the latent is the value too.
uint64_t latentLayerAddress(uint64_t block, uint layer, uint keyDim) { return block + layer * kvPlaneBytes(keyDim); }
#endif
