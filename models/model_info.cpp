#include "models/model_info.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "models/architecture.h"
#include "models/base/text.h"
#include "models/gguf_file.h"

namespace ponder::models {

namespace {

std::string fileName(const std::filesystem::path& path) { return printable(path.filename().string(), 200); }

void countFormats(const GgufFile& file, ModelInfo& info) {
    std::array<ModelInfo::FormatShare, kQuantTypeCount> shares;
    for (const TensorInfo& tensor : file.tensors()) {
        ModelInfo::FormatShare& share = shares[static_cast<size_t>(tensor.type)];
        share.tensors += 1;
        share.values += tensor.values();
        share.sizeBytes += tensor.sizeBytes;
        info.parameters += tensor.values(); // tensors share no byte, so no sum can overflow
    }
    for (size_t i = 0; i < shares.size(); ++i) {
        shares[i].type = static_cast<QuantType>(i);
        if (shares[i].tensors > 0) info.formats.push_back(shares[i]);
    }
    std::stable_sort(info.formats.begin(), info.formats.end(),
                     [](auto& a, auto& b) { return a.sizeBytes > b.sizeBytes; });
    if (!info.formats.empty()) info.quantization = quantTypeInfo(info.formats.front().type).name;
}

std::string attentionText(const Hyperparams& p) {
    if (p.kv_lora_rank > 0) {
        return fmt::format("latent: {} heads of {} keys and {} values over {}+{}", p.n_heads, p.head_dim,
                           p.v_head_dim, p.kv_lora_rank, p.rope_dim);
    }
    return fmt::format("{} query heads of {} on {} key-value heads", p.n_heads, p.head_dim, p.n_kv_heads);
}

std::string expertsText(const Hyperparams& p) {
    std::string text =
        fmt::format("{} of which {} are used, {} shared", p.n_experts, p.n_experts_used, p.n_shared_experts);
    if (p.n_expert_groups > 1)
        text += fmt::format(", in {} groups of which {}", p.n_expert_groups, p.n_expert_groups_used);
    return text;
}

} // namespace

Result<ModelInfo> readModelInfo(const GgufFile& file) {
    ModelInfo info;
    const auto architectureName = file.getString("general.architecture");
    const auto tokens = file.getStrings("tokenizer.ggml.tokens");
    const std::string first = fileName(file.paths().front());
    if (!architectureName) {
        return Error{
            ErrorCode::MalformedFile,
            fmt::format("{}: general.architecture is missing, expected the name of a model family: download "
                        "the file again, or choose another.",
                        first)};
    }
    if (file.tensors().empty() && !tokens) {
        return Error{ErrorCode::MalformedFile,
                     fmt::format("{} holds neither tensors nor a vocabulary: it is no model, choose another "
                                 "file.",
                                 first)};
    }
    info.name = printable(file.getString("general.name").value_or(first), 200);
    info.architecture = printable(*architectureName);
    for (const auto& path : file.paths()) info.files.push_back(fileName(path));
    info.version = file.version();
    info.sizeBytes = file.sizeBytes();
    info.tensors = file.tensors().size();
    info.vocabulary = tokens ? tokens->size() : 0;
    countFormats(file, info);

    const Architecture* const architecture = findArchitecture(*architectureName);
    if (file.tensors().empty()) {
        info.family = architecture != nullptr ? std::string(architecture->displayName) : info.architecture;
        info.refusal =
            fmt::format("{} holds a vocabulary and no weights, so it can only tokenize: choose a complete "
                        "model file to run.",
                        first);
        return info;
    }
    ASSIGN_OR_RETURN(info.hyperparams, readHyperparams(file)); // refuses families we do not know
    PONDER_CHECK(architecture != nullptr);
    RETURN_IF_ERROR(checkTensors(file, *architecture, *info.hyperparams));
    info.family = architecture->displayName;
    info.runnable = true;
    return info;
}

std::string ModelInfo::text() const {
    std::string out;
    const auto line = [&](std::string_view label, std::string_view value) {
        out += fmt::format("{:<14}{}\n", label, value);
    };
    line("Name", name);
    line("Family", fmt::format("{} ({})", family, architecture));
    line("File", fmt::format("{}, {}, GGUF version {}",
                             files.size() == 1 ? files[0] : fmt::format("{} parts", files.size()),
                             formatBytes(sizeBytes), version));
    if (hyperparams) {
        const Hyperparams& p = *hyperparams;
        line("Parameters", fmt::format("{} in {} tensors", formatBillions(parameters), formatCount(tensors)));
        for (const FormatShare& share : formats) {
            line(&share == &formats.front() ? "Formats" : "",
                 fmt::format("{:<8}{:>9} in {} tensors", quantTypeInfo(share.type).name,
                             formatBytes(share.sizeBytes), formatCount(share.tensors)));
        }
        line("Layers",
             fmt::format("{}{}, width {}, feed-forward {}", p.n_layers,
                         p.n_nextn_layers > 0 ? fmt::format(" and {} for prediction", p.n_nextn_layers) : "",
                         formatCount(p.n_embd), formatCount(p.n_ff)));
        line("Attention", attentionText(p));
        if (p.isMoe()) line("Experts", expertsText(p));
        line("Context", fmt::format("{} tokens", formatCount(p.n_ctx_train)));
    }
    line("Vocabulary", vocabulary > 0 ? fmt::format("{} tokens", formatCount(vocabulary)) : "none");
    line("Runs here", runnable ? "yes" : refusal);
    return out;
}

} // namespace ponder::models
