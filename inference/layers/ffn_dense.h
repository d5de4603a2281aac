#pragma once
// The gated feed-forward of dense models and of the first layers of mixtures: down(silu(gate) * up). Owns its scratch; kernels
// and weights are the Workspace's. layer_part.h says what a part is and whose thread it belongs to.

#include <map>
#include <memory>

#include "inference/layers/layer_part.h"

namespace ponder::inference {

class FfnDense final : public LayerPart {
public:
    static Result<std::unique_ptr<LayerPart>> create(const Workspace& workspace);
    NormInput normInput(uint32_t block) const override { return inputOf(m_layers.at(block)); }
    Result<void> addLayer(uint32_t block) override;
    Result<void> record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;

private:
    struct Layer {
        kernels::Weight ffn_norm, ffn_gate, ffn_up, ffn_down;
    };

    static NormInput inputOf(const Layer& layer);
    Result<void> recordDown(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n,
                            const kernels::Prepared& prepared);

    explicit FfnDense(const Workspace& workspace) : m_workspace(workspace) {}

    const Workspace& m_workspace;
    std::map<uint32_t, Layer> m_layers; // by block
    vulkan::Buffer m_gate, m_up;        // float [chunk][n_ff]
};

} // namespace ponder::inference
