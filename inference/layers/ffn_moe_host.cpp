#include "inference/layers/ffn_moe_host.h"

#include <fmt/format.h>

#include "inference/tuning.h"
#include "models/base/log.h"

namespace ponder::inference {

namespace {

constexpr const char* kTensors[] = {"ffn_gate_exps.weight", "ffn_up_exps.weight", "ffn_down_exps.weight"};

} // namespace

Result<std::unique_ptr<FfnMoeHost>> FfnMoeHost::create(const Workspace& w) {
    std::unique_ptr<FfnMoeHost> part(new FfnMoeHost(w));
    RETURN_IF_ERROR(part->prepare(true));
    ASSIGN_OR_RETURN(part->m_host, HostExperts::create(w));
    part->m_link = HostLink::create(w);
    return part;
}

Result<void> FfnMoeHost::addLayer(uint32_t block) {
    if (!m_host->hasAny(block)) return FfnMoe::addLayer(block);
    const Workspace& w = m_workspace;
    const auto& p = w.hyperparams;
    ASSIGN_OR_RETURN(Layer layer, findShared(block));
    std::array<std::string, 3> names;
    for (size_t i = 0; i < names.size(); ++i) names[i] = fmt::format("blk.{}.{}", block, kTensors[i]);
    const bool linked = m_link && m_link->add(block, names);
    kernels::ExpertWeight* const into[] = {&layer.ffn_gate_exps, &layer.ffn_up_exps, &layer.ffn_down_exps};
    for (size_t i = 0; i < names.size(); ++i) {
        kernels::Weight weight = w.find(block, kTensors[i]);
        if (!weight && !linked) continue; // none on the device
        if (!weight) weight = m_link->shape(block, i);
        const uint32_t rows = weight.rows / p.n_experts;
        ASSIGN_OR_RETURN(*into[i], w.addresses->add(weight, p.n_experts, rows, rows, 0, /*all=*/false));
        if (linked) w.addresses->append(m_link->addresses(block, i));
    }
    if (linked) {
        Layer& twice = m_linked.emplace(block, layer).first->second;
        for (kernels::ExpertWeight* weight : {&twice.ffn_gate_exps, &twice.ffn_up_exps, &twice.ffn_down_exps})
            weight->experts *= 2;
    }
    m_layers.emplace(block, std::move(layer));
    return {};
}

Result<void> FfnMoeHost::startExchanges() {
    std::vector<ExpertMover::Mixture> mixtures;
    for (const auto& [block, layer] : m_layers)
        if (m_host->hasAny(block))
            mixtures.push_back({block, {layer.ffn_gate_exps, layer.ffn_up_exps, layer.ffn_down_exps}});
    ASSIGN_OR_RETURN(m_mover, ExpertMover::create(m_workspace, mixtures));
    return measureLink();
}

Result<void> FfnMoeHost::measureLink() {
    if (!m_link || m_link->blocks().empty()) return {};
    if (!tuning().expertLinkMeasured) {
        m_link->setShare(LinkShare::upTo(tuning().expertLink));
        return {};
    }
    const uint32_t block = m_link->blocks().begin()->first;
    ASSIGN_OR_RETURN(const double link, m_link->measure(block));
    ASSIGN_OR_RETURN(const double cpu, m_host->measure(block, m_link->expertBytes(block)));
    m_link->setShare(LinkShare::byRates(link, cpu));
    log(LogLevel::Info, LogCategory::Engine,
        "experts: the link gives {:.1f} GB/s, the CPU computes {:.1f} GB/s", link / 1e9, cpu / 1e9);
    return {};
}

const FfnMoe::Layer* FfnMoeHost::expertsOf(uint32_t block, uint32_t n) const {
    if (linkShare(block, n)) return &m_linked.at(block);
    return m_mover->cache().onDevice(block) > 0 ? &m_layers.at(block) : nullptr;
}

Result<void> FfnMoeHost::record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    if (!m_host->hasAny(block)) return FfnMoe::record(recorder, block, n);
    const Layer& layer = m_layers.at(block);
    RETURN_IF_ERROR(recordChoice(recorder, layer, n));
    recorder.mark("hand-over to the host");
    recorder.barrier("experts chosen");
    if (expertsOf(block, n))
        RETURN_IF_ERROR(m_router->recordSplit(recorder, layer.ffn_gate_exps, n, linkShare(block, n).packed()));
    m_host->recordOut(recorder, *m_router, n);
    return {};
}

Result<void> FfnMoeHost::recordMeanwhile(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
    if (const Layer* const layer = expertsOf(block, n))
        return recordExperts(recorder, *layer, n, Pairs::Held);
    recorder.mark("shared experts' down");
    recorder.barrier("shared experts activated");
    return recordSharedDown(recorder, m_layers.at(block), n);
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
    const uint32_t linked = m_linked.empty() ? 0 : linkShare(m_linked.begin()->first, 1).of(p.n_experts_used);
    return fmt::format(
        "{} of {} experts a token, {} of {} on the device{}, {}other {}", p.n_experts_used, p.n_experts,
        device, all, cache.exchanges() ? ", exchanged by use" : "",
        linked > 0 ? fmt::format("{} of {} missing ones over the link, ", linked, p.n_experts_used) : "",
        m_host->describe());
}

} // namespace ponder::inference
