#include "inference/layers/ffn_moe_host.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/tuning.h"
#include "models/base/log.h"

namespace ponder::inference {

namespace {

constexpr const char* kTensors[] = {"ffn_gate_exps.weight", "ffn_up_exps.weight", "ffn_down_exps.weight"};

constexpr uint32_t kMostExperts = 16; // brought over at a time

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
    const uint32_t block = m_link->blocks().begin()->first;
    if (tuning().expertLink) {
        m_link->setShare(LinkShare::upTo(*tuning().expertLink));
    } else {
        ASSIGN_OR_RETURN(m_rates, m_host->measure(block, m_link->expertBytes(block)));
        ASSIGN_OR_RETURN(m_rates.link, m_link->measure(block));
        m_link->setShare(LinkShare::byRates(m_rates.link, m_rates.cpu));
        log(LogLevel::Info, LogCategory::Engine,
            "experts: the link gives {:.1f} GB/s, the CPU computes {:.1f} GB/s, {:.1f} us a token and expert",
            m_rates.link / 1e9, m_rates.cpu / 1e9, m_rates.secondsPerPair * 1e6);
    }
    return makeStream();
}

Result<void> FfnMoeHost::makeStream() {
    uint64_t most = 0;
    for (const auto& [block, held] : m_link->blocks()) most = std::max(most, m_link->expertBytes(block));
    const uint64_t half = m_workspace.host->streamBytes / 2;
    const auto experts = static_cast<uint32_t>(
        std::min<uint64_t>(tuning().expertStream.value_or(kMostExperts), half / std::max<uint64_t>(most, 1)));
    if (experts == 0) return {};
    ASSIGN_OR_RETURN(m_stream, ExpertStream::create(m_workspace, *m_link, experts, most));
    return {};
}

std::vector<uint32_t> FfnMoeHost::toStream(uint32_t block) const {
    const auto& p = m_workspace.hyperparams;
    if (!m_stream || !m_link->has(block)) return {};
    std::vector<uint32_t> counts(p.n_experts + 1, 0), experts, uses;
    for (const uint32_t expert : m_host->missing()) ++counts[expert];
    for (uint32_t expert = 0; expert < p.n_experts; ++expert)
        if (counts[expert] > 0) {
            experts.push_back(expert);
            uses.push_back(counts[expert]);
        }
    if (tuning().expertStream) return experts;
    std::vector<uint32_t> taken = streamShare(uses, m_link->expertBytes(block), m_rates);
    for (uint32_t& index : taken) index = experts[index];
    return taken;
}

Result<void> FfnMoeHost::stream(uint32_t block, uint32_t n, std::span<const uint32_t> experts) {
    Layer brought = m_layers.at(block);
    brought.ffn_down_shexp = {}; // once is enough
    const ExpertStream::Tensors shapes{brought.ffn_gate_exps, brought.ffn_up_exps, brought.ffn_down_exps};
    return m_stream->run(
        block, shapes, experts,
        [&](vulkan::CommandRecorder& recorder, const ExpertStream::Tensors& tensors) -> Result<void> {
            brought.ffn_gate_exps = tensors[0];
            brought.ffn_up_exps = tensors[1];
            brought.ffn_down_exps = tensors[2];
            RETURN_IF_ERROR(m_router->recordSplit(recorder, brought.ffn_gate_exps, n));
            return recordExperts(recorder, brought, n, Pairs::Held);
        });
}

Result<void> FfnMoeHost::compute(uint32_t block, uint32_t n) {
    RETURN_IF_ERROR(m_host->receive(block, n, m_mover->cache()));
    if (n > 1)
        if (const std::vector<uint32_t> experts = toStream(block); !experts.empty()) {
            RETURN_IF_ERROR(stream(block, n, experts));
            m_host->leave(experts);
        }
    return m_host->compute(block, n, linkShare(block, n));
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
