#include "inference/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/random_logits.h"

using namespace ponder;
using inference::Sampler;
using inference::uniformAt;
using models::TokenId;
using protocol::SamplingParams;
using test::randomLogits;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

SamplingParams plain() {
    SamplingParams params;
    params.temperature = 1;
    params.topP = 1;
    return params;
}

// The same rules in the most obvious way: everything sorted, in double.
struct Slow {
    std::vector<std::pair<double, TokenId>> kept; // probability, token; greatest first

    Slow(std::vector<float> logits, const SamplingParams& p, const std::vector<TokenId>& recent) {
        const size_t window = std::min(recent.size(), static_cast<size_t>(std::max(0, p.penaltyWindow)));
        const std::set<TokenId> seen(recent.end() - static_cast<std::ptrdiff_t>(window), recent.end());
        for (const TokenId token : seen) {
            float& logit = logits[static_cast<size_t>(token)];
            logit = logit > 0 ? logit / p.repetitionPenalty : logit * p.repetitionPenalty;
        }
        double greatest = -INFINITY;
        for (const float logit : logits)
            if (logit > greatest) greatest = logit;
        for (size_t i = 0; i < logits.size(); ++i)
            if (!std::isnan(logits[i]) && logits[i] > -kInf)
                kept.emplace_back(std::exp((static_cast<double>(logits[i]) - greatest) /
                                           static_cast<double>(p.temperature)),
                                  static_cast<TokenId>(i));
        std::stable_sort(kept.begin(), kept.end(), [](auto& a, auto& b) { return a.first > b.first; });
        if (p.topK > 0 && kept.size() > static_cast<size_t>(p.topK)) kept.resize(static_cast<size_t>(p.topK));
        double mass = 0;
        for (auto& [weight, token] : kept) mass += weight;
        if (p.topP < 1) {
            double sum = 0;
            size_t count = 0;
            while (count < kept.size() && (count == 0 || sum < static_cast<double>(p.topP) * mass))
                sum += kept[count++].first;
            kept.resize(count);
        }
        std::erase_if(kept, [&](auto& x) { return x.first < static_cast<double>(p.minP); });
        mass = 0;
        for (auto& [weight, token] : kept) mass += weight;
        for (auto& [weight, token] : kept) weight /= mass;
    }

    TokenId draw(uint64_t seed, uint64_t position) const {
        auto byToken = kept;
        std::sort(byToken.begin(), byToken.end(), [](auto& a, auto& b) { return a.second < b.second; });
        double left = uniformAt(seed, position);
        for (auto& [probability, token] : byToken)
            if ((left -= probability) < 0) return token;
        return byToken.back().second;
    }
};

} // namespace

TEST_CASE("Philox gives the published numbers") {
    // Random123's known answers for philox4x32-10: key and counter zero give 6627e8d5 e169c58d bc57ac4c
    // 9b00dbd8.
    const uint64_t bits = (uint64_t{0xe169c58du} << 32 | 0x6627e8d5u) >> 11;
    CHECK(uniformAt(0, 0) == static_cast<double>(bits) * 0x1p-53);
    CHECK(uniformAt(1, 0) != uniformAt(0, 0));
    CHECK(uniformAt(0, 1) != uniformAt(0, 0));
    CHECK(uniformAt(uint64_t{1} << 32, 0) != uniformAt(1, 0));
}

TEST_CASE("uniform numbers are uniform") {
    constexpr int kBins = 20, kDraws = 20000;
    std::vector<int> bins(kBins);
    for (int i = 0; i < kDraws; ++i)
        ++bins[static_cast<size_t>(uniformAt(42, static_cast<uint64_t>(i)) * kBins)];
    double chi = 0;
    for (const int bin : bins) chi += std::pow(bin - kDraws / kBins, 2) / (kDraws / kBins);
    CHECK(chi < 43.8); // 19 degrees of freedom, one in a thousand; the numbers are fixed
}

TEST_CASE("greedy takes the greatest, ties the lower index") {
    Sampler sampler;
    SamplingParams params;
    params.temperature = 0;
    CHECK(sampler.sample(std::vector<float>{1, 3, 3, 2}, params, {}, 0) == 1);
    CHECK(sampler.sample(std::vector<float>{kNan, -5, kNan, -4, -4}, params, {}, 0) == 3);
    CHECK(sampler.sample(std::vector<float>{0, kInf, kInf}, params, {}, 0) == 1);
    CHECK(sampler.sample(std::vector<float>{-1}, params, {}, 0) == 0);
    CHECK(sampler.sample(std::vector<float>(37, -2.5f), params, {}, 0) == 0);
}

TEST_CASE("nothing to choose from") {
    Sampler sampler;
    for (const float temperature : {0.0f, 1.0f}) {
        SamplingParams params = plain();
        params.temperature = temperature;
        CHECK_FALSE(sampler.sample(std::vector<float>{}, params, {}, 0).has_value());
        CHECK_FALSE(sampler.sample(std::vector<float>(20, kNan), params, {}, 0).has_value());
        CHECK_FALSE(sampler.sample(std::vector<float>(20, -kInf), params, {}, 0).has_value());
    }
}

TEST_CASE("logits that are not numbers are never drawn") {
    Sampler sampler;
    std::vector<float> logits(1000, kNan);
    logits[3] = 1;
    logits[700] = 1;
    logits[701] = -kInf;
    std::set<TokenId> drawn;
    for (uint64_t position = 0; position < 200; ++position)
        drawn.insert(*sampler.sample(logits, plain(), {}, position));
    CHECK(drawn == std::set<TokenId>{3, 700});
    logits[9] = kInf;
    CHECK(sampler.sample(logits, plain(), {}, 5) == 9);
}

TEST_CASE("the same tokens as sorting everything") {
    std::mt19937 random(7);
    Sampler sampler;
    const float temperatures[] = {0.05f, 0.6f, 1.0f, 3.0f, 100.0f};
    const float topPs[] = {0.0f, 0.1f, 0.5f, 0.95f, 0.999f, 1.0f};
    const int topKs[] = {0, 1, 2, 17, 100, 5000};
    const float minPs[] = {0.0f, 0.05f, 0.5f, 1.0f};
    for (int i = 0; i < 3000; ++i) {
        const auto pick = [&](auto& list) { return list[random() % std::size(list)]; };
        const size_t count = i % 3 == 0 ? 1 + random() % 40 : i % 3 == 1 ? 512 : 3001;
        auto logits = randomLogits(random, count, i % 2 ? 1.0f : 5.0f);
        if (i % 7 == 0)
            std::fill(logits.begin() + static_cast<std::ptrdiff_t>(count / 2), logits.end(), 0.25f); // ties
        SamplingParams params;
        params.temperature = pick(temperatures);
        params.topP = pick(topPs);
        params.topK = pick(topKs);
        params.minP = pick(minPs);
        params.seed = random();
        std::vector<TokenId> recent;
        if (i % 5 == 0) {
            params.repetitionPenalty = 1.3f;
            params.penaltyWindow = static_cast<int>(random() % 8);
            for (int j = 0; j < 12; ++j) recent.push_back(static_cast<TokenId>(random() % count));
        }
        const Slow slow(logits, params, recent);
        const auto got = sampler.sample(logits, params, recent, static_cast<uint64_t>(i));
        REQUIRE(got.has_value());
        CAPTURE(i);
        CAPTURE(count);
        CAPTURE(params.temperature);
        CAPTURE(params.topP);
        CAPTURE(params.topK);
        CAPTURE(params.minP);
        CHECK(*got == slow.draw(params.seed, static_cast<uint64_t>(i)));
    }
}

TEST_CASE("drawn as often as the probabilities say") {
    std::mt19937 random(11);
    const auto logits = randomLogits(random, 50, 2.0f);
    SamplingParams params;
    params.temperature = 0.8f;
    params.topP = 0.9f;
    params.seed = 99;
    const Slow slow(logits, params, {});
    std::vector<int> counts(50);
    Sampler sampler;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i)
        ++counts[static_cast<size_t>(*sampler.sample(logits, params, {}, static_cast<uint64_t>(i)))];
    int outside = kDraws;
    for (const auto& [probability, token] : slow.kept) {
        const double expected = probability * kDraws;
        CHECK(std::abs(counts[static_cast<size_t>(token)] - expected) < 5 * std::sqrt(expected) + 1);
        outside -= counts[static_cast<size_t>(token)];
    }
    CHECK(outside == 0);
}

TEST_CASE("settings out of their range do no harm") {
    Sampler sampler;
    const std::vector<float> logits{1, 2, 3};
    SamplingParams params = plain();
    params.topP = kNan;
    params.minP = 7;
    params.topK = -4;
    params.penaltyWindow = -1;
    params.repetitionPenalty = 0;
    CHECK(sampler.sample(logits, params, std::vector<TokenId>{-1, 2, 900}, 0) ==
          2); // min-p of 1 or more: the greatest only
    params = plain();
    params.temperature = kNan;
    CHECK(sampler.sample(logits, params, {}, 0) == 2);
    params.temperature = 1e-30f;
    CHECK(sampler.sample(logits, params, {}, 0) == 2);
    params.temperature = kInf;
    CHECK(sampler.sample(logits, params, {}, 0).has_value());
    params = plain();
    params.repetitionPenalty = 1.5f;
    params.temperature = 0;
    CHECK(sampler.sample(logits, params, std::vector<TokenId>{-1, 2, 900}, 0) ==
          1); // 3 / 1.5 ties with 2: the lower index
}
