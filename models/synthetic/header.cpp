#include "models/synthetic/header.h"

#include <cstring>

#include <fmt/format.h>

#include "models/architecture.h"
#include "models/base/checked.h"
#include "models/gguf_reader.h"
#include "models/synthetic/vocabulary.h"

namespace ponder::models::synthetic {

namespace {

// Writes what gguf_reader.h describes.
class Writer {
public:
    template <typename T>
    void put(T value) {
        const auto* const from = reinterpret_cast<const std::byte*>(&value);
        m_bytes.insert(m_bytes.end(), from, from + sizeof value);
    }
    void text(std::string_view value) {
        put<uint64_t>(value.size());
        const auto* const from = reinterpret_cast<const std::byte*>(value.data());
        m_bytes.insert(m_bytes.end(), from, from + value.size());
    }
    void key(std::string_view name, GgufValueType type) {
        text(name);
        put(static_cast<uint32_t>(type));
        ++m_keys;
    }
    void string(std::string_view name, std::string_view value) {
        key(name, GgufValueType::String);
        text(value);
    }
    void number(std::string_view name, uint32_t value) {
        key(name, GgufValueType::Uint32);
        put(value);
    }
    void real(std::string_view name, float value) {
        key(name, GgufValueType::Float32);
        put(value);
    }
    void truth(std::string_view name, bool value) {
        key(name, GgufValueType::Bool);
        put<uint8_t>(value);
    }
    void array(std::string_view name, GgufValueType elements, size_t count) {
        key(name, GgufValueType::Array);
        put(static_cast<uint32_t>(elements));
        put<uint64_t>(count);
    }
    uint64_t keys() const { return m_keys; }
    std::vector<std::byte>& bytes() { return m_bytes; }

private:
    std::vector<std::byte> m_bytes;
    uint64_t m_keys = 0;
};

void writeRope(Writer& out, const std::string& prefix, const Hyperparams& p) {
    out.real(prefix + "rope.freq_base", p.rope_theta);
    out.number(prefix + "rope.dimension_count", p.rope_dim);
    if (p.rope_scaling != RopeScaling::Yarn) return;
    out.string(prefix + "rope.scaling.type", "yarn");
    out.real(prefix + "rope.scaling.factor", p.rope_factor);
    out.number(prefix + "rope.scaling.original_context_length", p.rope_n_ctx_orig);
    out.real(prefix + "rope.scaling.yarn_log_multiplier", 0.1f * p.yarn_mscale_all);
}

void writeLatentAttention(Writer& out, const std::string& prefix, const Hyperparams& p) {
    if (p.q_lora_rank > 0) out.number(prefix + "attention.q_lora_rank", p.q_lora_rank);
    out.number(prefix + "attention.kv_lora_rank", p.kv_lora_rank);
    out.number(prefix + "attention.key_length", p.kv_lora_rank + p.rope_dim);
    out.number(prefix + "attention.value_length", p.kv_lora_rank);
    out.number(prefix + "attention.key_length_mla", p.head_dim);
    out.number(prefix + "attention.value_length_mla", p.v_head_dim);
}

void writeExperts(Writer& out, const std::string& prefix, const Hyperparams& p) {
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

void writeHyperparams(Writer& out, const Hyperparams& p) {
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

void writeVocabulary(Writer& out, const Shape& shape) {
    const Vocabulary vocabulary = makeVocabulary(shape);
    out.string("tokenizer.ggml.model", "gpt2");
    out.string("tokenizer.ggml.pre", shape.splitting);
    out.number("tokenizer.ggml.bos_token_id", shape.bos.id);
    out.number("tokenizer.ggml.eos_token_id", shape.eos.id);
    out.array("tokenizer.ggml.tokens", GgufValueType::String, vocabulary.tokens.size());
    for (const std::string& token : vocabulary.tokens) out.text(token);
    out.array("tokenizer.ggml.token_type", GgufValueType::Int32, vocabulary.kinds.size());
    for (const int32_t kind : vocabulary.kinds) out.put(kind);
}

uint64_t alignUp(uint64_t at) { return (at + kDefaultAlignment - 1) / kDefaultAlignment * kDefaultAlignment; }

} // namespace

Header makeHeader(const Shape& shape, const Mix& mix, uint32_t layers) {
    Hyperparams p = shape.hyperparams;
    p.n_layers = layers;
    Writer metadata;
    writeHyperparams(metadata, p);
    writeVocabulary(metadata, shape);

    Header header;
    Writer directory;
    uint64_t offset = 0; // of the data
    for (const TensorSpec& spec : findArchitecture(p.architecture)->tensors(p)) {
        const QuantType type = mix.typeOf(spec, shape.hyperparams);
        const QuantTypeInfo& format = quantTypeInfo(type);
        uint64_t values = 1;
        for (const uint64_t extent : spec.shape) values *= extent;
        const uint64_t bytes = values / format.valuesPerBlock * format.bytesPerBlock;
        directory.text(spec.name);
        directory.put(static_cast<uint32_t>(spec.shape.size()));
        for (const uint64_t extent : spec.shape) directory.put(extent);
        directory.put(format.ggufId);
        directory.put(offset);
        header.tensors.push_back({spec.name, type, spec.shape.front(), offset, bytes});
        offset = alignUp(offset + bytes);
    }

    Writer start;
    for (const char letter : {'G', 'G', 'U', 'F'}) start.put(letter);
    start.put(uint32_t{3});
    start.put<uint64_t>(header.tensors.size());
    start.put(metadata.keys());
    header.bytes = std::move(start.bytes());
    for (Writer* part : {&metadata, &directory})
        header.bytes.insert(header.bytes.end(), part->bytes().begin(), part->bytes().end());
    header.bytes.resize(alignUp(header.bytes.size()));
    for (PlacedTensor& tensor : header.tensors) tensor.offset += header.bytes.size();
    header.sizeBytes = header.bytes.size() + offset;
    return header;
}

} // namespace ponder::models::synthetic
