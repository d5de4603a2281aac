#include "inference/sequence.h"

#include <algorithm>

namespace ponder::inference {

using models::TokenId;

Sequence::Sequence(CacheMemory& cache, std::span<const TokenId> prompt, uint32_t passTokens, Reuse reuse)
    : m_cache(cache), m_passTokens(passTokens) {
    BlockPool& pool = cache.pool();
    const auto match = pool.match(prompt.first(prompt.empty() ? 0 : prompt.size() - 1),
                                  reuse == Reuse::Repeatable ? passTokens : 0);
    for (const BlockId block : match.shared) own(block);
    uint32_t reused = static_cast<uint32_t>(match.shared.size()) * kBlockTokens;
    if (match.partialTokens > 0) {
        if (match.adopted) {
            own(match.partial);
            reused += match.partialTokens;
        } else if (const auto block = pool.allocate()) {
            own(*block);
            m_copy = Copy{match.partial, *block, match.partialTokens};
            reused += match.partialTokens;
        } else {
            pool.release(match.partial);
        }
    }
    m_tokens.assign(prompt.begin(), prompt.begin() + reused);
    // A copy that there was no block for leaves whole blocks, in which the last pass may begin.
    if (reuse == Reuse::Repeatable) m_repeatable = reused / passTokens * passTokens == reused ? reused : 0;
}

// From the end, so that the beginning of a conversation is the last to be evicted.
Sequence::~Sequence() {
    if (m_copy) { // never made: the block holds nothing
        m_tokens.resize(m_tokens.size() / kBlockTokens * kBlockTokens);
        copyDone();
    }
    for (size_t i = m_blocks.size(); i-- > 0;) {
        const size_t begin = std::min(i * kBlockTokens, m_tokens.size());
        const size_t count = std::min<size_t>(kBlockTokens, m_tokens.size() - begin);
        m_cache.pool().release(m_blocks[i], i > 0 ? std::optional(m_blocks[i - 1]) : std::nullopt,
                               std::span(m_tokens).subspan(begin, count), repeatableOf(i));
    }
}

void Sequence::own(BlockId block) {
    m_blocks.push_back(block);
    m_addresses.push_back(m_cache.address(block));
}

void Sequence::copyDone() {
    m_cache.pool().release(m_copy->from);
    m_copy.reset();
}

bool Sequence::reserve(uint32_t count) {
    while (m_blocks.size() * kBlockTokens < m_tokens.size() + count) {
        const auto block = m_cache.pool().allocate();
        if (!block) return false;
        own(*block);
    }
    return true;
}

uint32_t Sequence::repeatableOf(size_t block) const {
    const size_t begin = block * kBlockTokens;
    return m_repeatable > begin ? static_cast<uint32_t>(std::min<size_t>(kBlockTokens, m_repeatable - begin))
                                : 0;
}

uint32_t Sequence::nextPass(size_t left) const {
    return static_cast<uint32_t>(std::min<size_t>(left, m_passTokens - m_tokens.size() % m_passTokens));
}

void Sequence::append(std::span<const TokenId> tokens) {
    if (m_repeatable == m_tokens.size() && m_repeatable % m_passTokens == 0 && tokens.size() == m_passTokens)
        m_repeatable += m_passTokens;
    for (const TokenId token : tokens) {
        m_tokens.push_back(token);
        if (m_tokens.size() % kBlockTokens != 0) continue;
        const size_t i = m_tokens.size() / kBlockTokens - 1;
        m_cache.pool().seal(m_blocks[i], i > 0 ? std::optional(m_blocks[i - 1]) : std::nullopt,
                            std::span(m_tokens).subspan(i * kBlockTokens, kBlockTokens), repeatableOf(i));
    }
}

} // namespace ponder::inference
