#include "models/architecture.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "models/arch/arch.h"
#include "models/base/log.h"
#include "models/base/text.h"
#include "models/gguf_file.h"

namespace ponder::models {

namespace {

// The registry: a new family is one file in models/arch and one entry here.
const Architecture* const kArchitectures[] = {&kQwen2, &kLlama, &kDeepseek2};

std::string shapeText(std::span<const uint64_t> shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

Result<void> checkTensor(const TensorInfo& tensor, const TensorSpec& spec, std::string_view fileName) {
    std::array<uint64_t, 4> expected{1, 1, 1, 1};
    std::copy(spec.shape.begin(), spec.shape.end(), expected.begin());
    if (tensor.shape != expected) {
        return {ErrorCode::MalformedFile,
                fmt::format("{}: {}: expected {}, file has {}: download it again, or choose another.",
                            fileName, spec.name, shapeText(spec.shape),
                            shapeText(std::span(tensor.shape).first(tensor.n_dims)))};
    }
    // Norms, biases and frequencies are stored as float32 by every converter, and kernels read them as that.
    if (spec.shape.size() == 1 && tensor.type != QuantType::F32) {
        return {ErrorCode::UnsupportedQuantization,
                fmt::format("{}: {} is stored as {}, expected F32 for a vector: choose another file "
                            "of the model.",
                            fileName, spec.name, quantTypeInfo(tensor.type).name)};
    }
    return {};
}

} // namespace

const Architecture* findArchitecture(std::string_view name) {
    for (const Architecture* architecture : kArchitectures)
        if (architecture->name == name) return architecture;
    return nullptr;
}

std::vector<std::string_view> supportedArchitectures() {
    std::vector<std::string_view> names;
    for (const Architecture* architecture : kArchitectures) names.push_back(architecture->name);
    return names;
}

Result<void> checkTensors(const GgufFile& file, const Architecture& architecture,
                          const Hyperparams& hyperparams) {
    const std::string fileName = printable(file.paths().front().filename().string());
    std::unordered_set<std::string_view> known;
    const std::vector<TensorSpec> specs = architecture.tensors(hyperparams);
    for (const TensorSpec& spec : specs) {
        known.insert(spec.name);
        const TensorInfo* const tensor = file.find(spec.name);
        if (tensor == nullptr) {
            if (!spec.required) continue;
            return {ErrorCode::MalformedFile,
                    fmt::format("{}: {} is missing, expected {}: the file is incomplete, download it "
                                "again.",
                                fileName, spec.name, shapeText(spec.shape))};
        }
        RETURN_IF_ERROR(checkTensor(*tensor, spec, fileName));
    }
    for (const TensorInfo& tensor : file.tensors()) {
        if (!known.contains(tensor.name))
            log(LogLevel::Info, LogCategory::Models, "{}: {} is not used by {}", fileName, tensor.name,
                architecture.name);
    }
    return {};
}

// -- parts that families share (models/arch/arch.h) -------------------------------------------------------------------

void listOuterTensors(TensorList& list, const Hyperparams& p) {
    list.required("token_embd.weight", {p.n_embd, p.n_vocab});
    list.required("output_norm.weight", {p.n_embd});
    list.optional("output.weight", {p.n_embd, p.n_vocab}); // absent: tied to the embedding
}

void listGroupedQueryAttention(TensorList& list, const Hyperparams& p) {
    const uint64_t queries = uint64_t{p.n_heads} * p.head_dim, keys = uint64_t{p.n_kv_heads} * p.head_dim;
    list.required("attn_norm.weight", {p.n_embd});
    list.required("attn_q.weight", {p.n_embd, queries});
    list.required("attn_k.weight", {p.n_embd, keys});
    list.required("attn_v.weight", {p.n_embd, keys});
    if (p.qkv_bias) {
        list.required("attn_q.bias", {queries});
        list.required("attn_k.bias", {keys});
        list.required("attn_v.bias", {keys});
    }
    list.required("attn_output.weight", {queries, p.n_embd});
}

void listDenseBlocks(TensorList& list, const Hyperparams& p) {
    for (uint32_t block = 0; block < p.n_layers; ++block) {
        list.beginBlock(block);
        listGroupedQueryAttention(list, p);
        listDenseFeedForward(list, p);
    }
}

void listDenseFeedForward(TensorList& list, const Hyperparams& p) {
    list.required("ffn_norm.weight", {p.n_embd});
    list.required("ffn_gate.weight", {p.n_embd, p.n_ff});
    list.required("ffn_up.weight", {p.n_embd, p.n_ff});
    list.required("ffn_down.weight", {p.n_ff, p.n_embd});
}

} // namespace ponder::models
