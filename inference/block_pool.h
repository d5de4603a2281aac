#pragma once
// Which blocks of the KV cache hold what: bookkeeping without a GPU. A block holds kBlockTokens tokens of one
// sequence; a full one is shared by reference with every sequence that begins with the same tokens, found by
// what came before it and by its ids, which are compared: there are no collisions. A block that nobody uses
// keeps its content until its place is needed, least recently used first, the end of a sequence before its
// beginning. Belongs to the engine's thread.
//
// Keys and values of the same tokens differ in their last bits with the pass that computed them: kernels of few tokens add in another
// order than those of many. Repeatable are those of passes as every prompt's are from its beginning on, of the same
// number of tokens each, behind nothing else: they are the same bits whoever computed them.

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "inference/memory_plan.h"
#include "models/tokenizer.h"

namespace ponder::inference {

using BlockId = uint32_t;

class BlockPool {
public:
    explicit BlockPool(uint32_t capacity); // blocks

    // What of a sequence is here already.
    struct Match {
        std::vector<BlockId> shared; // full blocks, in order; referenced for the caller
        // A block whose first `partialTokens` tokens go on from there; 0 tokens: none.
        BlockId partial = 0;
        uint32_t partialTokens = 0;
        bool adopted = false; // partial is the caller's own now, to be written on; else it must be copied,
                              // and is referenced until released
        uint32_t tokens() const {
            return static_cast<uint32_t>(shared.size()) * kBlockTokens + partialTokens;
        }
    };
    // `tokens`: what may be reused, so without the last token of a prompt, whose logits are wanted. passTokens: of repeatable
    // passes, only whole ones of which are taken; 0: whatever is here.
    Match match(std::span<const models::TokenId> tokens, uint32_t passTokens = 0);

    // A block to write into, referenced once; nothing when all are in use.
    std::optional<BlockId> allocate();
    // A block that its owner filled becomes shareable. `before`: the sequence's block before it, or nothing. repeatable: so many
    // of its first tokens are.
    void seal(BlockId block, std::optional<BlockId> before, std::span<const models::TokenId> ids,
              uint32_t repeatable = 0);
    // Ends one reference. `ids`: what an unsealed block holds, kept for whoever goes on from there; `before` and repeatable
    // as in seal.
    void release(BlockId block, std::optional<BlockId> before = {}, std::span<const models::TokenId> ids = {},
                 uint32_t repeatable = 0);

    uint32_t capacity() const { return static_cast<uint32_t>(m_blocks.size()); }
    uint32_t inUse() const { return m_inUse; } // blocks that somebody references

private:
    // Node: the identity of a chain of full blocks. Blocks of equal content after equal content have the same
    // one; numbers are never used twice, so what remains of a chain whose beginning was evicted is never
    // found.
    using Node = uint64_t;
    static constexpr Node kRoot = 0;

    struct Block {
        uint32_t references = 0;
        bool sealed = false;
        bool indexed = false;
        Node parent = kRoot, node = kRoot;
        std::vector<models::TokenId> ids; // of what is indexed
        uint32_t repeatable = 0;          // of these
        uint64_t lastUse = 0;
    };
    Node nodeOf(std::optional<BlockId> block) const { return block ? m_blocks[*block].node : kRoot; }
    void index(BlockId block, Node parent, std::span<const models::TokenId> ids, uint32_t repeatable);
    // What of the tokens is here, from the first on, a block each; all of them full but for the last.
    struct Held {
        BlockId block = 0;
        uint32_t tokens = 0;
    };
    std::vector<Held> find(std::span<const models::TokenId> tokens, bool repeatable) const;
    void unindex(BlockId block);
    void reference(BlockId block);

    std::vector<Block> m_blocks;
    std::unordered_multimap<Node, BlockId> m_children; // parent -> blocks indexed after it
    Node m_nextNode = kRoot + 1;
    uint64_t m_clock = 0;
    uint32_t m_inUse = 0;
};

} // namespace ponder::inference
