#pragma once
// Running tokens through a loaded model, whatever computes: the Vulkan decoder (decoder.h) or the CPU's (cpu/decoder.h).
// Belongs to the engine's thread.

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "models/base/result.h"
#include "models/tokenizer.h"

namespace ponder::inference {

class TokenChooser;

// How the experts of mixtures were used since loading; pairs of a token and an expert that it chose.
struct ExpertUse {
    uint64_t pairs = 0;
    uint64_t onDevice = 0; // of them: computed by the device that runs the model
};

// Of the pairs since `before`, the share that the device computed; 0 where there are none.
inline double deviceShare(const ExpertUse& before, const ExpertUse& now) {
    const auto pairs = static_cast<double>(now.pairs - before.pairs);
    return pairs > 0 ? static_cast<double>(now.onDevice - before.onDevice) / pairs : 0;
}

class Forward {
public:
    enum class Head { None, LastRow };
    using LogitSink = std::function<Result<void>(size_t row, std::span<const float> logits)>;

    virtual ~Forward() = default;

    // Tokens of one sequence from `position` on; `blockTable` has the addresses of the blocks up to the last
    // of them. At most chunkTokens(). Cancelled on the way: then keys and values from `position` on are not to
    // be relied upon.
    virtual Result<void> run(std::span<const models::TokenId> ids, uint32_t position,
                             std::span<const uint64_t> blockTable, Head head, std::stop_token stop = {}) = 0;
    // Of the last row of the last run with Head::LastRow: [n_vocab]. Valid until the next run.
    virtual std::span<const float> logits() const = 0;
    // Of every row of the last run, in slices, so that the memory for logits stays small.
    virtual Result<void> allLogits(const LogitSink& sink) = 0;
    // Logits of the prediction block for the first next.size() rows of the last run, which began at `position`:
    // next[i] is the token behind row i, the logits are for the one after. Replaces the run's state; every
    // position before must have been predicted too, as the block has keys of its own.
    virtual Result<void> predict(std::span<const models::TokenId> next, uint32_t position,
                                 std::span<const uint64_t> blockTable, const LogitSink& sink) = 0;

    // Passes that choose tokens by themselves (token_chooser.h); null: a sampler does it from the logits.
    virtual TokenChooser* chooser() { return nullptr; }

    virtual uint32_t chunkTokens() const = 0;
    virtual double waitedSeconds() const { return 0; } // of the calling thread for the device, so far
    virtual ExpertUse expertUse() const { return {}; }
    // How often each expert of a block was chosen; empty for layers that the device has alone, where nobody counts.
    virtual std::span<const uint64_t> expertCounts(uint32_t) const { return {}; }
    virtual std::string describe() const = 0; // kernel paths
};

} // namespace ponder::inference
