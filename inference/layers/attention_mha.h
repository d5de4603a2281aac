#pragma once
// Grouped-query attention with biases where the model has them: Qwen 2, Llama. Owns its kernels and scratch; weights and cache
// are the Workspace's. layer_part.h says what a part is and whose thread it belongs to.

#include <map>
#include <memory>
#include <span>

#include "inference/layers/layer_part.h"

namespace ponder::inference {

class AttentionMha final : public LayerPart {
public:
    static Result<std::unique_ptr<LayerPart>> create(const Workspace& workspace);
    NormInput normInput(uint32_t block) const override { return inputOf(m_layers.at(block)); }
    Result<void> addLayer(uint32_t block) override;
    Result<void> record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;
    Result<void> recordBatch(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;
    std::string describe() const override { return m_attention->describe(); }

private:
    struct Layer {
        kernels::Weight attn_norm, attn_q, attn_k, attn_v, attn_output;
        kernels::Weight attn_q_bias, attn_k_bias, attn_v_bias, attn_output_bias; // empty: none
    };

    explicit AttentionMha(const Workspace& workspace) : m_workspace(workspace) {}
    static NormInput inputOf(const Layer& layer);
    Result<void> recordProducts(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n);
    Result<void> recordOutput(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n,
                              const kernels::Prepared& prepared = {});
    // From the products of one token each of these sequences to the residual.
    Result<void> recordTokens(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t cacheLayer,
                              std::span<const kernels::SequenceView> sequences);
    kernels::AttentionInputs products() const; // of all rows, not yet rotated

    const Workspace& m_workspace;
    std::unique_ptr<kernels::Attention> m_attention;
    std::map<uint32_t, Layer> m_layers; // by block
    vulkan::Buffer m_q, m_k, m_v;       // float [chunk][heads * head_dim]
    vulkan::Buffer m_attended;          // float [chunk][n_heads * head_dim]
};

} // namespace ponder::inference
