// Attention over the block cache against plain loops: decoding (one token, rotated and stored on the way), flash attention
// (several) on whatever kernel the plan chooses for this device, the float32 kernels of --precise, and those of a cache
// of 8 bits.

#include "inference/kernels/attention.h"
#include "inference/rope_table.h"
#include "models/base/half.h"
#include "tests/kernels/support/cache.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/gpu.h"
#include "tests/reference/attention.h"

namespace ponder::test {

namespace {

using inference::CacheFormat;
using kernels::LayerShape;

// Float32 arithmetic on the same rounded K and V. A score is a sum of head_dim products, off by about 2^-24
// of their magnitudes, some 1e-6; exp may be off by (3 + 2|x|) units of 2^-23, 5e-6 for the weights that
// matter (x > -20); results are averages of those. An error of 1e-5 everywhere would be an NMSE of 1e-10.
constexpr double kFloatLimit = 1e-10;
// Cooperative matrices take Q and the weights rounded to f16, each off by 2^-12 on average: scores (up to
// about 10) by 1e-3, so weights by 1e-3, and results by the same: NMSE 1e-6. A wrong mask or a key left out
// is 1e-3 and more.
constexpr double kHalfLimit = 1e-5;

std::string_view formatName(const LayerShape& shape) {
    return shape.cache == CacheFormat::F32 ? " float32" : shape.cache == CacheFormat::Q8 ? " 8 bits" : "";
}

struct Case {
    uint32_t n = 1, kv_length = 1;
};

// Later keys of odd seeds grow, so that the maximum of a row keeps growing from step to step.
std::vector<float> someKeys(uint32_t kv_length, size_t kvDim, uint32_t seed) {
    auto k = normalValues(kv_length * kvDim, seed);
    if (seed % 2 == 1)
        for (size_t i = 0; i < k.size(); ++i)
            k[i] *= 0.25f + 1.5f * static_cast<float>(i) / static_cast<float>(k.size());
    return k;
}

// A plane's row of one token, as the cache has it.
std::vector<float> storedRow(const CacheFixture& cache, std::span<const std::byte> bytes,
                             const LayerShape& shape, uint32_t layer, uint32_t plane, uint32_t token) {
    std::vector<float> row(shape.planeValues());
    for (uint32_t i = 0; i < row.size(); ++i) row[i] = cache.value(bytes, layer, plane, token, i);
    return row;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

// One token in one: the cache as rope_store leaves it (whose own test compares that with plain loops), bit by bit and
// everywhere; the result as of queries and a key that rope_store has rotated, bit by bit; and that of plain loops.
void checkToken(kernels::Attention& attention, const LayerShape& shape, uint32_t kv_length, uint32_t seed) {
    const uint32_t layer = shape.n_layers - 1, position = kv_length - 1;
    const size_t kvDim = size_t{shape.n_kv_heads} * shape.head_dim;
    const uint32_t rope_dim = seed % 3 == 0 ? shape.head_dim / 4 * 2 : shape.head_dim;
    const auto pairs = seed / 3 % 2 == 0 ? models::RopePairs::Halves : models::RopePairs::Interleaved;
    const std::string what = fmt::format(
        "{} heads, {} key heads of {}{}, rope_dim {} {}, kv_length {}, seed {} ({})", shape.n_heads,
        shape.n_kv_heads, shape.head_dim, formatName(shape), rope_dim,
        pairs == models::RopePairs::Halves ? "halves" : "interleaved", kv_length, seed, attention.describe());
    // Queries of 2 make scores of 2 on average and 8 at most: neither flat nor a single key.
    const auto q = normalValues(size_t{shape.n_heads} * shape.head_dim, seed, 2);
    const auto raw = someKeys(kv_length, kvDim, seed + 1);
    auto keys = cacheRounded(raw, shape.cache);
    auto values = cacheRounded(normalValues(kv_length * kvDim, seed + 2), shape.cache);
    const std::vector<float> k(raw.end() - static_cast<ptrdiff_t>(kvDim), raw.end());
    const auto v = normalValues(kvDim, seed + 3);
    models::Hyperparams params;
    params.rope_dim = rope_dim;
    params.rope_theta = 10000;
    const auto table = upload(inference::ropeTable(params, {}, kv_length));
    const auto key = upload(k), value = upload(v);
    const auto before = [&] {
        return CacheFixture(shape, layer, std::span(keys).first(position * kvDim),
                            std::span(values).first(position * kvDim), kv_length, 1, kv_length, seed);
    };
    const auto token = [&](const CacheFixture& cache, const kernels::AttentionInputs& inputs) {
        const GuardedBuffer out(q.size() * sizeof(float));
        run([&](vulkan::CommandRecorder& recorder) {
            const kernels::AttentionToken one{
                .sequence = cache.sequence(), .inputs = inputs, .out = out.view(), .rounded = {}};
            require(attention.recordTokens(recorder, layer, {&one, 1}));
        });
        return out.values<float>();
    };

    GuardedBuffer queries(q.size() * sizeof(float));
    queries.set(q);
    kernels::AttentionInputs inputs{queries.view(),  key.view(), value.view(),
                                    table.address(), rope_dim,   pairs};
    const CacheFixture cache = before(), stepped = before(), copied = before();
    const auto got = token(cache, inputs);
    CHECK_MESSAGE(sameBits(queries.values<float>(), q), "queries were changed: " << what);

    run([&](vulkan::CommandRecorder& recorder) {
        require(attention.recordRopeAndStore(recorder, stepped.sequence(), layer, inputs, 1));
    });
    const auto bytes = stepped.download();
    CHECK_MESSAGE(cache.download() == bytes, "the cache is not as rope_store leaves it: " << what);

    const auto newestKey = storedRow(stepped, bytes, shape, layer, 0, position);
    const auto newestValue = storedRow(stepped, bytes, shape, layer, 1, position);
    const auto rotatedKey = upload(newestKey);
    inputs.k = rotatedKey.view();
    inputs.rope_dim = 0;
    CHECK_MESSAGE(sameBits(token(copied, inputs), got), "not as of rotated queries and keys: " << what);

    std::copy(newestKey.begin(), newestKey.end(), keys.end() - static_cast<ptrdiff_t>(kvDim));
    std::copy(newestValue.begin(), newestValue.end(), values.end() - static_cast<ptrdiff_t>(kvDim));
    const auto expected = reference::attention({shape.n_heads, shape.n_kv_heads, shape.head_dim},
                                               queries.values<float>(), keys, values, 1, kv_length);
    checkClose(expected, got, kFloatLimit, what);
}

void checkCase(kernels::Attention& attention, const LayerShape& shape, const Case& one, uint32_t seed,
               double limit) {
    const uint32_t layer = shape.n_layers - 1;
    const size_t kvDim = size_t{shape.n_kv_heads} * shape.head_dim;
    const auto q = normalValues(size_t{one.n} * shape.n_heads * shape.head_dim, seed, 2); // as of one token
    const auto keys = cacheRounded(someKeys(one.kv_length, kvDim, seed + 1), shape.cache);
    const auto values = cacheRounded(normalValues(one.kv_length * kvDim, seed + 2), shape.cache);

    const CacheFixture cache(shape, layer, keys, values, one.kv_length, one.n, one.kv_length, seed);
    const auto queries = upload(q);
    const GuardedBuffer out(q.size() * sizeof(float));
    run([&](vulkan::CommandRecorder& recorder) {
        require(attention.record(recorder, cache.sequence(), layer, queries.view(), out.view(), one.n));
    });
    const auto expected = reference::attention({shape.n_heads, shape.n_kv_heads, shape.head_dim}, q, keys,
                                               values, one.n, one.kv_length);
    checkClose(expected, out.values<float>(), limit,
               fmt::format("{} heads, {} key heads of {}{}, n {}, kv_length {}, seed {} ({})", shape.n_heads,
                           shape.n_kv_heads, shape.head_dim, formatName(shape), one.n, one.kv_length, seed,
                           attention.describe()));
}

std::unique_ptr<kernels::Attention> create(const LayerShape& shape) {
    return require(kernels::Attention::create(context(), registry(), shape, 512, 4096));
}

// Each number of query heads a key head, at the two head sizes of the family. Every (ratio, head_dim) is a
// pipeline of its own, and compiling those is most of what this test costs.
constexpr LayerShape kFamily[] = {
    {.n_heads = 1, .n_kv_heads = 1, .head_dim = 64, .n_layers = 1},
    {.n_heads = 4, .n_kv_heads = 2, .head_dim = 64, .n_layers = 2},
    {.n_heads = 6, .n_kv_heads = 2, .head_dim = 64, .n_layers = 1},
    {.n_heads = 14, .n_kv_heads = 2, .head_dim = 64, .n_layers = 2},
    {.n_heads = 4, .n_kv_heads = 1, .head_dim = 128, .n_layers = 2},
    {.n_heads = 10, .n_kv_heads = 2, .head_dim = 128, .n_layers = 1},
    {.n_heads = 6, .n_kv_heads = 1, .head_dim = 128, .n_layers = 2},
    {.n_heads = 7, .n_kv_heads = 1, .head_dim = 128, .n_layers = 2},
    {.n_heads = 16, .n_kv_heads = 2, .head_dim = 128, .n_layers = 1},
};

constexpr uint32_t kLengths[] = {1, 2, 33, 64, 65, 255, 256, 257, 700}; // around steps, parts, blocks

void checkDecoding(const LayerShape& shape) {
    const auto attention = create(shape);
    uint32_t seed = 100 * shape.n_heads + shape.head_dim;
    for (const uint32_t kv_length : kLengths) checkToken(*attention, shape, kv_length, seed++);
}

double prefillLimit(const kernels::Attention& attention) {
    return attention.describe().find("cooperative") != std::string::npos ? kHalfLimit : kFloatLimit;
}

void checkPrefill(const LayerShape& shape, std::initializer_list<Case> cases) {
    const auto attention = create(shape);
    uint32_t seed = 7000 + 100 * shape.n_heads + shape.head_dim;
    for (const Case& one : cases) checkCase(*attention, shape, one, seed++, prefillLimit(*attention));
}

} // namespace

TEST_SUITE("attention") {
    TEST_CASE("decoding: every number of query heads a key head") {
        for (const LayerShape& shape : kFamily) checkDecoding(shape);
    }
    TEST_CASE("decoding: odd head sizes, more query heads than a workgroup takes, many key heads") {
        for (const uint32_t head_dim : {8u, 40u, 96u, 256u})
            checkDecoding({.n_heads = 6, .n_kv_heads = 2, .head_dim = head_dim, .n_layers = 2});
        checkDecoding({.n_heads = 11, .n_kv_heads = 1, .head_dim = 64, .n_layers = 1});
        checkDecoding({.n_heads = 16, .n_kv_heads = 16, .head_dim = 32, .n_layers = 1});
    }
    TEST_CASE("decoding: as many parts as the device is given") {
        const LayerShape shape{.n_heads = 3, .n_kv_heads = 1, .head_dim = 64, .n_layers = 1};
        const auto attention = create(shape);
        for (const uint32_t kv_length : {1600u, 2111u, 4096u})
            checkToken(*attention, shape, kv_length, kv_length);
    }
    TEST_CASE("decoding: float32 cache") {
        checkDecoding(
            {.n_heads = 14, .n_kv_heads = 2, .head_dim = 64, .n_layers = 2, .cache = CacheFormat::F32});
        checkDecoding(
            {.n_heads = 4, .n_kv_heads = 1, .head_dim = 128, .n_layers = 1, .cache = CacheFormat::F32});
    }
    TEST_CASE("prefill: every number of query heads a key head") {
        for (const LayerShape& shape : kFamily)
            checkPrefill(shape,
                         {{2, 2}, {3, 3}, {3, 700}, {17, 33}, {31, 31}, {64, 64}, {65, 256}, {130, 257}});
    }
    TEST_CASE("prefill: lengths around blocks and tiles") {
        checkPrefill(
            {.n_heads = 7, .n_kv_heads = 1, .head_dim = 128, .n_layers = 2},
            {{2, 255}, {2, 256}, {2, 257}, {17, 31}, {64, 700}, {130, 130}, {256, 256}, {257, 257}, {8, 513}});
        checkPrefill({.n_heads = 2, .n_kv_heads = 2, .head_dim = 64, .n_layers = 1},
                     {{2, 255}, {2, 256}, {2, 257}, {64, 64}, {128, 128}, {129, 700}, {300, 300}});
    }
    TEST_CASE("prefill: odd head sizes, many query heads a key head") {
        for (const uint32_t head_dim : {8u, 40u, 96u, 256u})
            checkPrefill({.n_heads = 6, .n_kv_heads = 2, .head_dim = head_dim, .n_layers = 2},
                         {{3, 3}, {33, 257}, {64, 64}});
        checkPrefill({.n_heads = 24, .n_kv_heads = 2, .head_dim = 64, .n_layers = 1}, {{5, 40}, {33, 257}});
    }
    TEST_CASE("prefill: float32 cache") {
        checkPrefill(
            {.n_heads = 14, .n_kv_heads = 2, .head_dim = 64, .n_layers = 2, .cache = CacheFormat::F32},
            {{3, 3}, {65, 257}});
        checkPrefill(
            {.n_heads = 4, .n_kv_heads = 1, .head_dim = 128, .n_layers = 1, .cache = CacheFormat::F32},
            {{17, 17}, {65, 257}});
    }
    TEST_CASE("cache of 8 bits: decoding") {
        for (LayerShape shape : kFamily) {
            shape.cache = CacheFormat::Q8;
            checkDecoding(shape);
        }
        for (const uint32_t head_dim : {32u, 96u, 160u, 256u})
            checkDecoding(
                {.n_heads = 6, .n_kv_heads = 2, .head_dim = head_dim, .n_layers = 2, .cache = CacheFormat::Q8});
        checkDecoding(
            {.n_heads = 11, .n_kv_heads = 1, .head_dim = 64, .n_layers = 1, .cache = CacheFormat::Q8});
        checkDecoding(
            {.n_heads = 16, .n_kv_heads = 16, .head_dim = 32, .n_layers = 1, .cache = CacheFormat::Q8});
    }
    TEST_CASE("cache of 8 bits: prefill") {
        for (LayerShape shape : kFamily) {
            shape.cache = CacheFormat::Q8;
            checkPrefill(shape, {{2, 2}, {3, 700}, {17, 33}, {64, 64}, {65, 256}, {130, 257}, {2, 513}});
        }
        for (const uint32_t head_dim : {32u, 96u, 160u, 256u})
            checkPrefill(
                {.n_heads = 6, .n_kv_heads = 2, .head_dim = head_dim, .n_layers = 2, .cache = CacheFormat::Q8},
                {{3, 3}, {33, 257}, {64, 64}});
    }
    TEST_CASE("tokens of several sequences in one pass are what each is alone, bit by bit") {
        const LayerShape shape{.n_heads = 6, .n_kv_heads = 2, .head_dim = 64, .n_layers = 2};
        const auto attention = create(shape);
        const uint32_t dim = shape.n_heads * shape.head_dim, kvDim = shape.n_kv_heads * shape.head_dim;
        const std::vector<uint32_t> lengths{1, 300, 64, 257, 2};
        const auto n = static_cast<uint32_t>(lengths.size());
        const auto q = upload(normalValues(uint64_t{n} * dim, 11, 2)),
                   k = upload(normalValues(uint64_t{n} * kvDim, 12)),
                   v = upload(normalValues(uint64_t{n} * kvDim, 13));
        // Twice the same caches, as each pass writes its token's keys and values.
        std::vector<CacheFixture> alone, together;
        for (uint32_t i = 0; i < n; ++i)
            for (auto* caches : {&alone, &together}) {
                const uint64_t count = uint64_t{lengths[i] - 1} * kvDim;
                caches->emplace_back(shape, 1,
                                     cacheRounded(normalValues(count, 20 + i), inference::CacheFormat::F16),
                                     cacheRounded(normalValues(count, 30 + i), inference::CacheFormat::F16),
                                     lengths[i], 1, lengths[i], 40 + i);
            }
        const GuardedBuffer one(uint64_t{n} * dim * sizeof(float)), all(uint64_t{n} * dim * sizeof(float));
        const auto token = [&](const CacheFixture& cache, const GuardedBuffer& out, uint32_t i) {
            const auto row = [i](const vulkan::BufferView& view, uint32_t values) {
                return view.part(uint64_t{i} * values * sizeof(float), values * sizeof(float));
            };
            return kernels::AttentionToken{
                .sequence = cache.sequence(),
                .inputs = {.q = row(q.view(), dim), .k = row(k.view(), kvDim), .v = row(v.view(), kvDim)},
                .out = row(out.view(), dim),
                .rounded = {}};
        };
        std::vector<kernels::AttentionToken> tokens;
        for (uint32_t i = 0; i < n; ++i) tokens.push_back(token(together[i], all, i));
        run([&](vulkan::CommandRecorder& recorder) { require(attention->recordTokens(recorder, 1, tokens)); });
        for (uint32_t i = 0; i < n; ++i) {
            const auto single = token(alone[i], one, i);
            run([&](vulkan::CommandRecorder& recorder) {
                require(attention->recordTokens(recorder, 1, {&single, 1}));
            });
            CHECK(alone[i].download() == together[i].download());
        }
        CHECK(one.values<float>() == all.values<float>());
    }
    TEST_CASE("a recorded pass of one token serves every length") {
        const LayerShape shape{.n_heads = 4, .n_kv_heads = 2, .head_dim = 32, .n_layers = 1};
        const auto attention = create(shape);
        const auto q = normalValues(4 * 32, 1, 2);
        const auto keys = cacheRounded(normalValues(300 * 64, 2), CacheFormat::F16),
                   values = cacheRounded(normalValues(300 * 64, 3), CacheFormat::F16);
        const CacheFixture cache(shape, 0, keys, values, 300, 1, 300, 4);
        const auto queries = upload(q);
        const auto k = upload(keys), v = upload(values), key = deviceBuffer(64 * sizeof(float)),
                   value = deviceBuffer(64 * sizeof(float));
        const GuardedBuffer out(q.size() * sizeof(float));
        const auto params = deviceBuffer(sizeof(shared::StepParams));
        auto recorder = require(vulkan::CommandRecorder::create(context(), "replay"));
        require(recorder.begin());
        const kernels::AttentionToken token{
            .sequence = {params.view(), cache.sequence().blockTable},
            .inputs = {.q = queries.view(), .k = key.view(), .v = value.view()},
            .out = out.view(),
            .rounded = {}};
        require(attention->recordTokens(recorder, 0, {&token, 1}));
        recorder.hostBarrier();
        require(recorder.end());
        for (const uint32_t kv_length : {1u, 65u, 256u, 300u, 64u}) {
            const auto source = upload(std::vector<shared::StepParams>{{kv_length - 1, 1, kv_length, 0}});
            const uint64_t newest = (kv_length - 1) * 64 * sizeof(float);
            run([&](vulkan::CommandRecorder& copy) {
                copy.copy(source.view(), params.view());
                copy.copy(k.view().part(newest, key.sizeBytes()), key.view());
                copy.copy(v.view().part(newest, value.sizeBytes()), value.view());
            });
            require(context().wait(require(context().submit({recorder.handle()}))));
            const auto expected = reference::attention({4, 2, 32}, q, std::span(keys).first(kv_length * 64),
                                                       std::span(values).first(kv_length * 64), 1, kv_length);
            checkClose(expected, out.values<float>(), kFloatLimit,
                       fmt::format("replayed at kv_length {}", kv_length));
        }
    }
    TEST_CASE("shapes that no kernel takes are refused") {
        for (const uint32_t head_dim : {0u, 12u, 264u}) {
            const auto refused = kernels::Attention::create(
                context(), registry(), {.n_heads = 2, .n_kv_heads = 1, .head_dim = head_dim}, 8, 256);
            CHECK(!refused.ok());
        }
        CHECK(!kernels::Attention::create(
                   context(), registry(),
                   {.n_heads = 2, .n_kv_heads = 1, .head_dim = 40, .cache = CacheFormat::Q8}, 8, 256)
                   .ok());
        CHECK(!kernels::Attention::create(context(), registry(),
                                          {.n_heads = 3, .n_kv_heads = 2, .head_dim = 64}, 8, 256)
                   .ok());
    }
}

} // namespace ponder::test
