#version 450
// Does this compiler know integer dot products of four packed bytes? Compiled when the build is configured, never run.
#extension GL_EXT_integer_dot_product : require
layout(local_size_x = 32) in;
layout(binding = 0) buffer Values { int values[]; };
void main() {
    values[0] = dotPacked4x8AccSatEXT(values[1], values[2], values[3]);
}
