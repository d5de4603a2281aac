#pragma once
// What Engine and Generation share; engine.h says what they are. Owned by the Engine, which must outlive its generations.
// Belongs to the engine's thread. Members in the order in which they depend on each other.

#include <optional>

#include "inference/device.h"
#include "inference/engine.h"
#include "inference/sampler.h"
#include "inference/sequence.h"
#include "inference/token_chooser.h"

namespace ponder::inference {

struct Engine::Data {
    EngineOptions options;
    std::unique_ptr<models::GgufFile> file;
    models::Hyperparams hyperparams;
    std::unique_ptr<models::Tokenizer> tokenizer;
    Result<models::ChatTemplate> chatTemplate = Error{};
    MemoryPlan plan;
    double loadSeconds = 0;
    std::unique_ptr<Device> device;
    Sampler sampler;

    Forward& forward() { return device->forward(); }
    Result<void> checkTokens(std::span<const models::TokenId> tokens) const;
    // Makes room behind a sequence, after whatever copy it still waits for. Errors: ContextFull, of the device.
    Result<void> prepare(Sequence& sequence, uint32_t tokens);
    // Runs tokens at the end of a sequence, at most a chunk of them, after whatever copy it still waits for.
    Result<void> extend(Sequence& sequence, std::span<const models::TokenId> tokens, Forward::Head head,
                        std::stop_token stop);
    // One token at the end of each of these sequences, at most as many as a pass of the chooser takes, and the choices behind them.
    // Prepared for it, with nothing begun ahead. All or, with an error, none of them have gone on.
    struct Step {
        Sequence* sequence = nullptr;
        std::span<const models::TokenId> tokens; // all of the sequence with the one that is run
        protocol::SamplingParams sampling;
    };
    Result<std::vector<TokenChooser::Token>> stepTogether(std::span<const Step> steps);
    size_t choices() const; // tokens that may be chosen; rows of logits beyond are padding
};

} // namespace ponder::inference
