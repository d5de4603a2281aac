#include "inference/experts/expert_mover.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "inference/tuning.h"

namespace ponder::inference {

using vulkan::CommandRecorder;

namespace {

constexpr uint64_t kPieceBytes = uint64_t{128} << 10; // some ten microseconds of copying
constexpr size_t kRingPieces = 32;                    // 4 MiB
// Bytes that a pass brings in: this share of what the host reads for a token, so that even with each copied into the ring and
// read from there host memory has little more to do.
constexpr uint64_t kShareOfHost = 128;
constexpr uint64_t kLeastBytesPerPass = uint64_t{256} << 10;

constexpr const char* kNames[] = {"ffn_gate_exps.weight", "ffn_up_exps.weight", "ffn_down_exps.weight"};

} // namespace

Result<std::unique_ptr<ExpertMover>> ExpertMover::create(const Workspace& w,
                                                         const std::vector<Mixture>& mixtures) {
    PONDER_CHECK(w.host && w.addresses);
    const auto& p = w.hyperparams;
    std::vector<Layer> layers(p.n_layers + p.n_nextn_layers);
    std::vector<ExpertCache::Layer> shapes(layers.size());
    for (const Mixture& mixture : mixtures) {
        Layer& layer = layers[mixture.block];
        ExpertCache::Layer& shape = shapes[mixture.block];
        shape.experts = p.n_experts;
        for (size_t i = 0; i < layer.size(); ++i) {
            layer[i].device = mixture.tensors[i];
            layer[i].host = w.host->weights->experts(fmt::format("blk.{}.{}", mixture.block, kNames[i]));
        }
        const Stack& gate = layer.front();
        uint32_t here = 0; // the first ones
        while (gate.device && here < p.n_experts && w.addresses->address(gate.device, here) != 0) ++here;
        shape.fixed = gate.host.tensor ? std::min(here, gate.host.first) : here;
        // Only what lies in memory can take the place of another: what is read from disk would come too late.
        if (gate.host.held == p.n_experts - shape.fixed) shape.slots = here - shape.fixed;
        shape.fixed = here - shape.slots;
        for (Stack& stack : layer)
            for (uint32_t slot = 0; slot < shape.slots; ++slot)
                stack.slots.push_back(w.addresses->address(stack.device, shape.fixed + slot));
    }
    const CachePolicy policy =
        tuning().restlessExperts ? CachePolicy{.horizonTokens = 16, .margin = 0} : CachePolicy();
    std::unique_ptr<ExpertMover> made(
        new ExpertMover(w, std::move(layers), ExpertCache(std::move(shapes), policy)));
    if (!made->m_cache.exchanges()) return made;
    made->setBytesPerPass();
    ASSIGN_OR_RETURN(made->m_ring, vulkan::Buffer::create(w.context, kRingPieces * kPieceBytes,
                                                          vulkan::MemoryUse::Upload, "experts on their way"));
    for (Recording* recording : {&made->m_recordings[0], &made->m_recordings[1], &made->m_changing}) {
        ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(w.context, "experts to the device"));
        recording->recorder = std::make_unique<CommandRecorder>(std::move(recorder));
    }
    return made;
}

uint64_t ExpertMover::expertBytes(uint32_t layer) const {
    uint64_t bytes = 0;
    for (const Stack& stack : m_layers[layer]) bytes += stack.expertBytes();
    return bytes;
}

void ExpertMover::setBytesPerPass() {
    const auto& p = m_workspace.hyperparams;
    uint64_t bytes = 0; // that the host reads for a token, if all experts are used alike
    for (uint32_t layer = 0; layer < m_layers.size(); ++layer) {
        if (!m_layers[layer].front().device) continue;
        bytes += expertBytes(layer) * p.n_experts_used * (p.n_experts - m_cache.onDevice(layer)) / p.n_experts;
    }
    m_bytesPerPass = std::max(bytes / kShareOfHost, kLeastBytesPerPass);
}

void ExpertMover::change(const Change& change) {
    const auto same = std::find_if(m_changes.begin(), m_changes.end(), [&](const Change& other) {
        return other.layer == change.layer && other.expert == change.expert;
    });
    if (same != m_changes.end())
        *same = change;
    else
        m_changes.push_back(change);
}

Result<void> ExpertMover::beginPass() {
    if (!m_ring) return {};
    RETURN_IF_ERROR(submitChanges()); // those that an error left over
    RETURN_IF_ERROR(finishPieces());
    while (!m_underWay.empty() && m_underWay.front().end <= m_copied) {
        const ExpertCache::Exchange exchange = m_underWay.front().exchange;
        m_underWay.pop_front();
        m_cache.arrive(exchange);
        change({exchange.layer, exchange.in, exchange.slot});
    }
    while (m_scheduled - m_copied < m_bytesPerPass) {
        const auto exchange = m_cache.choose();
        if (!exchange) break;
        m_scheduled += expertBytes(exchange->layer);
        m_underWay.push_back({*exchange, m_scheduled});
        change({exchange->layer, exchange->out, -1});
    }
    m_due = std::min(m_scheduled, m_copied + m_bytesPerPass);
    return submitChanges();
}

bool ExpertMover::hostPiece() {
    if (m_copied == m_due) return false;
    reap();
    if (m_inRing == kRingPieces) return false;
    // Where the next byte comes from: the exchange it belongs to, then the tensor, then the place in it.
    auto underWay =
        m_underWay.begin(); // whatever is copied, but not there before the next pass, is passed over
    while (underWay->end <= m_copied) ++underWay;
    const auto& [layer, slot, in, out] = underWay->exchange;
    uint64_t offset = m_copied - (underWay->end - expertBytes(layer));
    const Stack* stack = m_layers[layer].data();
    for (; offset >= stack->expertBytes(); ++stack) offset -= stack->expertBytes();
    const uint64_t bytes = std::min({kPieceBytes, stack->expertBytes() - offset, m_due - m_copied});

    std::memcpy(m_ring.mapped().data() + m_next * kPieceBytes, stack->host[in].data + offset, bytes);
    m_ready.push_back({m_workspace.weights.at(stack->slots[slot] + offset, bytes)});
    m_next = (m_next + 1) % kRingPieces;
    ++m_inRing;
    m_copied += bytes;
    return true;
}

void ExpertMover::reap() {
    while (!m_submitted.empty() && m_submitted.front().value <= m_workspace.context.completed()) {
        m_inRing -= m_submitted.front().pieces;
        m_submitted.pop_front();
    }
}

Result<void> ExpertMover::submitPieces(bool wait) {
    if (m_ready.empty()) return {};
    vulkan::Context& context = m_workspace.context;
    Recording& recording = m_recordings[m_recording];
    if (recording.value > context.completed()) {
        if (!wait) return {}; // both are still under way: later
        RETURN_IF_ERROR(context.wait(recording.value));
    }
    RETURN_IF_ERROR(recording.recorder->begin()); // behind all that read the slots
    size_t from = (m_next + kRingPieces - m_ready.size()) % kRingPieces;
    for (const Piece& piece : m_ready) {
        recording.recorder->copy(m_ring.view().part(from * kPieceBytes, piece.to.sizeBytes), piece.to);
        from = (from + 1) % kRingPieces;
    }
    RETURN_IF_ERROR(recording.recorder->end());
    ASSIGN_OR_RETURN(recording.value, context.submit({recording.recorder->handle()}));
    m_submitted.push_back({recording.value, m_ready.size()});
    m_ready.clear();
    m_recording = (m_recording + 1) % m_recordings.size();
    return {};
}

Result<void> ExpertMover::finishPieces() {
    while (m_copied < m_due) {
        if (hostPiece()) continue;
        RETURN_IF_ERROR(submitPieces(true)); // the ring is full
        if (!m_submitted.empty()) RETURN_IF_ERROR(m_workspace.context.wait(m_submitted.front().value));
    }
    return submitPieces(true);
}

Result<void> ExpertMover::submitChanges() {
    if (m_changes.empty()) return {};
    vulkan::Context& context = m_workspace.context;
    RETURN_IF_ERROR(context.wait(m_changing.value));
    CommandRecorder& recorder = *m_changing.recorder;
    RETURN_IF_ERROR(recorder.begin()); // behind all that read the table and that wrote the slots
    for (const Change& change : m_changes)
        for (const Stack& stack : m_layers[change.layer])
            m_workspace.addresses->recordSet(recorder, stack.device, change.expert,
                                             change.slot < 0 ? 0
                                                             : stack.slots[static_cast<size_t>(change.slot)]);
    RETURN_IF_ERROR(recorder.end());
    ASSIGN_OR_RETURN(m_changing.value, context.submit({recorder.handle()}));
    m_changes.clear();
    return {};
}

} // namespace ponder::inference
