// W x for one to eight tokens, every format, against the plain loops.
//
// Limit of the error: products and sums are rounded to 24 bits, each by 2^-25 of itself at rms. An invocation adds up to
// columns / lanes * 4 terms before the tree; taking every one of the K roundings as independent gives an NMSE of at most
// K 2^-50, and formats with an offset add two sums that partly cancel, which may cost a factor of some ten: K 2^-46.
#include <cstring>

#include <doctest/doctest.h>

#include "inference/kernels/attention.h"
#include "shaders/embedded.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/matrix.h"
#include "tests/kernels/support/rounded.h"

using namespace ponder;
using models::QuantType;
using test::Product;
using test::require;

namespace {

double limitFor(uint32_t columns) { return (columns + 64) * 0x1p-46; }

test::RoundedRows orderedRows(const kernels::Int8View& view, uint32_t columns, uint32_t n) {
    const size_t numberBytes = test::roundedNumberBytes(columns, n),
                 scaleBytes = test::roundedScaleBytes(columns, n);
    return test::roundedRows(
        test::download<int8_t>(view.numbers.part(0, numberBytes), numberBytes),
        test::download<float>(view.scales.part(0, scaleBytes), scaleBytes / sizeof(float)), columns, n);
}

// x of any numbers is multiplied as it is, also where a device would round it.
void check(Product product, uint32_t seed, kernels::MatMulOverrides overrides = {}, bool precise = false) {
    if (!product.rounded) overrides.integerDot = false;
    test::checkProduct(test::matMul(overrides, precise), product, limitFor(product.columns), seed);
}

// Several tokens at once and each alone.
void checkSameBits(QuantType type, const std::vector<uint32_t>& counts,
                   const kernels::MatMulOverrides& overrides) {
    std::mt19937 random(11);
    const uint32_t rows = 67, columns = 1792;
    const test::Matrix matrix(type, rows, columns, random);
    const std::vector<float> x = test::randomX(uint64_t{8} * columns, random);
    const vulkan::Buffer xBuffer = test::upload(x);
    const auto results = [&](uint32_t first, uint32_t n) {
        const test::GuardedBuffer y(uint64_t{n} * rows * sizeof(float));
        const kernels::MatMulArgs args{
            .weight = &matrix.weight,
            .x = xBuffer.view().part(uint64_t{first} * columns * 4, uint64_t{n} * columns * 4),
            .xStride = columns,
            .y = y.view(),
            .yStride = rows,
            .n = n};
        test::run([&](vulkan::CommandRecorder& recorder) {
            require(test::matMul(overrides).record(recorder, {&args, 1}));
        });
        return y.values<float>();
    };
    std::vector<float> alone;
    for (uint32_t t = 0; t < 8; ++t) {
        const auto part = results(t, 1);
        alone.insert(alone.end(), part.begin(), part.end());
    }
    for (const uint32_t n : counts) {
        CAPTURE(models::quantTypeInfo(type).name);
        CAPTURE(n);
        CHECK(std::memcmp(results(0, n).data(), alone.data(), uint64_t{n} * rows * sizeof(float)) == 0);
    }
}

// Nothing to test on devices without dot products of integers, or where glslc did not know them.
bool withIntegers() {
    return test::context().caps().integerDotAny && !shaders::find("matvec_int8_q4_k").empty();
}
constexpr kernels::MatMulOverrides kIntegers{.integerDot = true};

} // namespace

TEST_SUITE("matvec") {

    TEST_CASE("every format: one row, odd rows, past a workgroup; one token and several") {
        uint32_t seed = 100;
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            const QuantType type = info.type;
            check({.type = type, .rows = 1, .columns = test::columnsFor(type, 1)}, ++seed);
            check({.type = type, .rows = 37, .columns = test::columnsFor(type, 33 * 32), .bias = true},
                  ++seed);
            check({.type = type,
                   .rows = 131,
                   .columns = test::columnsFor(type, 1500),
                   .accumulate = true,
                   .twoSegments = true},
                  ++seed);
            // Pipelines of more tokens take software drivers seconds each to compile: at wide subgroups only some.
            if (test::context().caps().subgroupSize == 16 && static_cast<int>(type) % 4 != 0) continue;
            check({.type = type,
                   .rows = 19,
                   .columns = test::columnsFor(type, 700),
                   .n = 2,
                   .yPadding = 5,
                   .bias = true,
                   .accumulate = true},
                  ++seed);
        }
    }

    TEST_CASE("columns and strides that no vector load fits") {
        uint32_t seed = 500;
        for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16})
            for (const uint32_t columns : {1u, 2u, 5u, 31u, 33u, 63u, 257u, 1001u})
                check({.type = type, .rows = 5, .columns = columns}, ++seed);
        for (const QuantType type : {QuantType::Q4_0, QuantType::Q4_K})
            check({.type = type, .rows = 9, .columns = 256, .n = 2, .xPadding = 3, .yPadding = 1}, ++seed);
    }

    TEST_CASE("a token's result is the same bits whatever the number of tokens") {
        checkSameBits(QuantType::Q4_K, {2, 8}, {});
        checkSameBits(QuantType::Q6_K, {3}, {});
    }

    TEST_CASE("every arrangement of lanes and rows") {
        uint32_t seed = 700;
        const uint32_t subgroup = test::context().caps().subgroupSize;
        for (const uint32_t lanes : {subgroup, 2 * subgroup, 4 * subgroup, 8 * subgroup})
            for (const uint32_t rows : {1u, 4u})
                check({.type = QuantType::Q4_K, .rows = 43, .columns = 768}, ++seed,
                      {.lanesPerRow = lanes, .rowsPerLane = rows});
    }

    TEST_CASE("several products of one recording") {
        std::mt19937 random(21);
        const uint32_t columns = 512, n = 2;
        const test::Matrix q(QuantType::Q4_K, 64, columns, random), k(QuantType::Q6_K, 9, columns, random);
        const std::vector<float> x = test::randomX(uint64_t{n} * columns, random);
        const vulkan::Buffer xBuffer = test::upload(x);
        const auto record = [&](bool together) {
            const test::GuardedBuffer yq(64 * n * 4), yk(9 * n * 4);
            const kernels::MatMulArgs args[] = {{.weight = &q.weight,
                                                 .x = xBuffer.view(),
                                                 .xStride = columns,
                                                 .y = yq.view(),
                                                 .yStride = 64,
                                                 .n = n},
                                                {.weight = &k.weight,
                                                 .x = xBuffer.view(),
                                                 .xStride = columns,
                                                 .y = yk.view(),
                                                 .yStride = 9,
                                                 .n = n}};
            test::run([&](vulkan::CommandRecorder& recorder) {
                if (together)
                    require(test::matMul().record(recorder, args));
                else
                    for (const auto& one : args) require(test::matMul().record(recorder, {&one, 1}));
            });
            auto all = yq.values<float>();
            const auto more = yk.values<float>();
            all.insert(all.end(), more.begin(), more.end());
            return all;
        };
        const auto together = record(true), apart = record(false);
        CHECK(std::memcmp(together.data(), apart.data(), together.size() * 4) == 0);
    }
}

TEST_SUITE("matvec_int8") {

    // x is what int8 keeps, so the limit is that of the roundings of sums, as above.
    TEST_CASE(
        "every format with integers: odd rows, past a workgroup, unaligned rows; one token and several") {
        if (!withIntegers()) return;
        uint32_t seed = 2000;
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            const QuantType type = info.type;
            if (!kernels::hasIntegers(type)) continue;
            check({.type = type, .rows = 1, .columns = test::columnsFor(type, 1), .rounded = true}, ++seed,
                  kIntegers);
            check({.type = type,
                   .rows = 37,
                   .columns = test::columnsFor(type, 33 * 32),
                   .bias = true,
                   .rounded = true},
                  ++seed, kIntegers);
            check({.type = type,
                   .rows = 131,
                   .columns = test::columnsFor(type, 1500),
                   .accumulate = true,
                   .twoSegments = true,
                   .rounded = true},
                  ++seed, kIntegers);
            if (test::context().caps().subgroupSize == 16 && static_cast<int>(type) % 4 != 0) continue;
            check({.type = type,
                   .rows = 19,
                   .columns = test::columnsFor(type, 700),
                   .n = 2,
                   .xPadding = 3,
                   .yPadding = 5,
                   .bias = true,
                   .accumulate = true,
                   .rounded = true},
                  ++seed, kIntegers);
        }
    }

    TEST_CASE("with integers, a token's result is the same bits whatever the number of tokens") {
        if (!withIntegers()) return;
        if (test::context().caps().subgroupSize == 16)
            return checkSameBits(QuantType::Q4_K, {3, 8}, kIntegers);
        checkSameBits(QuantType::Q4_K, {2, 3, 4, 5, 6, 7, 8}, kIntegers);
        checkSameBits(QuantType::Q6_K, {3, 8}, kIntegers);
        checkSameBits(QuantType::Q8_0, {5}, kIntegers);
        checkSameBits(QuantType::Q2_K, {2}, kIntegers);
    }

    TEST_CASE("with integers, every arrangement of lanes and rows") {
        if (!withIntegers()) return;
        uint32_t seed = 2700;
        const uint32_t subgroup = test::context().caps().subgroupSize;
        for (const uint32_t lanes : {subgroup, 2 * subgroup, 4 * subgroup, 8 * subgroup})
            for (const uint32_t rows : {1u, 4u})
                check({.type = QuantType::Q4_K, .rows = 43, .columns = 768, .rounded = true}, ++seed,
                      {.integerDot = true, .lanesPerRow = lanes, .rowsPerLane = rows});
    }

    TEST_CASE("gate, up, activation and rounding in one step are those of four steps, bit by bit") {
        if (!withIntegers()) return;
        const auto elementwise = require(kernels::Elementwise::create(test::context(), test::registry()));
        struct Case {
            QuantType type;
            uint32_t rows, columns, n;
        };
        for (const Case& c : {Case{QuantType::Q4_K, 16, 256, 1}, Case{QuantType::Q4_K, 208, 1792, 3},
                              Case{QuantType::Q6_K, 1520, 768, 1}, Case{QuantType::Q8_0, 48, 96, 8},
                              Case{QuantType::IQ4_XS, 64, 512, 2}}) {
            CAPTURE(models::quantTypeInfo(c.type).name);
            CAPTURE(c.rows);
            std::mt19937 random(29 + c.rows);
            const test::Matrix gate(c.type, c.rows, c.columns, random), up(c.type, c.rows, c.columns, random);
            const vulkan::Buffer x = test::upload(test::randomX(uint64_t{c.n} * c.columns, random)),
                                 ones = test::upload(std::vector<float>(c.columns, 1.0f));
            const uint64_t values = uint64_t{c.n} * c.rows;
            const test::GuardedBuffer normed(uint64_t{c.n} * c.columns * 4), gates(values * 4),
                ups(values * 4), numbers(test::roundedNumberBytes(c.rows, c.n)),
                scales(test::roundedScaleBytes(c.rows, c.n));
            const kernels::Int8View apart{numbers.view(), scales.view(), {}, 0};
            kernels::MatMul& matMul = test::matMul(kIntegers);
            const kernels::Int8View rounded = matMul.prepared(gate.weight, c.n).rounded;
            const auto args = [&](const test::Matrix& matrix, const test::GuardedBuffer& y) {
                return kernels::MatMulArgs{.weight = &matrix.weight,
                                           .x = normed.view(),
                                           .xStride = c.columns,
                                           .y = y.view(),
                                           .yStride = c.rows,
                                           .n = c.n,
                                           .prepared = {.rounded = rounded, .halves = {}}};
            };
            kernels::Int8View gated;
            test::run([&](vulkan::CommandRecorder& recorder) {
                require(elementwise->recordRmsNorm(recorder, x.view(), ones.address(), normed.view(),
                                                   c.columns, c.n, 1e-6f, {.rounded = rounded, .halves = {}}));
                recorder.barrier("normed");
                const kernels::MatMulArgs both[] = {args(gate, gates), args(up, ups)};
                require(matMul.record(recorder, both));
                gated = require(matMul.recordGated(recorder, gate.weight, up.weight, rounded, c.n));
                recorder.barrier("products");
                require(elementwise->recordGatedSilu(recorder, gates.view(), ups.view(), gates.view(), c.rows,
                                                     c.n, {.rounded = apart, .halves = {}}));
            });
            REQUIRE(gated);
            CHECK(orderedRows(gated, c.rows, c.n) == orderedRows(apart, c.rows, c.n));
        }
    }

    // y += W x, then a norm of y, then products with its result: in three steps, and with the norm taken over by those beside it.
    TEST_CASE("a norm that the products beside it take over is the norm") {
        if (!withIntegers()) return;
        const auto elementwise = require(kernels::Elementwise::create(test::context(), test::registry()));
        struct Case {
            QuantType type;
            uint32_t rows, columns;
        };
        constexpr float eps = 1e-6f;
        for (const Case& c : {Case{QuantType::Q4_K, 256, 256}, Case{QuantType::Q6_K, 768, 512},
                              Case{QuantType::Q8_0, 288, 96}, Case{QuantType::Q4_K, 1536, 8960},
                              Case{QuantType::IQ4_XS, 8448, 256}}) {
            CAPTURE(models::quantTypeInfo(c.type).name);
            CAPTURE(c.rows);
            std::mt19937 random(31 + c.rows);
            // Of the norm's readers one has rows that fill no block. Formats with blocks of 32 take a width of 288.
            const QuantType narrow = c.rows % 256 == 0 ? c.type : QuantType::Q8_0;
            const test::Matrix down(c.type, c.rows, c.columns, random), q(narrow, 61, c.rows, random),
                gate(narrow, 48, c.rows, random), up(narrow, 48, c.rows, random);
            const uint32_t n = 8;
            const auto before = test::randomX(uint64_t{n} * c.rows, random),
                       bias = test::randomX(c.rows, random), weight = test::randomX(c.rows, random);
            const vulkan::Buffer x = test::upload(test::randomX(uint64_t{n} * c.columns, random)),
                                 biases = test::upload(bias), weights = test::upload(weight);
            kernels::MatMul& matMul = test::matMul(kIntegers);
            struct Made {
                std::vector<float> residual, product;
                test::RoundedRows gated;
            };
            // first, count: the tokens of one recording.
            const auto make = [&](bool taken, uint32_t first, uint32_t count) {
                const uint64_t rowBytes = uint64_t{c.rows} * 4;
                test::GuardedBuffer residual(count * rowBytes);
                residual.set(std::vector<float>(before.begin() + first * c.rows,
                                                before.begin() + (first + count) * c.rows));
                const test::GuardedBuffer normed(count * rowBytes), product(count * 61 * 4);
                kernels::Int8View gated;
                test::run([&](vulkan::CommandRecorder& recorder) {
                    const kernels::MatMulArgs sum{
                        .weight = &down.weight,
                        .x = x.view().part(first * c.columns * 4, uint64_t{count} * c.columns * 4),
                        .xStride = c.columns,
                        .y = residual.view(),
                        .yStride = c.rows,
                        .n = count,
                        .bias = biases.address(),
                        .accumulate = true};
                    kernels::Int8View rounded;
                    if (taken) {
                        const kernels::Weight* const readers[] = {&q.weight, &gate.weight};
                        REQUIRE(matMul.takesNorm(down.weight, readers, count));
                        rounded = require(matMul.recordWithNorm(recorder, sum, weights.address(), eps));
                        CHECK(rounded.wantsFactor());
                    } else {
                        require(matMul.record(recorder, {&sum, 1}));
                        recorder.barrier("residual");
                        rounded = matMul.prepared(q.weight, count).rounded;
                        require(elementwise->recordRmsNorm(recorder, residual.view(), weights.address(),
                                                           normed.view(), c.rows, count, eps,
                                                           {.rounded = rounded, .halves = {}}));
                    }
                    recorder.barrier("normed");
                    const kernels::MatMulArgs reader{.weight = &q.weight,
                                                     .x = normed.view(),
                                                     .xStride = c.rows,
                                                     .y = product.view(),
                                                     .yStride = 61,
                                                     .n = count,
                                                     .prepared = {.rounded = rounded, .halves = {}}};
                    require(matMul.record(recorder, {&reader, 1}));
                    gated = require(matMul.recordGated(recorder, gate.weight, up.weight, rounded, count));
                });
                REQUIRE(gated);
                return Made{residual.values<float>(), product.values<float>(), orderedRows(gated, 48, count)};
            };
            const Made apart = make(false, 0, n), taken = make(true, 0, n);
            test::checkClose(std::vector<double>(apart.residual.begin(), apart.residual.end()),
                             taken.residual, 1e-11, "residual with a norm behind");
            // Rounded before the factor instead of behind it: to 16 bits both times.
            test::checkClose(std::vector<double>(apart.product.begin(), apart.product.end()), taken.product,
                             1e-7, "product with a norm taken over");
            // And a token alone is what it is among others, to the bit.
            for (uint32_t token = 0; token < n; ++token) {
                const Made one = make(true, token, 1);
                CHECK(std::equal(one.residual.begin(), one.residual.end(),
                                 taken.residual.begin() + token * c.rows));
                CHECK(std::equal(one.product.begin(), one.product.end(), taken.product.begin() + token * 61));
                CHECK(std::equal(one.gated.numbers.begin(), one.gated.numbers.end(),
                                 taken.gated.numbers.begin() + token * 48));
                CHECK(one.gated.scales == std::vector<float>(taken.gated.scales.begin() + token * 3,
                                                             taken.gated.scales.begin() + token * 3 + 3));
            }
        }
    }

    TEST_CASE("products of one recording round each x once, and exact ones not at all") {
        if (!withIntegers()) return;
        std::mt19937 random(23);
        const uint32_t columns = 512, n = 2;
        const test::Matrix q(QuantType::Q4_K, 64, columns, random), k(QuantType::Q6_K, 9, columns, random);
        const vulkan::Buffer one = test::upload(test::randomX(uint64_t{n} * columns, random)),
                             two = test::upload(test::randomX(uint64_t{n} * columns, random));
        const auto record = [&](bool together) {
            const test::GuardedBuffer y[] = {test::GuardedBuffer(64 * n * 4), test::GuardedBuffer(9 * n * 4),
                                             test::GuardedBuffer(64 * n * 4), test::GuardedBuffer(9 * n * 4)};
            std::vector<kernels::MatMulArgs> all;
            for (uint32_t i = 0; i < 4; ++i)
                all.push_back({.weight = i % 2 == 0 ? &q.weight : &k.weight,
                               .x = (i < 2 ? one : two).view(),
                               .xStride = columns,
                               .y = y[i].view(),
                               .yStride = i % 2 == 0 ? 64u : 9u,
                               .n = n,
                               .exact = i == 3});
            test::run([&](vulkan::CommandRecorder& recorder) {
                kernels::MatMul& matMul = test::matMul(kIntegers);
                if (together) return require(matMul.record(recorder, all));
                for (const auto& args : all) {
                    require(matMul.record(recorder, {&args, 1}));
                    recorder.barrier("one by one");
                }
            });
            std::vector<float> values;
            for (const auto& part : y)
                for (const float value : part.values<float>()) values.push_back(value);
            return values;
        };
        const auto together = record(true), apart = record(false);
        CHECK(std::memcmp(together.data(), apart.data(), together.size() * 4) == 0);
    }
}

TEST_SUITE("matrices_real") {

    TEST_CASE("mat-vec in the shapes of the models, whole") {
        uint32_t seed = 900;
        struct Shape {
            uint32_t rows, columns;
        };
        for (const Shape shape : {Shape{1536, 1536}, Shape{8960, 1536}, Shape{1536, 8960}, Shape{3584, 3584},
                                  Shape{18944, 3584}, Shape{3584, 18944}})
            for (const QuantType type : {QuantType::Q4_K, QuantType::Q6_K, QuantType::Q8_0}) {
                check({.type = type, .rows = shape.rows, .columns = shape.columns}, ++seed);
                if (withIntegers())
                    check({.type = type, .rows = shape.rows, .columns = shape.columns, .rounded = true},
                          ++seed, kIntegers);
            }
        check({.type = QuantType::Q6_K, .rows = 152064, .columns = 3584}, ++seed);
        for (const models::QuantTypeInfo& info : models::allQuantTypes())
            check({.type = info.type, .rows = 1536, .columns = 8960}, ++seed);
    }
}
