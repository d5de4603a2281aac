#include "inference/block_pool.h"

#include <algorithm>

namespace ponder::inference {

using models::TokenId;

BlockPool::BlockPool(uint32_t capacity) : m_blocks(capacity) {}

void BlockPool::reference(BlockId block) {
    if (m_blocks[block].references++ == 0) ++m_inUse;
}

void BlockPool::index(BlockId block, Node parent, std::span<const TokenId> ids) {
    Block& b = m_blocks[block];
    b.parent = parent;
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

BlockPool::Match BlockPool::match(std::span<const TokenId> tokens) {
    Match match;
    Node node = kRoot;
    for (;;) {
        const auto rest = tokens.subspan(static_cast<size_t>(match.shared.size()) * kBlockTokens);
        std::optional<BlockId> best;
        size_t bestTokens = 0;
        const auto [begin, end] = m_children.equal_range(node);
        for (auto it = begin; it != end; ++it) {
            const auto& ids = m_blocks[it->second].ids;
            const auto common = static_cast<size_t>(
                std::mismatch(ids.begin(), ids.end(), rest.begin(), rest.end()).first - ids.begin());
            if (common <= bestTokens) continue;
            bestTokens = common;
            best = it->second;
        }
        if (!best) return match;
        Block& block = m_blocks[*best];
        reference(*best);
        if (block.sealed && bestTokens == kBlockTokens) {
            match.shared.push_back(*best);
            node = block.node;
            continue;
        }
        match.partial = *best;
        match.partialTokens = static_cast<uint32_t>(bestTokens);
        // Written on in place only when nothing of it is given up and nobody else has it.
        match.adopted = !block.sealed && block.references == 1 && bestTokens == block.ids.size();
        if (match.adopted) unindex(*best);
        return match;
    }
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

void BlockPool::seal(BlockId block, std::optional<BlockId> before, std::span<const TokenId> ids) {
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
    index(block, parent, ids);
}

void BlockPool::release(BlockId block, std::optional<BlockId> before, std::span<const TokenId> ids) {
    Block& b = m_blocks[block];
    PONDER_CHECK(b.references > 0);
    b.lastUse = ++m_clock;
    if (--b.references > 0) return;
    --m_inUse;
    if (!b.sealed && !b.indexed && !ids.empty()) index(block, nodeOf(before), ids);
}

} // namespace ponder::inference
