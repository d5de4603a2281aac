#pragma once
// The engine: one device, one loaded model, several sequences over one block cache. Owns everything from the
// Vulkan device to the sampler. Used by one thread (the engine's); only a stop_token may be triggered from
// another.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/load_progress.h"
#include "inference/memory_plan.h"
#include "inference/protocol/messages.h"
#include "inference/vulkan/device_caps.h"
#include "models/chat_template.h"
#include "models/gguf_file.h"
#include "models/hyperparams.h"
#include "models/tokenizer.h"

namespace ponder::inference {

struct EngineOptions {
    std::string device;      // "vulkan:0" or "cpu"; empty: the first of devices()
    uint32_t context = 0;    // tokens; 0: the least of the file's, 32,768, and what fits
    uint64_t vramBudget = 0; // bytes; 0: what the device offers
    uint64_t ramBudget = 0;
    bool precise = false; // float32 activations and cache
    protocol::Experts experts = protocol::Experts::Auto;
    protocol::Cache cache = protocol::Cache::F16;
    bool timestamps = false;
    bool prediction = false; // with the block that predicts a further token, for predictedLogits
    std::string mtpFile;     // a side file that holds it; empty: the model's file does, or nothing
};

struct GeneratedToken {
    models::TokenId id = 0;
    models::Channel channel = models::Channel::Answer;
    std::string text; // complete characters that this token finished; often empty in mid-character
};

struct GenerationRequest {
    std::vector<models::TokenId> prompt;
    models::Channel opens = models::Channel::Answer; // channel of the first new token
    // Of the prompt's last tokens: written by the model earlier. It goes on behind them, perhaps in the middle of a
    // character.
    size_t continued = 0;
    uint32_t maxTokens = 32768;
    protocol::SamplingParams sampling;
    std::stop_token stop; // looked at between submissions, so within a chunk too; ends with reason Cancelled
};

struct GenerationOutcome {
    protocol::FinishReason reason = protocol::FinishReason::Stop;
    protocol::GenerationStats stats;
};

struct BenchResult { // of one run
    double prefillSeconds = 0, generateSeconds = 0;
    double hostMicrosecondsPerToken = 0;
    uint32_t depthReused = 0;   // of the depth's tokens: in the cache from a run before
    uint64_t bytesPerToken = 0; // weights and cache read; of a batch, weights shared out
    // Of a mixture, in generating. 0: it is none, or nobody counts.
    double expertDeviceShare = 0; // of the pairs of a token and an expert that it chose
    double distinctExperts = 0;   // that a layer used, on average over the layers that count
};

// Context in which a benchmark of so many sequences of so many tokens runs; saturates.
uint32_t benchContext(uint64_t tokens, uint32_t batch);

class Generation; // one request in progress

class Engine {
public:
    static std::vector<vulkan::DeviceCaps> devices(); // the one that is used where none is named first

    // Opens the device, plans, uploads. Errors: those of GgufFile and Context; UnsupportedArchitecture;
    // ModelTooLarge with the numbers; OutOfDeviceMemory; Cancelled.
    static Result<std::unique_ptr<Engine>> load(const std::filesystem::path& path,
                                                const EngineOptions& options,
                                                const LoadProgressSink& progress = {},
                                                std::stop_token stop = {});
    ~Engine();

    const models::GgufFile& file() const;
    const models::Hyperparams& hyperparams() const;
    const models::Tokenizer& tokenizer() const;
    // An error for a vocabulary without the tokens of any known layout: such a model takes raw tokens only.
    const Result<models::ChatTemplate>& chatTemplate() const;
    const MemoryPlan& plan() const;
    const vulkan::DeviceCaps& device() const;
    uint32_t context() const;          // tokens
    std::string kernelSummary() const; // device, driver and kernel paths, one line
    double loadSeconds() const;
    uint64_t loadedBytes() const;
    // How often each expert of a block was chosen since loading; empty: it has none, or nobody counts (forward.h).
    std::span<const uint64_t> expertCounts(uint32_t block) const;

    // Logits of every position, handed out row by row: [n_vocab]. step: one token at a time through the
    // decoding path.
    Result<void> logits(std::span<const models::TokenId> tokens, bool step,
                        const std::function<Result<void>(size_t position, std::span<const float> row)>& sink);

    // The same of the prediction block, one row fewer: row i is for token i + 2. Needs EngineOptions::prediction.
    Result<void>
    predictedLogits(std::span<const models::TokenId> tokens,
                    const std::function<Result<void>(size_t position, std::span<const float> row)>& sink);

    // A request that several of may be alive at once. Prefix reuse happens here. Errors: ContextFull,
    // Cancelled, device errors.
    Result<std::unique_ptr<Generation>> begin(GenerationRequest request);
    // Computes the next token of those that are past their prompts, several in one pass where the device can: each then has it ready,
    // to the bit the one that it would have computed, and its decode() gives it out. Whatever fails, decode() meets again and tells.
    void decodeTogether(std::span<Generation* const> generations);
    // Runs it to its end. onToken returning false cancels.
    Result<GenerationOutcome> generate(GenerationRequest request,
                                       const std::function<bool(const GeneratedToken&)>& onToken);
    // Random tokens (seeded): prompt of promptTokens after depth cached ones, which are the same whatever the seed, then
    // generateTokens decode steps fed with random tokens, never with its own output; batch: so many sequences, a token of each
    // at a time.
    Result<BenchResult> bench(uint32_t promptTokens, uint32_t generateTokens, uint32_t depth, uint32_t batch,
                              uint64_t seed);

private:
    friend class Generation;
    friend class Continuation;
    struct Data;
    explicit Engine(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

// Steps of one request, so that a server can interleave several: prefill chunk by chunk, then token by token.
class Generation {
public:
    ~Generation(); // its blocks stay in the cache for reuse
    uint32_t promptTokens() const;
    uint32_t cachedTokens() const;
    bool prefilling() const;
    Result<void> prefillChunk(); // one chunk, in bounded submissions
    uint32_t prefilledTokens() const;
    // The next token; none when it has ended, see outcome().
    Result<std::optional<GeneratedToken>> decode();
    const GenerationOutcome& outcome() const;
    void cancel();

private:
    friend class Engine;
    struct Data;
    explicit Generation(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::inference
