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
    ASSIGN_OR_RETURN(layer.ffn_norm, m_workspace.need(block, "ffn_norm.weight"));
    ASSIGN_OR_RETURN(layer.ffn_gate, m_workspace.need(block, "ffn_gate.weight"));
    ASSIGN_OR_RETURN(layer.ffn_up, m_workspace.need(block, "ffn_up.weight"));
    ASSIGN_OR_RETURN(layer.ffn_down, m_workspace.need(block, "ffn_down.weight"));
    m_layers.emplace(block, std::move(layer));
    return {};
}

Result<void> FfnDense::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Workspace& w = m_workspace;
    const Layer& layer = m_layers.at(block);
    recorder.mark("feed-forward norm");
    recorder.barrier("residual with attention");
    RETURN_IF_ERROR(w.recordNorm(recorder, layer.ffn_norm, n));
    recorder.mark("gate, up");
    recorder.barrier("normed for feed-forward");
    const kernels::MatMulArgs gates[] = {product(layer.ffn_gate, w.normed, m_gate.view(), n),
                                         product(layer.ffn_up, w.normed, m_up.view(), n)};
    RETURN_IF_ERROR(w.matMul->record(recorder, gates));
    recorder.mark("activation");
    recorder.barrier("gate and up complete");
    RETURN_IF_ERROR(w.elementwise->recordGatedSilu(recorder, m_gate.view(), m_up.view(), m_gate.view(),
                                                   uint64_t{w.hyperparams.n_ff} * n));
    recorder.mark("down");
    recorder.barrier("activated");
    auto down = product(layer.ffn_down, m_gate.view(), w.x, n);
    down.accumulate = true;
    return w.matMul->record(recorder, {&down, 1});
}

} // namespace ponder::inference
