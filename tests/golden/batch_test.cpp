// Passes of several sequences against passes of each by itself: the same logits to the bit, the same choices.

#include <cstring>
#include <filesystem>

#include <doctest/doctest.h>

#include "inference/device.h"
#include "inference/device_plan.h"
#include "inference/sequence.h"
#include "inference/token_chooser.h"
#include "models/model_info.h"

using namespace ponder;
using inference::BatchRow;
using inference::Forward;
using inference::Sequence;
using models::TokenId;

namespace {

const std::filesystem::path kModels = PONDER_TEST_MODELS;
constexpr uint32_t kContext = 4096;

template <typename T>
T require(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
    return std::move(result).value();
}
void require(const Result<void>& result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
}

// A model on the device, without the engine around it.
struct Loaded {
    Loaded(const char* name, bool precise)
        : file(require(models::GgufFile::open(kModels / name))),
          hyperparams(*require(models::readModelInfo(file)).hyperparams),
          device(require(inference::openDevice("vulkan:0"))) {
        protocol::LoadOptions options;
        options.context = kContext;
        options.precise = precise;
        plan = require(inference::planForDevice(file, hyperparams, device->caps(), options));
        const inference::LoadProgressSink progress;
        require(device->load({.file = file,
                              .hyperparams = hyperparams,
                              .plan = plan,
                              .ropeFactors = {},
                              .precise = precise,
                              .cache = inference::cacheFormat(precise, options.cache),
                              .progress = progress,
                              .stop = {}}));
    }

    // A sequence that has these tokens.
    std::unique_ptr<Sequence> sequenceOf(std::span<const TokenId> tokens) {
        const uint32_t chunk = device->forward().chunkTokens();
        auto sequence = std::make_unique<Sequence>(device->cache(), std::span<const TokenId>(), chunk,
                                                   Sequence::Reuse::Repeatable);
        REQUIRE(sequence->reserve(static_cast<uint32_t>(tokens.size())));
        for (size_t done = 0; done < tokens.size(); done += chunk) {
            const auto part = tokens.subspan(done, std::min<size_t>(chunk, tokens.size() - done));
            require(
                device->forward().run(part, sequence->length(), sequence->blockTable(), Forward::Head::None));
            sequence->append(part);
        }
        return sequence;
    }

    // Logits behind a prompt, of which the cache may know some.
    std::vector<float> logitsOf(std::span<const TokenId> prompt) {
        Sequence sequence(device->cache(), prompt, device->forward().chunkTokens(),
                          Sequence::Reuse::Repeatable);
        REQUIRE(sequence.reserve(static_cast<uint32_t>(prompt.size()) - sequence.length()));
        if (const auto& copy = sequence.pendingCopy()) {
            require(device->cache().copy(copy->from, copy->to, copy->tokens));
            sequence.copyDone();
        }
        while (sequence.length() < prompt.size()) {
            const auto left = prompt.subspan(sequence.length());
            const auto part = left.first(sequence.nextPass(left.size()));
            require(device->forward().run(part, sequence.length(), sequence.blockTable(),
                                          part.size() == left.size() ? Forward::Head::LastRow
                                                                     : Forward::Head::None));
            sequence.append(part);
        }
        const auto logits = device->forward().logits();
        return {logits.begin(), logits.end()};
    }

    models::GgufFile file;
    models::Hyperparams hyperparams;
    std::unique_ptr<inference::Device> device;
    inference::MemoryPlan plan;
};

std::vector<TokenId> someTokens(size_t count, size_t salt) {
    std::vector<TokenId> tokens(count);
    for (size_t i = 0; i < count; ++i) tokens[i] = static_cast<TokenId>((i * 61 + salt * 97 + i / 5) % 500);
    return tokens;
}

void compare(const char* name, bool precise) {
    INFO(name);
    Loaded model(name, precise);
    Forward& forward = model.device->forward();
    inference::TokenChooser* const chooser = forward.chooser();
    REQUIRE(chooser);
    REQUIRE(chooser->batchRows() == 8);
    const std::vector<size_t> lengths{1, 300, 255, 256, 17, 64, 2, 513};
    constexpr size_t kSteps = 3;
    for (const size_t rows : {2, 3, 8}) {
        CAPTURE(rows);
        std::vector<std::vector<TokenId>> tokens;
        for (size_t i = 0; i < rows; ++i) tokens.push_back(someTokens(lengths[i] + kSteps, i));
        // The row of a sequence at a step; its choice is of two kinds, side by side.
        const auto rowOf = [&](size_t i, size_t step, Sequence& sequence) {
            const auto position = static_cast<uint32_t>(lengths[i] + step);
            const auto known = std::span<const TokenId>(tokens[i]).first(position + 1);
            REQUIRE(sequence.reserve(1));
            protocol::SamplingParams sampling;
            sampling.temperature = i % 3 == 1 ? 0 : 1.1f;
            sampling.seed = 900 + i;
            return BatchRow{.id = known.back(),
                            .position = position,
                            .blockTable = sequence.blockTable(),
                            .choice = {sampling, model.hyperparams.n_vocab, known, {}}};
        };
        const auto goOn = [&](size_t i, size_t step, Sequence& sequence) {
            sequence.append(std::span<const TokenId>(tokens[i]).subspan(lengths[i] + step, 1));
        };
        std::vector<std::vector<float>> logits[kSteps];
        std::vector<inference::TokenChooser::Token> choices[kSteps];
        for (size_t i = 0; i < rows; ++i) {
            const auto sequence = model.sequenceOf(std::span(tokens[i]).first(lengths[i]));
            for (size_t step = 0; step < kSteps; ++step) {
                const BatchRow row = rowOf(i, step, *sequence);
                const std::span<const TokenId> id(&row.id, 1);
                require(forward.run(id, row.position, row.blockTable, Forward::Head::LastRow));
                logits[step].emplace_back(forward.logits().begin(), forward.logits().end());
                const uint64_t pass =
                    require(chooser->beginChoosing(id, row.position, row.blockTable, row.choice, {}));
                choices[step].push_back(require(chooser->chosen(pass)));
                goOn(i, step, *sequence);
            }
        }
        std::vector<std::unique_ptr<Sequence>> sequences;
        for (size_t i = 0; i < rows; ++i)
            sequences.push_back(model.sequenceOf(std::span(tokens[i]).first(lengths[i])));
        for (size_t step = 0; step < kSteps; ++step) {
            CAPTURE(step);
            std::vector<BatchRow> batch;
            for (size_t i = 0; i < rows; ++i) batch.push_back(rowOf(i, step, *sequences[i]));
            CHECK(require(chooser->chooseTogether(batch)) == choices[step]);
            size_t seen = 0;
            require(forward.allLogits([&](size_t row, std::span<const float> got) -> Result<void> {
                ++seen;
                CAPTURE(row);
                CHECK(std::memcmp(got.data(), logits[step][row].data(), got.size_bytes()) == 0);
                return {};
            }));
            CHECK(seen == rows);
            for (size_t i = 0; i < rows; ++i) goOn(i, step, *sequences[i]);
        }
    }
}

} // namespace

TEST_CASE("what is computed of a prompt is the same bits whatever the cache holds") {
    for (const char* name : {"qwen2-Q4_K_M.gguf", "llama-Q6_K.gguf"}) {
        INFO(name);
        // Lengths behind which kernels of few tokens begin, those of many, and where a pass of 64 is full.
        for (const size_t length : {3, 63, 65, 70, 129, 200, 330}) {
            CAPTURE(length);
            const auto prompt = someTokens(length, 5);
            const auto wanted = Loaded(name, false).logitsOf(prompt);
            Loaded warm(name, false);
            auto longer = prompt;
            longer.insert(longer.end(), 100, 7);
            warm.logitsOf(std::span(prompt).first(length - 2));
            CHECK(warm.logitsOf(prompt) == wanted);
            CHECK(warm.logitsOf(prompt) == wanted);
            warm.logitsOf(longer);
            CHECK(warm.logitsOf(prompt) == wanted);
        }
    }
}

TEST_CASE("rows of a pass of several sequences are bit by bit those of passes of their own") {
    compare("qwen2-Q4_K_M.gguf", false);
    compare("llama-Q6_K.gguf", false);
    compare("qwen2.gguf", true);
}

TEST_CASE("latent attention takes sequences one by one") {
    Loaded model("deepseek3-kvb-IQ2_XXS.gguf", false);
    REQUIRE(model.device->forward().chooser());
    CHECK(model.device->forward().chooser()->batchRows() == 1);
}
