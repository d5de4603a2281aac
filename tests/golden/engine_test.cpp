// What the engine promises beyond right logits: reuse of beginnings, several generations at once,
// determinism, ends, errors.

#include "inference/engine.h"

#include <fstream>

#include <doctest/doctest.h>

#include "inference/sampler.h"

using namespace ponder;
using inference::Engine;
using inference::EngineOptions;
using inference::GeneratedToken;
using inference::GenerationOutcome;
using inference::GenerationRequest;
using models::TokenId;
using protocol::FinishReason;

namespace {

const std::filesystem::path kModels = PONDER_TEST_MODELS;

// One engine for most tests: loading costs more than what they do. Precise, so that ways of computing do not
// differ in ties.
Engine& engine() {
    static const auto loaded = [] {
        EngineOptions options;
        options.precise = true;
        options.context = 2048;
        auto result = Engine::load(kModels / "qwen2.gguf", options);
        REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
        return std::move(*result);
    }();
    return *loaded;
}

std::vector<TokenId> somePrompt(size_t count, TokenId salt) {
    std::vector<TokenId> tokens(count);
    for (size_t i = 0; i < count; ++i)
        tokens[i] = static_cast<TokenId>((i * 37 + static_cast<size_t>(salt) * 101 + i / 7) % 500);
    return tokens;
}

struct Run {
    std::vector<TokenId> ids;
    std::string text;
    GenerationOutcome outcome;
};

GenerationRequest request(std::vector<TokenId> prompt, uint32_t tokens, float temperature = 0,
                          uint64_t seed = 1) {
    GenerationRequest r;
    r.prompt = std::move(prompt);
    r.maxTokens = tokens;
    r.sampling.temperature = temperature;
    r.sampling.topP = 0.95f;
    r.sampling.seed = seed;
    return r;
}

Run run(GenerationRequest r) {
    Run result;
    const auto outcome = engine().generate(std::move(r), [&](const GeneratedToken& token) {
        result.ids.push_back(token.id);
        result.text += token.text;
        return true;
    });
    REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.error().message));
    result.outcome = *outcome;
    return result;
}

} // namespace

TEST_CASE("a reused beginning gives the same tokens and costs only the rest") {
    auto prompt = somePrompt(700, 1);
    const Run first = run(request(prompt, 12));
    CHECK(first.outcome.stats.cachedTokens == 0);
    const Run again = run(request(prompt, 12));
    CHECK(again.outcome.stats.cachedTokens == 640); // whole passes of 64
    CHECK(again.ids == first.ids);

    // Going on behind it: the model's own words with all of them but the last token, else as if anew.
    auto longer = prompt;
    longer.insert(longer.end(), first.ids.begin(), first.ids.end());
    longer.push_back(7);
    CHECK(run(request(longer, 4)).outcome.stats.cachedTokens == 640);
    auto own = request(longer, 4);
    own.continued = first.ids.size();
    CHECK(run(own).outcome.stats.cachedTokens >= 700 + first.ids.size() - 1);

    // A branch in the middle of a block others keep.
    auto branch = prompt;
    branch[600] = (branch[600] + 1) % 500;
    const Run branched = run(request(branch, 6));
    CHECK(branched.outcome.stats.cachedTokens == 576);
    // The same computed from nothing: other tokens first, so that nothing of it is found.
    std::vector<float> wanted, got;
    REQUIRE(engine()
                .logits(branch, false,
                        [&](size_t position, std::span<const float> row) -> Result<void> {
                            if (position == branch.size() - 1) wanted.assign(row.begin(), row.end());
                            return {};
                        })
                .ok());
    CHECK(std::max_element(wanted.begin(), wanted.end()) - wanted.begin() == branched.ids.at(0));
    // And the branch has changed nothing of what it came from.
    CHECK(run(request(prompt, 12)).ids == first.ids);
}

// A branch in the middle of a block gives what a fresh run gives, and changes nothing of what it came from.
void checkBranch(const char* model, const EngineOptions& options) {
    const auto load = [&] {
        auto result = Engine::load(kModels / model, options);
        REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
        return std::move(*result);
    };
    const auto generate = [](Engine& on, const std::vector<TokenId>& prompt, uint32_t cached) {
        std::vector<TokenId> ids;
        const auto outcome = on.generate(request(prompt, 5), [&](const GeneratedToken& token) {
            ids.push_back(token.id);
            return true;
        });
        REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.error().message));
        CHECK(outcome->stats.cachedTokens == cached);
        return ids;
    };
    const auto prompt = somePrompt(380, 3);
    auto branch = prompt;
    branch[350] = (branch[350] + 1) % 500;
    const auto wanted = generate(*load(), branch, 0);
    const auto warm = load();
    const auto first = generate(*warm, prompt, 0);
    CHECK(generate(*warm, branch, 320) == wanted);
    CHECK(generate(*warm, prompt, 320) == first);
}

TEST_CASE("latent attention: branches") {
    EngineOptions options;
    options.precise = true;
    options.context = 1024;
    checkBranch("deepseek3-kvb-IQ2_XXS.gguf", options);
}

TEST_CASE("cache of 8 bits: branches") {
    EngineOptions options;
    options.device = "vulkan:0";
    options.cache = protocol::Cache::Q8;
    options.context = 1024;
    checkBranch("qwen2.gguf", options);
    checkBranch("llama-Q6_K.gguf", options);
}

TEST_CASE("two generations in turns equal their solo runs") {
    const auto a = somePrompt(300, 2), b = somePrompt(90, 3);
    const Run soloA = run(request(a, 20, 0.8f, 11)), soloB = run(request(b, 20, 0.8f, 12));
    const auto startA = engine().begin(request(a, 20, 0.8f, 11)),
               startB = engine().begin(request(b, 20, 0.8f, 12));
    REQUIRE((startA.ok() && startB.ok()));
    std::vector<TokenId> ids[2];
    bool going = true;
    while (going) {
        going = false;
        for (int i = 0; i < 2; ++i) {
            auto& generation = i == 0 ? **startA : **startB;
            if (generation.prefilling()) {
                REQUIRE(generation.prefillChunk().ok());
                going = true;
                continue;
            }
            const auto token = generation.decode();
            REQUIRE(token.ok());
            if (!token->has_value()) continue;
            ids[i].push_back((*token)->id);
            going = true;
        }
    }
    CHECK(ids[0] == soloA.ids);
    CHECK(ids[1] == soloB.ids);
}

TEST_CASE("the same seed gives the same text, another another") {
    const auto prompt = somePrompt(40, 4);
    const Run one = run(request(prompt, 30, 1.5f, 5)), two = run(request(prompt, 30, 1.5f, 5)),
              other = run(request(prompt, 30, 1.5f, 6));
    CHECK(one.ids == two.ids);
    CHECK(one.text == two.text);
    CHECK(one.ids != other.ids);
}

TEST_CASE("the device chooses what the sampler chooses from the same logits") {
    auto asked = request({5}, 300, 1.2f, 21); // passes of one token, over the end of a block
    asked.sampling.topK = 60;
    asked.sampling.minP = 0.01f;
    asked.sampling.repetitionPenalty = 1.4f;
    asked.sampling.penaltyWindow = 20;
    std::vector<TokenId> tokens{5};
    const Run got = run(asked);
    tokens.insert(tokens.end(), got.ids.begin(), got.ids.end());
    REQUIRE(tokens.size() > 260);
    inference::Sampler sampler;
    size_t differing = 0;
    REQUIRE(engine()
                .logits(tokens, true,
                        [&](size_t position, std::span<const float> row) -> Result<void> {
                            if (position + 1 == tokens.size()) return {};
                            const auto chosen =
                                sampler.sample(row.first(engine().tokenizer().size()), asked.sampling,
                                               std::span(tokens).first(position + 1), position + 1);
                            differing += chosen != tokens[position + 1];
                            return {};
                        })
                .ok());
    CHECK(differing == 0);
}

TEST_CASE("a stop token leaves no trace of the pass that was begun behind it") {
    bool seen = false;
    for (uint64_t seed = 0; seed < 30 && !seen; ++seed) {
        auto asked = request(somePrompt(20, 9), 200, 30.0f, seed);
        asked.sampling.topP = 1;
        const Run got = run(asked);
        if (got.outcome.reason != FinishReason::Stop || got.ids.size() < 20) continue;
        seen = true;
        auto longer = asked.prompt;
        longer.insert(longer.end(), got.ids.begin(), got.ids.end());
        CHECK(got.outcome.stats.contextUsed == longer.size());
        longer.insert(longer.end(), {3, 4});
        auto going = request(longer, 1);
        going.continued = 2;
        const Run further = run(going);
        std::vector<float> wanted;
        REQUIRE(engine()
                    .logits(longer, false,
                            [&](size_t position, std::span<const float> row) -> Result<void> {
                                if (position == longer.size() - 1) wanted.assign(row.begin(), row.end());
                                return {};
                            })
                    .ok());
        CHECK(further.outcome.stats.cachedTokens == longer.size() - 2);
        CHECK(std::max_element(wanted.begin(), wanted.end()) - wanted.begin() == further.ids.at(0));
    }
    CHECK(seen);
}

TEST_CASE("a full context ends with reason length") {
    auto r = request(somePrompt(2040, 5), 1000);
    const Run full = run(r);
    // The last position computed is the last of the context; its token is still given out.
    if (full.outcome.reason == FinishReason::Length) CHECK(full.ids.size() == 9);
    CHECK(full.outcome.stats.contextUsed <= 2048);
    CHECK(run(request(somePrompt(5, 5), 3)).outcome.reason == FinishReason::Length);
    CHECK(run(request(somePrompt(5, 5), 0)).ids.empty());

    const auto tooLong = engine().begin(request(somePrompt(2048, 5), 1));
    REQUIRE_FALSE(tooLong.ok());
    CHECK(tooLong.error().code == ErrorCode::ContextFull);
    CHECK(tooLong.error().message.find("2048") != std::string::npos);
}

TEST_CASE("requests that make no sense are refused") {
    for (const auto& prompt :
         {std::vector<TokenId>{}, std::vector<TokenId>{-1}, std::vector<TokenId>{5, 512}}) {
        const auto generation = engine().begin(request(prompt, 1));
        REQUIRE_FALSE(generation.ok());
        CHECK(generation.error().code == ErrorCode::InvalidArgument);
        CHECK_FALSE(
            engine().logits(prompt, false, [](size_t, std::span<const float>) { return Result<void>(); }).ok());
    }
    CHECK(engine()
              .logits(somePrompt(2049, 1), true, [](size_t, std::span<const float>) { return Result<void>(); })
              .error()
              .code == ErrorCode::ContextFull);
    CHECK(engine().bench(1, 1, 0, 0, 1).error().code == ErrorCode::InvalidArgument);
    CHECK(engine().bench(1, 1, 0, 100000, 1).error().code == ErrorCode::ContextFull);
    CHECK(engine().bench(2000, 100, 0, 1, 1).error().code == ErrorCode::ContextFull);
}

TEST_CASE("thought and answer are told apart by tokens, whose text is not shown") {
    const auto& layout = engine().chatTemplate();
    REQUIRE(layout.ok());
    REQUIRE(layout->thinkEnd().has_value());
    // Found by trying seeds: a generation in which the model closes its thought is rare in a random model.
    bool seen = false;
    for (uint64_t seed = 0; seed < 12 && !seen; ++seed) {
        auto r = request(somePrompt(20, 6), 120, 30.0f, seed);
        r.sampling.topP = 1;
        r.opens = models::Channel::Thought;
        bool answering = false, consistent = true;
        REQUIRE(engine()
                    .generate(std::move(r),
                              [&](const GeneratedToken& token) {
                                  const bool start = token.id == layout->thinkStart(),
                                             end = token.id == layout->thinkEnd();
                                  if (start) answering = false;
                                  consistent &= (token.channel == models::Channel::Answer) == answering;
                                  consistent &= token.text.find("think") == std::string::npos;
                                  seen |= end && !answering;
                                  if (end) answering = true;
                                  return true;
                              })
                    .ok());
        CHECK(consistent);
    }
    CHECK(seen);
}

TEST_CASE("stopping takes effect at once") {
    int count = 0;
    const auto outcome = engine().generate(request(somePrompt(10, 7), 50, 1.0f, 3),
                                           [&](const GeneratedToken&) { return ++count < 3; });
    REQUIRE(outcome.ok());
    CHECK(outcome->reason == FinishReason::Cancelled);
    CHECK(count == 3);

    std::stop_source stop;
    auto r = request(somePrompt(1500, 8), 50);
    r.stop = stop.get_token();
    const auto generation = engine().begin(std::move(r));
    REQUIRE(generation.ok());
    REQUIRE((*generation)->prefillChunk().ok());
    stop.request_stop();
    REQUIRE((*generation)->prefillChunk().ok());
    CHECK_FALSE((*generation)->prefilling());
    CHECK((*generation)->prefilledTokens() < 1500);
    CHECK_FALSE((*generation)->decode()->has_value());
    CHECK((*generation)->outcome().reason == FinishReason::Cancelled);
}

TEST_CASE("more generations than the cache holds end with reason length, and the cache recovers") {
    std::vector<std::unique_ptr<inference::Generation>> alive;
    int full = 0;
    for (int i = 0; i < 4; ++i) {
        auto generation = engine().begin(request(somePrompt(700, static_cast<TokenId>(20 + i)), 2));
        REQUIRE(generation.ok());
        while ((*generation)->prefilling()) {
            const auto chunk = (*generation)->prefillChunk();
            if (chunk.ok()) continue;
            CHECK(chunk.error().code == ErrorCode::ContextFull);
            ++full;
        }
        alive.push_back(std::move(*generation));
    }
    CHECK(full == 2); // 8 blocks, of which each takes 3
    alive.clear();
    CHECK(run(request(somePrompt(1900, 30), 2)).ids.size() == 2);
}

TEST_CASE("benchmarks count what they did") {
    const auto result = engine().bench(70, 3, 10, 1, 1);
    REQUIRE(result.ok());
    CHECK(result->prefillSeconds > 0);
    CHECK(result->generateSeconds > 0);
    CHECK(result->bytesPerToken > engine().plan().bytesPerToken);
    const auto again = engine().bench(20, 2, 10, 1, 2);
    REQUIRE(again.ok());
    CHECK(again->depthReused == 9); // the logits of the last one are always wanted
}

TEST_CASE("loading: refused and stopped with a sentence") {
    EngineOptions options;
    options.device = "vulkan:99";
    CHECK(Engine::load(kModels / "qwen2.gguf", options).error().code == ErrorCode::NoDevice);
    CHECK(Engine::load(kModels / "absent.gguf", {}).error().code == ErrorCode::NotFound);
    options = {};
    options.vramBudget = 1 << 20;
    const auto large = Engine::load(kModels / "qwen2.gguf", options);
    CHECK(large.error().code == ErrorCode::ModelTooLarge);
    std::stop_source stop;
    stop.request_stop();
    CHECK(Engine::load(kModels / "qwen2.gguf", {}, {}, stop.get_token()).error().code == ErrorCode::Cancelled);
    // Stopped when it says that it is under way.
    std::stop_source later;
    CHECK(Engine::load(
              kModels / "qwen2.gguf", {}, [&](const inference::LoadProgress&) { later.request_stop(); },
              later.get_token())
              .error()
              .code == ErrorCode::Cancelled);
}

TEST_CASE("the CPU is a device: the same greedy tokens, in float32, and branches of its cache") {
    EngineOptions options;
    options.context = 1024;
    options.precise = true;
    const auto onDevice = Engine::load(kModels / "qwen2.gguf", options);
    options.device = "cpu";
    const auto onCpu = Engine::load(kModels / "qwen2.gguf", options);
    REQUIRE(onDevice.ok());
    REQUIRE(onCpu.ok());
    // The second shares 300 tokens with the first: a block whole and part of another, which is copied.
    auto prompt = somePrompt(300, 4);
    for (int branch = 0; branch < 2; ++branch) {
        std::vector<TokenId> expected, got;
        auto asked = request(prompt, 12);
        asked.sampling.temperature = 0;
        const auto keep = [](std::vector<TokenId>& tokens) {
            return [&tokens](const GeneratedToken& token) {
                tokens.push_back(token.id);
                return true;
            };
        };
        CHECK((*onDevice)->generate(asked, keep(expected)).ok());
        CHECK((*onCpu)->generate(asked, keep(got)).ok());
        CHECK(got == expected);
        prompt.insert(prompt.end(), {7, 11, 13});
    }
}

TEST_CASE("a file that is deleted while its model is loaded changes nothing") {
    const auto copy = kModels / "deleted.gguf";
    std::filesystem::copy_file(kModels / "qwen2.gguf", copy,
                               std::filesystem::copy_options::overwrite_existing);
    EngineOptions options;
    options.context = 512;
    const auto loaded = Engine::load(copy, options);
    REQUIRE(loaded.ok());
    std::ofstream(copy, std::ios::trunc).flush();
    std::filesystem::remove(copy);
    const auto outcome =
        (*loaded)->generate(request(somePrompt(80, 9), 3), [](const GeneratedToken&) { return true; });
    CHECK(outcome.ok());
}

TEST_CASE("several generations at once, token by token together, are what each is alone") {
    struct One {
        std::vector<TokenId> prompt;
        float temperature;
        uint64_t seed;
        uint32_t tokens;
        GenerationRequest request() const { return ::request(prompt, tokens, temperature, seed); }
    };
    // Of different lengths and ends, one greedy, some with the prefix of another; more than one pass takes.
    std::vector<One> all;
    for (uint32_t i = 0; i < 11; ++i)
        all.push_back({somePrompt(3 + 61 * (i % 5), static_cast<TokenId>(40 + i / 2)), i == 3 ? 0.0f : 1.3f,
                       70 + i, 5 + 3 * i});
    for (const bool precise : {true, false}) {
        EngineOptions options;
        options.precise = precise;
        options.context = 6144; // two blocks each
        auto loaded = Engine::load(kModels / "qwen2.gguf", options);
        REQUIRE(loaded.ok());
        Engine& on = **loaded;
        std::vector<std::vector<TokenId>> alone(all.size()), together(all.size());
        for (size_t i = 0; i < all.size(); ++i)
            REQUIRE(on.generate(all[i].request(), [&](const GeneratedToken& token) {
                          alone[i].push_back(token.id);
                          return true;
                      }).ok());
        std::vector<std::unique_ptr<inference::Generation>> generations;
        for (const One& one : all) {
            auto begun = on.begin(one.request());
            REQUIRE(begun.ok());
            generations.push_back(std::move(*begun));
            while (generations.back()->prefilling()) REQUIRE(generations.back()->prefillChunk().ok());
        }
        for (bool going = true; going;) {
            going = false;
            std::vector<inference::Generation*> each;
            for (auto& generation : generations) each.push_back(generation.get());
            on.decodeTogether(each);
            for (size_t i = 0; i < generations.size(); ++i) {
                const auto token = generations[i]->decode();
                REQUIRE(token.ok());
                if (!token->has_value()) continue;
                together[i].push_back((*token)->id);
                going = true;
            }
        }
        CHECK(together == alone);
    }
}

TEST_CASE(
    "a benchmark of several sequences: of as many as a pass takes, of more, of more than there is room for") {
    for (const uint32_t batch : {2u, 5u, 11u}) {
        if (batch == 11) { // a block of 256 tokens each
            CHECK(!engine().bench(8, 4, 0, batch, 1).ok());
            continue;
        }
        const auto result = engine().bench(8, 4, 300, batch, 1);
        CAPTURE(batch);
        CHECK(result.ok() == (batch == 2));
        const auto fits = engine().bench(8, 4, 100, batch, 1);
        REQUIRE(fits.ok());
        CHECK(fits->generateSeconds > 0);
        CHECK(fits->hostMicrosecondsPerToken > 0);
    }
}
