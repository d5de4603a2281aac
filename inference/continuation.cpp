#include "inference/continuation.h"

#include <algorithm>
#include <new>
#include <utility>

#include "inference/out_of_memory.h"

namespace ponder::inference {

using models::TokenId;

Continuation::~Continuation() {
    for (const uint64_t pass : {m_pass, m_ahead})
        if (pass != 0) m_engine.forward().chooser()->forget(pass);
}

Result<TokenChooser::Token> Continuation::next(std::span<const TokenId> tokens, bool more,
                                               const std::stop_token& stop) {
    PONDER_CHECK(m_sequence.length() < tokens.size());
    const auto part = tokens.subspan(m_sequence.length());
    const size_t choices = m_engine.choices();
    TokenChooser* const chooser = m_engine.forward().chooser();
    if (!chooser) {
        RETURN_IF_ERROR(m_engine.extend(m_sequence, part, Forward::Head::LastRow, stop));
        const auto logits = m_engine.forward().logits();
        return m_engine.sampler.sample(logits.first(choices), m_sampling, tokens, tokens.size());
    }
    if (m_pass != 0) chooser->forget(m_pass); // an error has left it
    m_pass = std::exchange(m_ahead, 0);
    if (m_pass != 0 && !chooser->has(m_pass)) m_pass = 0;
    try {
        if (m_pass == 0) {
            RETURN_IF_ERROR(m_engine.prepare(m_sequence, static_cast<uint32_t>(part.size())));
            const auto forced = m_forced.subspan(std::min(m_forced.size(), tokens.size()));
            ASSIGN_OR_RETURN(m_pass, chooser->beginChoosing(part, m_sequence.length(), m_sequence.blockTable(),
                                                            {m_sampling, choices, tokens, forced}, stop));
        }
        if (more && !stop.stop_requested()) {
            ASSIGN_OR_RETURN(m_ahead, chooser->beginNext(m_pass));
        }
    } catch (const std::bad_alloc&) {
        return outOfHostMemory();
    }
    ASSIGN_OR_RETURN(const auto token, chooser->chosen(m_pass));
    m_pass = 0;
    m_sequence.append(part);
    return token;
}

} // namespace ponder::inference
