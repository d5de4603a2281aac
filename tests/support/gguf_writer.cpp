#include "tests/support/gguf_writer.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "models/architecture.h"
#include "models/base/result.h"

namespace ponder::testing {

namespace {

std::filesystem::path freshPath(std::string_view suffix) {
    static std::atomic<uint64_t> counter{0};
    return std::filesystem::temp_directory_path() /
           fmt::format("ponder-test-{}-{}{}", ::getpid(), ++counter, suffix);
}

void writeFile(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    PONDER_CHECK(out.good());
}

void appendBytes(GgufWriter::Bytes& bytes, const void* data, size_t size) {
    const auto* const first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
}

void pad(GgufWriter::Bytes& bytes, uint64_t alignment) {
    while (bytes.size() % alignment != 0) bytes.push_back(std::byte{0});
}

uint64_t tensorBytes(models::QuantType type, const std::vector<uint64_t>& shape) {
    const models::QuantTypeInfo& format = models::quantTypeInfo(type);
    uint64_t values = 1;
    for (const uint64_t extent : shape) values *= extent;
    return values / format.valuesPerBlock * format.bytesPerBlock;
}

} // namespace

TemporaryFile::TemporaryFile(std::span<const std::byte> bytes, std::string_view suffix)
    : m_path(freshPath(suffix)) {
    writeFile(m_path, bytes);
}
TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove(m_path, ignored);
}

TemporaryFolder::TemporaryFolder() : m_path(freshPath("")) { std::filesystem::create_directory(m_path); }
TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}
std::filesystem::path TemporaryFolder::write(std::string_view name, std::span<const std::byte> bytes) const {
    writeFile(m_path / name, bytes);
    return m_path / name;
}

void append(GgufWriter::Bytes& bytes, uint32_t value) { appendBytes(bytes, &value, sizeof value); }
void append(GgufWriter::Bytes& bytes, uint64_t value) { appendBytes(bytes, &value, sizeof value); }
void append(GgufWriter::Bytes& bytes, std::string_view text) {
    append(bytes, uint64_t{text.size()});
    appendBytes(bytes, text.data(), text.size());
}

template <typename T>
void GgufWriter::scalar(std::string_view key, uint32_t type, T value) {
    Bytes bytes;
    appendBytes(bytes, &value, sizeof value);
    raw(key, type, std::move(bytes));
}

void GgufWriter::uint8(std::string_view key, uint8_t value) { scalar(key, 0, value); }
void GgufWriter::uint16(std::string_view key, uint16_t value) { scalar(key, 2, value); }
void GgufWriter::uint32(std::string_view key, uint32_t value) { scalar(key, 4, value); }
void GgufWriter::int32(std::string_view key, int32_t value) { scalar(key, 5, value); }
void GgufWriter::uint64(std::string_view key, uint64_t value) { scalar(key, 10, value); }
void GgufWriter::float32(std::string_view key, float value) { scalar(key, 6, value); }
void GgufWriter::float64(std::string_view key, double value) { scalar(key, 12, value); }
void GgufWriter::boolean(std::string_view key, bool value) { scalar(key, 7, static_cast<uint8_t>(value)); }

void GgufWriter::string(std::string_view key, std::string_view value) {
    Bytes bytes;
    append(bytes, value);
    raw(key, 8, std::move(bytes));
}

void GgufWriter::strings(std::string_view key, const std::vector<std::string>& values) {
    Bytes bytes;
    append(bytes, uint32_t{8});
    append(bytes, uint64_t{values.size()});
    for (const std::string& value : values) append(bytes, std::string_view(value));
    raw(key, 9, std::move(bytes));
}

void GgufWriter::int32s(std::string_view key, const std::vector<int32_t>& values) {
    Bytes bytes;
    append(bytes, uint32_t{5});
    append(bytes, uint64_t{values.size()});
    appendBytes(bytes, values.data(), values.size() * sizeof(int32_t));
    raw(key, 9, std::move(bytes));
}

void GgufWriter::float32s(std::string_view key, const std::vector<float>& values) {
    Bytes bytes;
    append(bytes, uint32_t{6});
    append(bytes, uint64_t{values.size()});
    appendBytes(bytes, values.data(), values.size() * sizeof(float));
    raw(key, 9, std::move(bytes));
}

void GgufWriter::raw(std::string_view key, uint32_t type, Bytes value) {
    for (Key& existing : m_keys) {
        if (existing.name != key) continue;
        existing.type = type;
        existing.value = std::move(value);
        return;
    }
    m_keys.push_back({std::string(key), type, std::move(value)});
}

void GgufWriter::duplicate(std::string_view key) {
    for (size_t i = 0; i < m_keys.size(); ++i) {
        if (m_keys[i].name != key) continue;
        m_keys.push_back(Key(m_keys[i]));
        return;
    }
}

void GgufWriter::remove(std::string_view key) {
    std::erase_if(m_keys, [&](const Key& existing) { return existing.name == key; });
}

void GgufWriter::tensor(std::string_view name, models::QuantType type, std::vector<uint64_t> shape,
                        Bytes data) {
    data.resize(tensorBytes(type, shape));
    m_tensors.push_back({std::string(name), type, std::move(shape), std::move(data), {}});
}

void GgufWriter::removeTensor(std::string_view name) {
    std::erase_if(m_tensors, [&](const Tensor& existing) { return existing.name == name; });
}

void GgufWriter::override(std::string_view tensor, Override change) {
    for (Tensor& existing : m_tensors) {
        if (existing.name != tensor) continue;
        existing.change = std::move(change);
        return;
    }
    PONDER_CHECK(false); // a test names a tensor that it did not add
}

GgufWriter::Bytes GgufWriter::bytes() const {
    std::vector<Key> keys = m_keys;
    if (alignment != 32) {
        Bytes value;
        append(value, static_cast<uint32_t>(alignment));
        keys.push_back({"general.alignment", 4, std::move(value)});
    }
    Bytes out;
    appendBytes(out, magic.data(), magic.size());
    append(out, version);
    append(out, tensorCount.value_or(m_tensors.size()));
    append(out, keyCount.value_or(keys.size()));
    for (const Key& key : keys) {
        append(out, std::string_view(key.name));
        append(out, key.type);
        out.insert(out.end(), key.value.begin(), key.value.end());
    }
    uint64_t offset = 0;
    for (const Tensor& tensor : m_tensors) {
        const std::vector<uint64_t>& shape = tensor.change.shape ? *tensor.change.shape : tensor.shape;
        append(out, std::string_view(tensor.change.name ? *tensor.change.name : tensor.name));
        append(out, tensor.change.dims.value_or(static_cast<uint32_t>(shape.size())));
        for (const uint64_t extent : shape) append(out, extent);
        append(out, tensor.change.ggufType.value_or(models::quantTypeInfo(tensor.type).ggufId));
        append(out, tensor.change.offset.value_or(offset));
        offset += (tensor.data.size() + alignment - 1) / alignment * alignment;
    }
    if (!m_tensors.empty()) pad(out, alignment);
    for (const Tensor& tensor : m_tensors) {
        out.insert(out.end(), tensor.data.begin(), tensor.data.end());
        pad(out, alignment);
    }
    return out;
}

GgufWriter tinyModel(std::string_view architecture, bool mlaSplit, uint32_t width) {
    constexpr uint32_t kVocabulary = 96;
    models::Hyperparams p;
    p.architecture = architecture;
    p.n_layers = 2;
    p.n_embd = width;
    p.n_ff = 2 * width;
    p.n_heads = 4;
    p.n_kv_heads = 2;
    p.head_dim = p.v_head_dim = p.rope_dim = width / 4;
    p.n_vocab = kVocabulary;
    p.qkv_bias = architecture == "qwen2";

    GgufWriter writer;
    const auto key = [&](std::string_view name) { return fmt::format("{}.{}", architecture, name); };
    writer.string("general.architecture", architecture);
    writer.string("general.name", fmt::format("tiny {}", architecture));
    writer.uint32(key("block_count"), p.n_layers);
    writer.uint32(key("embedding_length"), p.n_embd);
    writer.uint32(key("feed_forward_length"), p.n_ff);
    writer.uint32(key("attention.head_count"), p.n_heads);
    writer.uint32(key("attention.head_count_kv"), p.n_kv_heads);
    writer.uint32(key("context_length"), 4096);
    writer.float32(key("attention.layer_norm_rms_epsilon"), 1e-6f);
    writer.float32(key("rope.freq_base"), 10000);
    if (architecture == "deepseek2") {
        p.head_dim = 24;
        p.v_head_dim = 16;
        p.rope_dim = 8;
        p.q_lora_rank = 32;
        p.kv_lora_rank = 16;
        p.n_dense_layers = 1;
        p.n_experts = 8;
        p.n_experts_used = 2;
        p.n_shared_experts = 1;
        p.n_ff_expert = 32;
        p.expert_gating = models::ExpertGating::Sigmoid;
        p.mla_split = mlaSplit;
        writer.uint32(key("rope.dimension_count"), p.rope_dim);
        writer.uint32(key("attention.q_lora_rank"), p.q_lora_rank);
        writer.uint32(key("attention.kv_lora_rank"), p.kv_lora_rank);
        writer.uint32(key("attention.key_length"), mlaSplit ? p.kv_lora_rank + p.rope_dim : p.head_dim);
        writer.uint32(key("attention.value_length"), mlaSplit ? p.kv_lora_rank : p.v_head_dim);
        if (mlaSplit) {
            writer.uint32(key("attention.key_length_mla"), p.head_dim);
            writer.uint32(key("attention.value_length_mla"), p.v_head_dim);
        }
        writer.uint32(key("leading_dense_block_count"), p.n_dense_layers);
        writer.uint32(key("expert_count"), p.n_experts);
        writer.uint32(key("expert_used_count"), p.n_experts_used);
        writer.uint32(key("expert_shared_count"), p.n_shared_experts);
        writer.uint32(key("expert_feed_forward_length"), p.n_ff_expert);
        writer.float32(key("expert_weights_scale"), 2.5f);
        writer.boolean(key("expert_weights_norm"), true);
        writer.uint32(key("expert_gating_func"), 2);
        writer.uint32(key("expert_group_count"), 4);
        writer.uint32(key("expert_group_used_count"), 2);
    }
    std::vector<std::string> tokens;
    for (uint32_t i = 0; i < kVocabulary - 2; ++i)
        tokens.push_back(std::string(1, static_cast<char>('!' + i)));
    tokens.emplace_back("<s>");
    tokens.emplace_back("</s>");
    writer.string("tokenizer.ggml.model", "gpt2");
    writer.string("tokenizer.ggml.pre", architecture == "llama"   ? "llama-bpe"
                                        : architecture == "qwen2" ? "qwen2"
                                                                  : "deepseek-v3");
    std::vector<int32_t> types(kVocabulary, 1);
    types[kVocabulary - 2] = types[kVocabulary - 1] = 3;
    writer.strings("tokenizer.ggml.tokens", tokens);
    writer.int32s("tokenizer.ggml.token_type", types);
    writer.strings("tokenizer.ggml.merges", {"a b"});
    writer.uint32("tokenizer.ggml.bos_token_id", kVocabulary - 2);
    writer.uint32("tokenizer.ggml.eos_token_id", kVocabulary - 1);

    const models::Architecture* const family = models::findArchitecture(architecture);
    PONDER_CHECK(family != nullptr);
    for (const models::TensorSpec& spec : family->tensors(p))
        writer.tensor(spec.name, models::QuantType::F32, spec.shape);
    return writer;
}

} // namespace ponder::testing
