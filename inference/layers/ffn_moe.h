#pragma once
// The mixture of experts of DeepSeek-V2 and -V3: a router chooses n_experts_used of n_experts a token, each a gated
// feed-forward whose result is weighed, and shared experts are added unweighed. Owns its kernels and scratch. layer_part.h says
// what a part is and whose thread it belongs to.

#include <map>
#include <memory>

#include "inference/kernels/expert_matmul.h"
#include "inference/kernels/router.h"
#include "inference/layers/layer_part.h"

namespace ponder::inference {

class FfnMoe : public LayerPart {
public:
    static Result<std::unique_ptr<LayerPart>> create(const Workspace& workspace);
    Result<void> addLayer(uint32_t block) override;
    Result<void> record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;
    bool batches() const override { return false; }
    std::string describe() const override;

protected:
    struct Layer {
        kernels::Weight ffn_norm, ffn_gate_inp, exp_probs_b; // exp_probs_b empty: none
        kernels::ExpertWeight ffn_gate_exps, ffn_up_exps, ffn_down_exps;
        kernels::Weight ffn_gate_shexp, ffn_up_shexp, ffn_down_shexp; // empty: none
    };

    using Pairs = kernels::Router::Pairs;

    explicit FfnMoe(const Workspace& workspace) : m_workspace(workspace) {}
    // shared: with a router for experts of which the device holds some.
    Result<void> prepare(bool shared);
    // All tensors but the experts'.
    Result<Layer> findShared(uint32_t block) const;
    Result<kernels::ExpertWeight> findExperts(uint32_t block, std::string_view name, uint32_t rows) const;
    // Norm, router, shared gate and up, the choice.
    Result<void> recordChoice(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n);
    // What the experts make of it joins the residual.
    Result<void> recordExperts(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n, Pairs pairs);
    Result<void> recordSharedDown(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n);

    const Workspace& m_workspace;
    std::unique_ptr<kernels::Router> m_router;
    std::unique_ptr<kernels::ExpertMatMul> m_experts;
    std::map<uint32_t, Layer> m_layers;      // by block
    vulkan::Buffer m_logits;                 // float [chunk][n_experts]
    vulkan::Buffer m_gate, m_up;             // float [chunk][n_experts_used][n_ff_expert]
    vulkan::Buffer m_results;                // float [chunk][n_experts_used][n_embd]
    vulkan::Buffer m_sharedGate, m_sharedUp; // float [chunk][n_shared_experts * n_ff_expert]
};

} // namespace ponder::inference
