#include "inference/layers/ffn_moe_host.h"

#include <fmt/format.h>

namespace ponder::inference {

Result<std::unique_ptr<FfnMoeHost>> FfnMoeHost::create(const Workspace& w) {
    std::unique_ptr<FfnMoeHost> part(new FfnMoeHost(w));
    RETURN_IF_ERROR(part->prepare(true));
    ASSIGN_OR_RETURN(part->m_host, HostExperts::create(w));
    return part;
}

Result<void> FfnMoeHost::addLayer(uint32_t block) {
    if (!m_host->hasAny(block)) return FfnMoe::addLayer(block);
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    ASSIGN_OR_RETURN(Layer layer, findShared(block));
    const auto find = [&](std::string_view name, uint32_t rows) -> Result<kernels::ExpertWeight> {
        const kernels::Weight weight = w.find(block, name);
        if (!weight) return kernels::ExpertWeight{}; // none on the device
        return w.addresses->add(weight, p.n_experts, rows, rows, 0, /*all=*/false);
    };
    ASSIGN_OR_RETURN(layer.ffn_gate_exps, find("ffn_gate_exps.weight", p.n_ff_expert));
    ASSIGN_OR_RETURN(layer.ffn_up_exps, find("ffn_up_exps.weight", p.n_ff_expert));
    ASSIGN_OR_RETURN(layer.ffn_down_exps, find("ffn_down_exps.weight", p.n_embd));
    m_layers.emplace(block, std::move(layer));
    return {};
}

Result<void> FfnMoeHost::startExchanges() {
    std::vector<ExpertMover::Mixture> mixtures;
    for (const auto& [block, layer] : m_layers)
        if (m_host->hasAny(block))
            mixtures.push_back({block, {layer.ffn_gate_exps, layer.ffn_up_exps, layer.ffn_down_exps}});
    ASSIGN_OR_RETURN(m_mover, ExpertMover::create(m_workspace, mixtures));
    return {};
}

Result<void> FfnMoeHost::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    if (!m_host->hasAny(block)) return FfnMoe::record(recorder, block, n);
    const Layer& layer = m_layers.at(block);
    RETURN_IF_ERROR(recordChoice(recorder, layer, n));
    recorder.mark("hand-over to the host");
    recorder.barrier("experts chosen");
    if (layer.ffn_gate_exps) RETURN_IF_ERROR(m_router->recordSplit(recorder, layer.ffn_gate_exps, n));
    m_host->recordOut(recorder, *m_router, n);
    return {};
}

Result<void> FfnMoeHost::recordMeanwhile(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    const Layer& layer = m_layers.at(block);
    if (layer.ffn_gate_exps) return recordExperts(recorder, layer, n, Pairs::Held);
    recorder.mark("shared experts' down");
    recorder.barrier("shared experts activated");
    return recordSharedDown(recorder, layer, n);
}

Result<void> FfnMoeHost::recordJoin(vulkan::CommandRecorder& recorder, uint32_t, uint32_t n) {
    const Workspace& w = m_workspace;
    recorder.mark("the host's experts' sum");
    recorder.barrier("residual with the device's experts");
    return m_router->recordAdd(recorder, m_host->sums(), w.x, w.hyperparams.n_embd, n);
}

std::string FfnMoeHost::describe() const {
    const auto& p = m_workspace.hyperparams;
    const ExpertCache& cache = m_mover->cache();
    uint32_t all = 0, device = 0;
    for (const auto& [block, layer] : m_layers) {
        all += p.n_experts;
        device += m_host->hasAny(block) ? cache.onDevice(block) : p.n_experts;
    }
    return fmt::format("{} of {} experts a token, {} of {} on the device{}, other {}", p.n_experts_used,
                       p.n_experts, device, all, cache.exchanges() ? ", exchanged by use" : "",
                       m_host->describe());
}

} // namespace ponder::inference
