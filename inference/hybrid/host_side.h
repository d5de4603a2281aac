#pragma once
// What the host holds of a model of which it computes a share: threads and weights. Made by the device when the plan gives the
// host a share, and lent to the decoder, which it outlives. One thread calls.

#include <memory>

#include "inference/cpu/host_weights.h"
#include "inference/cpu/thread_pool.h"
#include "inference/hybrid/hybrid_cache.h"

namespace ponder::inference {

struct HostSide {
    cpu::ThreadPool pool{0};
    std::unique_ptr<cpu::HostWeights> weights;
    uint32_t firstLayer = 0,
             endLayer = 0;    // the host's layers, whole; those behind them rest in the ring (layer_ring.h)
    uint64_t streamBytes = 0; // of the device, for experts that are brought over for one pass
    const HybridCache* cache = nullptr; // null: no layer is
};

} // namespace ponder::inference
