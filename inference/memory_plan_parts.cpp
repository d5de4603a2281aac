#include "inference/memory_plan_parts.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "inference/memory_plan.h"
#include "models/architecture.h"
#include "models/base/text.h"

namespace ponder::inference {

using models::Hyperparams;
using models::TensorInfo;

namespace {

bool hasExperts(const TensorInfo& tensor, const Hyperparams& p) {
    return p.isMoe() && tensor.n_dims == 3 && tensor.shape[2] == p.n_experts &&
           tensor.name.find("_exps.") != std::string::npos;
}

// An expert's rows, or a head's of attn_kv_b (its keys, then its values).
uint64_t rowsTogether(const TensorInfo& tensor, const Hyperparams& p) {
    if (p.kv_lora_rank == 0) return 1;
    if (tensor.n_dims == 3) return tensor.shape[1];
    return tensor.name.find(".attn_kv_b.") != std::string::npos ? p.head_dim - p.rope_dim + p.v_head_dim : 1;
}

uint32_t blockOf(std::string_view name) {
    uint32_t block = ModelParts::kNoBlock;
    if (name.starts_with("blk.")) std::from_chars(name.data() + 4, name.data() + name.size(), block);
    return block;
}

// Every matrix once; of the embedding one row, unless it is the head too; of experts as many as a token uses.
uint64_t readPerToken(const TensorInfo& tensor, const Hyperparams& p) {
    if (tensor.name == "token_embd.weight" && !p.tied_output) return tensor.rowBytes();
    return hasExperts(tensor, p) ? tensor.sizeBytes / p.n_experts * p.n_experts_used : tensor.sizeBytes;
}

} // namespace

Result<ModelParts> ModelParts::of(const Hyperparams& p, std::span<const TensorInfo> tensors) {
    const models::Architecture* const architecture = models::findArchitecture(p.architecture);
    if (architecture == nullptr)
        return Error{ErrorCode::InvalidArgument,
                     fmt::format("There is no memory plan for models of the family \"{}\": choose one of the "
                                 "family {}.",
                                 printable(p.architecture),
                                 fmt::join(models::supportedArchitectures(), " or "))};
    std::unordered_set<std::string> used;
    for (models::TensorSpec& spec : architecture->tensors(p))
        if (!spec.copy) used.insert(std::move(spec.name));
    ModelParts made;
    std::unordered_map<uint32_t, uint64_t> experts, layers; // bytes of one, by block
    made.m_layers = p.n_layers;
    made.m_dense = p.n_dense_layers;
    made.m_experts = p.n_experts;
    if (const uint32_t blocks = p.n_layers + p.n_nextn_layers; p.isMoe() && blocks > p.n_dense_layers)
        made.m_mixtures = blocks - p.n_dense_layers;
    for (uint32_t i = 0; i < tensors.size(); ++i) {
        const TensorInfo& tensor = tensors[i];
        if (!used.contains(tensor.name)) continue;
        made.m_parts.push_back({.tensor = i,
                                .block = blockOf(tensor.name),
                                .experts = hasExperts(tensor, p) ? p.n_experts : 0,
                                .rowsTogether = rowsTogether(tensor, p),
                                .readPerToken = readPerToken(tensor, p),
                                .bytes = tensor.sizeBytes});
        made.m_parameters += tensor.values();
        const Part& part = made.m_parts.back();
        made.m_weightsPerToken += part.readPerToken / tensor.rowBytes() * tensor.columns();
        if (part.block < p.n_layers)
            made.m_largestLayer = std::max(made.m_largestLayer,
                                           layers[part.block] += (tensor.sizeBytes + kSegmentAlignment - 1) /
                                                                 kSegmentAlignment * kSegmentAlignment);
        if (part.experts > 0)
            made.m_largestExpert = std::max(made.m_largestExpert, experts[part.block] += part.expertBytes());
    }
    return made;
}

uint64_t ModelParts::bytesPerToken() const {
    uint64_t bytes = 0;
    for (const Part& part : m_parts) bytes += part.readPerToken;
    return bytes;
}

uint32_t ModelParts::expertsOnDevice(const Part& part, const Split& split) const {
    if (part.experts == 0 || onHost(part, split)) return 0;
    const uint32_t mixture = part.block - m_dense;
    return split.experts / m_mixtures + (mixture < split.experts % m_mixtures ? 1 : 0);
}

bool ModelParts::onHost(const Part& part, const Split& split) const {
    const uint32_t end = m_layers - split.ringLayers;
    return part.block < end && part.block >= end - split.hostLayers;
}

bool ModelParts::inRing(const Part& part, const Split& split) const {
    return part.block < m_layers && part.block >= m_layers - split.ringLayers;
}

} // namespace ponder::inference
