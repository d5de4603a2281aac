#pragma once
// The shape of a model's attention and of its cache. A pure function; any thread.

#include "inference/kernels/attention.h"

namespace ponder::inference {

inline kernels::LayerShape layerShape(const models::Hyperparams& p, CacheFormat cache) {
    kernels::LayerShape shape{.n_heads = p.n_heads,
                              .n_kv_heads = p.n_kv_heads,
                              .head_dim = p.head_dim,
                              .n_layers = p.n_layers + p.n_nextn_layers,
                              .cache = cache};
    if (p.kv_lora_rank > 0) {
        shape.kv_lora_rank = p.kv_lora_rank;
        shape.rope_dim = p.rope_dim;
    }
    return shape;
}

} // namespace ponder::inference
