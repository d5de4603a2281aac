// Activation functions of feed-forward layers.
#ifndef PONDER_LIB_ACTIVATION_GLSL
#define PONDER_LIB_ACTIVATION_GLSL

// x * sigmoid(x). exp overflows to infinity for x below -88, which gives the right limit, -0.
float silu(float x) { return x / (1.0 + exp(-x)); }

#endif
