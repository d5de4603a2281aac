// 1 / (1 + e^-x) rounded to float32 correctly but for some one in 2^16 values. Vulkan promises exp to 3 + 2 |x| units in the
// last place only, and a router that is off by a few chooses other experts where two are nearly tied. So: pairs of floats, a
// value and what rounding it left over, from additions and multiplications alone, which Vulkan rounds correctly.
// Knuth's sum, Dekker's product (T. J. Dekker, "A floating-point technique for extending the available precision", 1971): no
// fused multiply-add, which Vulkan allows to be two roundings.
#ifndef PONDER_LIB_EXACT_SIGMOID_GLSL
#define PONDER_LIB_EXACT_SIGMOID_GLSL

vec2 exactSum(float a, float b) {
    precise float sum = a + b;
    precise float bRounded = sum - a;
    precise float aRounded = sum - bRounded;
    precise float aLost = a - aRounded;
    precise float bLost = b - bRounded;
    precise float lost = aLost + bLost;
    return vec2(sum, lost);
}
vec2 renormalised(float large, float small) {
    precise float sum = large + small;
    precise float kept = sum - large;
    precise float lost = small - kept;
    return vec2(sum, lost);
}
vec2 halves(float a) { // two of 12 bits
    precise float scaled = a * 4097.0;
    precise float difference = scaled - a;
    precise float high = scaled - difference;
    precise float low = a - high;
    return vec2(high, low);
}
vec2 exactProduct(float a, float b) {
    const vec2 x = halves(a), y = halves(b);
    precise float product = a * b;
    precise float lost = x.x * y.x;
    lost = lost - product;
    precise float cross = x.x * y.y;
    lost = lost + cross;
    cross = x.y * y.x;
    lost = lost + cross;
    cross = x.y * y.y;
    lost = lost + cross;
    return vec2(product, lost);
}
vec2 sumOf(vec2 a, vec2 b) {
    const vec2 sum = exactSum(a.x, b.x);
    precise float small = a.y + b.y;
    small = small + sum.y;
    return renormalised(sum.x, small);
}
vec2 productOf(vec2 a, vec2 b) {
    const vec2 product = exactProduct(a.x, b.x);
    precise float cross = a.x * b.y;
    precise float other = a.y * b.x;
    cross = cross + other;
    precise float small = product.y + cross;
    return renormalised(product.x, small);
}

// 1 / n! as pairs.
const vec2 kInverseFactorials[14] = vec2[](
    vec2(1.0, 0.0), vec2(1.0, 0.0), vec2(0.5, 0.0), vec2(1.666666716e-01, -4.967053879e-09),
    vec2(4.166666791e-02, -1.241763470e-09), vec2(8.333333768e-03, -4.346172033e-10),
    vec2(1.388888923e-03, -3.363109444e-11), vec2(1.984127011e-04, -2.725596875e-12),
    vec2(2.480158764e-05, -3.406996094e-13), vec2(2.755731884e-06, 3.793571224e-14),
    vec2(2.755731998e-07, -7.575112209e-15), vec2(2.505210794e-08, 4.417623045e-16),
    vec2(2.087675588e-09, 1.108283915e-16), vec2(1.605904437e-10, -5.352526512e-18));

// e^t for t in [-80, 0], as a pair: 2^k times the Taylor series of what is left, |r| <= ln 2 / 2. ln 2 in three parts of which
// the first two have 12 bits, so that their products with k are exact.
vec2 exactExp(float t) {
    const float k = floor(t * 1.44269504 + 0.5);
    precise float first = k * 0.693115234375;
    precise float left = t - first; // exact: they are close
    precise float second = k * 3.193318843841553e-05;
    precise float third = k * 1.2996506981721723e-08;
    vec2 r = exactSum(left, -second);
    precise float small = r.y - third;
    r = renormalised(r.x, small);
    vec2 sum = kInverseFactorials[13];
    for (int i = 12; i >= 0; --i) sum = sumOf(productOf(sum, r), kInverseFactorials[i]);
    const float power = uintBitsToFloat(uint(int(k) + 127) << 23); // k >= -116: a normal number
    return sum * power;
}

float exactSigmoid(float x) {
    const vec2 e = exactExp(max(-abs(x), -80.0)); // below, the result is nothing to any choice
    const vec2 divisor = sumOf(vec2(1.0, 0.0), e);
    precise float guess = 1.0 / divisor.x;
    const vec2 missing = sumOf(vec2(1.0, 0.0), -productOf(vec2(guess, 0.0), divisor));
    precise float correction = guess * missing.x;
    vec2 inverse = renormalised(guess, correction);
    if (x < 0) inverse = productOf(e, inverse);
    return inverse.x;
}
#endif
