// Products in every format and instruction set against the plain meaning of the blocks, summed in double.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "inference/cpu/matrix.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using namespace ponder::cpu;

namespace {

std::vector<Isa> isas() {
    std::vector<Isa> all;
    for (int i = 0; i <= static_cast<int>(detectIsa()); ++i) all.push_back(static_cast<Isa>(i));
    return all;
}

std::vector<float> randomFloats(size_t count, std::mt19937& random) {
    std::normal_distribution<float> normal;
    std::vector<float> x(count);
    for (float& value : x) value = normal(random);
    return x;
}

struct Case {
    models::QuantType type;
    size_t rows, columns, tokens;
};

// What the product is, from the activations as they are read: 8 bits or floats. `size` becomes the sum of |terms|.
double exact(const std::vector<float>& row, const ActivationView& x, size_t token, bool bytes, double& size) {
    double sum = 0;
    size = 0;
    for (size_t i = 0; i < row.size(); ++i) {
        const size_t at = token * x.padded + i;
        const double value = bytes ? static_cast<double>(x.scales[at / 16]) * x.bytes[at] : x.values[at];
        sum += static_cast<double>(row[i]) * value;
        size += std::fabs(static_cast<double>(row[i]) * value);
    }
    return sum;
}

void check(const Case& c, Isa isa, bool quantise, ThreadPool& pool, std::mt19937& random) {
    CAPTURE(models::quantTypeInfo(c.type).name);
    CAPTURE(isaName(isa));
    CAPTURE(c.rows);
    CAPTURE(c.columns);
    CAPTURE(c.tokens);
    CAPTURE(quantise);
    const std::vector<uint8_t> weights = reference::randomBlocks(c.type, c.rows * c.columns, 1.0f, random);
    const Matrix matrix{weights.data(), c.type, c.rows, c.columns};
    Activations activations;
    activations.assign(randomFloats(c.tokens * c.columns, random), c.tokens, c.columns, quantise);
    const ActivationView x = activations.view();
    std::vector<float> y(c.tokens * c.rows + 1, 1234.5f);
    multiply(pool, isa, matrix, x, y);
    CHECK(y.back() == 1234.5f); // nothing is written behind the end
    const bool bytes = quantise && models::quantTypeInfo(c.type).valuesPerBlock > 1;
    std::vector<float> row(c.columns);
    for (size_t r = 0; r < c.rows; ++r) {
        reference::dequantize(c.type, weights.data() + r * matrix.rowBytes(), row);
        for (size_t t = 0; t < c.tokens; ++t) {
            double size = 0;
            const double expected = exact(row, x, t, bytes, size);
            // Rounding of a float at each of the additions (columns / 16 of them in one lane at most), and of the products
            // of scales; the offsets of unsigned bytes make terms up to 16 times as large as the values they stand for.
            const double limit = 1e-5 * size + 1e-6;
            REQUIRE(std::fabs(y[t * c.rows + r] - expected) <= limit);
        }
    }
}

} // namespace

TEST_CASE("every format times 8-bit and float activations, in every instruction set") {
    std::mt19937 random(3);
    ThreadPool pool(2);
    for (const models::QuantTypeInfo& info : models::allQuantTypes())
        for (const Isa isa : isas())
            for (const bool quantise : {true, false}) {
                check({info.type, 5, 256, 1}, isa, quantise, pool, random);
                check({info.type, 33, 1536, 3}, isa, quantise, pool, random);
                check({info.type, 3, 2304, 37}, isa, quantise, pool, random);
                if (info.valuesPerBlock <= 32) check({info.type, 7, 96, 2}, isa, quantise, pool, random);
                if (info.valuesPerBlock <= 32) check({info.type, 4, 896, 1}, isa, quantise, pool, random);
                if (info.valuesPerBlock == 1) check({info.type, 9, 45, 2}, isa, quantise, pool, random);
            }
}

TEST_CASE("one row of one block; every number of tokens up to two panels and one") {
    std::mt19937 random(4);
    ThreadPool pool(1);
    for (const models::QuantTypeInfo& info : models::allQuantTypes())
        for (const Isa isa : isas()) {
            for (const size_t tokens : {1ul, 2ul, 8ul, 9ul, 16ul, 17ul}) {
                check({info.type, 1, info.valuesPerBlock, tokens}, isa, true, pool, random);
                check({info.type, 17, info.valuesPerBlock, tokens}, isa, true, pool, random);
            }
            if (info.type != models::QuantType::Q4_K && info.type != models::QuantType::Q6_K &&
                info.type != models::QuantType::Q8_0)
                continue; // one of each shape: scales of 32 and of 16 values, blocks of 32
            for (size_t tokens = 1; tokens <= 33; ++tokens)
                check({info.type, 1 + tokens % 19, 512, tokens}, isa, true, pool, random);
            check({info.type, 18, 768, 150}, isa, true, pool, random); // more than share one unpacking
        }
}

TEST_CASE(
    "a token's product is bitwise the same alone and among few, and among many whatever their number; on "
    "one thread and on several") {
    std::mt19937 random(5);
    constexpr size_t kRows = 37, kColumns = 512, kTokens = 40;
    ThreadPool several(3), single(1);
    for (const models::QuantTypeInfo& info : models::allQuantTypes())
        for (const Isa isa : isas())
            for (const bool quantise : {true, false}) {
                CAPTURE(info.name);
                CAPTURE(isaName(isa));
                const auto weights = reference::randomBlocks(info.type, kRows * kColumns, 1.0f, random);
                const Matrix matrix{weights.data(), info.type, kRows, kColumns};
                const std::vector<float> x = randomFloats(kTokens * kColumns, random);
                // Tokens [first, first + count) by themselves.
                const auto product = [&](size_t first, size_t count, ThreadPool& pool) {
                    Activations some;
                    some.assign(std::span(x).subspan(first * kColumns, count * kColumns), count, kColumns,
                                quantise);
                    std::vector<float> y(count * kRows);
                    multiply(pool, isa, matrix, some.view(), y);
                    return y;
                };
                const auto same = [&](const std::vector<float>& a, size_t token, const float* b) {
                    return std::memcmp(&a[token * kRows], b, kRows * sizeof(float)) == 0;
                };
                const std::vector<float> few = product(0, kFewTokens, several);
                for (size_t t = 0; t < kFewTokens; ++t) REQUIRE(same(few, t, product(t, 1, single).data()));
                const std::vector<float> many = product(0, kTokens, several);
                for (const size_t count : {kFewTokens + 1, size_t{16}, size_t{21}}) {
                    const std::vector<float> fewer = product(3, count, single);
                    for (size_t t = 0; t < count; ++t) REQUIRE(same(many, 3 + t, &fewer[t * kRows]));
                }
            }
}
