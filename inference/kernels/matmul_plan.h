#pragma once
// Which matrix kernel runs, and with what tiles: a pure function of the device's caps and the product's shape, so that the
// choice is tested with made-up devices. The kernels' own limits stand in their first lines. Values; no threads.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "inference/kernels/matmul.h"
#include "inference/vulkan/device_caps.h"
#include "models/quant_type.h"

namespace ponder::kernels {

inline constexpr uint32_t kMatVecTokens = 8; // the most that mat-vec takes

// What tests and benchmarks set to reach a row of the table that the device would not choose; 0: as the table says.
struct MatMulOverrides {
    bool noCooperativeMatrix = false;
    std::optional<bool> integerDot; // even where it is not accelerated, or never
    uint32_t subgroupSize = 0;
    uint32_t lanesPerRow = 0, rowsPerLane = 0;
    uint32_t tileRows = 0, tileTokens = 0, tileWorkgroup = 0; // cooperative: the first tile that has these
    uint32_t splits = 0;                                      // 1: none
    uint32_t gatedWorkgroup = 0;                              // of steps that compute blocks of sixteen rows
    std::optional<bool> takesNorms; // products that complete a residual take over the norm behind, or never
};

struct MatMulPlan {
    enum class Path { MatVec, Plain, CooperativeMatrix };
    Path path = Path::Plain;
    uint32_t subgroupSize = 0; // required of the driver where it can be
    uint32_t workgroup = 0;    // invocations

    uint32_t lanesPerRow =
        0; // mat-vec: invocations that share a row. Never a function of n: sums keep their order
    uint32_t rowsPerLane = 0;
    bool integers = false; // mat-vec: rounded activations, products of int8. Never a function of n either

    uint32_t tileRows = 0, tileTokens = 0;         // mat-mat: of a workgroup
    uint32_t subgroupRows = 0, subgroupTokens = 0; // cooperative: of one of its subgroups
    // Cooperative: shares of the columns, summed by workgroups of their own and joined afterwards.
    uint32_t splits = 1;
    // Where there is one share only: the last rows of the last product may have more, so that their tiles fill a round.
    uint32_t tailRows = 0, tailSplits = 1;
};

MatMulPlan planMatMul(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides,
                      models::QuantType type, uint32_t rows, uint32_t columns, uint32_t n, bool precise);

// Products that take matrices (planMatMul() says CooperativeMatrix of each), have the same x and run side by side: one plan for
// all of them, as multiprocessors see them as one. rows: of each, in their order.
MatMulPlan planTogether(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides,
                        std::span<const uint32_t> rows, uint32_t columns, uint32_t n);

// Both products of a gated feed-forward with the activation, in one step; not integers: there is none for them.
MatMulPlan planGated(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                     uint32_t rows, uint32_t columns, uint32_t n, bool precise);

// The same mat-vec where x wants a norm's factor (int8_view.h), which each of its workgroups makes: larger ones, fewer of them.
MatMulPlan planNormed(const vulkan::DeviceCaps& caps, MatMulPlan plan);

// A product of one token that completes a residual and takes over the norm behind it (residual_int8.comp); not integers: it
// does not. Rows are shared as planMatMul() has it.
MatMulPlan planResidual(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides,
                        models::QuantType type, uint32_t rows, uint32_t columns, bool precise);

// Products with `slots` of `experts` matrices of rows x columns a token (expert_matmul.h). routed: a router chooses, else every
// token takes all of them.
MatMulPlan planExperts(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides,
                       models::QuantType type, uint32_t rows, uint32_t columns, uint32_t n, uint32_t slots,
                       uint32_t experts, bool routed, bool precise);
// Whether routed pairs are better computed one by one: so few that experts would hardly be shared. Never more than 65,535.
bool expertsByPair(uint32_t n, uint32_t slots, uint32_t experts);

// Formats whose numbers mat-vec multiplies as integers, and whether this device has them multiplied so.
bool hasIntegers(models::QuantType type);
bool useIntegers(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides, models::QuantType type,
                 bool precise);

// Bytes for the sums of all shares of a recording's products; a product that finds no room is not split.
uint64_t splitBytes(const vulkan::DeviceCaps& caps, const MatMulOverrides& overrides);

// Shared memory of the cooperative kernel with this tile.
uint32_t matrixTileSharedBytes(uint32_t tileRows, uint32_t tileTokens);

// MatMul::create with overrides of the caller's; that takes those of tuning.
Result<std::unique_ptr<MatMul>> createMatMul(const vulkan::Context& context, vulkan::KernelRegistry& registry,
                                             const MatMulOverrides& overrides, bool precise,
                                             uint32_t maxTokens, uint32_t maxColumns);

} // namespace ponder::kernels
