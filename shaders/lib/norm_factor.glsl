// The factor of a norm, 1 / sqrt(mean(x^2) + eps), from the squares of a residual: of blocks of 16 values, which lie beside rounded
// activations; then of chunks of as many blocks as a subgroup has invocations; then of all. Every kernel adds in this order, so that
// the factor is the same bits whoever makes it.
#ifndef PONDER_LIB_NORM_FACTOR_GLSL
#define PONDER_LIB_NORM_FACTOR_GLSL
#extension GL_KHR_shader_subgroup_arithmetic : require
#extension GL_KHR_shader_subgroup_quad : require

shared float s_chunks[PONDER_MOST_NORM_CHUNKS]; // of a row

// The sum of a block's squares, four values of it in each of four neighbouring invocations.
float squaresOfBlock(vec4 values) {
    precise const vec4 squares = values * values;
    precise float sum = (squares.x + squares.y) + (squares.z + squares.w);
    sum += subgroupQuadSwapHorizontal(sum);
    sum += subgroupQuadSwapVertical(sum);
    return sum;
}

// Of a chunk's blocks, one in each invocation of a subgroup.
void storeChunk(uint chunk, float block) {
    const float sum = subgroupAdd(block);
    if (subgroupElect()) s_chunks[chunk] = sum;
}

// Behind a barrier after storeChunk() of all chunks.
float normFactor(uint chunks, uint columns, float eps) {
    precise float sum = 0.0;
    for (uint chunk = 0; chunk < chunks; ++chunk) sum += s_chunks[chunk];
    precise const float mean = sum / float(columns) + eps;
    return 1.0 / sqrt(mean);
}
#endif
