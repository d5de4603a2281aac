#include "tests/kernels/support/matrix.h"

#include <cmath>
#include <cstring>
#include <map>

#include <fmt/format.h>

#include "models/base/half.h"
#include "tests/reference/dequant.h"
#include "tests/reference/matmul.h"

namespace ponder::test {

using models::QuantType;

namespace {

constexpr uint32_t kMaxTokens = 2048, kMaxColumns = 18944;
std::map<std::vector<uint32_t>, std::unique_ptr<kernels::MatMul>> g_made;

} // namespace

Matrix::Matrix(QuantType type, uint32_t rows, uint32_t columns, std::mt19937& random, bool twoSegments)
    : Matrix(type, rows, columns, reference::randomBlocks(type, uint64_t{rows} * columns, 0.05f, random),
             twoSegments) {}

Matrix::Matrix(QuantType type, uint32_t rows, uint32_t columns, std::vector<uint8_t> blocks, bool twoSegments)
    : bytes(std::move(blocks)) {
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    weight.type = type;
    weight.rows = rows;
    weight.columns = columns;
    weight.rowBytes = uint64_t{columns} / info.valuesPerBlock * info.bytesPerBlock;
    // The second segment begins at the next multiple of 16, and the matrix ends where the buffer ends.
    const uint32_t first = twoSegments ? rows / 2 : rows;
    const uint64_t firstBytes = first * weight.rowBytes, secondAt = (firstBytes + 15) & ~uint64_t{15};
    std::vector<uint8_t> layout(first == rows ? firstBytes : secondAt + (rows - first) * weight.rowBytes);
    std::memcpy(layout.data(), bytes.data(), firstBytes);
    if (first < rows)
        std::memcpy(layout.data() + secondAt, bytes.data() + firstBytes, bytes.size() - firstBytes);
    layout.resize((layout.size() + 3) & ~size_t{3});
    m_buffer = upload(layout, "matrix");
    if (first > 0) weight.segments.push_back({0, first, m_buffer.address()});
    if (first < rows) weight.segments.push_back({first, rows - first, m_buffer.address() + secondAt});
}

std::vector<float> randomX(uint64_t count, std::mt19937& random) {
    std::uniform_real_distribution<float> uniform(-1, 1);
    std::vector<float> x(count);
    for (float& value : x) value = halfToFloat(floatToHalf(uniform(random)));
    return x;
}

std::string describe(const Product& p, uint32_t seed) {
    return fmt::format("{} {} x {}, {} tokens, strides +{} +{}{}{}{}, seed {}",
                       models::quantTypeInfo(p.type).name, p.rows, p.columns, p.n, p.xPadding, p.yPadding,
                       p.bias ? ", bias" : "", p.accumulate ? ", accumulate" : "",
                       p.twoSegments ? ", two segments" : "", seed);
}

void checkProduct(kernels::MatMul& matMul, const Product& p, double limit, uint32_t seed) {
    std::mt19937 random(seed);
    const Matrix matrix(p.type, p.rows, p.columns, random, p.twoSegments);
    const uint32_t xStride = p.columns + p.xPadding, yStride = p.rows + p.yPadding;
    std::vector<float> x = randomX(uint64_t{p.n} * xStride, random);
    for (uint32_t t = 0; t < p.n; ++t) {
        if (p.outlier) x[uint64_t{t} * xStride] = static_cast<float>(p.outlier);
        for (uint32_t i = p.columns; i < xStride; ++i)
            x[uint64_t{t} * xStride + i] = NAN; // must not be looked at
        if (!p.rounded) continue;
        const std::span<float> row(&x[uint64_t{t} * xStride], p.columns);
        const reference::RoundedRow kept = reference::roundedRow(row);
        for (uint32_t i = 0; i < p.columns; ++i) row[i] = kept.value(i);
    }
    const std::vector<float> bias = randomX(p.rows, random);
    std::vector<float> before = randomX(uint64_t{p.n} * p.rows, random);

    const vulkan::Buffer xBuffer = upload(x), biasBuffer = upload(bias);
    GuardedBuffer y(uint64_t{p.n} * yStride * sizeof(float));
    std::vector<float> all = y.values<float>();
    if (p.accumulate) {
        for (uint32_t t = 0; t < p.n; ++t)
            for (uint32_t r = 0; r < p.rows; ++r)
                all[uint64_t{t} * yStride + r] = before[uint64_t{t} * p.rows + r];
        y.set(all);
    }
    const std::vector<float> untouched = all;
    const kernels::MatMulArgs args{.weight = &matrix.weight,
                                   .x = xBuffer.view(),
                                   .xStride = xStride,
                                   .y = y.view(),
                                   .yStride = yStride,
                                   .n = p.n,
                                   .bias = p.bias ? biasBuffer.address() : 0,
                                   .accumulate = p.accumulate};
    run([&](vulkan::CommandRecorder& recorder) { require(matMul.record(recorder, {&args, 1})); });
    all = y.values<float>();

    const auto expected =
        reference::matMul({p.type, p.rows, p.columns, p.n, xStride, matrix.bytes.data(), x.data(),
                           p.bias ? bias.data() : nullptr, p.accumulate ? before.data() : nullptr});
    std::vector<float> got(expected.size());
    double worst = -1;
    size_t worstAt = 0;
    for (uint32_t t = 0; t < p.n; ++t) {
        for (uint32_t i = 0; i < yStride; ++i) {
            const float value = all[uint64_t{t} * yStride + i];
            if (i >= p.rows) {
                if (std::memcmp(&value, &untouched[uint64_t{t} * yStride + i], 4) != 0)
                    FAIL_CHECK(describe(p, seed)
                               << ": token " << t << " was written " << i - p.rows << " past its end");
                continue;
            }
            const size_t at = uint64_t{t} * p.rows + i;
            got[at] = value;
            const double error = std::abs(value - expected[at]);
            if (!(error <= worst)) { // NaN is the worst
                worst = std::isnan(error) ? INFINITY : error;
                worstAt = at;
            }
        }
    }
    const double error = reference::nmse(expected, got);
    if (expected.size() < 16)
        limit *= 1000; // so few may all lie near zero by chance, where terms of +-1 cancel
    if (!(error <= limit))
        FAIL_CHECK(describe(p, seed) << ": NMSE " << error << ", limit " << limit << "; worst at token "
                                     << worstAt / p.rows << " row " << worstAt % p.rows << ": expected "
                                     << expected[worstAt] << ", got " << got[worstAt]);
    else
        CHECK(error <= limit);
}

kernels::MatMul& matMul(const kernels::MatMulOverrides& o, bool precise) {
    auto& made =
        g_made[{o.noCooperativeMatrix, o.integerDot ? uint32_t{*o.integerDot} : 2u, o.subgroupSize,
                o.lanesPerRow, o.rowsPerLane, o.tileRows, o.tileTokens, o.tileWorkgroup, o.splits, precise}];
    if (!made)
        made = require(kernels::createMatMul(context(), registry(), o, precise, kMaxTokens, kMaxColumns));
    return *made;
}

void endMatMul() { g_made.clear(); }

uint32_t columnsFor(QuantType type, uint32_t least) {
    const uint32_t block = models::quantTypeInfo(type).valuesPerBlock;
    return (least + block - 1) / block * block;
}

} // namespace ponder::test
