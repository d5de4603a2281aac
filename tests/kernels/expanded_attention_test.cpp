// Latent attention, expanded: the heads' matrices as f16 in every format, and attention of many tokens in one or several pieces
// against plain loops, where the device has cooperative matrices; who is given it, by made-up devices.
#include "inference/kernels/expanded_attention.h"

#include <cmath>

#include "inference/kernels/latent_attention_plan.h"
#include "inference/kernels/matmul_parts.h"
#include "models/base/half.h"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#include "tests/kernels/support/cache.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/gpu.h"
#include "tests/kernels/support/matrix.h"
#include "tests/reference/dequant.h"

namespace ponder::test {

namespace {

using kernels::LayerShape;
using models::QuantType;

constexpr uint32_t kNope = 128, kRope = 64, kValue = 128, kRank = 512, kKeyDim = kRank + kRope;
// Queries, weights, the heads' matrices, keys and values are rounded to f16, each off by 2^-12 on average: as kHalfLimit of
// attention_test.cpp.
constexpr double kHalfLimit = 1e-5;

LayerShape shapeOf(uint32_t heads) {
    return {.n_heads = heads,
            .n_kv_heads = 1,
            .head_dim = kNope + kRope,
            .n_layers = 2,
            .kv_lora_rank = kRank,
            .rope_dim = kRope};
}

std::vector<float> dequantized(const Matrix& matrix) {
    std::vector<float> all(size_t{matrix.weight.rows} * matrix.weight.columns);
    const models::QuantTypeInfo& info = models::quantTypeInfo(matrix.weight.type);
    const size_t rowBytes = matrix.weight.columns / info.valuesPerBlock * info.bytesPerBlock;
    for (size_t row = 0; row < matrix.weight.rows; ++row)
        reference::dequantize(matrix.weight.type, matrix.bytes.data() + row * rowBytes,
                              std::span(all).subspan(row * matrix.weight.columns, matrix.weight.columns));
    return all;
}

// Some rows of each head of a matrix.
struct Heads {
    Heads(const Matrix& matrix, uint32_t heads, uint32_t stride, uint32_t first, uint32_t rows) {
        std::vector<uint64_t> addresses;
        for (uint32_t h = 0; h < heads; ++h)
            addresses.push_back(matrix.weight.address() +
                                (uint64_t{h} * stride + first) * matrix.weight.rowBytes);
        m_table = upload(addresses, "addresses");
        weight = {matrix.weight.type, heads, rows, matrix.weight.columns, matrix.weight.rowBytes,
                  m_table.address()};
    }
    kernels::ExpertWeight weight;

private:
    vulkan::Buffer m_table;
};

void checkUnpack(const models::QuantTypeInfo& info, bool transposed) {
    constexpr uint32_t heads = 3, rows = 37;
    std::mt19937 random(static_cast<uint32_t>(info.type) + 500);
    const uint32_t columns = columnsFor(info.type, 64);
    const Matrix matrix(info.type, heads * rows, columns, random);
    const Heads of(matrix, heads, rows, 0, rows);
    const auto codebooks = require(kernels::uploadCodebooks(context()));
    const GuardedBuffer out(uint64_t{heads} * rows * columns * 2);
    const auto* kernel = require(
        registry().get(kernels::kernelName("unpack_heads", info.type),
                       {{PONDER_SPEC_WORKGROUP, 128},
                        {PONDER_SPEC_ROW_ALIGNED, kernels::rowsAligned(info.type, of.weight.rowBytes)}}));
    run([&](vulkan::CommandRecorder& recorder) {
        const shared::UnpackHeadsPush push{.table = of.weight.table,
                                           .codebook = codebooks.address(),
                                           .rowBytes = static_cast<uint32_t>(of.weight.rowBytes),
                                           .rows = rows,
                                           .columns = columns,
                                           .transposed = transposed ? 1u : 0u};
        recorder.dispatch(*kernel, push, {out.view()}, {(columns + 255) / 256 * 8 * rows / 128 + 1, heads, 1});
    });
    const auto expected = dequantized(matrix);
    const auto got = out.values<uint16_t>();
    double worst = 0;
    for (uint32_t h = 0; h < heads; ++h)
        for (uint32_t r = 0; r < rows; ++r)
            for (uint32_t c = 0; c < columns; ++c) {
                const double value = double{expected[(size_t{h} * rows + r) * columns + c]};
                const size_t at = size_t{h} * rows * columns + (transposed ? c * rows + r : r * columns + c);
                const double error = std::abs(double{halfToFloat(got[at])} - value);
                worst = std::max(worst, std::isnan(error) ? INFINITY : error / (std::abs(value) + 1e-4));
            }
    // A rounding to f16 is 2^-11 at most, what went before it 2^-22.
    CHECK_MESSAGE(worst < 0.0005, info.name << (transposed ? " transposed" : "") << ": off by " << worst);
}

struct Case {
    uint32_t n, kv_length;
    uint32_t maxTokens, maxContext; // decide how many pieces there are
};

// y[row] = the matrix's rows of a head times a latent.
double dot(std::span<const float> a, size_t stride, std::span<const float> latent) {
    double sum = 0;
    for (size_t i = 0; i < kRank; ++i) sum += double{a[i * stride]} * double{latent[i]};
    return sum;
}

void checkAttention(uint32_t heads, bool split, const Case& one, uint32_t seed) {
    const LayerShape shape = shapeOf(heads);
    const auto attention = require(kernels::ExpandedAttention::create(context(), registry(), shape, kValue,
                                                                      one.maxTokens, one.maxContext));
    REQUIRE(attention);
    REQUIRE(attention->takes(one.n));
    // One tensor of [nope + value][rank] a head, or two, keys transposed.
    std::mt19937 random(seed);
    const Matrix first(split ? QuantType::Q8_0 : QuantType::Q6_K, heads * (split ? kRank : kNope + kValue),
                       split ? kNope : kRank, random);
    const Matrix second(QuantType::F16, split ? heads * kValue : 1, kRank, random);
    const Heads keys(first, heads, split ? kRank : kNope + kValue, 0, split ? kRank : kNope);
    const Heads values(split ? second : first, heads, split ? kValue : kNope + kValue, split ? 0 : kNope,
                       kValue);
    const auto keyMatrix = dequantized(first), valueMatrix = split ? dequantized(second) : keyMatrix;

    auto q = normalValues(size_t{one.n} * heads * (kNope + kRope), seed, 2);
    auto rotated = normalValues(size_t{one.n} * heads * kKeyDim, seed + 1, 2);
    auto latents = normalValues(size_t{one.kv_length} * kKeyDim, seed + 2);
    if (seed % 2 == 1) // later keys grow, so that the maximum keeps growing
        for (size_t i = 0; i < latents.size(); ++i)
            latents[i] *= 0.25f + 1.5f * static_cast<float>(i) / static_cast<float>(latents.size());
    latents = cacheRounded(latents, inference::CacheFormat::F16);
    for (size_t i = 0; i < q.size(); ++i)
        if (i % (kNope + kRope) >= kNope) q[i] = NAN; // neither is to be read there
    for (size_t i = 0; i < rotated.size(); ++i)
        if (i % kKeyDim < kRank) rotated[i] = NAN;
    const float scale = 0.135234f;
    const uint32_t layer = 1;
    const CacheFixture cache(shape, layer, latents, {}, one.maxContext, one.n, one.kv_length, seed);
    const auto queries = upload(q), turned = upload(rotated);
    const auto scratch = deviceBuffer(attention->scratchBytes());
    const GuardedBuffer out(size_t{one.n} * heads * kValue * sizeof(float));
    const kernels::ExpandedAttention::Args args{.keys = &keys.weight,
                                                .values = &values.weight,
                                                .keysTransposed = split,
                                                .q = queries.view(),
                                                .rotated = turned.view(),
                                                .out = out.view(),
                                                .scratch = scratch.view(),
                                                .scale = scale};
    run([&](vulkan::CommandRecorder& recorder) {
        require(attention->recordUnpack(recorder, args));
        recorder.barrier("test: unpacked");
        require(attention->record(recorder, cache.sequence(), layer, args, one.n));
    });

    std::vector<double> expected(size_t{one.n} * heads * kValue);
    for (uint32_t h = 0; h < heads; ++h) {
        std::vector<double> k(size_t{one.kv_length} * kNope), v(size_t{one.kv_length} * kValue);
        for (size_t t = 0; t < one.kv_length; ++t) {
            const auto latent = std::span(latents).subspan(t * kKeyDim, kRank);
            for (size_t i = 0; i < kNope; ++i) {
                const auto column = split ? std::span(keyMatrix).subspan(size_t{h} * kRank * kNope + i)
                                          : std::span(keyMatrix).subspan((size_t{h} * 256 + i) * kRank);
                k[t * kNope + i] = dot(column, split ? kNope : 1, latent);
            }
            for (size_t i = 0; i < kValue; ++i)
                v[t * kValue + i] =
                    dot(std::span(valueMatrix)
                            .subspan((split ? size_t{h} * kValue + i : size_t{h} * 256 + kNope + i) * kRank),
                        1, latent);
        }
        for (size_t row = 0; row < one.n; ++row) {
            const size_t seen = one.kv_length - one.n + row + 1, of = row * heads + h;
            std::vector<double> weights(seen);
            double most = -INFINITY, total = 0;
            for (size_t t = 0; t < seen; ++t) {
                for (size_t i = 0; i < kNope; ++i)
                    weights[t] += double{q[of * (kNope + kRope) + i]} * k[t * kNope + i];
                for (size_t i = kRank; i < kKeyDim; ++i)
                    weights[t] += double{rotated[of * kKeyDim + i]} * double{latents[t * kKeyDim + i]};
                most = std::max(most, weights[t] *= double{scale});
            }
            for (double& weight : weights) total += weight = std::exp(weight - most);
            for (size_t t = 0; t < seen; ++t)
                for (size_t i = 0; i < kValue; ++i)
                    expected[of * kValue + i] += weights[t] / total * v[t * kValue + i];
        }
    }
    checkClose(expected, out.values<float>(), kHalfLimit,
               fmt::format("{} heads, {}, n {}, kv_length {}, seed {} ({})", heads,
                           split ? "attn_k_b and attn_v_b" : "attn_kv_b", one.n, one.kv_length, seed,
                           attention->describe()));
}

bool expands() {
    const auto attention =
        require(kernels::ExpandedAttention::create(context(), registry(), shapeOf(4), kValue, 64, 256));
    if (!attention) MESSAGE("left out: " << context().caps().name << " has no cooperative matrices for it");
    return attention != nullptr;
}

} // namespace

TEST_SUITE("expanded_attention") {

    TEST_CASE("heads' matrices as f16: every format, as they are and transposed") {
        for (const models::QuantTypeInfo& info : models::allQuantTypes())
            for (const bool transposed : {false, true}) checkUnpack(info, transposed);
    }

    TEST_CASE("one piece: odd numbers of tokens, lengths across blocks, both layouts") {
        if (!expands()) return;
        uint32_t seed = 100;
        for (const auto& [n, length] :
             {std::pair{32u, 32u}, {33u, 33u}, {65u, 65u}, {64u, 256u}, {47u, 257u}, {130u, 321u}, {97u, 513u}})
            for (const bool split : {false, true}) checkAttention(2, split, {n, length, 8192, 1024}, seed++);
        checkAttention(16, true, {100, 300, 8192, 512}, seed++);
    }

    TEST_CASE("several pieces, and recorded ones beyond the sequence") {
        if (!expands()) return;
        uint32_t seed = 200;
        for (const auto& [n, length] :
             {std::pair{32u, 256u}, {40u, 257u}, {33u, 300u}, {32u, 513u}, {64u, 540u}, {64u, 800u}})
            checkAttention(2, true, {n, length, 64, 1024}, seed++); // 256 keys at a time
        checkAttention(1, false, {600, 600, 600, 1000}, seed++);    // a tile's rows in two pieces
        checkAttention(3, false, {100, 700, 700, 1000}, seed++);
    }

    TEST_CASE("the heads of R1") {
        if (!expands()) return;
        checkAttention(128, true, {97, 130, 97, 256}, 300);
    }

    TEST_CASE("the plan: who is given it, and in what pieces") {
        vulkan::DeviceCaps caps;
        caps.maxSharedBytes = 49152;
        caps.maxInvocations = 1024;
        caps.maxStorageRange = 0xFFFFFFFF;
        caps.float16 = caps.cooperativeMatrix = true;
        const LayerShape shape = shapeOf(128);
        const auto planned = [&](const LayerShape& of, uint32_t tokens, uint32_t context = 32768) {
            return kernels::planExpandedAttention(caps, of, kValue, tokens, context);
        };
        const auto plan = planned(shape, 4096);
        REQUIRE(plan);
        CHECK(plan->scratchBytes == 4096ull * 128 * 512 * 4); // no more than there is anyhow
        CHECK(plan->pieceKeys % 256 == 0);
        CHECK(plan->headsBytes + plan->pieceKeys * 128ull * 256 * 2 <= plan->scratchBytes);
        CHECK(plan->pieceKeys > 8192);
        REQUIRE(planned(shape, 4096, 300));
        CHECK(planned(shape, 4096, 300)->pieceKeys == 512); // no longer than the context
        REQUIRE(planned(shape, 96));
        CHECK(planned(shape, 96)->pieceKeys == 256);
        CHECK(!planned(shape, 95)); // chunks too short: the absorbed form has matrices too
        REQUIRE(planned(shapeOf(40), 32));
        CHECK(planned(shapeOf(40), 32)->leastTokens == 32);
        CHECK(!planned(shapeOf(40), 31));
        LayerShape other = shape;
        other.cache = inference::CacheFormat::F32;
        CHECK(!planned(other, 512));
        other = shape;
        other.kv_lora_rank = 96;
        CHECK(!planned(other, 512));
        other = shape;
        other.head_dim = 128;
        CHECK(!planned(other, 512));
        CHECK(!kernels::planExpandedAttention(caps, shape, 64, 512, 4096));
        caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 8;
        CHECK(!planned(shape, 512));
        caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 64;
        CHECK(planned(shape, 512));
        caps.maxSharedBytes = 32768;
        CHECK(!planned(shape, 512));
        caps.maxSharedBytes = 49152;
        caps.cooperativeMatrix = false;
        CHECK(!planned(shape, 512));
    }
}

} // namespace ponder::test
