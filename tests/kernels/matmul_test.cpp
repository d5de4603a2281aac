// W X for many tokens, every format, against the plain loops.
//
// Limits of the error. float32: as matvec_test.cpp's, with one chain of K sums an output: K 2^-46. Cooperative matrices: x is
// exact here (the test's values are binary16, scaled by a power of two); a weight w is rounded to binary16, at rms by
// 2^-11 / sqrt(3) w / mantissa, 2^-12.3 w on average, so NMSE 4e-8 if the errors are independent, as they are; the matrix
// units' float32 sums may cut where others round, K 2^-46 again. 3e-7 leaves a factor of some seven.
#include <doctest/doctest.h>

#include "tests/kernels/support/matrix.h"

using namespace ponder;
using kernels::MatMulPlan;
using models::QuantType;
using test::Product;

namespace {

void check(Product product, uint32_t seed, const kernels::MatMulOverrides& overrides = {},
           bool precise = false) {
    const MatMulPlan plan = kernels::planMatMul(test::context().caps(), overrides, product.type, product.rows,
                                                product.columns, product.n, precise);
    const double sums = (product.columns + 64) * 0x1p-46;
    const bool halves = plan.path == MatMulPlan::Path::CooperativeMatrix;
    test::checkProduct(test::matMul(overrides, precise), product, halves ? 3e-7 + sums : sums, seed);
}

constexpr kernels::MatMulOverrides kPlain{.noCooperativeMatrix = true};

} // namespace

TEST_SUITE("matmul") {

    TEST_CASE("every format, plain: one row, odd rows, past a tile") {
        uint32_t seed = 2000;
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            const QuantType type = info.type;
            check({.type = type, .rows = 1, .columns = test::columnsFor(type, 1), .n = 9}, ++seed, kPlain);
            check(
                {.type = type, .rows = 65, .columns = test::columnsFor(type, 33 * 32), .n = 33, .bias = true},
                ++seed, kPlain);
            check({.type = type,
                   .rows = 77,
                   .columns = test::columnsFor(type, 300),
                   .n = 31,
                   .xPadding = 1,
                   .yPadding = 3,
                   .accumulate = true,
                   .twoSegments = true},
                  ++seed, kPlain);
        }
    }

    TEST_CASE("every format, cooperative matrices: one row, odd rows, past a tile") {
        if (!test::context().caps().cooperativeMatrix) {
            MESSAGE("this device has no cooperative matrices");
            return;
        }
        uint32_t seed = 3000;
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            const QuantType type = info.type;
            check({.type = type, .rows = 1, .columns = test::columnsFor(type, 1), .n = 9}, ++seed);
            check(
                {.type = type, .rows = 65, .columns = test::columnsFor(type, 33 * 32), .n = 33, .bias = true},
                ++seed);
            check({.type = type,
                   .rows = 131,
                   .columns = test::columnsFor(type, 300),
                   .n = 130,
                   .xPadding = 1,
                   .yPadding = 3,
                   .accumulate = true,
                   .twoSegments = true},
                  ++seed);
            check({.type = type, .rows = 512, .columns = test::columnsFor(type, 3584), .n = 257}, ++seed);
        }
    }

    TEST_CASE("every tile of cooperative matrices, one token past and before it") {
        if (!test::context().caps().cooperativeMatrix) return;
        uint32_t seed = 4000;
        struct Tile {
            uint32_t rows, tokens, workgroup;
        };
        for (const Tile tile : {Tile{128, 128, 256}, Tile{128, 128, 128}, Tile{128, 64, 128},
                                Tile{64, 64, 128}, Tile{64, 32, 64}})
            for (const QuantType type : {QuantType::Q4_K, QuantType::Q6_K, QuantType::F16, QuantType::Q4_0})
                for (const uint32_t n : {tile.tokens - 1, tile.tokens, tile.tokens + 1})
                    check({.type = type, .rows = tile.rows * 2 + 1, .columns = 1024, .n = n, .bias = true},
                          ++seed,
                          {.tileRows = tile.rows, .tileTokens = tile.tokens, .tileWorkgroup = tile.workgroup});
    }

    TEST_CASE(
        "columns shared out among workgroups: odd shares, bias, residual, segments, room for one of two") {
        if (!test::context().caps().cooperativeMatrix) return;
        uint32_t seed = 4500;
        for (const uint32_t splits : {2u, 3u, 7u})
            for (const QuantType type : {QuantType::Q4_K, QuantType::Q6_K, QuantType::F16}) {
                check({.type = type, .rows = 131, .columns = 1536, .n = 130, .bias = true}, ++seed,
                      {.splits = splits});
                check({.type = type,
                       .rows = 700,
                       .columns = 2048,
                       .n = 33,
                       .xPadding = 1,
                       .yPadding = 3,
                       .accumulate = true,
                       .twoSegments = true},
                      ++seed, {.splits = splits});
            }
        check({.type = QuantType::Q4_K, .rows = 40000, .columns = 256, .n = 65, .twoSegments = true}, ++seed,
              {.splits = 8});
    }

    TEST_CASE("columns that no vector load fits") {
        uint32_t seed = 5000;
        for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16})
            for (const uint32_t columns : {1u, 5u, 33u, 257u, 1001u}) {
                check({.type = type, .rows = 5, .columns = columns, .n = 10}, ++seed, kPlain);
                check({.type = type, .rows = 5, .columns = columns, .n = 10}, ++seed);
            }
    }

    TEST_CASE("activations beyond the range of f16") {
        // 2^20 is exact in any of the kernels; what is beside it in a row keeps 11 bits of 2^-14 of it at least.
        Product product{.type = QuantType::Q8_0, .rows = 70, .columns = 1024, .n = 20, .outlier = 1u << 20};
        check(product, 6000);
        check(product, 6001, kPlain);
    }

    TEST_CASE("precise is float32 everywhere") {
        check({.type = QuantType::F16, .rows = 70, .columns = 1024, .n = 20}, 6100, {}, true);
        check({.type = QuantType::Q4_K, .rows = 70, .columns = 1024, .n = 4}, 6101, {}, true);
    }

    TEST_CASE("products with the same and with different x in one recording") {
        std::mt19937 random(31);
        const uint32_t columns = 512, n = 40, rows = 70;
        const test::Matrix a(QuantType::Q4_K, rows, columns, random),
            b(QuantType::Q6_K, rows, columns, random);
        const vulkan::Buffer x = test::upload(test::randomX(uint64_t{2} * n * columns, random));
        const auto first = x.view().part(0, uint64_t{n} * columns * 4);
        const auto second = x.view().part(uint64_t{n} * columns * 4, uint64_t{n} * columns * 4);
        const auto record = [&](bool together) {
            const test::GuardedBuffer y(uint64_t{3} * rows * n * 4);
            const auto out = [&](uint64_t i) {
                return y.view().part(i * rows * n * 4, uint64_t{rows} * n * 4);
            };
            const kernels::MatMulArgs args[] = {
                {.weight = &a.weight, .x = first, .xStride = columns, .y = out(0), .yStride = rows, .n = n},
                {.weight = &a.weight, .x = second, .xStride = columns, .y = out(1), .yStride = rows, .n = n},
                {.weight = &b.weight, .x = first, .xStride = columns, .y = out(2), .yStride = rows, .n = n}};
            if (together)
                test::run([&](vulkan::CommandRecorder& recorder) {
                    test::require(test::matMul().record(recorder, args));
                });
            else
                for (const auto& one : args)
                    test::run([&](vulkan::CommandRecorder& recorder) {
                        test::require(test::matMul().record(recorder, {&one, 1}));
                    });
            return y.values<float>();
        };
        const auto together = record(true), apart = record(false);
        CHECK(std::memcmp(together.data(), apart.data(), together.size() * 4) == 0);
    }
}

TEST_SUITE("matrices_real") {

    TEST_CASE("mat-mat in the shapes of the models, rows cut") {
        uint32_t seed = 7000;
        for (const models::QuantTypeInfo& info : models::allQuantTypes())
            for (const uint32_t columns : {3584u, 8960u})
                check({.type = info.type, .rows = 192, .columns = columns, .n = 65}, ++seed);
        check({.type = QuantType::Q4_K, .rows = 129, .columns = 18944, .n = 129}, ++seed);
        check({.type = QuantType::Q6_K, .rows = 129, .columns = 18944, .n = 129}, ++seed);
    }
}
