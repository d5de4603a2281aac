#pragma once
// A mixture of experts of which the host computes those that are not on the device, or all: while it does, the device computes
// the shared ones and its own. Which those are changes with use, between passes. Layers that lie whole on the device are
// recorded as FfnMoe records them. Owns the host's side of it (HostExperts, HostLink, ExpertStream, ExpertMover). Belongs to the engine's
// thread, as every part does; the CPU's work is shared with the HostSide's pool.

#include "inference/experts/expert_mover.h"
#include "inference/experts/expert_stream.h"
#include "inference/experts/host_experts.h"
#include "inference/experts/host_link.h"
#include "inference/experts/stream_share.h"
#include "inference/layers/ffn_moe.h"
#include "inference/layers/host_share.h"

namespace ponder::inference {

class FfnMoeHost final : public FfnMoe, public HostShare {
public:
    static Result<std::unique_ptr<FfnMoeHost>> create(const Workspace& workspace);
    Result<void> addLayer(uint32_t block) override;
    // Of a layer that is shared: up to the hand-over.
    Result<void> record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;
    HostShare* hostShare(uint32_t block) override { return m_host->hasAny(block) ? this : nullptr; }
    std::string describe() const override;

    Result<void> recordMeanwhile(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;
    Result<void> compute(uint32_t block, uint32_t n) override;
    Result<void> recordJoin(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;

    // After the last addLayer(): begins to exchange the device's experts for others, and says what the link's share is.
    Result<void> startExchanges();
    ExpertMover& mover() { return *m_mover; }
    const HostExperts& experts() const { return *m_host; }

private:
    explicit FfnMoeHost(const Workspace& workspace) : FfnMoe(workspace) {}

    LinkShare linkShare(uint32_t block, uint32_t n) const {
        return m_link ? m_link->share(block, n) : LinkShare();
    }
    // The layer as a pass of n tokens reads it; null: the device computes none of its experts then.
    const Layer* expertsOf(uint32_t block, uint32_t n) const;
    Result<void> measureLink();
    Result<void> makeStream();
    // Of what is missing in a pass of several tokens, what the device brings over.
    std::vector<uint32_t> toStream(uint32_t block) const;
    Result<void> stream(uint32_t block, uint32_t n, std::span<const uint32_t> experts);

    std::unique_ptr<HostExperts> m_host;
    std::unique_ptr<HostLink> m_link;       // null: none
    std::map<uint32_t, Layer> m_linked;     // by block: twice the experts, the second half in host memory
    std::unique_ptr<ExpertStream> m_stream; // null: nothing is brought over
    StreamRates m_rates;
    std::unique_ptr<ExpertMover> m_mover; // null before startExchanges()
};

} // namespace ponder::inference
