#include "inference/layers/ffn_moe.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/kernels/matmul_parts.h"

namespace ponder::inference {

Result<std::unique_ptr<LayerPart>> FfnMoe::create(const Workspace& w) {
    std::unique_ptr<FfnMoe> part(new FfnMoe(w));
    RETURN_IF_ERROR(part->prepare(false));
    return std::unique_ptr<LayerPart>(std::move(part));
}

Result<void> FfnMoe::prepare(bool sharedExperts) {
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    const uint64_t used = p.n_experts_used, shared = uint64_t{p.n_shared_experts} * p.n_ff_expert;
    ASSIGN_OR_RETURN(m_logits, w.scratch(p.n_experts, "router logits"));
    ASSIGN_OR_RETURN(m_gate, w.scratch(used * p.n_ff_expert, "experts' gate"));
    ASSIGN_OR_RETURN(m_up, w.scratch(used * p.n_ff_expert, "experts' up"));
    ASSIGN_OR_RETURN(m_results, w.scratch(used * p.n_embd, "experts' results"));
    if (shared > 0) {
        ASSIGN_OR_RETURN(m_sharedGate, w.scratch(shared, "shared experts' gate"));
        ASSIGN_OR_RETURN(m_sharedUp, w.scratch(shared, "shared experts' up"));
    }
    ASSIGN_OR_RETURN(m_router, kernels::Router::create(w.context, w.registry, kernels::routerShape(p),
                                                       w.chunkTokens, sharedExperts));
    const uint32_t values =
        std::max(kernels::halfStride(p.n_embd), p.n_experts_used * kernels::halfStride(p.n_ff_expert));
    ASSIGN_OR_RETURN(m_experts, kernels::ExpertMatMul::create(
                                    w.context, w.registry, w.precise,
                                    {.tokens = w.chunkTokens, .rows = p.n_experts_used, .rowValues = values}));
    return {};
}

Result<kernels::ExpertWeight> FfnMoe::findExperts(uint32_t block, std::string_view name, uint32_t rows) const {
    ASSIGN_OR_RETURN(const auto weight, m_workspace.need(block, name));
    return m_workspace.addresses->add(weight, m_workspace.hyperparams.n_experts, rows, rows);
}

Result<FfnMoe::Layer> FfnMoe::findShared(uint32_t block) const {
    const auto& p = m_workspace.hyperparams;
    Layer layer;
    ASSIGN_OR_RETURN(layer.ffn_norm, m_workspace.need(block, "ffn_norm.weight"));
    ASSIGN_OR_RETURN(layer.ffn_gate_inp, m_workspace.need(block, "ffn_gate_inp.weight"));
    layer.exp_probs_b = m_workspace.find(block, "exp_probs_b.bias");
    if (p.n_shared_experts > 0) {
        ASSIGN_OR_RETURN(layer.ffn_gate_shexp, m_workspace.need(block, "ffn_gate_shexp.weight"));
        ASSIGN_OR_RETURN(layer.ffn_up_shexp, m_workspace.need(block, "ffn_up_shexp.weight"));
        ASSIGN_OR_RETURN(layer.ffn_down_shexp, m_workspace.need(block, "ffn_down_shexp.weight"));
    }
    return layer;
}

Result<void> FfnMoe::addLayer(uint32_t block) {
    const auto& p = m_workspace.hyperparams;
    ASSIGN_OR_RETURN(Layer layer, findShared(block));
    ASSIGN_OR_RETURN(layer.ffn_gate_exps, findExperts(block, "ffn_gate_exps.weight", p.n_ff_expert));
    ASSIGN_OR_RETURN(layer.ffn_up_exps, findExperts(block, "ffn_up_exps.weight", p.n_ff_expert));
    ASSIGN_OR_RETURN(layer.ffn_down_exps, findExperts(block, "ffn_down_exps.weight", p.n_embd));
    m_layers.emplace(block, std::move(layer));
    return {};
}

Result<void> FfnMoe::recordSharedDown(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n) {
    if (!layer.ffn_down_shexp) return {};
    auto down = product(layer.ffn_down_shexp, m_sharedGate.view(), m_workspace.x, n);
    down.accumulate = true;
    down.prepared = m_workspace.matMul->prepared(layer.ffn_down_shexp, n); // by the activation
    return m_workspace.matMul->record(recorder, {&down, 1});
}

Result<void> FfnMoe::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Layer& layer = m_layers.at(block);
    RETURN_IF_ERROR(recordChoice(recorder, layer, n));
    return recordExperts(recorder, layer, n, Pairs::All);
}

Result<void> FfnMoe::recordChoice(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n) {
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    recorder.mark("feed-forward norm");
    recorder.barrier("residual with attention");
    kernels::Prepared prepared; // never as f16 only: the router and the experts want it in float32
    const kernels::Weight* const shared[] = {&layer.ffn_gate_shexp, &layer.ffn_up_shexp};
    if (layer.ffn_gate_shexp) prepared.rounded = w.matMul->rounded(shared, n);
    RETURN_IF_ERROR(w.recordNorm(recorder, layer.ffn_norm, n, prepared));

    recorder.mark("router, shared gate, up");
    recorder.barrier("normed for feed-forward");
    auto logits = product(layer.ffn_gate_inp, w.normed, m_logits.view(), n);
    logits.exact = true;
    std::vector<kernels::MatMulArgs> first{logits};
    if (layer.ffn_gate_shexp) {
        first.push_back(product(layer.ffn_gate_shexp, w.normed, m_sharedGate.view(), n));
        first.push_back(product(layer.ffn_up_shexp, w.normed, m_sharedUp.view(), n));
        first[1].prepared = first[2].prepared = prepared;
    }
    RETURN_IF_ERROR(w.matMul->record(recorder, first));

    recorder.mark("choice of experts");
    recorder.barrier("logits, shared gate and up complete");
    RETURN_IF_ERROR(
        m_router->record(recorder, m_logits.view(), layer.exp_probs_b ? layer.exp_probs_b.address() : 0, n));
    if (layer.ffn_gate_shexp)
        RETURN_IF_ERROR(w.elementwise->recordGatedSilu(recorder, m_sharedGate.view(), m_sharedUp.view(),
                                                       m_sharedGate.view(), p.n_shared_experts * p.n_ff_expert,
                                                       n, w.matMul->prepared(layer.ffn_down_shexp, n)));
    return {};
}

Result<void> FfnMoe::recordExperts(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n,
                                   Pairs pairs) {
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    const uint32_t used = p.n_experts_used;
    if (m_experts->wantsSorted(n, used, p.n_experts)) {
        recorder.mark("pairs by expert");
        recorder.barrier("experts chosen");
        RETURN_IF_ERROR(m_router->recordSort(recorder, n, pairs));
    }

    recorder.mark("experts' gate, up");
    recorder.barrier("experts chosen, shared ones activated");
    const auto of = [&](const kernels::ExpertWeight& weight, const vulkan::BufferView& x,
                        const vulkan::BufferView& y, bool xPerPair) {
        return kernels::ExpertMatMulArgs{.weight = &weight,
                                         .x = x,
                                         .xStride = weight.columns,
                                         .y = y,
                                         .yStride = weight.rows,
                                         .n = n,
                                         .slots = used,
                                         .xPerPair = xPerPair,
                                         .choice = &m_router->choice(pairs)};
    };
    const kernels::ExpertMatMulArgs gates[] = {of(layer.ffn_gate_exps, w.normed, m_gate.view(), false),
                                               of(layer.ffn_up_exps, w.normed, m_up.view(), false)};
    RETURN_IF_ERROR(m_experts->record(recorder, gates));
    RETURN_IF_ERROR(recordSharedDown(recorder, layer, n)); // depends on none of them

    recorder.mark("experts' activation");
    recorder.barrier("experts' gate and up complete");
    RETURN_IF_ERROR(w.elementwise->recordGatedSilu(recorder, m_gate.view(), m_up.view(), m_gate.view(),
                                                   p.n_ff_expert, used * n));
    recorder.mark("experts' down");
    recorder.barrier("experts activated");
    const auto down = of(layer.ffn_down_exps, m_gate.view(), m_results.view(), true);
    RETURN_IF_ERROR(m_experts->record(recorder, {&down, 1}));
    recorder.mark("experts' sum");
    recorder.barrier("experts' results, residual with the shared ones");
    return m_router->recordCombine(recorder, m_results.view(), w.x, p.n_embd, n, pairs);
}

std::string FfnMoe::describe() const {
    const auto& p = m_workspace.hyperparams;
    return fmt::format("{} of {} experts on the device", p.n_experts_used, p.n_experts);
}

} // namespace ponder::inference
