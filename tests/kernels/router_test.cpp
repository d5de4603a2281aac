// The choice of experts against plain loops, given the same float32 logits: not one set may differ, ties go to the lower
// index, and weights are those of the formulas.
#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "inference/kernels/router.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/gpu.h"
#include "tests/kernels/support/router_shapes.h"
#include "tests/reference/router.h"

namespace ponder::test {

namespace {

using kernels::RouterShape;

// Sigmoids are exact to a rounding; exp of a softmax may be off by (3 + 2 |x|) 2^-23, some 1e-6 where a weight counts, and a
// sum of such by the same: an NMSE of 1e-12.
constexpr double kWeightLimit = 1e-11;

struct Routed {
    std::vector<uint32_t> chosen, sorted;
    std::vector<float> weights;
};

Routed route(const RouterShape& shape, const std::vector<float>& logits, const std::vector<float>& bias) {
    const auto n = static_cast<uint32_t>(logits.size() / shape.n_experts);
    const auto router = require(kernels::Router::create(context(), registry(), shape, n));
    const auto input = upload(logits);
    const auto biases = upload(bias.empty() ? std::vector<float>{0} : bias);
    run([&](vulkan::CommandRecorder& recorder) {
        require(router->record(recorder, input.view(), bias.empty() ? 0 : biases.address(), n));
        recorder.barrier("chosen");
        require(router->recordSort(recorder, n));
    });
    const size_t pairs = size_t{n} * shape.n_used;
    return {download<uint32_t>(router->choice().chosen, pairs),
            download<uint32_t>(router->choice().sorted, shape.n_experts + 1 + pairs),
            download<float>(router->weights(), pairs)};
}

void checkSorted(const RouterShape& shape, const Routed& routed) {
    const uint32_t* begins = routed.sorted.data();
    const uint32_t* pairs = begins + shape.n_experts + 1;
    REQUIRE(begins[0] == 0);
    REQUIRE(begins[shape.n_experts] == routed.chosen.size());
    std::vector<bool> seen(routed.chosen.size());
    for (uint32_t e = 0; e < shape.n_experts; ++e) {
        REQUIRE(begins[e] <= begins[e + 1]);
        for (uint32_t i = begins[e]; i < begins[e + 1]; ++i) {
            REQUIRE(pairs[i] < seen.size());
            REQUIRE(routed.chosen[pairs[i]] == e);
            REQUIRE_FALSE(seen[pairs[i]]);
            seen[pairs[i]] = true;
        }
    }
}

void checkRouting(const RouterShape& shape, const std::vector<float>& logits, const std::vector<float>& bias) {
    const Routed routed = route(shape, logits, bias);
    checkSorted(shape, routed);
    const reference::RouterCase what{shape.n_experts, shape.n_used,    shape.groups, shape.groupsUsed,
                                     shape.sigmoid,   shape.normalise, shape.scale};
    const size_t n = logits.size() / shape.n_experts;
    std::vector<double> weights;
    double closest = 1;
    uint32_t different = 0, otherOrder = 0;
    for (size_t t = 0; t < n; ++t) {
        const auto choice = reference::chooseExperts(
            what, std::span(logits).subspan(t * shape.n_experts, shape.n_experts), bias);
        const auto got = std::span(routed.chosen).subspan(t * shape.n_used, shape.n_used);
        closest = std::min(closest, choice.margin);
        if (!std::equal(got.begin(), got.end(), choice.experts.begin())) {
            ++otherOrder;
            std::vector<uint32_t> a(got.begin(), got.end()), b = choice.experts;
            std::sort(a.begin(), a.end());
            std::sort(b.begin(), b.end());
            if (a != b && ++different == 1)
                FAIL_CHECK(fmt::format("token {}: chosen {}, expected {}, margin {}", t, fmt::join(got, " "),
                                       fmt::join(choice.experts, " "), choice.margin));
        }
        weights.insert(weights.end(), choice.weights.begin(), choice.weights.end());
    }
    CHECK(different == 0);
    CHECK(otherOrder == 0);
    checkClose(weights, routed.weights, kWeightLimit, "weights");
    MESSAGE(fmt::format("{} tokens of {} experts: {} sets differ; the closest margin was {:.2g}", n,
                        shape.n_experts, different, closest));
}

std::vector<float> logitsOf(const RouterShape& shape, uint32_t n, uint32_t seed) {
    return normalValues(size_t{n} * shape.n_experts, seed, 1.5f);
}

// Those of `held` of ten neighbours have an address.
void checkSplit(const RouterShape& shape, uint32_t n, uint32_t held, uint64_t taken,
                uint32_t (*takenOf)(uint32_t missing)) {
    const uint32_t none = 2 * shape.n_experts;
    std::vector<uint64_t> addresses(shape.n_experts);
    for (uint32_t e = 0; e < shape.n_experts; ++e) addresses[e] = e * 7 % 10 < held ? 0x100000000 + e : 0;
    const auto table = upload(addresses);
    const auto router = require(kernels::Router::create(context(), registry(), shape, n, /*shared=*/true));
    const auto input = upload(normalValues(size_t{n} * shape.n_experts, held + 5));
    const kernels::ExpertWeight weight{.experts = shape.n_experts, .table = table.address()};
    run([&](vulkan::CommandRecorder& recorder) {
        require(router->record(recorder, input.view(), 0, n));
        recorder.barrier("chosen");
        require(router->recordSplit(recorder, weight, n, taken));
    });
    const size_t pairs = size_t{n} * shape.n_used;
    const auto chosen = download<uint32_t>(router->choice().chosen, pairs);
    const auto ours = download<uint32_t>(router->choice(kernels::Router::Pairs::Held).chosen, pairs);
    const auto missing = static_cast<uint32_t>(
        std::count_if(chosen.begin(), chosen.end(), [&](uint32_t e) { return addresses[e] == 0; }));
    uint32_t left = taken == 0 || missing > 15 ? 0 : takenOf(missing);
    std::vector<uint32_t> wanted;
    for (const uint32_t expert : chosen) {
        const bool take = addresses[expert] == 0 && left > 0;
        left -= take;
        wanted.push_back(addresses[expert] != 0 ? expert : take ? shape.n_experts + expert : none);
    }
    CAPTURE(taken);
    CAPTURE(held);
    CHECK(ours == wanted);
}

} // namespace

TEST_SUITE("router") {

    TEST_CASE("10,000 tokens of 256 experts in 8 groups, sigmoid and bias: the same experts") {
        checkRouting(kV3, logitsOf(kV3, 10000, 1), normalValues(256, 2, 0.05f));
    }

    TEST_CASE("softmax: the greatest of a group (V2), no groups (V2-Lite)") {
        checkRouting(kV2, logitsOf(kV2, 3000, 3), {});
        checkRouting(kLite, logitsOf(kLite, 3000, 4), {});
    }

    TEST_CASE("ties go to the lower index, of experts and of groups") {
        std::mt19937 random(5);
        for (const RouterShape& shape : {kV3, kV2, kLite}) {
            std::vector<float> logits(size_t{shape.n_experts} * 500);
            for (float& logit : logits) logit = static_cast<float>(random() % 4); // hardly two of them differ
            checkRouting(shape, logits, {});
        }
        checkRouting(kV3, std::vector<float>(256 * 3, 0.25f), std::vector<float>(256, 0.5f));
    }

    TEST_CASE("odd shapes: one expert, all experts, groups of one, many slots") {
        for (const RouterShape& shape :
             {RouterShape{.n_experts = 1, .n_used = 1},
              RouterShape{.n_experts = 7, .n_used = 7, .sigmoid = true, .normalise = true},
              RouterShape{.n_experts = 12, .n_used = 3, .groups = 12, .groupsUsed = 5},
              RouterShape{.n_experts = 384, .n_used = 48, .groups = 4, .groupsUsed = 1, .sigmoid = true}})
            checkRouting(shape, logitsOf(shape, 33, shape.n_experts), {});
        CHECK_FALSE(kernels::Router::create(context(), registry(), {.n_experts = 2000, .n_used = 8}, 1).ok());
    }

    TEST_CASE("saturated sigmoids and what is no number still choose experts that exist, each once") {
        std::vector<float> logits = logitsOf(kV3, 64, 9);
        for (size_t i = 0; i < logits.size(); ++i) {
            if (i % 5 == 0) logits[i] = NAN;
            if (i % 7 == 0) logits[i] = i % 2 == 0 ? INFINITY : -INFINITY;
            if (i >= 256 * 60) logits[i] = NAN;
        }
        for (const RouterShape& shape :
             {kV3, RouterShape{.n_experts = 256, .n_used = 8, .groups = 8, .groupsUsed = 3}}) {
            const Routed routed = route(shape, logits, {});
            checkSorted(shape, routed);
            for (size_t t = 0; t < 64; ++t) {
                std::vector<uint32_t> of(routed.chosen.begin() + t * 8, routed.chosen.begin() + (t + 1) * 8);
                std::sort(of.begin(), of.end());
                CHECK(of.back() < 256);
                CHECK(std::adjacent_find(of.begin(), of.end()) == of.end());
            }
        }
        checkRouting(kV3, normalValues(size_t{256} * 100, 10, 30), {}); // many sigmoids are 1
    }

    TEST_CASE(
        "what the device computes: experts that it holds, and of one token as many others as its share") {
        struct Share {
            uint64_t packed;
            uint32_t (*of)(uint32_t missing);
        };
        const Share shares[] = {
            {0, [](uint32_t) { return 0u; }},
            {0x1111111111111110, [](uint32_t) { return 1u; }},
            {0xfedcba9876543210, [](uint32_t missing) { return missing; }},
            {0x7766554433221100, [](uint32_t missing) { return missing / 2; }},
        };
        for (const RouterShape& shape : {kV3, kLite, RouterShape{.n_experts = 40, .n_used = 20}})
            for (const uint32_t n : {1u, 7u})
                for (const uint32_t held : {0u, 3u, 1000u}) // of ten
                    for (const Share& share : shares) {
                        if (n > 1 && share.packed != 0) continue;
                        checkSplit(shape, n, held, share.packed, share.of);
                    }
    }
}

} // namespace ponder::test
