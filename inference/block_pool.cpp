#include "inference/block_pool.h"

#include <algorithm>

namespace ponder::inference {

using models::TokenId;

BlockPool::BlockPool(uint32_t capacity) : m_blocks(capacity) {}

void BlockPool::reference(BlockId block) {
    if (m_blocks[block].references++ == 0) ++m_inUse;
}

void BlockPool::index(BlockId block, Node parent, std::span<const TokenId> ids, uint32_t repeatable) {
    Block& b = m_blocks[block];
    b.parent = parent;
    b.repeatable = repeatable;
    b.ids.assign(ids.begin(), ids.end());
    b.indexed = true;
    m_children.emplace(parent, block);
}

void BlockPool::unindex(BlockId block) {
    Block& b = m_blocks[block];
    if (!b.indexed) return;
    const auto [begin, end] = m_children.equal_range(b.parent);
    for (auto it = begin; it != end; ++it) {
        if (it->second != block) continue;
        m_children.erase(it);
        break;
    }
    b.indexed = false;
    b.ids.clear();
}

std::vector<BlockPool::Held> BlockPool::find(std::span<const TokenId> tokens, bool repeatable) const {
    std::vector<Held> chain;
    for (Node node = kRoot;;) {
        const auto rest = tokens.subspan(chain.size() * kBlockTokens);
        Held best;
        const auto [begin, end] = m_children.equal_range(node);
        for (auto it = begin; it != end; ++it) {
            const Block& block = m_blocks[it->second];
            auto common = static_cast<uint32_t>(
                std::mismatch(block.ids.begin(), block.ids.end(), rest.begin(), rest.end()).first -
                block.ids.begin());
            if (repeatable) common = std::min(common, block.repeatable);
            if (common > best.tokens) best = {it->second, common};
        }
        if (best.tokens > 0) chain.push_back(best);
        if (best.tokens < kBlockTokens || !m_blocks[best.block].sealed) return chain;
        node = m_blocks[best.block].node;
    }
}

BlockPool::Match BlockPool::match(std::span<const TokenId> tokens, uint32_t passTokens) {
    Match match;
    const auto chain = find(tokens, passTokens > 0);
    uint32_t left = 0;
    for (const Held& held : chain) left += held.tokens;
    if (passTokens > 0) left -= left % passTokens;
    for (const Held& held : chain) {
        const uint32_t taken = std::min(held.tokens, left);
        if (taken == 0) break;
        left -= taken;
        Block& block = m_blocks[held.block];
        reference(held.block);
        if (block.sealed && taken == kBlockTokens) {
            match.shared.push_back(held.block);
            continue;
        }
        match.partial = held.block;
        match.partialTokens = taken;
        // Written on in place only when nothing of it is given up and nobody else has it.
        match.adopted = !block.sealed && block.references == 1 && taken == block.ids.size();
        if (match.adopted) unindex(held.block);
    }
    return match;
}

std::optional<BlockId> BlockPool::allocate() {
    std::optional<BlockId> oldest;
    for (BlockId i = 0; i < capacity(); ++i) {
        const Block& block = m_blocks[i];
        if (block.references > 0) continue;
        if (!block.indexed) {
            oldest = i;
            break;
        }
        if (!oldest || block.lastUse < m_blocks[*oldest].lastUse) oldest = i;
    }
    if (!oldest) return std::nullopt;
    unindex(*oldest);
    m_blocks[*oldest] = Block{};
    reference(*oldest);
    return oldest;
}

void BlockPool::seal(BlockId block, std::optional<BlockId> before, std::span<const TokenId> ids,
                     uint32_t repeatable) {
    PONDER_CHECK(ids.size() == kBlockTokens && !m_blocks[block].sealed && m_blocks[block].references == 1);
    const Node parent = nodeOf(before);
    Node node = 0;
    const auto [begin, end] = m_children.equal_range(parent);
    for (auto it = begin; it != end && node == 0; ++it) {
        const Block& twin = m_blocks[it->second];
        if (twin.sealed && std::equal(ids.begin(), ids.end(), twin.ids.begin(), twin.ids.end()))
            node = twin.node;
    }
    m_blocks[block].node = node != 0 ? node : m_nextNode++;
    m_blocks[block].sealed = true;
    index(block, parent, ids, repeatable);
}

void BlockPool::release(BlockId block, std::optional<BlockId> before, std::span<const TokenId> ids,
                        uint32_t repeatable) {
    Block& b = m_blocks[block];
    PONDER_CHECK(b.references > 0);
    b.lastUse = ++m_clock;
    if (--b.references > 0) return;
    --m_inUse;
    if (!b.sealed && !b.indexed && !ids.empty()) index(block, nodeOf(before), ids, repeatable);
}

} // namespace ponder::inference
