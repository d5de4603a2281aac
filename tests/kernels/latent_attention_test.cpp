// Latent attention over the block cache against plain loops: what is stored, decoding split over the keys, many tokens at once.
#include "inference/kernels/latent_attention.h"

#include <cmath>
#include <cstring>

#include "inference/kernels/latent_attention_plan.h"
#include "inference/rope_table.h"
#include "models/base/half.h"
#include "tests/kernels/support/cache.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/gpu.h"
#include "tests/reference/norm.h"
#include "tests/reference/rope.h"

namespace ponder::test {

namespace {

using inference::CacheFormat;
using kernels::LayerShape;

constexpr double kFloatLimit = 1e-10; // as of attention_test.cpp
// Cooperative matrices take Q and the weights rounded to f16, each off by 2^-12 on average: as kHalfLimit of attention_test.cpp.
constexpr double kHalfLimit = 1e-5;
constexpr double kStoredFloatLimit = 1e-13, kStoredHalfLimit = 3e-7; // as of rope_test.cpp

constexpr LayerShape kR1{
    .n_heads = 128, .n_kv_heads = 1, .head_dim = 192, .n_layers = 2, .kv_lora_rank = 512, .rope_dim = 64};
constexpr LayerShape kLite{
    .n_heads = 16, .n_kv_heads = 1, .head_dim = 192, .n_layers = 1, .kv_lora_rank = 512, .rope_dim = 64};
constexpr LayerShape kSmall{
    .n_heads = 5, .n_kv_heads = 1, .head_dim = 48, .n_layers = 3, .kv_lora_rank = 96, .rope_dim = 16};
constexpr LayerShape kTiny{
    .n_heads = 1, .n_kv_heads = 1, .head_dim = 16, .n_layers = 1, .kv_lora_rank = 8, .rope_dim = 8};

LayerShape precise(LayerShape shape) {
    shape.cache = CacheFormat::F32;
    return shape;
}

std::unique_ptr<kernels::LatentAttention> create(const LayerShape& shape, uint32_t maxContext = 4096) {
    return require(kernels::LatentAttention::create(context(), registry(), shape, maxContext));
}

double limitFor(const LayerShape& shape) {
    return require(kernels::planLatentAttention(context().caps(), shape, 4096)).cooperativeMatrix
               ? kHalfLimit
               : kFloatLimit;
}

// q: [n][n_heads][key]; keys: [kv_length][key]; the value of a key is its beginning.
std::vector<double> attend(const LayerShape& shape, std::span<const float> q, std::span<const float> keys,
                           double scale, uint32_t n, uint32_t kv_length) {
    const size_t keyDim = shape.planeValues();
    std::vector<double> out;
    for (uint32_t row = 0; row < n * shape.n_heads; ++row) {
        const uint32_t seen = kv_length - n + row / shape.n_heads + 1;
        std::vector<double> weights(seen);
        double most = -INFINITY, total = 0;
        for (uint32_t t = 0; t < seen; ++t) {
            for (size_t i = 0; i < keyDim; ++i)
                weights[t] += double{q[row * keyDim + i]} * keys[t * keyDim + i] * scale;
            most = std::max(most, weights[t]);
        }
        for (double& weight : weights) total += weight = std::exp(weight - most);
        std::vector<double> sum(shape.kv_lora_rank);
        for (uint32_t t = 0; t < seen; ++t)
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += weights[t] / total * keys[t * keyDim + i];
        out.insert(out.end(), sum.begin(), sum.end());
    }
    return out;
}

// maxContext decides into how many parts keys can be split.
void checkAttention(const LayerShape& shape, uint32_t n, uint32_t kv_length, uint32_t seed,
                    uint32_t maxContext = 4096) {
    const auto attention = create(shape, maxContext);
    const uint32_t layer = shape.n_layers - 1;
    const size_t keyDim = shape.planeValues();
    const auto q = normalValues(size_t{n} * shape.n_heads * keyDim, seed, 2);
    auto k = normalValues(kv_length * keyDim, seed + 1);
    if (seed % 2 == 1) // later keys grow, so that the maximum keeps growing
        for (size_t i = 0; i < k.size(); ++i)
            k[i] *= 0.25f + 1.5f * static_cast<float>(i) / static_cast<float>(k.size());
    const auto keys = cacheRounded(k, shape.cache);
    const float scale = 1 / std::sqrt(static_cast<float>(keyDim));
    const CacheFixture cache(shape, layer, keys, {}, kv_length, n, kv_length, seed);
    const auto queries = upload(q);
    const GuardedBuffer out(size_t{n} * shape.n_heads * shape.kv_lora_rank * sizeof(float));
    run([&](vulkan::CommandRecorder& recorder) {
        require(attention->record(recorder, cache.sequence(), layer, queries.view(), out.view(), scale, n));
    });
    checkClose(attend(shape, q, keys, scale, n, kv_length), out.values<float>(), limitFor(shape),
               fmt::format("{} heads of {} + {}{}, n {}, kv_length {}, seed {} ({})", shape.n_heads,
                           shape.kv_lora_rank, shape.rope_dim,
                           shape.cache == CacheFormat::F32 ? " float32" : "", n, kv_length, seed,
                           attention->describe()));
}

void checkStore(const LayerShape& shape, models::RopePairs pairs, uint32_t position, uint32_t n,
                uint32_t seed) {
    const auto attention = create(shape);
    const uint32_t layer = shape.n_layers - 1, kv_length = position + n,
                   nope = shape.head_dim - shape.rope_dim;
    const size_t keyDim = shape.planeValues(), rank = shape.kv_lora_rank;
    models::Hyperparams params;
    params.rope_dim = shape.rope_dim;
    const auto frequencies = inference::ropeFrequencies(params, {});
    const auto table = upload(inference::ropeTable(params, {}, kv_length));
    const auto q = normalValues(size_t{n} * shape.n_heads * shape.head_dim, seed),
               kv = normalValues(n * keyDim, seed + 1, 3);
    const auto norm = normalValues(rank, seed + 2);
    const auto queries = upload(q), latents = upload(kv), weights = upload(norm);
    const CacheFixture cache(shape, layer, {}, {}, kv_length, n, kv_length, seed);
    GuardedBuffer absorbed(size_t{n} * shape.n_heads * keyDim * sizeof(float));
    const auto untouched = absorbed.values<float>();
    run([&](vulkan::CommandRecorder& recorder) {
        require(attention->recordStore(recorder, cache.sequence(), layer,
                                       {queries.view(), latents.view(), absorbed.view(), shape.head_dim,
                                        weights.address(), table.address(), pairs, 1e-6f},
                                       n));
    });
    const std::string what =
        fmt::format("{} heads of {} + {}{}, position {}, n {}", shape.n_heads, rank, shape.rope_dim,
                    shape.cache == CacheFormat::F32 ? " float32" : "", position, n);
    std::vector<double> expectedQ, expectedK;
    std::vector<float> gotQ, gotK;
    const auto results = absorbed.values<float>();
    auto after = cache.download();
    for (uint32_t t = 0; t < n; ++t) {
        const double at = position + static_cast<double>(t);
        for (uint32_t h = 0; h < shape.n_heads; ++h) {
            const size_t row = size_t{t} * shape.n_heads + h;
            const auto turned =
                reference::rotated(std::span(q).subspan(row * shape.head_dim + nope, shape.rope_dim),
                                   shape.rope_dim, pairs, at, frequencies);
            expectedQ.insert(expectedQ.end(), turned.begin(), turned.end());
            gotQ.insert(gotQ.end(), results.begin() + row * keyDim + rank,
                        results.begin() + (row + 1) * keyDim);
            CHECK(std::memcmp(&results[row * keyDim], &untouched[row * keyDim], rank * sizeof(float)) == 0);
        }
        const auto normed = reference::rmsNorm(std::span(kv).subspan(t * keyDim, rank), norm, double{1e-6f});
        const auto turned = reference::rotated(std::span(kv).subspan(t * keyDim + rank, shape.rope_dim),
                                               shape.rope_dim, pairs, at, frequencies);
        expectedK.insert(expectedK.end(), normed.begin(), normed.end());
        expectedK.insert(expectedK.end(), turned.begin(), turned.end());
        for (uint32_t i = 0; i < keyDim; ++i) {
            const size_t byte = cache.byteOffset(layer, 0, position + t, i);
            uint16_t half;
            float value;
            std::memcpy(&half, &after[byte], sizeof(half));
            std::memcpy(&value, &after[byte], sizeof(value));
            gotK.push_back(shape.cache == CacheFormat::F32 ? value : halfToFloat(half));
            std::memcpy(&after[byte], &cache.uploaded()[byte], shape.cache == CacheFormat::F32 ? 4 : 2);
        }
    }
    checkClose(expectedQ, gotQ, kStoredFloatLimit, "q: " + what);
    checkClose(expectedK, gotK, shape.cache == CacheFormat::F32 ? kStoredFloatLimit : kStoredHalfLimit,
               "k: " + what);
    CHECK_MESSAGE(after == cache.uploaded(), "the cache was changed elsewhere: " << what);
}

} // namespace

TEST_SUITE("latent_attention") {

    TEST_CASE("what is stored: norm, both orders of pairs, blocks' ends") {
        using models::RopePairs;
        uint32_t seed = 10;
        for (const auto pairs : {RopePairs::Interleaved, RopePairs::Halves}) {
            checkStore(kR1, pairs, 254, 3, seed++);
            checkStore(precise(kSmall), pairs, 3000, 2, seed++);
            checkStore(kTiny, pairs, 0, 1, seed++);
        }
    }

    TEST_CASE("decoding, split over the keys") {
        uint32_t seed = 100;
        for (const LayerShape& shape : {kR1, kLite, precise(kLite), kSmall, kTiny})
            for (const uint32_t length : {1u, 2u, 63u, 65u, 256u, 257u, 700u})
                checkAttention(shape, 1, length, seed++);
    }

    TEST_CASE("decoding: lengths around steps, blocks and the ends of parts, of one part and of several") {
        uint32_t seed = 150;
        for (const uint32_t maxContext : {64u, 128u, 4096u}) // one part, two, many
            for (const uint32_t length :
                 {15u, 16u, 17u, 31u, 32u, 33u, 64u, 127u, 129u, 191u, 193u, 255u, 513u})
                checkAttention(kLite, 1, length, seed++, maxContext);
        checkAttention(kLite, 1, 4097, seed, 4096);
        checkAttention(kLite, 1, 4097, seed + 1, 4096);
    }

    TEST_CASE("the same bits every time") {
        const uint32_t length = 700;
        const size_t keyDim = kR1.planeValues();
        const auto attention = create(kR1);
        const auto keys = cacheRounded(normalValues(length * keyDim, 180), CacheFormat::F16);
        const CacheFixture cache(kR1, 0, keys, {}, length, 1, length, 181);
        const auto queries = upload(normalValues(kR1.n_heads * keyDim, 182));
        std::vector<float> first;
        for (int i = 0; i < 4; ++i) {
            const GuardedBuffer out(size_t{kR1.n_heads} * kR1.kv_lora_rank * sizeof(float));
            run([&](vulkan::CommandRecorder& recorder) {
                require(attention->record(recorder, cache.sequence(), 0, queries.view(), out.view(), 0.1f, 1));
            });
            const auto values = out.values<float>();
            if (i == 0) first = values;
            CHECK(std::memcmp(values.data(), first.data(), values.size() * sizeof(float)) == 0);
        }
    }

    TEST_CASE("many tokens: odd numbers, behind a cached beginning") {
        uint32_t seed = 200;
        for (const LayerShape& shape : {kLite, precise(kSmall), kSmall, kTiny})
            for (const auto& [n, length] : {std::pair{2u, 2u}, {3u, 261u}, {33u, 33u}, {17u, 270u}})
                checkAttention(shape, n, length, seed++);
        for (const LayerShape& shape : {kLite, kSmall}) // the first token sees nothing of the last part's keys
            checkAttention(shape, 3, 130, seed++);
        checkAttention(kR1, 3, 40, seed);
    }

    TEST_CASE("the plan: tiles that fit, and a sentence for what does not") {
        vulkan::DeviceCaps caps;
        caps.maxSharedBytes = 49152;
        caps.maxInvocations = 1024;
        const auto plan = kernels::planLatentAttention(caps, kR1, 4096);
        REQUIRE(plan.ok());
        CHECK(kernels::latentSharedBytes(kR1, plan->rows, plan->keys) <= 49152);
        CHECK(plan->decodeParts >= 2);
        caps.maxSharedBytes = 16384; // the least that Vulkan allows
        CHECK(kernels::planLatentAttention(caps, kR1, 4096).ok());
        CHECK(kernels::planLatentAttention(caps, precise(kR1), 4096).ok());
        CHECK(!kernels::planLatentAttention(caps, kR1, 4096)->cooperativeMatrix);
        caps.maxSharedBytes = 1024;
        CHECK(kernels::planLatentAttention(caps, kR1, 4096).error().code == ErrorCode::DeviceTooLimited);
        LayerShape odd = kR1;
        odd.kv_lora_rank = 12;
        CHECK(kernels::planLatentAttention(caps, odd, 4096).error().code ==
              ErrorCode::UnsupportedArchitecture);
    }

    TEST_CASE("the plan: who is given cooperative matrices, and in how many parts") {
        vulkan::DeviceCaps h100;
        h100.maxSharedBytes = 49152;
        h100.maxInvocations = 1024;
        h100.float16 = h100.cooperativeMatrix = true;
        const auto planned = [](const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                uint32_t maxContext = 8192, bool without = false) {
            return require(kernels::planLatentAttention(caps, shape, maxContext, without));
        };
        const auto r1 = planned(h100, kR1);
        CHECK(r1.cooperativeMatrix);
        CHECK(r1.rows == 16);
        CHECK(r1.keys == 32);
        CHECK(r1.invocations == 128);
        CHECK(r1.subgroupSize == 32);
        CHECK(r1.decodeParts == 32); // x 8 tiles of heads
        CHECK(r1.partsOf(1) == 32);
        CHECK(r1.partsOf(5) == 6);
        CHECK(r1.partsOf(512) == 1);
        CHECK(r1.mergeInvocations == 128);
        CHECK(r1.mergeValues == 128);
        CHECK(r1.describe() == "cooperative matrix f16 (KHR) 16x32, decoding in up to 32 parts");
        CHECK(planned(h100, kR1, 100).decodeParts == 2); // none shorter than 64 keys
        const auto lite = planned(h100, kLite, 1u << 20);
        CHECK(lite.decodeParts == 256);
        CHECK(lite.mergeInvocations == 1024); // 8 slices of 32 parts
        CHECK(planned(h100, kLite).cooperativeMatrix);
        CHECK(!planned(h100, kR1, 8192, true).cooperativeMatrix);
        CHECK(!planned(h100, precise(kR1)).cooperativeMatrix);
        CHECK(!planned(h100, kSmall).cooperativeMatrix);
        LayerShape other = kR1;
        other.n_heads = 40;
        CHECK(!planned(h100, other).cooperativeMatrix);

        vulkan::DeviceCaps caps = h100;
        caps.cooperativeMatrix = false;
        CHECK(!planned(caps, kR1).cooperativeMatrix);
        caps = h100;
        caps.float16 = false;
        CHECK(!planned(caps, kR1).cooperativeMatrix);
        caps = h100;
        caps.maxSharedBytes = 32768;
        CHECK(!planned(caps, kR1).cooperativeMatrix);
        caps = h100;
        caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 64;
        caps.maxInvocations = 128; // the least that Vulkan allows
        CHECK(!planned(caps, kR1).cooperativeMatrix);
        CHECK(planned(caps, kLite, 1u << 20).mergeInvocations == 128);
        caps = h100;
        caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 8;
        CHECK(!planned(caps, kR1).cooperativeMatrix);
        caps.subgroupSize = caps.maxSubgroupSize = 64; // the driver may choose 8
        CHECK(!planned(caps, kR1).cooperativeMatrix);
        caps.subgroupSizeControl = true;
        CHECK(planned(caps, kR1).invocations == 256);
    }
}

} // namespace ponder::test
