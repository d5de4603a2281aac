// rope_store against plain loops: q rotated in place, k rotated and v copied into the right places of the
// cache, nothing else of the cache touched.

#include "inference/kernels/attention.h"
#include "inference/rope_table.h"
#include "models/base/half.h"
#include "tests/kernels/support/cache.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/gpu.h"
#include "tests/reference/rope.h"

namespace ponder::test {

namespace {

// Two products and a sum of float32 values, with cosines and sines rounded once: 2e-7, NMSE 4e-14. f16 in the
// cache: rounded to 2^-11 at worst (drivers may round either way), NMSE 2e-7.
constexpr double kFloatLimit = 1e-13;
constexpr double kHalfLimit = 3e-7;

using inference::CacheFormat;

struct RopeCase {
    kernels::LayerShape shape;
    uint32_t rope_dim;
    models::RopePairs pairs;
    uint32_t position, n;
};

// What a scale of 8 bits must cope with, by groups that share one.
std::vector<float> unevenGroups(std::vector<float> values) {
    constexpr float kSizes[] = {1, 0, 1e-6f, 1e-3f, 2000};
    for (size_t i = 0; i < values.size(); ++i) values[i] *= kSizes[i / PONDER_KV_SCALED % std::size(kSizes)];
    return values;
}

// The scale is the greatest value / 127, off by the 2^-11 of its own rounding, or the least there is; what is stored is off by
// half a scale, a little more where the exact value lies between two numbers.
void checkTo8(const std::vector<double>& expected, const std::vector<float>& stored,
              const std::vector<float>& scales, const std::string& what) {
    REQUIRE(expected.size() == stored.size());
    size_t wrong = 0;
    for (size_t i = 0; i < expected.size(); i += PONDER_KV_SCALED) {
        double most = 0;
        for (size_t j = i; j < i + PONDER_KV_SCALED; ++j) most = std::max(most, std::abs(expected[j]));
        const double scale = std::max(most / 127, 0x1p-21);
        for (size_t j = i; j < i + PONDER_KV_SCALED; ++j)
            wrong += !(std::abs(scales[j] - scale) <= 5e-4 * scale) || // also NaN
                     !(std::abs(stored[j] - expected[j]) <= 0.501 * scale);
    }
    CHECK_MESSAGE(wrong == 0, wrong << " of " << expected.size() << " values: " << what);
}

void checkCase(const RopeCase& one, uint32_t seed) {
    const auto& shape = one.shape;
    const uint32_t layer = shape.n_layers - 1, kv_length = one.position + one.n;
    const size_t kvDim = size_t{shape.n_kv_heads} * shape.head_dim;
    const std::string what =
        fmt::format("{} heads, {} key heads of {}{}, rope_dim {}, {}, position {}, n {}, seed {}",
                    shape.n_heads, shape.n_kv_heads, shape.head_dim,
                    shape.cache == CacheFormat::F32  ? " float32"
                    : shape.cache == CacheFormat::Q8 ? " 8 bits"
                                                     : "",
                    one.rope_dim, one.pairs == models::RopePairs::Halves ? "halves" : "interleaved",
                    one.position, one.n, seed);
    models::Hyperparams params;
    params.rope_dim = one.rope_dim;
    params.rope_theta = 10000;
    const auto frequencies = inference::ropeFrequencies(params, {});
    const auto table = upload(inference::ropeTable(params, {}, kv_length));

    const auto attention = require(kernels::Attention::create(context(), registry(), shape, 512, 4096));
    const auto q = normalValues(size_t{one.n} * shape.n_heads * shape.head_dim, seed);
    auto k = normalValues(one.n * kvDim, seed + 1), v = normalValues(one.n * kvDim, seed + 2);
    if (shape.cache == CacheFormat::Q8) {
        k = unevenGroups(std::move(k));
        v = unevenGroups(std::move(v));
    }
    const CacheFixture cache(shape, layer, {}, {}, kv_length, one.n, kv_length, seed);
    GuardedBuffer queries(q.size() * sizeof(float));
    queries.set(q);
    const auto keys = upload(k), values = upload(v);
    run([&](vulkan::CommandRecorder& recorder) {
        require(attention->recordRopeAndStore(
            recorder, cache.sequence(), layer,
            {queries.view(), keys.view(), values.view(), table.address(), one.rope_dim, one.pairs}, one.n));
    });

    const auto rotatedRows = [&](const std::vector<float>& rows, uint32_t heads) {
        std::vector<double> all;
        for (size_t row = 0; row < size_t{one.n} * heads; ++row) {
            const auto head =
                reference::rotated(std::span(rows).subspan(row * shape.head_dim, shape.head_dim), one.rope_dim,
                                   one.pairs, one.position + static_cast<double>(row / heads), frequencies);
            all.insert(all.end(), head.begin(), head.end());
        }
        return all;
    };
    checkClose(rotatedRows(q, shape.n_heads), queries.values<float>(), kFloatLimit, "q: " + what);

    auto after = cache.download();
    const auto& before = cache.uploaded();
    const double limit = shape.cache == CacheFormat::F32 ? kFloatLimit : kHalfLimit;
    for (uint32_t plane = 0; plane < 2; ++plane) {
        std::vector<float> stored;
        std::vector<float> scales; // of 8 bits, by value
        for (uint32_t token = one.position; token < kv_length; ++token) {
            for (uint32_t i = 0; i < kvDim; ++i) {
                stored.push_back(cache.value(after, layer, plane, token, i));
                if (shape.cache == CacheFormat::Q8)
                    scales.push_back(cache.scale(after, layer, plane, token, i));
            }
            cache.restore(after, layer, plane, token); // what remains must be as it was
        }
        const auto expected =
            plane == 0 ? rotatedRows(k, shape.n_kv_heads) : std::vector<double>(v.begin(), v.end());
        if (shape.cache == CacheFormat::Q8)
            checkTo8(expected, stored, scales, (plane == 0 ? "k: " : "v: ") + what);
        else
            checkClose(expected, stored, limit, (plane == 0 ? "k: " : "v: ") + what);
    }
    CHECK_MESSAGE(after == before, "the cache was changed elsewhere: " << what);
}

} // namespace

TEST_SUITE("rope") {
    TEST_CASE("rope_store: both orders of pairs, parts of a head, blocks' ends") {
        using models::RopePairs;
        uint32_t seed = 10;
        for (const RopePairs pairs : {RopePairs::Halves, RopePairs::Interleaved}) {
            checkCase({{.n_heads = 7, .n_kv_heads = 1, .head_dim = 64, .n_layers = 2}, 64, pairs, 0, 1},
                      seed++);
            checkCase({{.n_heads = 28, .n_kv_heads = 4, .head_dim = 128, .n_layers = 1}, 128, pairs, 255, 3},
                      seed++);
            checkCase({{.n_heads = 6, .n_kv_heads = 2, .head_dim = 96, .n_layers = 2}, 32, pairs, 500, 17},
                      seed++);
            checkCase({{.n_heads = 3, .n_kv_heads = 3, .head_dim = 40, .n_layers = 1}, 38, pairs, 3000, 2},
                      seed++);
            checkCase({{.n_heads = 2, .n_kv_heads = 1, .head_dim = 8, .n_layers = 1}, 0, pairs, 1, 2}, seed++);
            checkCase(
                {{.n_heads = 4, .n_kv_heads = 2, .head_dim = 64, .n_layers = 2, .cache = CacheFormat::F32},
                 64,
                 pairs,
                 250,
                 130},
                seed++);
        }
    }
    TEST_CASE("rope_store: cache of 8 bits") {
        using models::RopePairs;
        constexpr CacheFormat cache = CacheFormat::Q8;
        uint32_t seed = 40;
        for (const RopePairs pairs : {RopePairs::Halves, RopePairs::Interleaved}) {
            checkCase({{.n_heads = 7, .n_kv_heads = 1, .head_dim = 64, .n_layers = 2, .cache = cache},
                       64,
                       pairs,
                       0,
                       1},
                      seed++);
            checkCase({{.n_heads = 28, .n_kv_heads = 4, .head_dim = 128, .n_layers = 1, .cache = cache},
                       128,
                       pairs,
                       255,
                       3},
                      seed++);
            checkCase({{.n_heads = 6, .n_kv_heads = 2, .head_dim = 96, .n_layers = 2, .cache = cache},
                       34,
                       pairs,
                       500,
                       17},
                      seed++);
            checkCase({{.n_heads = 3, .n_kv_heads = 3, .head_dim = 32, .n_layers = 1, .cache = cache},
                       0,
                       pairs,
                       3000,
                       2},
                      seed++);
            checkCase({{.n_heads = 5, .n_kv_heads = 5, .head_dim = 256, .n_layers = 1, .cache = cache},
                       256,
                       pairs,
                       250,
                       130},
                      seed++);
        }
    }
    TEST_CASE("more rotated values than a head has are refused") {
        const kernels::LayerShape shape{.n_heads = 2, .n_kv_heads = 1, .head_dim = 64, .n_layers = 1};
        const auto attention = require(kernels::Attention::create(context(), registry(), shape, 8, 256));
        auto recorder = require(vulkan::CommandRecorder::create(context(), "refused"));
        for (const uint32_t rope_dim : {66u, 33u}) {
            const kernels::AttentionInputs inputs{.rope_dim = rope_dim};
            CHECK(!attention->recordRopeAndStore(recorder, {}, 0, inputs, 2).ok());
            const kernels::AttentionToken token{.sequence = {}, .inputs = inputs, .out = {}, .rounded = {}};
            CHECK(!attention->recordTokens(recorder, 0, {&token, 1}).ok());
        }
    }
}

} // namespace ponder::test
