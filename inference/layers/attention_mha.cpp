#include "inference/layers/attention_mha.h"

#include "inference/layers/layer_shape.h"

namespace ponder::inference {

Result<std::unique_ptr<LayerPart>> AttentionMha::create(const Workspace& w) {
    const auto& p = w.hyperparams;
    std::unique_ptr<AttentionMha> part(new AttentionMha(w));
    const uint64_t queries = uint64_t{p.n_heads} * p.head_dim, keys = uint64_t{p.n_kv_heads} * p.head_dim;
    ASSIGN_OR_RETURN(part->m_q, w.scratch(queries, "queries"));
    ASSIGN_OR_RETURN(part->m_k, w.scratch(keys, "keys"));
    ASSIGN_OR_RETURN(part->m_v, w.scratch(keys, "values"));
    ASSIGN_OR_RETURN(part->m_attended, w.scratch(queries, "attended"));
    ASSIGN_OR_RETURN(part->m_attention,
                     kernels::Attention::create(w.context, w.registry, layerShape(p, w.cache), w.chunkTokens,
                                                w.contextTokens));
    return std::unique_ptr<LayerPart>(std::move(part));
}

Result<void> AttentionMha::addLayer(uint32_t block) {
    Layer layer;
    RETURN_IF_ERROR(m_workspace.need(block, {{layer.attn_norm, "attn_norm.weight"},
                                             {layer.attn_q, "attn_q.weight"},
                                             {layer.attn_k, "attn_k.weight"},
                                             {layer.attn_v, "attn_v.weight"},
                                             {layer.attn_output, "attn_output.weight"}}));
    layer.attn_q_bias = m_workspace.find(block, "attn_q.bias");
    layer.attn_k_bias = m_workspace.find(block, "attn_k.bias");
    layer.attn_v_bias = m_workspace.find(block, "attn_v.bias");
    layer.attn_output_bias = m_workspace.find(block, "attn_output.bias");
    m_layers.emplace(block, std::move(layer));
    return {};
}

NormInput AttentionMha::inputOf(const Layer& layer) {
    return {.norm = &layer.attn_norm, .readers = {&layer.attn_q, &layer.attn_k, &layer.attn_v}};
}

Result<void> AttentionMha::recordProducts(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n) {
    const Workspace& w = m_workspace;
    ASSIGN_OR_RETURN(const kernels::Prepared prepared,
                     w.recordNormInput(recorder, "attention norm", inputOf(layer), n));
    recorder.mark("query, key, value");
    recorder.barrier("normed for attention");
    kernels::MatMulArgs inputs[] = {biased(product(layer.attn_q, w.normed, m_q.view(), n), layer.attn_q_bias),
                                    biased(product(layer.attn_k, w.normed, m_k.view(), n), layer.attn_k_bias),
                                    biased(product(layer.attn_v, w.normed, m_v.view(), n), layer.attn_v_bias)};
    for (kernels::MatMulArgs& args : inputs) args.prepared = prepared;
    return w.matMul->record(recorder, inputs);
}

kernels::AttentionInputs AttentionMha::products() const {
    const auto& p = m_workspace.hyperparams;
    return {.q = m_q.view(),
            .k = m_k.view(),
            .v = m_v.view(),
            .ropeTable = m_workspace.ropeTable,
            .rope_dim = p.rope_dim,
            .pairs = p.rope_pairs};
}

Result<void> AttentionMha::recordOutput(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n,
                                        const kernels::Prepared& prepared) {
    return m_workspace.recordAttentionOutput(recorder, layer.attn_output, layer.attn_output_bias,
                                             m_attended.view(), n, prepared);
}

Result<void> AttentionMha::recordTokens(vulkan::CommandRecorder& recorder, const Layer& layer,
                                        uint32_t cacheLayer,
                                        std::span<const kernels::SequenceView> sequences) {
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    const auto n = static_cast<uint32_t>(sequences.size());
    recorder.mark("attention");
    recorder.barrier("q, k, v complete");
    const kernels::Int8View wanted = w.matMul->prepared(layer.attn_output, n).rounded;
    const uint32_t queries = p.n_heads * p.head_dim;
    const uint64_t queryBytes = uint64_t{queries} * sizeof(float),
                   keyBytes = uint64_t{p.n_kv_heads} * p.head_dim * sizeof(float);
    std::vector<kernels::AttentionToken> tokens;
    for (uint32_t row = 0; row < n; ++row) {
        kernels::AttentionInputs inputs = products();
        inputs.q = inputs.q.part(row * queryBytes, queryBytes);
        inputs.k = inputs.k.part(row * keyBytes, keyBytes);
        inputs.v = inputs.v.part(row * keyBytes, keyBytes);
        tokens.push_back({.sequence = sequences[row],
                          .inputs = inputs,
                          .out = m_attended.view().part(row * queryBytes, queryBytes),
                          .rounded = wanted.row(row, queries)});
    }
    ASSIGN_OR_RETURN(const bool rounded, m_attention->recordTokens(recorder, cacheLayer, tokens));
    return recordOutput(recorder, layer, n, {.rounded = rounded ? wanted : kernels::Int8View{}});
}

Result<void> AttentionMha::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Layer& layer = m_layers.at(block);
    RETURN_IF_ERROR(recordProducts(recorder, layer, n));
    const CachePlace cache = m_workspace.cacheOf(block);
    if (n == 1) return recordTokens(recorder, layer, cache.layer, {&cache.sequence, 1});
    recorder.mark("rope and store");
    recorder.barrier("q, k, v complete");
    RETURN_IF_ERROR(m_attention->recordRopeAndStore(recorder, cache.sequence, cache.layer, products(), n));
    recorder.mark("attention");
    recorder.barrier("q rotated, k and v in the cache");
    RETURN_IF_ERROR(
        m_attention->record(recorder, cache.sequence, cache.layer, m_q.view(), m_attended.view(), n));
    return recordOutput(recorder, layer, n);
}

Result<void> AttentionMha::recordBatch(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Layer& layer = m_layers.at(block);
    RETURN_IF_ERROR(recordProducts(recorder, layer, n));
    return recordTokens(recorder, layer, block, std::span(m_workspace.batch).first(n));
}

} // namespace ponder::inference
