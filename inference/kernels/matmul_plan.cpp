#include "inference/kernels/matmul_plan.h"

#include <algorithm>
#include <span>

#include "shaders/shared/spec_ids.h"

namespace ponder::kernels {

namespace {

using models::QuantType;
using vulkan::DeviceCaps;

// Tiles of the cooperative kernel, the largest first. A subgroup's part is for subgroups of 32; those of 64 take twice the
// tokens. Where the number of multiprocessors is not known: minTiles, so many workgroups must come of it, or the next smaller is
// taken (kNever: it is not); an H100 has 132 multiprocessors, a laptop's GPU 8 to 32. leastTokens: fewer would mostly compute
// padding. Where it is known: speed, of a workgroup alone on a multiprocessor, the largest tile's being 1 (H100); speedOfAll, of
// `resident` of them on it together. One then unpacks weights while another multiplies, which a workgroup alone does by turns.
struct Tile {
    uint32_t rows, tokens, workgroup, subgroupRows, subgroupTokens;
    uint32_t minTiles, leastTokens;
    double speed;
    uint32_t resident;
    double speedOfAll;
};
constexpr uint32_t kNever = UINT32_MAX;
constexpr Tile kTiles[] = {
    {128, 128, 256, 64, 32, 96, 65, 1.0, 1, 1.0},       // few workgroups
    {128, 128, 128, 64, 64, kNever, 65, 0.85, 2, 1.25}, // many
    {128, 64, 128, 64, 32, 130, 33, 0.5, 1, 0.5},
    {64, 64, 128, 32, 32, 0, 33, 0.32, 3, 0.5},
    {64, 32, 64, 32, 32, 0, 0, 0.3, 1, 0.3},
};
constexpr uint32_t kMostSubgroupTokens = 64; // the kernel has names for so many sums

constexpr uint32_t kPlainRows = 64, kPlainTokens = 32; // as shaders/kernels/matmul.comp has them

uint32_t ceilDiv(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

double areaOf(const Tile& tile) { // the largest tile's is 1
    return 1.0 * tile.rows * tile.tokens / (kTiles[0].rows * kTiles[0].tokens);
}

// Times are in those of the largest tile. Workgroups come in rounds of as many as are resident; of the last round the fullest
// multiprocessor counts.
double timeOf(const Tile& tile, uint32_t units, uint32_t workgroups) {
    const uint32_t round = units * tile.resident;
    const uint32_t last = ceilDiv(workgroups % round, units);
    const double together = workgroups / round * tile.resident + (last > 1 ? last : 0);
    return areaOf(tile) * (together / tile.speedOfAll + (last == 1 ? 1 / tile.speed : 0));
}

// Where whole tiles leave multiprocessors idle (160 tiles on 132 take as long as 264), columns are shared out: tiles * splits
// workgroups of 1 / splits of the time each. Joining a float of a share costs as much as some 300 columns of products of a
// multiprocessor's (H100, 1.5 TFLOP/s each).
constexpr uint32_t kMostSplits = 8, kLeastSplitColumns = 384, kJoinColumns = 300;
constexpr uint32_t kSplitRounds = 5; // workgroups a multiprocessor at most, beyond which whole tiles do
constexpr double kLeastGain = 0.98;  // of the time, that a share more must leave

struct TileChoice {
    const Tile* tile = nullptr;
    uint32_t splits = 1;
    uint32_t tailRows = 0, tailSplits = 1;
    double cost = 0; // as timeOf()
};

// Products side by side, as tiles see them.
struct Products {
    std::span<const uint32_t> rows; // of each
    uint32_t columns, n;

    uint32_t tokenTiles(const Tile& tile) const { return ceilDiv(n, tile.tokens); }
    uint32_t tiles(const Tile& tile) const {
        uint32_t rowTiles = 0;
        for (const uint32_t of : rows) rowTiles += ceilDiv(of, tile.rows);
        return rowTiles * tokenTiles(tile);
    }
};

// What joining the shares of so many tiles takes.
double joinTime(const Tile& tile, uint32_t units, uint32_t splits, uint32_t columns, uint32_t tiles) {
    return splits > 1 ? areaOf(tile) * (splits + 1.0) * kJoinColumns / columns * tiles / units : 0;
}

bool canShare(uint32_t units, uint32_t splits, uint32_t columns, uint32_t tiles) {
    return columns / splits >= kLeastSplitColumns && tiles * splits <= kSplitRounds * units;
}

TileChoice withSplits(const Tile& tile, uint32_t units, uint32_t mostSplits, const Products& products) {
    const uint32_t tiles = products.tiles(tile);
    const auto cost = [&](uint32_t splits) {
        return timeOf(tile, units, tiles * splits) / splits +
               joinTime(tile, units, splits, products.columns, tiles);
    };
    TileChoice best{.tile = &tile, .cost = cost(1)};
    for (uint32_t splits = 2; splits <= mostSplits && canShare(units, splits, products.columns, tiles);
         ++splits)
        if (cost(splits) < best.cost * kLeastGain)
            best = {.tile = &tile, .splits = splits, .cost = cost(splits)};
    return best;
}

// Where there are more tiles than are resident at once: those of the last, unfilled round by themselves, with their columns
// shared out. They are the last rows of the last product.
TileChoice withTail(const Tile& tile, uint32_t units, uint32_t mostSplits, const Products& products) {
    const uint32_t tiles = products.tiles(tile), across = products.tokenTiles(tile);
    const uint32_t round = units * tile.resident, rounds = tiles / round;
    TileChoice best{.tile = &tile, .cost = timeOf(tile, units, tiles)};
    const uint32_t tailRows = ceilDiv(tiles % round, across) * tile.rows, tail = tailRows / tile.rows * across;
    if (rounds == 0 || tail == 0 || tailRows >= products.rows.back()) return best;
    for (uint32_t splits = 2; splits <= mostSplits && canShare(units, splits, products.columns, tail);
         ++splits) {
        const double cost = timeOf(tile, units, rounds * round) + timeOf(tile, units, tail * splits) / splits +
                            joinTime(tile, units, splits, products.columns, tail);
        if (cost < best.cost * kLeastGain)
            best = {.tile = &tile, .tailRows = tailRows, .tailSplits = splits, .cost = cost};
    }
    return best;
}

bool takesTile(const DeviceCaps& caps, const MatMulOverrides& overrides, const Tile& tile, uint32_t subgroup) {
    if (overrides.tileRows && (tile.rows != overrides.tileRows || tile.tokens != overrides.tileTokens))
        return false;
    if (overrides.tileWorkgroup && tile.workgroup != overrides.tileWorkgroup) return false;
    return matrixTileSharedBytes(tile.rows, tile.tokens) <= caps.maxSharedBytes &&
           tile.workgroup <= caps.maxInvocations &&
           tile.subgroupTokens * (subgroup / 32) <= std::min(tile.tokens, kMostSubgroupTokens);
}

// No tile: the device takes none.
TileChoice chooseTile(const DeviceCaps& caps, const MatMulOverrides& overrides, uint32_t subgroup,
                      const Products& products) {
    const uint32_t mostSplits = overrides.splits == 1 ? 1 : kMostSplits;
    TileChoice best;
    for (const Tile& tile : kTiles) {
        if (!takesTile(caps, overrides, tile, subgroup)) continue;
        if (caps.computeUnits == 0) {
            if (overrides.tileRows ||
                (products.n >= tile.leastTokens && products.tiles(tile) >= tile.minTiles))
                return {.tile = &tile};
            continue;
        }
        for (const TileChoice& choice : {withSplits(tile, caps.computeUnits, mostSplits, products),
                                         withTail(tile, caps.computeUnits, mostSplits, products)})
            if (!best.tile || choice.cost < best.cost) best = choice;
    }
    return best;
}

// How mat-vec deals a matrix out; measured on an H100, where a product of one token is over in 4 to 50 us: workgroups should fill
// the multiprocessors evenly, the last of them not leave the others waiting, and none be too short to be worth its start.
struct Dealt {
    uint32_t lanes; // of a subgroup of 32: a wider one has as many
    uint32_t rows;  // of an invocation; with integers for one token
};
constexpr uint32_t kManyRows = 65536; // heads: starting workgroups is what costs then

// With float32 activations: two subgroups a row and two rows an invocation, which read x once for both, at 3,584 columns; four
// subgroups at 18,944; of very many rows one subgroup and four rows. An invocation should have more than one piece of 32 values to
// do, and few rows should not leave multiprocessors idle.
Dealt dealFloats(uint32_t rows, uint32_t pieces) {
    if (rows >= kManyRows) return {32, 4};
    const uint32_t lanes = pieces >= 512 ? 128 : pieces >= 96 ? 64 : 32;
    return {lanes, rows >= 2048 ? 2u : 1u};
}

// With integers x costs little, so that a token alone has one row an invocation, but in matrices of four bits that are not wide.
// Wide rows, and few ones, are shared by more invocations.
Dealt dealIntegers(QuantType type, uint32_t rows, uint32_t pieces) {
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    const bool fourBits = info.bytesPerBlock * 8 < info.valuesPerBlock * 5; // or fewer
    const bool slow = type == QuantType::Q2_K || type == QuantType::IQ4_XS; // to unpack: rows share some of it
    if (rows >= kManyRows) {
        // Of six bits: 128,256 rows 160 us with two subgroups and 175 with one, 152,064 192 to 263 either way.
        const bool bytes = info.bytesPerBlock >= info.valuesPerBlock;
        return (bytes || (!fourBits && rows < 2 * kManyRows)) && pieces >= 96 ? Dealt{64, 1} : Dealt{32, 4};
    }
    if (rows <= 1024) return {128, 1};
    if (pieces >= 512) return {!fourBits && pieces >= 700 ? 256u : 128u, slow ? 4u : 1u};
    if (pieces >= 256 && rows < 8192) return {64, 1};
    if (rows >= 8192) return {pieces >= 256 ? 64u : 32u, fourBits ? 2u : 1u};
    return {32, 1};
}

MatMulPlan planMatVec(const DeviceCaps& caps, const MatMulOverrides& overrides, uint32_t subgroup,
                      models::QuantType type, uint32_t rows, uint32_t columns, uint32_t n, bool precise) {
    MatMulPlan plan;
    plan.path = MatMulPlan::Path::MatVec;
    plan.subgroupSize = subgroup;
    plan.integers = useIntegers(caps, overrides, type, precise);
    const uint32_t pieces = columns / 32;
    const Dealt dealt = plan.integers ? dealIntegers(type, rows, pieces) : dealFloats(rows, pieces);
    plan.lanesPerRow =
        caps.software ? subgroup : std::max(subgroup, std::min(dealt.lanes, caps.maxInvocations));
    if (overrides.lanesPerRow) plan.lanesPerRow = overrides.lanesPerRow;
    plan.rowsPerLane = dealt.rows;
    if (plan.integers && n > 1) // what is read of x serves all rows of an invocation
        plan.rowsPerLane = rows >= kManyRows || (n > 4 && pieces >= 512) ? 4 : rows >= 2048 ? 2 : 1;
    if (overrides.rowsPerLane) plan.rowsPerLane = overrides.rowsPerLane;
    plan.workgroup =
        std::min(std::max(plan.lanesPerRow, 64u), std::max(caps.maxInvocations, plan.lanesPerRow));
    return plan;
}

// Rows of so many pieces keep their norm (32B, 70B): blocks of sixteen such rows leave multiprocessors idle at the end, which
// costs more than the step.
constexpr uint32_t kNormPieces = 700;

} // namespace

bool hasIntegers(models::QuantType type) {
    using enum models::QuantType;
    switch (type) { // as shaders/variants.cmake lists matvec_int8
    case Q4_0:
    case Q4_1:
    case Q5_0:
    case Q5_1:
    case Q8_0:
    case Q2_K:
    case Q3_K:
    case Q4_K:
    case Q5_K:
    case Q6_K:
    case IQ4_NL:
    case IQ4_XS:
        return true;
    default:
        return false;
    }
}

bool useIntegers(const DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                 bool precise) {
    if (precise || !hasIntegers(type) || !caps.integerDotAny) return false;
    return overrides.integerDot.value_or(caps.integersFaster.value_or(caps.integerDot && !caps.software));
}

uint64_t splitBytes(const DeviceCaps& caps, const MatMulOverrides& overrides) {
    if (!caps.cooperativeMatrix || overrides.noCooperativeMatrix || overrides.splits == 1) return 0;
    const uint64_t tiles = overrides.splits ? 1024 : uint64_t{caps.computeUnits} * kSplitRounds;
    return tiles * kTiles[0].rows * kTiles[0].tokens * sizeof(float);
}

uint32_t matrixTileSharedBytes(uint32_t tileRows, uint32_t tileTokens) {
    return (tileRows + tileTokens) * (64 + 8) * 2; // f16, rows padded by 16 bytes
}

namespace {

uint32_t subgroupOf(const DeviceCaps& caps, const MatMulOverrides& overrides) {
    const bool canChoose = caps.subgroupSizeControl && overrides.subgroupSize >= caps.minSubgroupSize &&
                           overrides.subgroupSize <= caps.maxSubgroupSize;
    return canChoose && overrides.subgroupSize ? overrides.subgroupSize : caps.subgroupSize;
}

MatMulPlan planPlain() {
    MatMulPlan plan;
    plan.path = MatMulPlan::Path::Plain;
    plan.workgroup = 64;
    plan.tileRows = kPlainRows;
    plan.tileTokens = kPlainTokens;
    return plan;
}

bool takesMatrices(const DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                   bool precise) {
    const uint32_t subgroup = subgroupOf(caps, overrides);
    return caps.cooperativeMatrix && !overrides.noCooperativeMatrix && !precise &&
           type != models::QuantType::F32 && // which may exceed f16
           (subgroup == 32 || subgroup == 64);
}

MatMulPlan planMatrices(const DeviceCaps& caps, const MatMulOverrides& overrides, const Products& products) {
    const uint32_t subgroup = subgroupOf(caps, overrides);
    const TileChoice choice = chooseTile(caps, overrides, subgroup, products);
    const Tile* const tile = choice.tile;
    if (!tile) return planPlain();
    MatMulPlan plan;
    plan.path = MatMulPlan::Path::CooperativeMatrix;
    plan.subgroupSize = subgroup;
    plan.workgroup = tile->workgroup;
    plan.tileRows = tile->rows;
    plan.tileTokens = tile->tokens;
    plan.subgroupRows = tile->subgroupRows;
    plan.subgroupTokens = tile->subgroupTokens * (subgroup / 32);
    plan.splits = overrides.splits ? overrides.splits : choice.splits;
    plan.tailRows = overrides.splits ? 0 : choice.tailRows;
    plan.tailSplits = choice.tailSplits;
    return plan;
}

} // namespace

MatMulPlan planMatMul(const DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                      uint32_t rows, uint32_t columns, uint32_t n, bool precise) {
    if (n <= kMatVecTokens)
        return planMatVec(caps, overrides, subgroupOf(caps, overrides), type, rows, columns, n, precise);
    if (!takesMatrices(caps, overrides, type, precise)) return planPlain();
    return planMatrices(caps, overrides, {.rows = {&rows, 1}, .columns = columns, .n = n});
}

MatMulPlan planTogether(const DeviceCaps& caps, const MatMulOverrides& overrides,
                        std::span<const uint32_t> rows, uint32_t columns, uint32_t n) {
    PONDER_CHECK(!rows.empty() && n > kMatVecTokens);
    return planMatrices(caps, overrides, {.rows = rows, .columns = columns, .n = n});
}

MatMulPlan planGated(const DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                     uint32_t rows, uint32_t columns, uint32_t n, bool precise) {
    MatMulPlan plan = planMatMul(caps, overrides, type, rows, columns, n, precise);
    constexpr uint32_t block = 16; // rows that a workgroup rounds together
    if (n > kMatVecTokens || rows % block != 0) plan.integers = false;
    // Measured on an H100: one row of each matrix at a time, but in formats that are slow to unpack; 256 invocations, and half as
    // many for a token alone, if all workgroups are then under way at once and multiprocessors have enough of them. Groups of
    // invocations and their rows divide a block.
    const uint32_t blocks = rows / block, units = caps.computeUnits;
    const bool even = units == 0 || (blocks >= 5 * units && blocks <= 12 * units);
    const bool half = n == 1 && plan.lanesPerRow < 64 && rows >= 8192 && even;
    const uint32_t workgroup = overrides.gatedWorkgroup ? overrides.gatedWorkgroup : half ? 128 : 256;
    const uint32_t atOnce = n > 1 ? 1 : type == QuantType::Q2_K ? 4 : type == QuantType::IQ4_XS ? 2 : 1;
    plan.workgroup = std::min(std::max(workgroup, plan.lanesPerRow), block * plan.lanesPerRow);
    plan.rowsPerLane = std::min(overrides.rowsPerLane ? overrides.rowsPerLane : atOnce,
                                block * plan.lanesPerRow / plan.workgroup);
    if (plan.workgroup > caps.maxInvocations) plan.integers = false;
    return plan;
}

MatMulPlan planNormed(const DeviceCaps& caps, MatMulPlan plan) {
    constexpr uint32_t workgroup = 256;
    if (!caps.software && workgroup <= caps.maxInvocations && workgroup % plan.lanesPerRow == 0)
        plan.workgroup = std::max(plan.workgroup, workgroup);
    return plan;
}

MatMulPlan planResidual(const DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                        uint32_t rows, uint32_t columns, bool precise) {
    MatMulPlan plan = planMatMul(caps, overrides, type, rows, columns, 1, precise);
    constexpr uint32_t block = 16; // rows that a workgroup rounds together
    const uint32_t pieces = columns / 32, blocks = rows / block;
    const bool few = blocks <= PONDER_MOST_NORM_BLOCKS &&
                     ceilDiv(blocks, std::max(caps.minSubgroupSize, 1u)) <= PONDER_MOST_NORM_CHUNKS;
    if (rows % block != 0 || !few || !overrides.takesNorms.value_or(pieces < kNormPieces))
        plan.integers = false;
    // Measured on an H100: all workgroups under way at once, and multiprocessors full.
    const bool wide = plan.lanesPerRow > plan.subgroupSize;
    const uint32_t units = caps.computeUnits ? caps.computeUnits : 132;
    const uint32_t workgroup = overrides.gatedWorkgroup ? overrides.gatedWorkgroup
                               : blocks <= units        ? 1024
                               : blocks <= 2 * units    ? 512
                               : wide                   ? 256
                                                        : 512;
    plan.rowsPerLane = overrides.rowsPerLane                                 ? overrides.rowsPerLane
                       : wide && (workgroup < 1024 || plan.lanesPerRow > 64) ? 2
                                                                             : 1;
    plan.workgroup =
        std::min(std::max(workgroup, plan.lanesPerRow), block * plan.lanesPerRow / plan.rowsPerLane);
    if (plan.workgroup > caps.maxInvocations) plan.integers = false;
    return plan;
}

bool expertsByPair(uint32_t n, uint32_t slots, uint32_t experts) {
    const uint64_t pairs = uint64_t{n} * slots;
    return pairs <= 65535 && (n <= kMatVecTokens || pairs <= experts);
}

MatMulPlan planExperts(const DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                       uint32_t rows, uint32_t columns, uint32_t n, uint32_t slots, uint32_t experts,
                       bool routed, bool precise) {
    const bool byPair =
        routed ? expertsByPair(n, slots, experts) : n <= kMatVecTokens && uint64_t{n} * slots <= 65535;
    if (byPair) {
        MatMulOverrides floats = overrides;
        floats.integerDot = false; // no such kernel of experts yet
        return planMatMul(caps, floats, type, rows, columns, 1, precise);
    }
    // Tiles as for the tokens that an expert gets on average, of all the experts' rows together.
    const uint64_t tokens = routed ? uint64_t{n} * slots / experts : n;
    const uint64_t allRows = uint64_t{rows} * experts;
    MatMulOverrides whole = overrides;
    whole.splits = 1; // the kernel of experts shares no columns out
    return planMatMul(caps, whole, type, static_cast<uint32_t>(std::min<uint64_t>(allRows, 1u << 30)),
                      columns, static_cast<uint32_t>(std::max<uint64_t>(tokens, kMatVecTokens + 1)), precise);
}

} // namespace ponder::kernels
