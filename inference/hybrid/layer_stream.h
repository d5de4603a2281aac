#pragma once
// Passes of many tokens through the layers of the host on the device: each layer comes over the link into a ring of two
// (layer_ring.h) while the one before it is computed, with the kernels of the device's own layers, and its new keys and values go
// back to the host's cache. Owns queue and recordings. Belongs to the engine's thread; must not outlive the Workspace.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "inference/hybrid/hybrid_pass.h"
#include "inference/hybrid/layer_ring.h"
#include "inference/hybrid/stream_threshold.h"

namespace ponder::inference {

class LayerStream {
public:
    // Records a layer for n tokens, as one of the device's.
    using Record = std::function<Result<void>(vulkan::CommandRecorder&, uint32_t block, uint32_t n)>;

    // The layers that rest in the ring are there when it returns.
    static Result<std::unique_ptr<LayerStream>> create(vulkan::Context& context, LayerRing& ring,
                                                       Record record, double submissionSeconds);

    Result<double> measure(); // seconds that a layer takes over the link
    void setFrom(uint32_t tokens) { m_from = tokens; }
    uint32_t from() const { return m_from; } // tokens of the least pass that is computed this way
    // Before the pass: starts to bring the first layers, behind which run() comes. False: it is to be computed as any other.
    Result<bool> begin(const PassInput& input);
    // All layers of the ring. Errors: those of the device; Cancelled, between layers. After one the device may still be busy.
    Result<void> run(const PassInput& input, const std::stop_token& stop, SubmissionTimes& times);
    // Brings back what rests in the ring if a pass that failed has left others there: before a pass that is not begun here.
    Result<void> restore();

private:
    struct Recording {
        std::vector<vulkan::CommandRecorder> parts; // the layer; its rows back
        uint32_t n = 0;                             // tokens of the first
    };

    LayerStream(vulkan::Context& context, LayerRing& ring, Record record, double submissionSeconds)
        : m_context(context), m_ring(ring), m_record(std::move(record)), m_pacer(submissionSeconds) {}
    Result<void> bring(uint32_t block, uint32_t tokens);
    Result<void> record(Recording& recording, uint32_t block, const PassInput& input);

    vulkan::Context& m_context;
    LayerRing& m_ring;
    Record m_record;
    SubmissionPacer m_pacer; // of its own: times that hold copies say nothing of layers that are here
    uint32_t m_from = kNeverStreamed;
    std::vector<Recording> m_recordings; // by layer
    std::unique_ptr<vulkan::TransferQueue> m_transfers;
    std::array<std::optional<uint32_t>, 2>
        m_held; // by half: the layer that is there or on its way; nothing: not known
    std::array<vulkan::TimelinePoint, 2> m_arrived; // when it is
};

} // namespace ponder::inference
