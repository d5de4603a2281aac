// W x for one to eight tokens, every format, against the plain loops.
//
// Limit of the error: products and sums are rounded to 24 bits, each by 2^-25 of itself at rms. An invocation adds up to
// columns / lanes * 4 terms before the tree; taking every one of the K roundings as independent gives an NMSE of at most
// K 2^-50, and formats with an offset add two sums that partly cancel, which may cost a factor of some ten: K 2^-46.
#include <cstring>

#include <doctest/doctest.h>

#include "tests/kernels/support/matrix.h"

using namespace ponder;
using models::QuantType;
using test::Product;
using test::require;

namespace {

double limitFor(uint32_t columns) { return (columns + 64) * 0x1p-46; }

void check(Product product, uint32_t seed, const kernels::MatMulOverrides& overrides = {},
           bool precise = false) {
    test::checkProduct(test::matMul(overrides, precise), product, limitFor(product.columns), seed);
}

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
        for (const QuantType type : {QuantType::Q4_K, QuantType::Q6_K}) {
            std::mt19937 random(11);
            const uint32_t rows = 67, columns = 1792;
            const test::Matrix matrix(type, rows, columns, random);
            const std::vector<float> x = test::randomX(uint64_t{8} * columns, random);
            const vulkan::Buffer xBuffer = test::upload(x);
            std::vector<float> alone;
            for (uint32_t t = 0; t < 8; ++t) {
                const test::GuardedBuffer y(rows * sizeof(float));
                const kernels::MatMulArgs args{
                    .weight = &matrix.weight,
                    .x = xBuffer.view().part(uint64_t{t} * columns * 4, columns * 4),
                    .xStride = columns,
                    .y = y.view(),
                    .yStride = rows};
                test::run([&](vulkan::CommandRecorder& recorder) {
                    require(test::matMul().record(recorder, {&args, 1}));
                });
                const auto part = y.values<float>();
                alone.insert(alone.end(), part.begin(), part.end());
            }
            for (const uint32_t n :
                 type == QuantType::Q4_K ? std::vector<uint32_t>{2, 8} : std::vector<uint32_t>{3}) {
                CAPTURE(models::quantTypeInfo(type).name);
                CAPTURE(n);
                const test::GuardedBuffer y(uint64_t{n} * rows * sizeof(float));
                const kernels::MatMulArgs args{.weight = &matrix.weight,
                                               .x = xBuffer.view(),
                                               .xStride = columns,
                                               .y = y.view(),
                                               .yStride = rows,
                                               .n = n};
                test::run([&](vulkan::CommandRecorder& recorder) {
                    require(test::matMul().record(recorder, {&args, 1}));
                });
                CHECK(std::memcmp(y.values<float>().data(), alone.data(),
                                  uint64_t{n} * rows * sizeof(float)) == 0);
            }
        }
    }

    TEST_CASE("every arrangement of lanes and rows") {
        uint32_t seed = 700;
        const uint32_t subgroup = test::context().caps().subgroupSize;
        for (const uint32_t lanes : {subgroup, 2 * subgroup, 4 * subgroup})
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

TEST_SUITE("matrices_real") {

    TEST_CASE("mat-vec in the shapes of the models, whole") {
        uint32_t seed = 900;
        struct Shape {
            uint32_t rows, columns;
        };
        for (const Shape shape : {Shape{1536, 1536}, Shape{8960, 1536}, Shape{1536, 8960}, Shape{3584, 3584},
                                  Shape{18944, 3584}, Shape{3584, 18944}})
            for (const QuantType type : {QuantType::Q4_K, QuantType::Q6_K, QuantType::Q8_0})
                check({.type = type, .rows = shape.rows, .columns = shape.columns}, ++seed);
        check({.type = QuantType::Q6_K, .rows = 152064, .columns = 3584}, ++seed);
        for (const models::QuantTypeInfo& info : models::allQuantTypes())
            check({.type = info.type, .rows = 1536, .columns = 8960}, ++seed);
    }
}
