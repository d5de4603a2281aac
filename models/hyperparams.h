#pragma once
// The numbers of a model, read from its file's metadata and checked; the metadata keys stand in hyperparams.cpp.
// Values; no threads.

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/result.h"

namespace ponder::models {

class GgufFile;

enum class RopePairs { Interleaved, Halves }; // GGUF's NORM and NEOX
enum class RopeScaling { None, Linear, Yarn };
enum class ExpertGating { Softmax, Sigmoid };

struct Hyperparams {
    std::string architecture; // "qwen2", "llama", "deepseek2"
    std::string name;         // general.name, for people
    uint32_t n_layers = 0;    // without the prediction block
    uint32_t n_embd = 0;
    uint32_t n_ff = 0;
    uint32_t n_heads = 0;
    uint32_t n_kv_heads = 0;
    uint32_t head_dim = 0; // of keys and queries; not always n_embd / n_heads
    uint32_t v_head_dim = 0;
    uint32_t n_vocab = 0; // rows of token_embd; may be padded beyond the tokenizer's
    uint32_t n_ctx_train = 0;
    float rms_eps = 0;
    RopePairs rope_pairs = RopePairs::Halves;
    uint32_t rope_dim = 0; // rotated values of a head
    float rope_theta = 10000;
    RopeScaling rope_scaling = RopeScaling::None;
    float rope_factor = 1;
    uint32_t rope_n_ctx_orig = 0;
    float yarn_mscale_all = 0; // rope.scaling.yarn_log_multiplier / 0.1
    bool qkv_bias = false;
    bool tied_output = false; // no output.weight: token_embd serves as the head

    // deepseek2 only; 0 elsewhere
    uint32_t q_lora_rank = 0, kv_lora_rank = 0;
    uint32_t n_dense_layers = 0, n_experts = 0, n_experts_used = 0, n_shared_experts = 0, n_ff_expert = 0;
    uint32_t n_expert_groups = 0, n_expert_groups_used = 0;
    float expert_weights_scale = 1;
    bool expert_weights_norm = false;
    ExpertGating expert_gating = ExpertGating::Softmax;
    bool mla_split = false; // attn_k_b and attn_v_b instead of attn_kv_b
    uint32_t n_nextn_layers = 0;

    bool isMoe() const { return n_experts > 0; }
};

// Reads and checks; errors name the key, the value found and what was expected.
Result<Hyperparams> readHyperparams(const GgufFile& file);

} // namespace ponder::models
