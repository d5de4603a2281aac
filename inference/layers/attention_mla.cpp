#include "inference/layers/attention_mla.h"

#include <algorithm>
#include <cmath>

#include "inference/kernels/matmul_parts.h"
#include "inference/layers/layer_shape.h"
#include "inference/rope_table.h"

namespace ponder::inference {

Result<std::unique_ptr<LayerPart>> AttentionMla::create(const Workspace& w) {
    const auto& p = w.hyperparams;
    std::unique_ptr<AttentionMla> part(new AttentionMla(w));
    part->m_scale = latentSoftmaxScale(p);
    const uint64_t heads = p.n_heads, keyDim = uint64_t{p.kv_lora_rank} + p.rope_dim;
    if (p.q_lora_rank > 0) {
        ASSIGN_OR_RETURN(part->m_compressed, w.scratch(p.q_lora_rank, "compressed queries"));
    }
    ASSIGN_OR_RETURN(part->m_q, w.scratch(heads * p.head_dim, "queries"));
    ASSIGN_OR_RETURN(part->m_latent, w.scratch(keyDim, "latents"));
    ASSIGN_OR_RETURN(part->m_absorbed, w.scratch(heads * keyDim, "absorbed queries"));
    ASSIGN_OR_RETURN(part->m_expanded,
                     kernels::ExpandedAttention::create(w.context, w.registry, layerShape(p, w.cache),
                                                        p.v_head_dim, w.chunkTokens, w.contextTokens));
    if (part->m_expanded) {
        ASSIGN_OR_RETURN(part->m_latentAttended,
                         vulkan::Buffer::create(w.context, part->m_expanded->scratchBytes(),
                                                vulkan::MemoryUse::DeviceLocal, "attended latents"));
    } else {
        ASSIGN_OR_RETURN(part->m_latentAttended, w.scratch(heads * p.kv_lora_rank, "attended latents"));
    }
    ASSIGN_OR_RETURN(part->m_attended, w.scratch(heads * p.v_head_dim, "attended"));
    ASSIGN_OR_RETURN(part->m_attention, kernels::LatentAttention::create(
                                            w.context, w.registry, layerShape(p, w.cache), w.contextTokens));
    const uint32_t widest = std::max(kernels::halfStride(p.kv_lora_rank), kernels::halfStride(p.head_dim));
    ASSIGN_OR_RETURN(part->m_heads,
                     kernels::ExpertMatMul::create(
                         w.context, w.registry, w.precise,
                         {.tokens = w.chunkTokens, .rows = p.n_heads, .rowValues = p.n_heads * widest}));
    return std::unique_ptr<LayerPart>(std::move(part));
}

Result<void> AttentionMla::findExpansion(uint32_t block, Layer& layer) const {
    const auto& p = m_workspace.hyperparams;
    AddressTable& addresses = *m_workspace.addresses;
    const uint32_t nope = p.head_dim - p.rope_dim;
    if (const auto k_b = m_workspace.find(block, "attn_k_b.weight"); k_b) {
        ASSIGN_OR_RETURN(const auto v_b, m_workspace.need(block, "attn_v_b.weight"));
        ASSIGN_OR_RETURN(layer.keys, addresses.add(k_b, p.n_heads, p.kv_lora_rank, p.kv_lora_rank));
        ASSIGN_OR_RETURN(layer.values, addresses.add(v_b, p.n_heads, p.v_head_dim, p.v_head_dim));
        return {};
    }
    ASSIGN_OR_RETURN(const auto kv_b, m_workspace.need(block, "attn_kv_b.weight"));
    const uint32_t stride = nope + p.v_head_dim; // each head's keys, then its values
    layer.transposed = true;
    ASSIGN_OR_RETURN(layer.keys, addresses.add(kv_b, p.n_heads, nope, stride));
    ASSIGN_OR_RETURN(layer.values, addresses.add(kv_b, p.n_heads, p.v_head_dim, stride, nope));
    return {};
}

Result<void> AttentionMla::addLayer(uint32_t block) {
    Layer layer;
    const bool compressed = m_workspace.hyperparams.q_lora_rank > 0;
    RETURN_IF_ERROR(
        m_workspace.need(block, {{layer.attn_norm, "attn_norm.weight"},
                                 {layer.attn_q_b, compressed ? "attn_q_b.weight" : "attn_q.weight"},
                                 {layer.attn_kv_a_mqa, "attn_kv_a_mqa.weight"},
                                 {layer.attn_kv_a_norm, "attn_kv_a_norm.weight"},
                                 {layer.attn_output, "attn_output.weight"}}));
    if (compressed)
        RETURN_IF_ERROR(m_workspace.need(
            block, {{layer.attn_q_a, "attn_q_a.weight"}, {layer.attn_q_a_norm, "attn_q_a_norm.weight"}}));
    RETURN_IF_ERROR(findExpansion(block, layer));
    m_layers.emplace(block, std::move(layer));
    return {};
}

// q and the latent, both from what is normed; q by way of its compression where there is one.
Result<void> AttentionMla::recordQueries(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n) {
    const Workspace& w = m_workspace;
    const bool compressed = static_cast<bool>(layer.attn_q_a);
    const kernels::Weight& first = compressed ? layer.attn_q_a : layer.attn_q_b;
    const NormInput input{.norm = &layer.attn_norm, .readers = {&first, &layer.attn_kv_a_mqa}};
    ASSIGN_OR_RETURN(const kernels::Prepared prepared,
                     w.recordNormInput(recorder, "attention norm", input, n));
    recorder.mark("query, latent");
    recorder.barrier("normed for attention");
    kernels::MatMulArgs both[] = {product(first, w.normed, compressed ? m_compressed.view() : m_q.view(), n),
                                  product(layer.attn_kv_a_mqa, w.normed, m_latent.view(), n)};
    for (kernels::MatMulArgs& args : both) args.prepared = prepared;
    RETURN_IF_ERROR(w.matMul->record(recorder, both));
    if (!compressed) return {};
    recorder.mark("query norm");
    recorder.barrier("compressed queries complete");
    const kernels::Prepared queriesPrepared = w.matMul->prepared(layer.attn_q_b, n);
    RETURN_IF_ERROR(w.elementwise->recordRmsNorm(recorder, m_compressed.view(), layer.attn_q_a_norm.address(),
                                                 m_compressed.view(), w.hyperparams.q_lora_rank, n,
                                                 w.hyperparams.rms_eps, queriesPrepared));
    recorder.mark("query");
    recorder.barrier("compressed queries normed");
    auto queries = product(layer.attn_q_b, m_compressed.view(), m_q.view(), n);
    queries.prepared = queriesPrepared;
    return w.matMul->record(recorder, {&queries, 1});
}

// The unrotated part of each head's query, brought to the latent.
Result<void> AttentionMla::recordAbsorb(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n) {
    const auto& p = m_workspace.hyperparams;
    const kernels::ExpertMatMulArgs args{.weight = &layer.keys,
                                         .x = m_q.view(),
                                         .xStride = p.head_dim,
                                         .y = m_absorbed.view(),
                                         .yStride = p.kv_lora_rank + p.rope_dim,
                                         .n = n,
                                         .slots = p.n_heads,
                                         .xPerPair = true};
    return layer.transposed ? m_heads->recordTransposed(recorder, args)
                            : m_heads->record(recorder, {&args, 1});
}

std::string AttentionMla::describe() const {
    return m_attention->describe() + (m_expanded ? ", " + m_expanded->describe() : "");
}

Result<void> AttentionMla::recordAbsorbed(vulkan::CommandRecorder& recorder, uint32_t block,
                                          const Layer& layer, uint32_t n) {
    const auto& p = m_workspace.hyperparams;
    RETURN_IF_ERROR(recordAbsorb(recorder, layer, n)); // writes the other values of the absorbed queries
    recorder.mark("attention");
    recorder.barrier("queries absorbed, keys in the cache");
    RETURN_IF_ERROR(m_attention->record(recorder, m_workspace.sequence, block, m_absorbed.view(),
                                        m_latentAttended.view(), m_scale, n));
    recorder.mark("values");
    recorder.barrier("latents attended");
    const kernels::ExpertMatMulArgs values{.weight = &layer.values,
                                           .x = m_latentAttended.view(),
                                           .xStride = p.kv_lora_rank,
                                           .y = m_attended.view(),
                                           .yStride = p.v_head_dim,
                                           .n = n,
                                           .slots = p.n_heads,
                                           .xPerPair = true};
    return m_heads->record(recorder, {&values, 1});
}

Result<void> AttentionMla::recordExpanded(vulkan::CommandRecorder& recorder, uint32_t block,
                                          const Layer& layer, uint32_t n) {
    const kernels::ExpandedAttention::Args args{.keys = &layer.keys,
                                                .values = &layer.values,
                                                .keysTransposed = !layer.transposed,
                                                .q = m_q.view(),
                                                .rotated = m_absorbed.view(),
                                                .out = m_attended.view(),
                                                .scratch = m_latentAttended.view(),
                                                .scale = m_scale};
    RETURN_IF_ERROR(m_expanded->recordUnpack(recorder, args));
    recorder.barrier("queries rotated, keys in the cache, heads' matrices as f16");
    return m_expanded->record(recorder, m_workspace.sequence, block, args, n);
}

Result<void> AttentionMla::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    const Layer& layer = m_layers.at(block);
    RETURN_IF_ERROR(recordQueries(recorder, layer, n));
    recorder.mark(expands(n) ? "rope and store, unpack" : "rope and store, absorb");
    recorder.barrier("queries and latents complete");
    RETURN_IF_ERROR(m_attention->recordStore(recorder, w.sequence, block,
                                             {.q = m_q.view(),
                                              .latent = m_latent.view(),
                                              .absorbed = m_absorbed.view(),
                                              .head_dim = p.head_dim,
                                              .normWeight = layer.attn_kv_a_norm.address(),
                                              .ropeTable = w.ropeTable,
                                              .pairs = p.rope_pairs,
                                              .eps = p.rms_eps},
                                             n));
    RETURN_IF_ERROR(expands(n) ? recordExpanded(recorder, block, layer, n)
                               : recordAbsorbed(recorder, block, layer, n));
    return w.recordAttentionOutput(recorder, layer.attn_output, {}, m_attended.view(), n);
}

} // namespace ponder::inference
