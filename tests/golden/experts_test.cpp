// Which experts whole passes choose, wherever they are computed, against the same model in plain C++: the sets may differ only
// where two experts are nearly tied there. Then how the use of experts is counted.

#include "inference/engine.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/reference/latent_layer.h"

using namespace ponder;
using inference::Engine;
using inference::EngineOptions;
using models::TokenId;

namespace {

const std::filesystem::path kMixture =
    std::filesystem::path(PONDER_TEST_MODELS) / "deepseek3-kvb-IQ2_XXS.gguf";
constexpr size_t kTokens = 96;
constexpr double kNearTie = 1e-4; // of the reference's scores

std::vector<TokenId> tokens() {
    std::vector<TokenId> ids(kTokens);
    for (size_t i = 0; i < kTokens; ++i) ids[i] = static_cast<TokenId>((i * 37 + i / 7 + 5) % 500);
    return ids;
}

struct Pass { // of the reference: what each token chose in each layer; empty: a dense one
    std::vector<std::vector<reference::Choice>> choices;
};

const Pass& plainPass() {
    static const Pass pass = [] {
        const auto file = models::GgufFile::open(kMixture).value();
        const auto p = models::readHyperparams(file).value();
        const auto embedding = reference::values(file, "token_embd.weight");
        std::vector<float> x;
        for (const TokenId id : tokens()) {
            const float* const row = embedding.data() + static_cast<size_t>(id) * p.n_embd;
            x.insert(x.end(), row, row + p.n_embd);
        }
        const auto add = [&](const std::vector<double>& to) {
            for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(double{x[i]} + to[i]);
        };
        Pass made;
        for (uint32_t block = 0; block < p.n_layers; ++block) {
            add(reference::latentAttentionPart(file, p, block, x));
            auto forward = reference::feedForwardPart(file, p, block, x);
            add(forward.added);
            made.choices.push_back(std::move(forward.choices));
        }
        return made;
    }();
    return pass;
}

std::unique_ptr<Engine> load(const char* device, protocol::Experts experts, uint64_t budget = 0) {
    EngineOptions options;
    options.device = device;
    options.context = 512;
    options.precise = true;
    options.experts = experts;
    options.vramBudget = budget;
    auto loaded = Engine::load(kMixture, options);
    REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().message));
    return std::move(*loaded);
}

// One token at a time, so that what was counted meanwhile is its own.
void checkSets(Engine& engine, const std::string& what) {
    const Pass& plain = plainPass();
    std::vector<std::vector<uint64_t>> before(plain.choices.size());
    size_t sets = 0, different = 0, tooClear = 0;
    double closest = 1;
    const auto ids = tokens();
    const auto done = engine.logits(ids, true, [&](size_t position, std::span<const float>) -> Result<void> {
        for (uint32_t block = 0; block < plain.choices.size(); ++block) {
            const auto counts = engine.expertCounts(block);
            if (plain.choices[block].empty()) continue;
            REQUIRE_FALSE(counts.empty());
            before[block].resize(counts.size());
            std::vector<uint32_t> chosen;
            for (uint32_t expert = 0; expert < counts.size(); ++expert)
                if (counts[expert] > before[block][expert]) chosen.push_back(expert);
            before[block].assign(counts.begin(), counts.end());
            const reference::Choice& choice = plain.choices[block][position];
            std::vector<uint32_t> expected = choice.experts;
            std::sort(expected.begin(), expected.end());
            ++sets;
            closest = std::min(closest, choice.margin);
            if (chosen == expected) continue;
            ++different;
            tooClear += choice.margin >= kNearTie;
        }
        return {};
    });
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    CHECK(sets >= kTokens);
    CHECK(tooClear == 0);
    MESSAGE(what << ": " << different << " of " << sets << " sets differ, " << tooClear
                 << " of them without a near tie; the closest margin was " << closest);
}

} // namespace

TEST_CASE("experts of whole passes: the CPU's, the host's beside a device, shared out among both") {
    checkSets(*load("cpu", protocol::Experts::Auto), "on the CPU");
    const auto host = load("vulkan:0", protocol::Experts::Host);
    CHECK(host->plan().expertsOnDevice == 0);
    checkSets(*host, "chosen by the device, all experts with the host");
    const uint64_t budget = host->plan().bytesDevice() + host->plan().bytesHost() / 20;
    const auto shared = load("vulkan:0", protocol::Experts::Auto, budget);
    CHECK(shared->plan().expertsOnDevice > 0);
    CHECK(shared->plan().expertsOnDevice < shared->plan().experts);
    checkSets(*shared, "chosen by the device, experts shared out");
}

TEST_CASE("experts that are counted: as many as tokens choose, in one pass as in many") {
    const auto engine = load("cpu", protocol::Experts::Auto);
    const auto all = [&] {
        uint64_t sum = 0;
        for (uint32_t block = 0; block < engine->hyperparams().n_layers; ++block)
            for (const uint64_t count : engine->expertCounts(block)) sum += count;
        return sum;
    };
    const auto& p = engine->hyperparams();
    const uint64_t pairs = uint64_t{kTokens} * p.n_experts_used * (p.n_layers - p.n_dense_layers);
    const auto ignore = [](size_t, std::span<const float>) -> Result<void> { return {}; };
    REQUIRE(engine->logits(tokens(), false, ignore).ok());
    CHECK(all() == pairs);
    REQUIRE(engine->logits(tokens(), true, ignore).ok());
    CHECK(all() == 2 * pairs);
    CHECK(engine->expertCounts(0).empty()); // a dense layer
}
