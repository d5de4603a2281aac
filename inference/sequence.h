#pragma once
// One sequence of tokens and where its keys and values lie: takes over what the cache has of its beginning,
// gets blocks as it grows, and gives them back for reuse when it ends. Belongs to the engine's thread; must
// not outlive the cache.

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

    // Takes what the cache has of `prompt`, its last token excepted, whose logits are always wanted.
    Sequence(CacheMemory& cache, std::span<const models::TokenId> prompt);
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
    // These were computed at the end of the sequence.
    void append(std::span<const models::TokenId> tokens);

private:
    void own(BlockId block);

    CacheMemory& m_cache;
    std::vector<models::TokenId> m_tokens;
    std::vector<BlockId> m_blocks;
    std::vector<uint64_t> m_addresses;
    std::optional<Copy> m_copy;
};

} // namespace ponder::inference
