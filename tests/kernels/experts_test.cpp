// Products with a matrix out of several a (token, slot) pair, against the plain loops: pair by pair and sorted by expert, the
// heads of latent attention, and the transposed product. Limits as of matvec_test.cpp; cooperative matrices as matmul_test.cpp.
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "inference/kernels/expert_matmul.h"
#include "inference/kernels/matmul_parts.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/matrix.h"
#include "tests/reference/dequant.h"
#include "tests/reference/matmul.h"

namespace ponder::test {

namespace {

using models::QuantType;

double limitFor(uint32_t columns) { return (columns + 64) * 0x1p-46; }
constexpr double kHalfLimit = 1e-6; // f16 weights: each off by 2^-12

// Matrices in separate buffers, in an order of their own, and the table that finds them.
struct Experts {
    Experts(QuantType type, uint32_t count, uint32_t rows, uint32_t columns, std::mt19937& random) {
        std::vector<uint64_t> addresses;
        for (uint32_t e = 0; e < count; ++e) {
            matrices.emplace_back(type, rows, columns, random);
            addresses.push_back(matrices.back().weight.address());
        }
        m_table = upload(addresses);
        weight = {type, count, rows, columns, matrices.front().weight.rowBytes, m_table.address()};
    }
    std::vector<Matrix> matrices;
    kernels::ExpertWeight weight;

private:
    vulkan::Buffer m_table;
};

struct Case {
    QuantType type = QuantType::F32;
    uint32_t rows = 0, columns = 0, n = 1, slots = 1, experts = 1;
    bool routed = true, xPerPair = false, transposed = false;
    uint32_t xPadding = 0, yPadding = 0;
};

std::vector<uint32_t> choose(const Case& c, std::mt19937& random) {
    std::vector<uint32_t> chosen;
    for (uint32_t pair = 0; pair < c.n * c.slots; ++pair)
        chosen.push_back(c.routed ? static_cast<uint32_t>(random() % random() % c.experts) : pair % c.slots);
    return chosen;
}

// As sort_experts.comp leaves them; of pairs the last first, as their order is open.
std::vector<uint32_t> sorted(const Case& c, const std::vector<uint32_t>& chosen) {
    std::vector<uint32_t> all(c.experts + 1), pairs;
    for (uint32_t e = 0; e < c.experts; ++e) {
        all[e] = static_cast<uint32_t>(pairs.size());
        for (size_t pair = chosen.size(); pair-- > 0;)
            if (chosen[pair] == e) pairs.push_back(static_cast<uint32_t>(pair));
    }
    all[c.experts] = static_cast<uint32_t>(pairs.size());
    all.insert(all.end(), pairs.begin(), pairs.end());
    return all;
}

std::vector<double> transposedProduct(const Matrix& matrix, const float* x) {
    const auto& w = matrix.weight;
    std::vector<double> y(w.columns);
    std::vector<float> row(w.columns);
    for (uint32_t r = 0; r < w.rows; ++r) {
        reference::dequantize(w.type, matrix.bytes.data() + r * w.rowBytes, row);
        for (uint32_t i = 0; i < w.columns; ++i) y[i] += double{x[r]} * row[i];
    }
    return y;
}

void check(const Case& c, uint32_t seed, const kernels::MatMulOverrides& overrides = {}) {
    std::mt19937 random(seed);
    const Experts experts(c.type, c.experts, c.rows, c.columns, random);
    const uint32_t inputs = c.transposed ? c.rows : c.columns, outputs = c.transposed ? c.columns : c.rows;
    const uint32_t xStride = inputs + c.xPadding, yStride = outputs + c.yPadding;
    const uint32_t pairs = c.n * c.slots, xRows = c.xPerPair ? pairs : c.n;
    const auto x = randomX(uint64_t{xRows} * xStride, random);
    const auto chosen = choose(c, random);
    const auto input = upload(x), choiceBuffer = upload(chosen), sortedBuffer = upload(sorted(c, chosen));
    const kernels::ExpertChoice choice{choiceBuffer.view(), sortedBuffer.view()};
    GuardedBuffer y(uint64_t{pairs} * yStride * sizeof(float));

    const auto product = require(kernels::createExpertMatMul(
        context(), registry(), overrides, false,
        {.tokens = c.n,
         .rows = c.xPerPair ? c.slots : 1,
         .rowValues = (c.xPerPair ? c.slots : 1) * kernels::halfStride(c.columns)}));
    const kernels::ExpertMatMulArgs args{.weight = &experts.weight,
                                         .x = input.view(),
                                         .xStride = xStride,
                                         .y = y.view(),
                                         .yStride = yStride,
                                         .n = c.n,
                                         .slots = c.slots,
                                         .xPerPair = c.xPerPair,
                                         .choice = c.routed ? &choice : nullptr};
    run([&](vulkan::CommandRecorder& recorder) {
        require(c.transposed ? product->recordTransposed(recorder, args)
                             : product->record(recorder, {&args, 1}));
    });
    const auto all = y.values<float>();
    std::vector<double> expected;
    std::vector<float> got;
    for (uint32_t pair = 0; pair < pairs; ++pair) {
        const Matrix& matrix = experts.matrices[chosen[pair]];
        const float* row = x.data() + uint64_t{c.xPerPair ? pair : pair / c.slots} * xStride;
        const auto of = c.transposed ? transposedProduct(matrix, row)
                                     : reference::matMul({.type = c.type,
                                                          .rows = c.rows,
                                                          .columns = c.columns,
                                                          .n = 1,
                                                          .xStride = xStride,
                                                          .weights = matrix.bytes.data(),
                                                          .x = row});
        expected.insert(expected.end(), of.begin(), of.end());
        got.insert(got.end(), all.begin() + uint64_t{pair} * yStride,
                   all.begin() + uint64_t{pair} * yStride + outputs);
    }
    const bool plain = !context().caps().cooperativeMatrix || overrides.noCooperativeMatrix || c.n <= 8;
    checkClose(expected, got, plain ? limitFor(inputs) : kHalfLimit,
               fmt::format("{} {} x {}, {} tokens, {} of {} experts{}{}{}, seed {}",
                           models::quantTypeInfo(c.type).name, c.rows, c.columns, c.n, c.slots, c.experts,
                           c.routed ? "" : ", heads", c.xPerPair ? ", x of pairs" : "",
                           c.transposed ? ", transposed" : "", seed));
}

} // namespace

TEST_SUITE("experts") {

    TEST_CASE("every format: pair by pair, sorted, transposed") {
        uint32_t seed = 100;
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            const uint32_t columns = columnsFor(info.type, 300);
            check({.type = info.type, .rows = 37, .columns = columns, .n = 2, .slots = 3, .experts = 5},
                  ++seed);
            check({.type = info.type, .rows = 70, .columns = columns, .n = 41, .slots = 3, .experts = 5},
                  ++seed);
            check({.type = info.type,
                   .rows = 29,
                   .columns = columns,
                   .n = 2,
                   .slots = 3,
                   .experts = 3,
                   .routed = false,
                   .xPerPair = true,
                   .transposed = true},
                  ++seed);
        }
    }

    TEST_CASE("odd shapes: experts that nobody chose, all tokens at one, strides, many slots") {
        uint32_t seed = 500;
        check({.type = QuantType::Q4_K, .rows = 131, .columns = 512, .n = 5, .slots = 2, .experts = 40},
              ++seed);
        check({.type = QuantType::Q4_K,
               .rows = 65,
               .columns = 256,
               .n = 33,
               .slots = 2,
               .experts = 17,
               .xPerPair = true},
              ++seed);
        check({.type = QuantType::Q6_K, .rows = 64, .columns = 256, .n = 100, .slots = 1, .experts = 1},
              ++seed);
        check({.type = QuantType::F16,
               .rows = 9,
               .columns = 33,
               .n = 12,
               .slots = 4,
               .experts = 4,
               .routed = false,
               .xPerPair = true,
               .xPadding = 7,
               .yPadding = 3},
              ++seed);
        check({.type = QuantType::F32,
               .rows = 9,
               .columns = 33,
               .n = 3,
               .slots = 4,
               .experts = 4,
               .routed = false,
               .xPerPair = true,
               .xPadding = 7,
               .yPadding = 3},
              ++seed);
        check({.type = QuantType::F32,
               .rows = 33,
               .columns = 17,
               .n = 11,
               .slots = 5,
               .experts = 5,
               .routed = false,
               .xPerPair = true,
               .transposed = true,
               .xPadding = 2,
               .yPadding = 3},
              ++seed);
        check({.type = QuantType::Q5_K,
               .rows = 20,
               .columns = 768,
               .n = 9,
               .slots = 2,
               .experts = 2,
               .routed = false,
               .xPerPair = true,
               .transposed = true},
              ++seed);
    }

    TEST_CASE("few tokens among many experts go pair by pair, others sorted") {
        CHECK(kernels::expertsByPair(1, 8, 256));
        CHECK(kernels::expertsByPair(8, 8, 16));
        CHECK(kernels::expertsByPair(32, 8, 256));
        CHECK_FALSE(kernels::expertsByPair(33, 8, 256));
        CHECK_FALSE(kernels::expertsByPair(8, 9000, 10000)); // more workgroups than every device takes
    }
}

TEST_SUITE("experts_real") {

    // Real sizes; of each tensor only as many matrices as slots, since 256 would take gigabytes.
    TEST_CASE("experts and heads of R1") {
        uint32_t seed = 900;
        check({.type = QuantType::Q4_K, .rows = 2048, .columns = 7168, .n = 1, .slots = 8, .experts = 8},
              ++seed);
        check({.type = QuantType::Q6_K,
               .rows = 7168,
               .columns = 2048,
               .n = 1,
               .slots = 8,
               .experts = 8,
               .xPerPair = true},
              ++seed);
        check({.type = QuantType::IQ1_S, .rows = 2048, .columns = 7168, .n = 12, .slots = 2, .experts = 4},
              ++seed);
        for (const uint32_t n : {1u, 9u}) {
            const Case heads{.type = QuantType::Q8_0,
                             .rows = 512,
                             .columns = 128,
                             .n = n,
                             .slots = 128,
                             .experts = 128,
                             .routed = false,
                             .xPerPair = true,
                             .xPadding = 64,
                             .yPadding = 64};
            check(heads, ++seed); // keys, as attn_k_b has them
            Case values = heads;
            values.rows = 128, values.columns = 512, values.xPadding = values.yPadding = 0;
            check(values, ++seed);
            Case older = values; // keys, as attn_kv_b has them
            older.transposed = true, older.xPadding = older.yPadding = 64;
            check(older, ++seed);
        }
    }
}

} // namespace ponder::test
