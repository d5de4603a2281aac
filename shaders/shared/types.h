// Scalar and vector names that GLSL and C++ share: GLM types in C++, built-ins in GLSL. Blocks are laid out "scalar".
#ifndef PONDER_SHARED_TYPES_H
#define PONDER_SHARED_TYPES_H

#ifdef __cplusplus
#include <cstdint>
#include <glm/ext/vector_float2.hpp>
#include <glm/ext/vector_float4.hpp>
#include <glm/ext/vector_uint2.hpp>
#include <glm/ext/vector_uint4.hpp>
namespace ponder::shared {
using glm::uvec2;
using glm::uvec4;
using glm::vec2;
using glm::vec4;
using uint = uint32_t;
} // namespace ponder::shared
#define PONDER_SHARED_BEGIN namespace ponder::shared {
#define PONDER_SHARED_END }
#else
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
#define PONDER_SHARED_BEGIN
#define PONDER_SHARED_END
#endif

#endif
