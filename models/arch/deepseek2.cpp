// DeepSeek-V2, V2-Lite, V3, R1: multi-head latent attention in both tensor layouts (attn_kv_b, or attn_k_b and attn_v_b
// per head), a mixture of experts with shared ones, and the blocks that predict a further token.
#include "models/arch/arch.h"

namespace ponder::models {

namespace {

void listLatentAttention(TensorList& list, const Hyperparams& p, bool eitherLayout) {
    const uint64_t heads = p.n_heads, nope = p.head_dim - p.rope_dim;
    list.required("attn_norm.weight", {p.n_embd});
    if (p.q_lora_rank > 0) {
        list.required("attn_q_a.weight", {p.n_embd, p.q_lora_rank});
        list.required("attn_q_a_norm.weight", {p.q_lora_rank});
        list.required("attn_q_b.weight", {p.q_lora_rank, heads * p.head_dim});
    } else {
        list.required("attn_q.weight", {p.n_embd, heads * p.head_dim});
    }
    list.required("attn_kv_a_mqa.weight", {p.n_embd, p.kv_lora_rank + p.rope_dim});
    list.required("attn_kv_a_norm.weight", {p.kv_lora_rank});
    if (p.mla_split || eitherLayout) {
        list.required("attn_k_b.weight",
                      {nope, p.kv_lora_rank, heads}); // transposed: from a head's query to the latent
        list.required("attn_v_b.weight", {p.kv_lora_rank, p.v_head_dim, heads});
    }
    if (!p.mla_split || eitherLayout)
        list.required("attn_kv_b.weight", {p.kv_lora_rank, heads * (nope + p.v_head_dim)});
    list.required("attn_output.weight", {heads * p.v_head_dim, p.n_embd});
}

void listExperts(TensorList& list, const Hyperparams& p) {
    list.required("ffn_norm.weight", {p.n_embd});
    list.required("ffn_gate_inp.weight", {p.n_embd, p.n_experts});
    if (p.expert_gating == ExpertGating::Sigmoid) {
        list.required("exp_probs_b.bias", {p.n_experts}); // added to choose, not to weigh
    } else {
        list.optional("exp_probs_b.bias", {p.n_experts});
    }
    list.required("ffn_gate_exps.weight", {p.n_embd, p.n_ff_expert, p.n_experts});
    list.required("ffn_up_exps.weight", {p.n_embd, p.n_ff_expert, p.n_experts});
    list.required("ffn_down_exps.weight", {p.n_ff_expert, p.n_embd, p.n_experts});
    if (p.n_shared_experts == 0) return;
    const uint64_t shared = uint64_t{p.n_ff_expert} * p.n_shared_experts; // stored as one wider expert
    list.required("ffn_gate_shexp.weight", {p.n_embd, shared});
    list.required("ffn_up_shexp.weight", {p.n_embd, shared});
    list.required("ffn_down_shexp.weight", {shared, p.n_embd});
}

void listPrediction(TensorList& list, const Hyperparams& p) {
    list.required("nextn.eh_proj.weight",
                  {2 * uint64_t{p.n_embd}, p.n_embd}); // of embedding and hidden state, in this order
    list.required("nextn.enorm.weight", {p.n_embd});
    list.required("nextn.hnorm.weight", {p.n_embd});
    list.optional("nextn.shared_head_norm.weight", {p.n_embd});
    list.copy("nextn.embed_tokens.weight", {p.n_embd, p.n_vocab}); // of the model's own
    list.copy("nextn.shared_head_head.weight", {p.n_embd, p.n_vocab});
}

std::vector<TensorSpec> tensors(const Hyperparams& p) {
    TensorList list;
    listOuterTensors(list, p);
    for (uint32_t block = 0; block < p.n_layers + p.n_nextn_layers; ++block) {
        const bool predicts = block >= p.n_layers;
        list.optionalFromHere(predicts); // the model runs without
        list.beginBlock(block);
        listLatentAttention(list, p, predicts); // a block from a side file may be in the other layout
        if (block < p.n_dense_layers) {
            listDenseFeedForward(list, p);
        } else {
            listExperts(list, p);
        }
        if (predicts) listPrediction(list, p);
    }
    return list.take();
}

} // namespace

const Architecture kDeepseek2{.name = "deepseek2", .displayName = "DeepSeek V2/V3/R1", .tensors = tensors};

} // namespace ponder::models
