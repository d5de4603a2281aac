#version 450
// Does this compiler know NV_cooperative_matrix2: matrices of a whole workgroup, tensor layouts, decoding while loading?
// Compiled when the build is configured, never run.
#extension GL_KHR_cooperative_matrix : require
#extension GL_NV_cooperative_matrix2 : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_EXT_shader_explicit_arithmetic_types_int8 : require
layout(local_size_x = 128) in;
layout(buffer_reference, buffer_reference_align = 1) buffer Block { int8_t value; };
layout(binding = 0) buffer Blocks { uint8_t blocks[]; };
layout(binding = 1) buffer Sums { float16_t sums[]; };
float16_t decode(const in Block block, const in uint coordinates[2], const in uint inBlock[2]) {
    return float16_t(block.value);
}
void main() {
    tensorLayoutNV<2, gl_CooperativeMatrixClampModeConstantNV> tensor =
        createTensorLayoutNV(2, gl_CooperativeMatrixClampModeConstantNV);
    tensor = setTensorLayoutDimensionNV(tensor, 64, 64);
    coopmat<float16_t, gl_ScopeWorkgroup, 64, 64, gl_MatrixUseAccumulator> a;
    coopMatLoadTensorNV(a, blocks, 0, sliceTensorLayoutNV(tensor, 0, 64, 0, 64), decode);
    coopMatStoreTensorNV(a, sums, 0, sliceTensorLayoutNV(tensor, 0, 64, 0, 64));
}
