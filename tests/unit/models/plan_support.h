#pragma once
// Models and devices made up for tests of the memory plan, and what every plan must keep to. No threads.

#include "inference/memory_plan.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "inference/arena_packer.h"
#include "models/architecture.h"

namespace ponder::test {

using namespace ponder::inference;
using namespace ponder::models;

inline constexpr uint64_t kGiB = uint64_t{1} << 30;

// R1-Distill-Qwen 7B.
inline Hyperparams qwen7b() {
    Hyperparams p;
    p.architecture = "qwen2";
    p.n_layers = 28;
    p.n_embd = 3584;
    p.n_ff = 18944;
    p.n_heads = 28;
    p.n_kv_heads = 4;
    p.head_dim = p.v_head_dim = p.rope_dim = 128;
    p.n_vocab = 152064;
    p.n_ctx_train = 131072;
    p.qkv_bias = true;
    return p;
}

// V3 and R1.
inline Hyperparams r1() {
    Hyperparams p;
    p.architecture = "deepseek2";
    p.n_layers = 61;
    p.n_embd = 7168;
    p.n_ff = 18432;
    p.n_heads = p.n_kv_heads = 128;
    p.head_dim = 192;
    p.v_head_dim = 128;
    p.rope_dim = 64;
    p.n_vocab = 129280;
    p.n_ctx_train = 163840;
    p.q_lora_rank = 1536;
    p.kv_lora_rank = 512;
    p.n_dense_layers = 3;
    p.n_experts = 256;
    p.n_experts_used = 8;
    p.n_shared_experts = 1;
    p.n_ff_expert = 2048;
    p.mla_split = true;
    p.n_nextn_layers = 1; // its block is in the file and not in the plan
    return p;
}

// V2-Lite: queries not compressed, no groups.
inline Hyperparams v2Lite() {
    Hyperparams p = r1();
    p.n_layers = 27;
    p.n_embd = 2048;
    p.n_ff = 10944;
    p.n_heads = p.n_kv_heads = 16;
    p.n_vocab = 102400;
    p.q_lora_rank = 0;
    p.n_dense_layers = 1;
    p.n_experts = 64;
    p.n_experts_used = 6;
    p.n_shared_experts = 2;
    p.n_ff_expert = 1408;
    p.mla_split = false;
    p.n_nextn_layers = 0;
    return p;
}

// R1-Distill-Qwen 14B.
inline Hyperparams qwen14b() {
    Hyperparams p = qwen7b();
    p.n_layers = 48;
    p.n_embd = 5120;
    p.n_ff = 13824;
    p.n_heads = 40;
    p.n_kv_heads = 8;
    return p;
}

inline std::vector<TensorInfo> tensorsOf(const Hyperparams& p, QuantType matrices) {
    std::vector<TensorInfo> tensors;
    for (const TensorSpec& spec : findArchitecture(p.architecture)->tensors(p)) {
        TensorInfo tensor;
        tensor.name = spec.name;
        tensor.n_dims = static_cast<uint32_t>(spec.shape.size());
        std::copy(spec.shape.begin(), spec.shape.end(), tensor.shape.begin());
        tensor.type = spec.shape.size() > 1 ? matrices : QuantType::F32;
        const QuantTypeInfo& format = quantTypeInfo(tensor.type);
        tensor.sizeBytes = tensor.values() / format.valuesPerBlock * format.bytesPerBlock;
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

inline PlanDevice device(uint64_t bytes, uint64_t maxAllocation = 4 * kGiB) {
    return {.name = "Made-up GPU",
            .localBytes = bytes,
            .budgetBytes = bytes,
            .maxAllocationBytes = maxAllocation,
            .unified = false,
            .gigabytesPerSecond = 1000};
}

struct Planned {
    Hyperparams p;
    std::vector<TensorInfo> tensors;
    MemoryPlan plan;
};

inline Planned planned(const Hyperparams& p, QuantType type, const PlanDevice& gpu, uint32_t context = 0,
                       CacheFormat cache = CacheFormat::F16, uint64_t budget = 0) {
    Planned result{p, tensorsOf(p, type), {}};
    auto plan = planMemory({.hyperparams = result.p,
                            .tensors = result.tensors,
                            .devices = {&gpu, 1},
                            .host = {},
                            .context = context,
                            .cache = cache,
                            .deviceBudgetBytes = budget,
                            .hostBudgetBytes = 0});
    REQUIRE(plan.ok());
    result.plan = std::move(plan).value();
    return result;
}

// Segments cover every row of every placed tensor once, inside their arenas, aligned and apart.
inline void checkSegments(const Planned& planned, uint64_t maxAllocation) {
    std::map<uint32_t, uint64_t> nextRow;
    std::map<uint32_t, std::vector<std::pair<uint64_t, uint64_t>>> byArena;
    for (const Segment& segment : planned.plan.segments) {
        const TensorInfo& tensor = planned.tensors[segment.tensor];
        CHECK(segment.firstRow == nextRow[segment.tensor]);
        nextRow[segment.tensor] += segment.rows;
        CHECK(segment.sizeBytes == segment.rows * tensor.rowBytes());
        CHECK(segment.offset % kSegmentAlignment == 0);
        REQUIRE(segment.arena < planned.plan.arenaBytes.size());
        CHECK(segment.offset + segment.sizeBytes + kArenaTailBytes <= planned.plan.arenaBytes[segment.arena]);
        byArena[segment.arena].push_back({segment.offset, segment.offset + segment.sizeBytes});
    }
    for (const Placement& placement : planned.plan.placements) {
        if (placement.place != Place::DeviceMemory) continue;
        const TensorInfo& tensor = planned.tensors[placement.tensor];
        const bool stacked = tensor.name.find("_exps.") != std::string::npos;
        CHECK(nextRow[placement.tensor] == (stacked ? placement.experts * tensor.shape[1] : tensor.rows()));
    }
    for (auto& [arena, ranges] : byArena) {
        std::sort(ranges.begin(), ranges.end());
        for (size_t i = 1; i < ranges.size(); ++i) CHECK(ranges[i - 1].second <= ranges[i].first);
    }
    for (const uint64_t bytes : planned.plan.arenaBytes) CHECK(bytes <= maxAllocation);
}

} // namespace ponder::test
