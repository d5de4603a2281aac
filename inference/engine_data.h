#pragma once
// What Engine and Generation share; engine.h says what they are. Members in the order in which they depend on
// each other.

#include <optional>

#include "inference/decoder.h"
#include "inference/engine.h"
#include "inference/kv_cache.h"
#include "inference/sampler.h"
#include "inference/sequence.h"
#include "inference/vulkan/context.h"
#include "inference/weights.h"

namespace ponder::inference {

struct Engine::Data {
    EngineOptions options;
    std::unique_ptr<models::GgufFile> file;
    models::Hyperparams hyperparams;
    std::unique_ptr<models::Tokenizer> tokenizer;
    Result<models::ChatTemplate> chatTemplate = Error{};
    MemoryPlan plan;
    double loadSeconds = 0, pipelineSeconds = 0;

    std::unique_ptr<vulkan::Context> context;
    std::unique_ptr<vulkan::KernelRegistry> registry;
    std::unique_ptr<Weights> weights;
    std::unique_ptr<KvCache> cache;
    std::unique_ptr<Decoder> decoder;
    Sampler sampler;

    // DeviceLost once the driver has given up: then nothing may be asked of it any more.
    Result<void> checkAlive() const;
    Result<void> checkTokens(std::span<const models::TokenId> tokens) const;
    std::string profile() const; // several lines: parts of the load, longest submission, stages of a pass
    // Runs tokens at the end of a sequence, at most a chunk of them, after whatever copy it still waits for.
    Result<void> extend(Sequence& sequence, std::span<const models::TokenId> tokens, Decoder::Head head,
                        std::stop_token stop);
};

} // namespace ponder::inference
