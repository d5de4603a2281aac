// What the engine promises of reuse, branches and stopping, of a model whose last layers the CPU computes with their own part of
// the cache, and of a mixture whose experts both compute.

#include "inference/engine.h"

#include <cstdlib>

#include <doctest/doctest.h>

using namespace ponder;
using inference::Engine;
using inference::EngineOptions;
using inference::GenerationRequest;
using models::TokenId;
using protocol::FinishReason;

namespace {

struct Shared {
    const char* file;
    double left; // of the weights, to the device
};

// With the switch set, so little stays with the host that the rest leaves room for layers that are brought over.
const bool kBrought = std::getenv("PONDER_LAYER_STREAM") != nullptr;
const Shared kDense{"qwen2.gguf", kBrought ? 0.99 : 0.5}, kMixture{"deepseek3-kvb-IQ2_XXS.gguf", 0.7};

std::unique_ptr<Engine> load(const char* file, uint64_t vramBudget) {
    EngineOptions options;
    options.device = "vulkan:0";
    options.context = 1024;
    options.precise = true;
    options.vramBudget = vramBudget;
    auto loaded = Engine::load(std::filesystem::path(PONDER_TEST_MODELS) / file, options);
    REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().message));
    return std::move(*loaded);
}

uint64_t budgetOf(const Shared& shared) {
    const auto whole = load(shared.file, 0);
    const auto weights = static_cast<double>(whole->plan().bytesWeights);
    return whole->plan().bytesDevice() - static_cast<uint64_t>((1 - shared.left) * weights);
}

std::vector<TokenId> prompt(size_t count) {
    std::vector<TokenId> ids(count);
    for (size_t i = 0; i < count; ++i) ids[i] = static_cast<TokenId>((i * 37 + i / 7 + 5) % 500);
    return ids;
}

struct Run {
    std::vector<TokenId> ids;
    uint32_t cached = 0;
};

Run run(Engine& engine, std::vector<TokenId> tokens) {
    GenerationRequest request;
    request.prompt = std::move(tokens);
    request.maxTokens = 10;
    request.sampling.temperature = 0;
    Run made;
    const auto outcome = engine.generate(
        std::move(request), [&](const auto& token) { return made.ids.push_back(token.id), true; });
    REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.error().message));
    made.cached = outcome->stats.cachedTokens;
    return made;
}

} // namespace

TEST_CASE("shared with the CPU: beginnings are reused, a branch within a block changes nothing of others") {
    for (const Shared& shared : {kDense, kMixture}) {
        CAPTURE(shared.file);
        const uint64_t budget = budgetOf(shared);
        const auto engine = load(shared.file, budget);
        REQUIRE(engine->plan().sharedWithHost());
        REQUIRE((engine->plan().ringLayers > 0) == (kBrought && engine->plan().experts == 0));
        auto branch = prompt(330);
        branch[325] = (branch[325] + 1) % 500; // in the middle of the second block of 256
        const Run first = run(*engine, prompt(330)), branched = run(*engine, branch),
                  again = run(*engine, prompt(330));
        CHECK(first.cached == 0);
        CHECK(branched.cached == 320);
        CHECK(again.cached == 320);
        CHECK(again.ids == first.ids);
        const auto fresh = load(shared.file, budget);
        CHECK(run(*fresh, branch).ids == branched.ids);
    }
}

TEST_CASE("shared with the CPU: stopped between hand-overs, and the next request is computed right") {
    for (const Shared& shared : {kDense, kMixture}) {
        CAPTURE(shared.file);
        const uint64_t budget = budgetOf(shared);
        const auto engine = load(shared.file, budget);
        const Run wanted = run(*engine, prompt(200));
        for (const size_t length : {400, 70}) {
            std::stop_source stop;
            GenerationRequest request;
            request.prompt = prompt(length);
            request.prompt[0] = 77; // nothing of it is in the cache
            request.stop = stop.get_token();
            auto generation = engine->begin(std::move(request)).value();
            if (length > 100) REQUIRE(generation->prefillChunk().ok());
            stop.request_stop();
            while (generation->prefilling()) REQUIRE(generation->prefillChunk().ok());
            REQUIRE(generation->decode().ok());
            CHECK(generation->outcome().reason == FinishReason::Cancelled);
        }
        CHECK(run(*engine, prompt(200)).ids == wanted.ids);
        auto other = prompt(200);
        other[0] = 78;
        const Run computed = run(*engine, other);
        CHECK(computed.cached == 0);
        CHECK(run(*load(shared.file, budget), other).ids == computed.ids);
    }
}
