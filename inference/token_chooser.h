#pragma once
// Passes behind which the token is chosen where the logits are (sampler.h says how), one of them ahead of the reader: the next may
// begin before anybody has read the token that it takes. Belongs to the engine's thread.

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/protocol/messages.h"
#include "models/base/errors.h"
#include "models/base/result.h"
#include "models/tokenizer.h"

namespace ponder::inference {

struct Choice {
    protocol::SamplingParams sampling;
    size_t choices = 0;                      // tokens of the vocabulary; logits beyond are padding
    std::span<const models::TokenId> tokens; // of the sequence with those of the pass; behind them is chosen
    std::span<const models::TokenId> forced; // what follows there, whatever is chosen
};

// The next token of one of several sequences, and what is chosen behind it.
struct BatchRow {
    models::TokenId id = 0;
    uint32_t position = 0;
    std::span<const uint64_t> blockTable;
    Choice choice;
};

class TokenChooser {
public:
    using Token = std::optional<models::TokenId>; // nothing: no logit is a number above minus infinity

    virtual ~TokenChooser() = default;

    // As Forward::run with the head of the last row. The number of the pass, from 1 on.
    virtual Result<uint64_t> beginChoosing(std::span<const models::TokenId> ids, uint32_t position,
                                           std::span<const uint64_t> blockTable, const Choice& choice,
                                           std::stop_token stop) = 0;
    // The pass of the token that `pass` chooses, or is forced to, with the same settings, in the blocks that `pass` was given. 0 where
    // that cannot begin now: another pass came between, no room is left, or passes are too long to lie ready for the device.
    virtual Result<uint64_t> beginNext(uint64_t pass) = 0;
    // Whether `pass` was begun and its choice not yet had: an error of another pass may have taken it along.
    virtual bool has(uint64_t pass) const = 0;
    // What a pass chose, once; waits for it. Passes that others have begun behind it do not touch it.
    virtual Result<Token> chosen(uint64_t pass) = 0;
    // Nobody will ask for it. What it computes is not to be relied upon.
    virtual void forget(uint64_t pass) = 0;

    // How many sequences one pass takes; 1: each has passes of its own.
    virtual uint32_t batchRows() const { return 1; }
    // One pass for 2 to batchRows() sequences, all different: what passes of their own would choose, bit by bit, at a fraction of their
    // price. The rows are the last run's, to Forward::allLogits.
    virtual Result<std::vector<Token>> chooseTogether(std::span<const BatchRow>) {
        return ownMistake("A batch was asked of a device that takes none");
    }
};

} // namespace ponder::inference
