// The table of matrix kernels, with made-up devices.
#include <doctest/doctest.h>

#include "inference/kernels/codebooks.h"
#include "inference/kernels/matmul_plan.h"
#include "models/quant_codebooks.h"
#include "shaders/shared/quant_blocks.h"

using namespace ponder;
using namespace ponder::kernels;
using models::QuantType;
using Path = MatMulPlan::Path;

namespace {

vulkan::DeviceCaps h100() {
    vulkan::DeviceCaps caps;
    caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 32;
    caps.subgroupSizeControl = true;
    caps.maxInvocations = 1024;
    caps.maxSharedBytes = 48 << 10;
    caps.float16 = caps.cooperativeMatrix = true;
    return caps;
}

vulkan::DeviceCaps llvmpipe(uint32_t subgroup) {
    vulkan::DeviceCaps caps;
    caps.software = true;
    caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = subgroup;
    caps.subgroupSizeControl = true;
    caps.maxInvocations = 1024;
    caps.maxSharedBytes = 32 << 10;
    return caps;
}

vulkan::DeviceCaps least() { // what Vulkan promises at least
    vulkan::DeviceCaps caps;
    caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 1;
    caps.maxInvocations = 128;
    caps.maxSharedBytes = 16 << 10;
    return caps;
}

MatMulPlan plan(const vulkan::DeviceCaps& caps, uint32_t rows, uint32_t columns, uint32_t n,
                const MatMulOverrides& overrides = {}, QuantType type = QuantType::Q4_K,
                bool precise = false) {
    return planMatMul(caps, overrides, type, rows, columns, n, precise);
}

} // namespace

TEST_CASE("one to eight tokens are mat-vec, on every device") {
    for (const auto& caps : {h100(), llvmpipe(4), llvmpipe(8), llvmpipe(16), least()})
        for (uint32_t n = 1; n <= 9; ++n) CHECK((plan(caps, 3584, 3584, n).path == Path::MatVec) == (n <= 8));
}

TEST_CASE("how a row is shared never depends on the number of tokens") {
    for (const auto& caps : {h100(), llvmpipe(8), least()})
        for (const uint32_t columns : {32u, 1536u, 3584u, 8960u, 18944u})
            for (uint32_t n = 2; n <= 8; ++n) {
                const MatMulPlan one = plan(caps, 3584, columns, 1), several = plan(caps, 3584, columns, n);
                CHECK(one.lanesPerRow == several.lanesPerRow);
                CHECK(one.subgroupSize == several.subgroupSize);
            }
}

TEST_CASE("rows are shared by whole subgroups, workgroups fit the device") {
    for (const auto& caps : {h100(), llvmpipe(4), llvmpipe(8), llvmpipe(16), least()})
        for (const uint32_t columns : {1u, 32u, 1536u, 3584u, 18944u})
            for (const uint32_t rows : {1u, 3584u, 152064u}) {
                const MatMulPlan p = plan(caps, rows, columns, 1);
                CHECK(p.lanesPerRow % p.subgroupSize == 0);
                CHECK(p.workgroup % p.lanesPerRow == 0);
                CHECK(p.workgroup <= caps.maxInvocations);
                CHECK(p.rowsPerLane >= 1);
            }
    CHECK(plan(h100(), 3584, 3584, 1).lanesPerRow == 64);
    CHECK(plan(h100(), 3584, 18944, 1).lanesPerRow == 128);
    CHECK(plan(h100(), 1536, 1536, 1).lanesPerRow == 32);
    CHECK(plan(llvmpipe(8), 3584, 18944, 1).lanesPerRow == 8);
    // Products of integers: rows of one subgroup where there are many, whatever the number of tokens.
    auto integers = h100();
    integers.integerDotAny = integers.integerDot = true;
    const auto lanes = [&](QuantType type, uint32_t rows, uint32_t columns, uint32_t n) {
        return plan(integers, rows, columns, n, {}, type).lanesPerRow;
    };
    for (const uint32_t n : {1u, 8u}) {
        CHECK(lanes(QuantType::Q4_K, 18944, 3584, n) == 32);
        CHECK(plan(integers, 152064, 3584, n).rowsPerLane == 4);
        CHECK(lanes(QuantType::Q4_K, 3584, 3584, n) == 32);
        CHECK(lanes(QuantType::Q4_K, 5120, 5120, n) == 32);
        CHECK(lanes(QuantType::Q6_K, 5120, 5120, n) == 32);
        CHECK(lanes(QuantType::Q4_K, 512, 3584, n) == 128); // few rows
        CHECK(lanes(QuantType::Q4_K, 3584, 18944, n) == 128);
        CHECK(lanes(QuantType::Q6_K, 1536, 8960, n) == 64);
        CHECK(lanes(QuantType::Q6_K, 5120, 27648, n) == 256);
        CHECK(lanes(QuantType::Q4_K, 28672, 8192, n) == 64);
        CHECK(lanes(QuantType::Q8_0, 152064, 3584, n) == 64);
        CHECK(lanes(QuantType::Q6_K, 128256, 4096, n) == 64);
    }
    CHECK(plan(integers, 152064, 3584, 1, {}, QuantType::Q8_0).rowsPerLane == 1);
    CHECK(plan(integers, 3584, 18944, 1, {}, QuantType::Q2_K).rowsPerLane == 4);
    integers.maxInvocations = 128;
    CHECK(lanes(QuantType::Q6_K, 5120, 27648, 1) == 128);
}

TEST_CASE("cooperative matrices where they are, and where nothing forbids them") {
    CHECK(plan(h100(), 3584, 3584, 512).path == Path::CooperativeMatrix);
    CHECK(plan(llvmpipe(8), 3584, 3584, 512).path == Path::Plain);
    CHECK(plan(h100(), 3584, 3584, 512, {.noCooperativeMatrix = true}).path == Path::Plain);
    CHECK(plan(h100(), 3584, 3584, 512, {}, QuantType::Q4_K, true).path == Path::Plain);
    CHECK(plan(h100(), 3584, 3584, 512, {}, QuantType::F32).path == Path::Plain);
    auto small = h100();
    small.subgroupSize = small.minSubgroupSize = small.maxSubgroupSize = 8;
    CHECK(plan(small, 3584, 3584, 512).path == Path::Plain);
}

TEST_CASE("columns are shared out where whole tiles would leave multiprocessors idle") {
    auto caps = h100();
    CHECK(plan(caps, 5120, 13824, 512).splits == 1); // their number is not known
    caps.computeUnits = 132;
    CHECK(plan(caps, 5120, 13824, 512).splits == 3); // 160 tiles, a second round for 28
    CHECK(plan(caps, 5120, 5120, 512).splits == 1);  // of 160 tiles the 28 of the second round are
    CHECK(plan(caps, 5120, 5120, 512).tailRows == 7 * 128);
    CHECK(plan(caps, 5120, 5120, 512).tailSplits > 1);
    CHECK(plan(caps, 3584, 18944, 512).splits == 2);
    CHECK(plan(caps, 13824, 5120, 512).splits == 1); // 432 tiles, two a multiprocessor
    CHECK(plan(caps, 13824, 5120, 512).workgroup == 128);
    CHECK(plan(caps, 3584, 3584, 512).workgroup == 256); // 112 tiles, each has a multiprocessor to itself
    CHECK(plan(caps, 512, 3584, 512).splits > 1);
    CHECK(plan(caps, 1024, 5120, 512).tileTokens == 128); // 45.7 us in 4 shares, smaller tiles 50 to 70
    CHECK(plan(caps, 1024, 5120, 512).splits == 4);
    CHECK(plan(caps, 3584, 3584, 9).tileTokens == 32);
    CHECK(plan(caps, 3584, 3584, 64).tileRows == 64); // 27 us in 7 shares, 64 whole; 128 x 64 34
    CHECK(plan(caps, 3584, 3584, 64).splits == 7);
    CHECK(plan(caps, 18944, 3584, 512).splits == 1);
    CHECK(plan(caps, 5120, 512, 512).splits == 1); // too few columns
    CHECK(plan(caps, 5120, 13824, 4).splits == 1);
    CHECK(planExperts(caps, {}, QuantType::Q4_K, 2048, 7168, 512, 8, 256, true, false).splits == 1);
    for (const uint32_t units : {1u, 8u, 30u, 132u, 188u})
        for (const uint32_t rows : {1u, 64u, 512u, 3584u, 5120u, 28672u})
            for (const uint32_t columns : {1u, 896u, 5120u, 18944u})
                for (const uint32_t n : {9u, 64u, 300u, 512u, 2048u}) {
                    caps.computeUnits = units;
                    const MatMulPlan p = plan(caps, rows, columns, n);
                    CHECK(p.splits >= 1);
                    CHECK(columns / p.splits >= (p.splits > 1 ? 384u : 0u));
                    const uint64_t floats = uint64_t{p.splits} * rows * n;
                    CHECK((p.splits == 1 || floats * sizeof(float) <= splitBytes(caps, {})));
                }
}

TEST_CASE("products side by side are planned as one, and share the columns of what is left of a round") {
    auto caps = h100();
    caps.computeUnits = 132;
    const auto together = [&](std::vector<uint32_t> rows, uint32_t columns, uint32_t n,
                              const MatMulOverrides& overrides = {}) {
        return planTogether(caps, overrides, rows, columns, n);
    };
    // One alone is what it is alone.
    CHECK(together({3584}, 18944, 512).splits == plan(caps, 3584, 18944, 512).splits);
    // Queries, keys and values of the 14B: 224 tiles, all resident, where each alone would be shared out.
    CHECK(plan(caps, 1024, 5120, 512).splits == 4);
    CHECK(together({5120, 1024, 1024}, 5120, 512).splits < 4);
    // Gate and up of the 32B: six rounds of 264 tiles and 144 more.
    const MatMulPlan gates = together({27648, 27648}, 5120, 512);
    CHECK(gates.splits == 1);
    CHECK(gates.tailRows == 36 * 128);
    CHECK(gates.tailSplits > 1);
    CHECK(together({27648, 27648}, 5120, 512, {.splits = 1}).tailSplits == 1);
    for (const uint32_t units : {1u, 8u, 30u, 132u, 188u})
        for (const uint32_t rows : {64u, 1024u, 5120u, 28672u})
            for (const uint32_t columns : {256u, 5120u, 18944u})
                for (const uint32_t n : {9u, 64u, 300u, 512u, 2048u}) {
                    caps.computeUnits = units;
                    const MatMulPlan p = together({rows, rows}, columns, n);
                    CHECK(p.tailRows % p.tileRows == 0);
                    CHECK((p.tailRows < rows && (p.tailRows == 0 || p.splits == 1)));
                    CHECK(columns / p.tailSplits >= (p.tailSplits > 1 ? 384u : 0u));
                    CHECK(uint64_t{p.tailSplits} * p.tailRows * n * sizeof(float) <= splitBytes(caps, {}));
                }
}

TEST_CASE("tiles are large where there is work for every multiprocessor, and never exceed the device") {
    const MatMulPlan large = plan(h100(), 18944, 3584, 512);
    CHECK(large.tileRows == 128);
    CHECK(large.tileTokens == 128);
    CHECK(plan(h100(), 3584, 3584, 512).tileTokens == 128);
    CHECK(plan(h100(), 2560, 3584, 512).tileTokens == 64);
    CHECK(plan(h100(), 512, 3584, 512).tileRows == 64);
    CHECK(plan(h100(), 18944, 3584, 9).tileTokens == 32);
    auto laptop = h100();
    laptop.maxSharedBytes = 32 << 10;
    CHECK(plan(laptop, 18944, 3584, 512).tileTokens == 64);
    for (const uint32_t subgroup : {32u, 64u}) {
        auto caps = h100();
        caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = subgroup;
        for (const uint32_t rows : {1u, 512u, 3584u, 18944u, 152064u})
            for (const uint32_t n : {9u, 33u, 64u, 65u, 512u, 2048u}) {
                const MatMulPlan p = plan(caps, rows, 3584, n);
                if (p.path != Path::CooperativeMatrix) continue;
                CHECK(matrixTileSharedBytes(p.tileRows, p.tileTokens) <= caps.maxSharedBytes);
                // One subgroup for every part of the tile, and whole pieces for every invocation to read.
                CHECK(p.workgroup / p.subgroupSize ==
                      (p.tileRows / p.subgroupRows) * (p.tileTokens / p.subgroupTokens));
                CHECK(p.tileRows * 2 % p.workgroup == 0);
                CHECK(p.tileTokens * 8 % p.workgroup == 0);
            }
    }
}

TEST_CASE(
    "integers where the device has fast ones, never for precise or exact products, nor as a function of n") {
    auto caps = h100();
    CHECK_FALSE(plan(caps, 3584, 3584, 1).integers);
    caps.integerDot = caps.integerDotAny = true;
    for (uint32_t n = 1; n <= 9; ++n) CHECK(plan(caps, 3584, 3584, n).integers == (n <= 8));
    CHECK_FALSE(plan(caps, 3584, 3584, 1, {.integerDot = false}).integers);
    CHECK_FALSE(plan(caps, 3584, 3584, 1, {}, QuantType::Q4_K, true).integers);
    for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16, QuantType::IQ1_S})
        CHECK_FALSE(plan(caps, 3584, 3584, 1, {}, type).integers);
    auto slow = llvmpipe(8);
    slow.integerDotAny = true;
    CHECK_FALSE(plan(slow, 3584, 3584, 1).integers);
    CHECK(plan(slow, 3584, 3584, 1, {.integerDot = true}).integers);
    for (const uint32_t rows : {512u, 3584u, 152064u})
        for (const uint32_t columns : {1536u, 3584u, 18944u})
            for (uint32_t n = 2; n <= 8; ++n)
                CHECK(plan(caps, rows, columns, n).lanesPerRow == plan(caps, rows, columns, 1).lanesPerRow);
    CHECK_FALSE(planExperts(caps, {}, QuantType::Q4_K, 2048, 7168, 1, 8, 256, true, false).integers);
}

TEST_CASE("a gated step's workgroups compute whole blocks of sixteen rows") {
    for (auto caps : {h100(), llvmpipe(4), llvmpipe(8), llvmpipe(16)}) {
        caps.integerDotAny = true;
        for (const uint32_t columns : {256u, 1536u, 3584u, 18944u})
            for (const uint32_t n : {1u, 8u}) {
                const auto gated = [&](uint32_t rows) {
                    return planGated(caps, {.integerDot = true}, QuantType::Q4_K, rows, columns, n, false);
                };
                CHECK_FALSE(gated(8).integers);
                const MatMulPlan p = gated(8960);
                REQUIRE(p.integers);
                CHECK(p.workgroup % p.lanesPerRow == 0);
                CHECK(16 % (p.workgroup / p.lanesPerRow * p.rowsPerLane) == 0);
                CHECK(p.lanesPerRow == plan(caps, 8960, columns, n, {.integerDot = true}).lanesPerRow);
            }
    }
    // A token alone: as many workgroups as are under way at once, of half as many invocations.
    auto caps = h100();
    caps.integerDot = caps.integerDotAny = true;
    const auto workgroup = [&](uint32_t rows) {
        return planGated(caps, {}, QuantType::Q4_K, rows, 3584, 1, false).workgroup;
    };
    CHECK(workgroup(8960) == 128);
    CHECK(workgroup(27648) == 128);
    caps.computeUnits = 132;
    CHECK(workgroup(8960) == 256); // 560
    CHECK(workgroup(18944) == 128);
    CHECK(workgroup(27648) == 256); // 1,728
}

TEST_CASE("a residual's workgroups compute whole blocks of sixteen rows, which are shared as without a norm "
          "behind") {
    auto caps = h100();
    caps.integerDotAny = caps.integerDot = true;
    caps.computeUnits = 132;
    for (const uint32_t rows : {16u, 1536u, 3584u, 5120u, 8192u})
        for (const uint32_t columns : {256u, 3584u, 8960u, 18944u})
            for (const QuantType type : {QuantType::Q4_K, QuantType::Q6_K, QuantType::Q8_0}) {
                const MatMulPlan p = planResidual(caps, {}, type, rows, columns, false);
                CHECK(p.integers);
                CHECK(p.lanesPerRow == plan(caps, rows, columns, 1, {}, type).lanesPerRow);
                CHECK(p.workgroup % p.lanesPerRow == 0);
                CHECK(16 % (p.workgroup / p.lanesPerRow * p.rowsPerLane) == 0);
                CHECK(p.workgroup <= caps.maxInvocations);
            }
    CHECK_FALSE(planResidual(caps, {}, QuantType::Q4_K, 3592, 3584, false).integers);  // no whole blocks
    CHECK_FALSE(planResidual(caps, {}, QuantType::Q4_K, 5120, 27648, false).integers); // slower than a norm
    CHECK_FALSE(planResidual(caps, {}, QuantType::IQ2_XS, 3584, 3584, false).integers);
    CHECK_FALSE(planResidual(caps, {}, QuantType::Q4_K, 3584, 3584, true).integers);
    CHECK_FALSE(planResidual(caps, {.takesNorms = false}, QuantType::Q4_K, 3584, 3584, false).integers);
}

TEST_CASE("every row of the table can be reached by an override") {
    struct Tile {
        uint32_t rows, tokens, workgroup;
    };
    for (const Tile tile : {Tile{128, 128, 256}, Tile{128, 128, 128}, Tile{128, 64, 128}, Tile{64, 64, 128},
                            Tile{64, 32, 64}}) {
        const MatMulPlan p =
            plan(h100(), 70, 3584, 9,
                 {.tileRows = tile.rows, .tileTokens = tile.tokens, .tileWorkgroup = tile.workgroup});
        CHECK(p.path == Path::CooperativeMatrix);
        CHECK(p.tileRows == tile.rows);
        CHECK(p.tileTokens == tile.tokens);
        CHECK(p.workgroup == tile.workgroup);
    }
    const MatMulPlan p = plan(h100(), 70, 3584, 1, {.lanesPerRow = 256, .rowsPerLane = 4});
    CHECK(p.lanesPerRow == 256);
    CHECK(p.rowsPerLane == 4);
    CHECK(p.workgroup == 256);
    auto wide = h100();
    wide.maxSubgroupSize = 64;
    CHECK(plan(wide, 70, 3584, 1, {.subgroupSize = 64}).subgroupSize == 64);
    CHECK(plan(wide, 70, 3584, 1, {.subgroupSize = 128}).subgroupSize == 32);
}

TEST_CASE("codebooks lie where the kernels look for them") {
    const auto words = codebookWords();
    CHECK(words.size() == shared::CODEBOOK_WORDS);
    CHECK(words[shared::CODEBOOK_IQ2_XXS] == 0x08080808); // entry 0: eight times the first level
    CHECK(words[shared::CODEBOOK_IQ3_XXS] == 0x04040404);
    CHECK(words[shared::CODEBOOK_IQ3_S] == 0x01010101);
    for (int grid = 0; grid < models::kGridCount; ++grid) {
        const models::GridInfo& info = models::gridInfo(static_cast<models::Grid>(grid));
        for (const uint16_t entry : info.packed) // no number without a level
            for (uint32_t i = 0; i < info.valuesPerEntry; ++i)
                CHECK((entry >> (i * info.bitsPerValue) & ((1u << info.bitsPerValue) - 1)) <
                      info.levels.size());
    }
}
