#include "inference/block_pool.h"

#include <map>
#include <memory>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

using namespace ponder;
using inference::BlockId;
using inference::BlockPool;
using inference::kBlockTokens;
using models::TokenId;

namespace {

std::vector<TokenId> ramp(size_t count, TokenId first = 0) {
    std::vector<TokenId> ids(count);
    std::iota(ids.begin(), ids.end(), first);
    return ids;
}

// A sequence as the engine keeps one; content[block] stands for what the device would hold.
struct Holder {
    BlockPool& pool;
    std::map<BlockId, std::vector<TokenId>>& content;
    std::vector<BlockId> blocks;
    std::vector<TokenId> tokens;
    bool full = false;

    Holder(BlockPool& p, std::map<BlockId, std::vector<TokenId>>& c, std::span<const TokenId> prompt)
        : pool(p), content(c) {
        const auto match = pool.match(prompt);
        blocks = match.shared;
        if (match.partialTokens > 0 && match.adopted) blocks.push_back(match.partial);
        size_t reused = match.shared.size() * kBlockTokens + (match.adopted ? match.partialTokens : 0);
        if (match.partialTokens > 0 && !match.adopted) {
            if (const auto block = pool.allocate()) {
                auto& from = content[match.partial];
                content[*block].assign(from.begin(), from.begin() + match.partialTokens);
                blocks.push_back(*block);
                reused += match.partialTokens;
            }
            pool.release(match.partial);
        }
        tokens.assign(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(reused));
        // What is said to be there is what the blocks hold.
        for (size_t i = 0; i < tokens.size(); ++i)
            REQUIRE(content[blocks[i / kBlockTokens]].at(i % kBlockTokens) == tokens[i]);
    }
    void append(std::span<const TokenId> more) {
        for (const TokenId token : more) {
            if (tokens.size() == blocks.size() * kBlockTokens) {
                const auto block = pool.allocate();
                if (!block) {
                    full = true;
                    return;
                }
                content[*block].clear();
                blocks.push_back(*block);
            }
            auto& held = content[blocks.back()];
            held.resize(tokens.size() % kBlockTokens);
            held.push_back(token);
            tokens.push_back(token);
            if (tokens.size() % kBlockTokens == 0)
                pool.seal(blocks.back(),
                          blocks.size() > 1 ? std::optional(blocks[blocks.size() - 2]) : std::nullopt, held);
        }
    }
    ~Holder() {
        for (size_t i = blocks.size(); i-- > 0;) {
            const size_t begin = std::min(i * kBlockTokens, tokens.size());
            pool.release(
                blocks[i], i > 0 ? std::optional(blocks[i - 1]) : std::nullopt,
                std::span(tokens).subspan(begin, std::min<size_t>(kBlockTokens, tokens.size() - begin)));
        }
    }
};

} // namespace

TEST_CASE("an empty pool knows nothing and gives what it has") {
    BlockPool pool(2);
    CHECK(pool.match(ramp(1000)).tokens() == 0);
    CHECK(pool.match({}).tokens() == 0);
    const auto a = pool.allocate(), b = pool.allocate();
    REQUIRE((a && b));
    CHECK(*a != *b);
    CHECK_FALSE(pool.allocate().has_value());
    pool.release(*a);
    CHECK(pool.allocate() == a);
    CHECK(BlockPool(0).allocate() == std::nullopt);
}

TEST_CASE("going on with a conversation costs only its new tokens") {
    BlockPool pool(8);
    std::map<BlockId, std::vector<TokenId>> content;
    const auto talk = ramp(600);
    {
        Holder first(pool, content, {});
        first.append(talk);
    }
    CHECK(pool.inUse() == 0);
    auto longer = talk;
    longer.push_back(7);
    const auto match = pool.match(longer);
    CHECK(match.shared.size() == 2);
    CHECK(match.partialTokens == 600 - 2 * kBlockTokens);
    CHECK(match.adopted);
}

TEST_CASE("a branch shares what is before it and copies the block it leaves in the middle") {
    BlockPool pool(8);
    std::map<BlockId, std::vector<TokenId>> content;
    Holder first(pool, content, {});
    first.append(ramp(600));
    auto other = ramp(600);
    other[300] = -1;
    const auto match = pool.match(other);
    CHECK(match.shared.size() == 1);
    CHECK(match.shared[0] == first.blocks[0]);
    CHECK(match.partial == first.blocks[1]);
    CHECK(match.partialTokens == 300 - kBlockTokens);
    CHECK_FALSE(match.adopted);
    other[3] = -1;
    CHECK(pool.match(other).tokens() == 3);
    other[0] = -1;
    CHECK(pool.match(other).tokens() == 0);
}

TEST_CASE("an unfinished block is adopted whole or copied, never cut") {
    BlockPool pool(8);
    std::map<BlockId, std::vector<TokenId>> content;
    {
        Holder first(pool, content, {});
        first.append(ramp(100));
    }
    auto other = ramp(60);
    other.push_back(999);
    const auto copied = pool.match(other);
    CHECK(copied.partialTokens == 60);
    CHECK_FALSE(copied.adopted);
    pool.release(copied.partial);
    const auto whole = pool.match(ramp(101));
    CHECK(whole.partialTokens == 100);
    CHECK(whole.adopted);
    CHECK(pool.match(ramp(101)).tokens() == 0); // it belongs to somebody now
}

TEST_CASE("of repeatable passes only whole ones are taken, of what was computed in them") {
    BlockPool pool(8);
    const auto talk = ramp(600);
    const auto hold = [&](uint32_t repeatable) {
        std::vector<BlockId> blocks;
        for (size_t at = 0; at < talk.size(); at += kBlockTokens) {
            blocks.push_back(*pool.allocate());
            if (talk.size() - at < kBlockTokens) break;
            const uint32_t here =
                repeatable > at ? std::min<uint32_t>(kBlockTokens, repeatable - static_cast<uint32_t>(at)) : 0;
            pool.seal(blocks.back(), at > 0 ? std::optional(blocks[blocks.size() - 2]) : std::nullopt,
                      std::span(talk).subspan(at, kBlockTokens), here);
        }
        return blocks;
    };
    const auto blocks = hold(384);
    const auto tokens = [&](uint32_t passTokens, size_t count = 600) {
        const auto match = pool.match(std::span(talk).first(count), passTokens);
        for (const BlockId block : match.shared) pool.release(block);
        if (match.partialTokens > 0) pool.release(match.partial);
        CHECK_FALSE(match.adopted);
        return match.tokens();
    };
    CHECK(tokens(0) == 512);
    CHECK(tokens(64) == 384);
    CHECK(tokens(64, 300) == 256);
    CHECK(tokens(128) == 384);
    CHECK(tokens(256) == 256);
    CHECK(tokens(512) == 0);
    CHECK(tokens(100) == 300);
    // The same computed again, in such passes: found instead of what is not.
    hold(512);
    CHECK(tokens(512) == 512);
    CHECK(tokens(64) == 512);
}

TEST_CASE("the least recently used goes first, the end of a sequence before its beginning") {
    BlockPool pool(4);
    std::map<BlockId, std::vector<TokenId>> content;
    {
        Holder first(pool, content, {});
        first.append(ramp(512));
    }
    {
        Holder second(pool, content, {});
        second.append(ramp(512, 5000));
    }
    {
        Holder third(pool, content, {});
        third.append(ramp(256, 9000));
    }
    CHECK(pool.match(ramp(600)).tokens() == kBlockTokens);
    CHECK(pool.match(ramp(600, 5000)).tokens() == 512);
    CHECK(pool.match(ramp(600, 9000)).tokens() == 256);
}

TEST_CASE("what follows an evicted beginning is never found") {
    BlockPool pool(3);
    std::map<BlockId, std::vector<TokenId>> content;
    Holder holder(pool, content, {});
    holder.append(ramp(512));
    pool.release(holder.blocks[0]); // made evictable although its successor is in use
    {
        Holder other(pool, content, {});
        other.append(ramp(512, 7000));
    }
    CHECK(pool.match(ramp(512)).tokens() == 0);
    holder.blocks.erase(holder.blocks.begin());
    holder.tokens.clear();
}

TEST_CASE("equal content computed twice is one chain") {
    BlockPool pool(8);
    std::map<BlockId, std::vector<TokenId>> content;
    Holder a(pool, content, {}), b(pool, content, {});
    a.append(ramp(256));
    b.append(ramp(256));
    a.append(ramp(256, 1000));
    auto both = ramp(256);
    const auto tail = ramp(256, 1000);
    both.insert(both.end(), tail.begin(), tail.end());
    CHECK(pool.match(both).tokens() == 512);
}

TEST_CASE("at random: what matches is what is held, and nothing leaks") {
    std::mt19937 random(3);
    BlockPool pool(12);
    std::map<BlockId, std::vector<TokenId>> content;
    std::vector<std::unique_ptr<Holder>> alive;
    for (int round = 0; round < 3000; ++round) {
        // Few distinct tokens at few places, so that beginnings are shared.
        auto prompt = ramp(random() % 900);
        for (int i = 0; i < 2; ++i)
            if (!prompt.empty() && random() % 2)
                prompt[random() % prompt.size() / 128 * 128] = static_cast<TokenId>(random() % 3);
        auto holder = std::make_unique<Holder>(pool, content, prompt);
        holder->append(std::span(prompt).subspan(holder->tokens.size()));
        alive.push_back(std::move(holder));
        while (alive.size() > random() % 4)
            alive.erase(alive.begin() + static_cast<std::ptrdiff_t>(random() % alive.size()));
    }
    alive.clear();
    CHECK(pool.inUse() == 0);
    for (uint32_t i = 0; i < pool.capacity(); ++i) CHECK(pool.allocate().has_value());
    CHECK_FALSE(pool.allocate().has_value());
}
