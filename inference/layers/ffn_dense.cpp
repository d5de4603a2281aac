#include "inference/layers/ffn_dense.h"

namespace ponder::inference {

Result<std::unique_ptr<LayerPart>> FfnDense::create(const Workspace& w) {
    std::unique_ptr<FfnDense> part(new FfnDense(w));
    ASSIGN_OR_RETURN(part->m_gate, w.scratch(w.hyperparams.n_ff, "gate"));
    ASSIGN_OR_RETURN(part->m_up, w.scratch(w.hyperparams.n_ff, "up"));
    return std::unique_ptr<LayerPart>(std::move(part));
}

Result<void> FfnDense::addLayer(uint32_t block) {
    Layer layer;
    RETURN_IF_ERROR(m_workspace.need(block, {{layer.ffn_norm, "ffn_norm.weight"},
                                             {layer.ffn_gate, "ffn_gate.weight"},
                                             {layer.ffn_up, "ffn_up.weight"},
                                             {layer.ffn_down, "ffn_down.weight"}}));
    m_layers.emplace(block, std::move(layer));
    return {};
}

NormInput FfnDense::inputOf(const Layer& layer) {
    return {.norm = &layer.ffn_norm, .readers = {&layer.ffn_gate, &layer.ffn_up}};
}

Result<void> FfnDense::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Workspace& w = m_workspace;
    const Layer& layer = m_layers.at(block);
    ASSIGN_OR_RETURN(const kernels::Prepared normed,
                     w.recordNormInput(recorder, "feed-forward norm", inputOf(layer), n));
    recorder.mark("gate, up");
    recorder.barrier("normed for feed-forward");
    const kernels::Prepared activated = w.matMul->prepared(layer.ffn_down, n);
    if (normed.rounded && activated.rounded) {
        ASSIGN_OR_RETURN(const kernels::Int8View gated,
                         w.matMul->recordGated(recorder, layer.ffn_gate, layer.ffn_up, normed.rounded, n));
        if (gated) return recordDown(recorder, layer, n, {.rounded = gated});
    }
    kernels::MatMulArgs gates[] = {product(layer.ffn_gate, w.normed, m_gate.view(), n),
                                   product(layer.ffn_up, w.normed, m_up.view(), n)};
    for (kernels::MatMulArgs& args : gates) args.prepared = normed;
    RETURN_IF_ERROR(w.matMul->record(recorder, gates));
    recorder.mark("activation");
    recorder.barrier("gate and up complete");
    RETURN_IF_ERROR(w.elementwise->recordGatedSilu(recorder, m_gate.view(), m_up.view(), m_gate.view(),
                                                   w.hyperparams.n_ff, n, activated));
    return recordDown(recorder, layer, n, activated);
}

Result<void> FfnDense::recordDown(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n,
                                  const kernels::Prepared& prepared) {
    recorder.mark("down");
    recorder.barrier("activated");
    return m_workspace.recordToResidual(recorder, layer.ffn_down, {}, m_gate.view(), n, prepared);
}

} // namespace ponder::inference
