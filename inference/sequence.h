#pragma once
// One sequence of tokens and where its keys and values lie: takes over what the cache has of its beginning,
// gets blocks as it grows, and gives them back for reuse when it ends. Knows how much of it is repeatable
// (block_pool.h). Belongs to the engine's thread; must not outlive the cache.

#include <optional>
#include <span>
#include <vector>

#include "inference/cache_memory.h"

namespace ponder::inference {

class Sequence {
public:
    // A copy that the device must make before the sequence is computed: part of a block that others keep.
    struct Copy {
        BlockId from = 0, to = 0;
        uint32_t tokens = 0;
    };

    // What is taken over of a prompt, its last token excepted, whose logits are always wanted.
    enum class Reuse {
        Repeatable, // so that what comes of the prompt is the same whatever the cache holds
        Everything,
    };
    // passTokens: of a pass as prompts are computed in from their beginning on.
    Sequence(CacheMemory& cache, std::span<const models::TokenId> prompt, uint32_t passTokens, Reuse reuse);
    Sequence(const Sequence&) = delete;
    Sequence& operator=(const Sequence&) = delete;
    ~Sequence();

    uint32_t length() const {
        return static_cast<uint32_t>(m_tokens.size());
    } // tokens whose keys and values are there
    const std::optional<Copy>& pendingCopy() const { return m_copy; }
    void copyDone(); // the device has made it

    // Blocks for `count` more tokens; false when the cache has no more to give.
    bool reserve(uint32_t count);
    std::span<const uint64_t> blockTable() const { return m_addresses; } // device addresses
    // Tokens of the next pass, of so many that are to be computed: passes end where any prompt's do.
    uint32_t nextPass(size_t left) const;
    // These were computed at the end of the sequence, in one pass.
    void append(std::span<const models::TokenId> tokens);

private:
    void own(BlockId block);
    uint32_t repeatableOf(size_t block) const; // of a block's tokens, so many first ones

    CacheMemory& m_cache;
    uint32_t m_passTokens, m_repeatable = 0; // m_repeatable: so many first tokens are
    std::vector<models::TokenId> m_tokens;
    std::vector<BlockId> m_blocks;
    std::vector<uint64_t> m_addresses;
    std::optional<Copy> m_copy;
};

} // namespace ponder::inference
