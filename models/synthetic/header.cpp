#include "models/synthetic/header.h"

#include <cstring>

#include <fmt/format.h>

#include "models/architecture.h"
#include "models/gguf_writer.h"
#include "models/synthetic/vocabulary.h"

namespace ponder::models::synthetic {

namespace {

void writeRope(GgufWriter& out, const std::string& prefix, const Hyperparams& p) {
    out.real(prefix + "rope.freq_base", p.rope_theta);
    out.number(prefix + "rope.dimension_count", p.rope_dim);
    if (p.rope_scaling != RopeScaling::Yarn) return;
    out.string(prefix + "rope.scaling.type", "yarn");
    out.real(prefix + "rope.scaling.factor", p.rope_factor);
    out.number(prefix + "rope.scaling.original_context_length", p.rope_n_ctx_orig);
    out.real(prefix + "rope.scaling.yarn_log_multiplier", 0.1f * p.yarn_mscale_all);
}

void writeLatentAttention(GgufWriter& out, const std::string& prefix, const Hyperparams& p) {
    if (p.q_lora_rank > 0) out.number(prefix + "attention.q_lora_rank", p.q_lora_rank);
    out.number(prefix + "attention.kv_lora_rank", p.kv_lora_rank);
    out.number(prefix + "attention.key_length", p.kv_lora_rank + p.rope_dim);
    out.number(prefix + "attention.value_length", p.kv_lora_rank);
    out.number(prefix + "attention.key_length_mla", p.head_dim);
    out.number(prefix + "attention.value_length_mla", p.v_head_dim);
}

void writeExperts(GgufWriter& out, const std::string& prefix, const Hyperparams& p) {
    out.number(prefix + "leading_dense_block_count", p.n_dense_layers);
    out.number(prefix + "expert_count", p.n_experts);
    out.number(prefix + "expert_used_count", p.n_experts_used);
    out.number(prefix + "expert_shared_count", p.n_shared_experts);
    out.number(prefix + "expert_feed_forward_length", p.n_ff_expert);
    out.real(prefix + "expert_weights_scale", p.expert_weights_scale);
    out.truth(prefix + "expert_weights_norm", p.expert_weights_norm);
    out.number(prefix + "expert_gating_func", p.expert_gating == ExpertGating::Sigmoid ? 2 : 1);
    out.number(prefix + "expert_group_count", p.n_expert_groups);
    out.number(prefix + "expert_group_used_count", p.n_expert_groups_used);
}

void writeHyperparams(GgufWriter& out, const Hyperparams& p) {
    const std::string prefix = p.architecture + ".";
    out.string("general.architecture", p.architecture);
    out.string("general.name", p.name + ", random weights");
    out.number(prefix + "block_count", p.n_layers);
    out.number(prefix + "context_length", p.n_ctx_train);
    out.number(prefix + "embedding_length", p.n_embd);
    out.number(prefix + "feed_forward_length", p.n_ff);
    out.number(prefix + "attention.head_count", p.n_heads);
    out.number(prefix + "attention.head_count_kv", p.n_kv_heads);
    out.real(prefix + "attention.layer_norm_rms_epsilon", p.rms_eps);
    writeRope(out, prefix, p);
    if (p.kv_lora_rank > 0) writeLatentAttention(out, prefix, p);
    if (p.isMoe()) writeExperts(out, prefix, p);
}

void writeVocabulary(GgufWriter& out, const Shape& shape) {
    const Vocabulary vocabulary = makeVocabulary(shape);
    out.string("tokenizer.ggml.model", "gpt2");
    out.string("tokenizer.ggml.pre", shape.splitting);
    out.number("tokenizer.ggml.bos_token_id", shape.bos.id);
    out.number("tokenizer.ggml.eos_token_id", shape.eos.id);
    out.strings("tokenizer.ggml.tokens", vocabulary.tokens);
    out.integers("tokenizer.ggml.token_type", vocabulary.kinds);
}

} // namespace

Header makeHeader(const Shape& shape, const Mix& mix, uint32_t layers) {
    Hyperparams p = shape.hyperparams;
    p.n_layers = layers;
    GgufWriter writer;
    writeHyperparams(writer, p);
    writeVocabulary(writer, shape);

    Header header;
    for (const TensorSpec& spec : findArchitecture(p.architecture)->tensors(p)) {
        const QuantType type = mix.typeOf(spec, shape.hyperparams);
        const GgufWriter::Place place = writer.tensor(spec.name, spec.shape, type);
        header.tensors.push_back({spec.name, type, spec.shape.front(), place.offset, place.sizeBytes});
    }
    header.bytes = writer.header();
    for (PlacedTensor& tensor : header.tensors) tensor.offset += header.bytes.size();
    header.sizeBytes = header.bytes.size() + writer.dataBytes();
    return header;
}

} // namespace ponder::models::synthetic
