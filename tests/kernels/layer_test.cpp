// One layer of R1 in its real sizes, random weights, against plain C++: attention expanded as the definition has it (128 heads
// of 128 + 64, keys and values from a latent of 512) against the absorbed chain of kernels; the mixture of 256 experts from
// router to sum. The 256 experts share a few matrices, by entries of the address table that are the same.
#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "inference/kernels/expert_matmul.h"
#include "inference/kernels/latent_attention.h"
#include "inference/kernels/matmul_parts.h"
#include "inference/kernels/router.h"
#include "inference/rope_table.h"
#include "tests/kernels/support/cache.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/matrix.h"
#include "tests/kernels/support/router_shapes.h"
#include "tests/reference/dequant.h"
#include "tests/reference/latent_layer.h"
#include "tests/reference/matmul.h"
#include "tests/reference/norm.h"
#include "tests/reference/router.h"

namespace ponder::test {

namespace {

using models::QuantType;

constexpr uint32_t kHeads = 128, kNope = 128, kRope = 64, kRank = 512, kValue = 128, kEmbd = 7168, kFf = 2048;
// Sums of 128 to 7,168 products in float32, one behind the other through three or four kernels, and an exponential: NMSE of a
// link 1e-12 to 1e-10 (their own tests), of the chain their sum, some ten times more where a softmax amplifies.
constexpr double kChainLimit = 1e-9;
constexpr double kHalfChainLimit = 1e-5; // where cooperative matrices round to f16

double chainLimit(uint32_t n) {
    return context().caps().cooperativeMatrix && n > kernels::kMatVecTokens ? kHalfChainLimit : kChainLimit;
}

vulkan::Buffer tableOf(const std::vector<uint64_t>& addresses) { return upload(addresses, "addresses"); }

std::vector<float> dequantized(const Matrix& matrix) {
    std::vector<float> all(size_t{matrix.weight.rows} * matrix.weight.columns);
    reference::dequantize(matrix.weight.type, matrix.bytes.data(), all);
    return all;
}

void checkAttention(uint32_t n) {
    std::mt19937 random(n);
    const Matrix kvB(QuantType::Q8_0, kHeads * (kNope + kValue), kRank, random); // as attn_kv_b
    std::vector<uint64_t> keyAt, valueAt;
    for (uint32_t h = 0; h < kHeads; ++h) {
        keyAt.push_back(kvB.weight.address() + uint64_t{h} * (kNope + kValue) * kvB.weight.rowBytes);
        valueAt.push_back(keyAt.back() + kNope * kvB.weight.rowBytes);
    }
    const auto keyTable = tableOf(keyAt), valueTable = tableOf(valueAt);
    const kernels::ExpertWeight keys{QuantType::Q8_0,   kHeads, kNope, kRank, kvB.weight.rowBytes,
                                     keyTable.address()};
    const kernels::ExpertWeight values{QuantType::Q8_0,     kHeads, kValue, kRank, kvB.weight.rowBytes,
                                       valueTable.address()};

    const kernels::LayerShape shape{.n_heads = kHeads,
                                    .n_kv_heads = 1,
                                    .head_dim = kNope + kRope,
                                    .n_layers = 1,
                                    .cache = inference::CacheFormat::F32,
                                    .kv_lora_rank = kRank,
                                    .rope_dim = kRope};
    models::Hyperparams params;
    params.rope_dim = kRope;
    const auto frequencies = inference::ropeFrequencies(params, {});
    const auto table = upload(inference::ropeTable(params, {}, n));
    const auto q = normalValues(size_t{n} * kHeads * (kNope + kRope), 1),
               latents = normalValues(n * (kRank + kRope), 2);
    const auto norm = normalValues(kRank, 3);
    const auto queries = upload(q), latentBuffer = upload(latents), normBuffer = upload(norm);
    const CacheFixture cache(shape, 0, {}, {}, n, n, n, 4);
    const auto absorbed = deviceBuffer(size_t{n} * kHeads * (kRank + kRope) * 4),
               attended = deviceBuffer(size_t{n} * kHeads * kRank * 4);
    const GuardedBuffer out(size_t{n} * kHeads * kValue * 4);
    const auto attention = require(kernels::LatentAttention::create(context(), registry(), shape, 4096));
    const auto heads =
        require(kernels::ExpertMatMul::create(context(), registry(), false, {n, kHeads, kHeads * kRank}));
    const float scale = 0.135234f;
    const kernels::ExpertMatMulArgs absorb{.weight = &keys,
                                           .x = queries.view(),
                                           .xStride = kNope + kRope,
                                           .y = absorbed.view(),
                                           .yStride = kRank + kRope,
                                           .n = n,
                                           .slots = kHeads,
                                           .xPerPair = true};
    const kernels::ExpertMatMulArgs expand{.weight = &values,
                                           .x = attended.view(),
                                           .xStride = kRank,
                                           .y = out.view(),
                                           .yStride = kValue,
                                           .n = n,
                                           .slots = kHeads,
                                           .xPerPair = true};
    run([&](vulkan::CommandRecorder& recorder) {
        require(attention->recordStore(recorder, cache.sequence(), 0,
                                       {queries.view(), latentBuffer.view(), absorbed.view(), kNope + kRope,
                                        normBuffer.address(), table.address(), models::RopePairs::Interleaved,
                                        1e-6f},
                                       n));
        require(heads->recordTransposed(recorder, absorb));
        recorder.barrier("absorbed");
        require(attention->record(recorder, cache.sequence(), 0, absorbed.view(), attended.view(), scale, n));
        recorder.barrier("attended");
        require(heads->record(recorder, {&expand, 1}));
    });
    const double error =
        checkClose(reference::latentAttention({kHeads, kNope, kRope, kRank, kValue}, q, latents, norm,
                                              double{1e-6f}, dequantized(kvB), frequencies, double{scale}, n),
                   out.values<float>(), chainLimit(n), fmt::format("attention of R1, {} tokens", n));
    MESSAGE(fmt::format("attention of R1, {} tokens: NMSE {:.2g}", n, error));
}

struct SharedExperts { // 256 entries of few matrices
    SharedExperts(QuantType type, uint32_t rows, uint32_t columns, std::mt19937& random) {
        for (int i = 0; i < 3; ++i) matrices.emplace_back(type, rows, columns, random);
        std::vector<uint64_t> addresses;
        for (uint32_t e = 0; e < 256; ++e) addresses.push_back(of(e).weight.address());
        m_table = tableOf(addresses);
        weight = {type, 256, rows, columns, matrices[0].weight.rowBytes, m_table.address()};
    }
    const Matrix& of(uint32_t expert) const { return matrices[expert % 7 % 3]; }
    std::vector<Matrix> matrices;
    kernels::ExpertWeight weight;

private:
    vulkan::Buffer m_table;
};

std::vector<double> productOf(const Matrix& matrix, const float* x) {
    return reference::matMul({.type = matrix.weight.type,
                              .rows = matrix.weight.rows,
                              .columns = matrix.weight.columns,
                              .n = 1,
                              .xStride = matrix.weight.columns,
                              .weights = matrix.bytes.data(),
                              .x = x});
}

void checkExperts(uint32_t n) {
    std::mt19937 random(n + 50);
    const SharedExperts gate(QuantType::Q4_K, kFf, kEmbd, random), up(QuantType::Q4_K, kFf, kEmbd, random),
        down(QuantType::Q6_K, kEmbd, kFf, random);
    const auto x = randomX(size_t{n} * kEmbd, random), bias = normalValues(256, 7, 0.05f);
    // All tokens but the last agree on their experts: software takes minutes for each tile of an expert more.
    auto logits = normalValues(256, 6);
    for (uint32_t t = 1; t < n; ++t) {
        const auto row =
            t + 1 < n ? std::vector<float>(logits.begin(), logits.begin() + 256) : normalValues(256, 8);
        logits.insert(logits.end(), row.begin(), row.end());
    }
    const auto before = randomX(size_t{n} * kEmbd, random);
    const auto xBuffer = upload(x), logitBuffer = upload(logits), biasBuffer = upload(bias);
    const auto gates = deviceBuffer(size_t{n} * 8 * kFf * 4), ups = deviceBuffer(size_t{n} * 8 * kFf * 4),
               results = deviceBuffer(size_t{n} * 8 * kEmbd * 4);
    GuardedBuffer residual(size_t{n} * kEmbd * 4);
    residual.set(before);
    const auto router = require(kernels::Router::create(context(), registry(), kV3, n));
    const auto elementwise = require(kernels::Elementwise::create(context(), registry()));
    const auto experts = require(kernels::ExpertMatMul::create(context(), registry(), false, {n, 8, 8 * kFf}));
    const auto args = [&](const kernels::ExpertWeight& weight, const vulkan::Buffer& from,
                          const vulkan::Buffer& to, bool pairs) {
        return kernels::ExpertMatMulArgs{.weight = &weight,
                                         .x = from.view(),
                                         .xStride = weight.columns,
                                         .y = to.view(),
                                         .yStride = weight.rows,
                                         .n = n,
                                         .slots = 8,
                                         .xPerPair = pairs,
                                         .choice = &router->choice()};
    };
    run([&](vulkan::CommandRecorder& recorder) {
        require(router->record(recorder, logitBuffer.view(), biasBuffer.address(), n));
        recorder.barrier("chosen");
        require(router->recordSort(recorder, n));
        recorder.barrier("sorted");
        const kernels::ExpertMatMulArgs both[] = {args(gate.weight, xBuffer, gates, false),
                                                  args(up.weight, xBuffer, ups, false)};
        require(experts->record(recorder, both));
        recorder.barrier("gate, up");
        require(elementwise->recordGatedSilu(recorder, gates.view(), ups.view(), gates.view(), kFf, n * 8));
        recorder.barrier("activated");
        const auto last = args(down.weight, gates, results, true);
        require(experts->record(recorder, {&last, 1}));
        recorder.barrier("results");
        require(router->recordCombine(recorder, results.view(), residual.view(), kEmbd, n));
    });
    // Of many tokens the first and the last: each is some 350 million products in double.
    const auto all = residual.values<float>();
    std::vector<double> expected;
    std::vector<float> got;
    for (uint32_t t = 0; t < n; t += std::max(1u, n - 1)) {
        std::vector<double> row(before.begin() + size_t{t} * kEmbd, before.begin() + size_t{t + 1} * kEmbd);
        const auto choice = reference::chooseExperts({256, 8, 8, 4, true, true, 2.5f},
                                                     std::span(logits).subspan(size_t{t} * 256, 256), bias);
        for (uint32_t slot = 0; slot < 8; ++slot) {
            const uint32_t e = choice.experts[slot];
            const auto g = productOf(gate.of(e), x.data() + size_t{t} * kEmbd),
                       u = productOf(up.of(e), x.data() + size_t{t} * kEmbd);
            const std::vector<float> gf(g.begin(), g.end()), uf(u.begin(), u.end());
            const auto activated = reference::gatedSilu(gf, uf);
            const std::vector<float> af(activated.begin(), activated.end());
            const auto result = productOf(down.of(e), af.data());
            for (uint32_t i = 0; i < kEmbd; ++i) row[i] += choice.weights[slot] * result[i];
        }
        expected.insert(expected.end(), row.begin(), row.end());
        got.insert(got.end(), all.begin() + size_t{t} * kEmbd, all.begin() + size_t{t + 1} * kEmbd);
    }
    const double error = checkClose(expected, got, n * 8 > 256 ? chainLimit(n) : kChainLimit,
                                    fmt::format("experts of R1, {} tokens", n));
    MESSAGE(fmt::format("experts of R1, {} tokens: NMSE {:.2g}", n, error));
}

} // namespace

TEST_SUITE("layer_real") {

    TEST_CASE("attention of R1: one token, nine, and more than a tile") {
        for (const uint32_t n : {1u, 9u, 18u}) checkAttention(n);
    }
    TEST_CASE("experts of R1: one token pair by pair, more sorted") {
        for (const uint32_t n : {1u, 33u}) checkExperts(n);
    }
}

} // namespace ponder::test
