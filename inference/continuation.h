#pragma once
// The tokens behind a sequence, one pass after the other, chosen by the device where it can, with the pass of the next token begun
// before this one has been read; else by the engine's sampler. Belongs to the engine's thread; neither engine nor sequence may end
// before it.

#include "inference/engine_data.h"
#include "inference/token_chooser.h"

namespace ponder::inference {

class Continuation {
public:
    // forced: the tokens of the sequence as far as they are known whatever is chosen, from its first on; outlives this.
    Continuation(Engine::Data& engine, Sequence& sequence, const protocol::SamplingParams& sampling,
                 std::span<const models::TokenId> forced = {})
        : m_engine(engine), m_sequence(sequence), m_sampling(sampling), m_forced(forced) {}
    Continuation(const Continuation&) = delete;
    Continuation& operator=(const Continuation&) = delete;
    ~Continuation();

    // Runs the last of `tokens`, those that the sequence does not have, at most a chunk, and chooses what comes behind them. After a
    // call with `more` the next one has that token, or the forced one, and no other at the end of `tokens`.
    Result<TokenChooser::Token> next(std::span<const models::TokenId> tokens, bool more,
                                     const std::stop_token& stop);

    // Whether a pass was begun ahead: what comes next is computed already.
    bool ahead() const { return m_ahead != 0; }

private:
    Engine::Data& m_engine;
    Sequence& m_sequence;
    protocol::SamplingParams m_sampling;
    std::span<const models::TokenId> m_forced;
    uint64_t m_pass = 0; // whose choice is waited for; 0: none
    // The pass that was begun ahead; 0: none. The sequence has its token only once it is asked for.
    uint64_t m_ahead = 0;
};

} // namespace ponder::inference
