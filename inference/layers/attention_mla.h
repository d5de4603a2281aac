#pragma once
// Multi-head latent attention of DeepSeek-V2 and -V3. Absorbed: a token's keys and values stay the latent that they would be
// expanded from, kv_lora_rank values and rope_dim rotated ones for all heads; queries are multiplied by the keys' half of the
// expansion, results by the values'. Many tokens where there are cooperative matrices: expanded. Both tensor layouts: attn_k_b (transposed) and attn_v_b, or attn_kv_b. Queries compressed
// or not. Owns its kernels and scratch. layer_part.h says what a part is and whose thread it belongs to.

#include <map>
#include <memory>

#include "inference/kernels/expanded_attention.h"
#include "inference/kernels/expert_matmul.h"
#include "inference/kernels/latent_attention.h"
#include "inference/layers/layer_part.h"

namespace ponder::inference {

class AttentionMla final : public LayerPart {
public:
    static Result<std::unique_ptr<LayerPart>> create(const Workspace& workspace);
    Result<void> addLayer(uint32_t block) override;
    Result<void> record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) override;
    bool batches() const override { return false; }
    std::string describe() const override;

private:
    struct Layer {
        kernels::Weight attn_norm, attn_q_a, attn_q_a_norm, attn_q_b; // q_a, q_a_norm empty: q_b is attn_q
        kernels::Weight attn_kv_a_mqa, attn_kv_a_norm, attn_output;
        kernels::ExpertWeight keys;   // of each head: [kv_lora_rank][nope], or as transposed
        kernels::ExpertWeight values; // of each head: [v_head_dim][kv_lora_rank]
        bool transposed = false;      // keys are [nope][kv_lora_rank]
    };

    explicit AttentionMla(const Workspace& workspace) : m_workspace(workspace) {}
    Result<void> findExpansion(uint32_t block, Layer& layer) const;
    Result<void> recordQueries(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n);
    Result<void> recordAbsorb(vulkan::CommandRecorder& recorder, const Layer& layer, uint32_t n);
    // From queries and latents to what each head attended.
    Result<void> recordAbsorbed(vulkan::CommandRecorder& recorder, uint32_t block, const Layer& layer,
                                uint32_t n);
    Result<void> recordExpanded(vulkan::CommandRecorder& recorder, uint32_t block, const Layer& layer,
                                uint32_t n);
    bool expands(uint32_t n) const { return m_expanded && m_expanded->takes(n); }

    const Workspace& m_workspace;
    std::unique_ptr<kernels::LatentAttention> m_attention;
    std::unique_ptr<kernels::ExpandedAttention> m_expanded; // null: always absorbed
    std::unique_ptr<kernels::ExpertMatMul> m_heads;
    std::map<uint32_t, Layer> m_layers; // by block
    float m_scale = 1;                  // of the softmax
    vulkan::Buffer m_compressed;        // float [chunk][q_lora_rank]
    vulkan::Buffer m_q;                 // float [chunk][n_heads][head_dim]
    vulkan::Buffer m_latent;            // float [chunk][kv_lora_rank + rope_dim]
    vulkan::Buffer m_absorbed;          // float [chunk][n_heads][kv_lora_rank + rope_dim]
    vulkan::Buffer m_latentAttended; // float [chunk][n_heads][kv_lora_rank]; or what the expanded form works in
    vulkan::Buffer m_attended;       // float [chunk][n_heads][v_head_dim]
};

} // namespace ponder::inference
