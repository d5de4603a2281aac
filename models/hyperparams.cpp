#include "models/hyperparams.h"

#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "models/architecture.h"
#include "models/base/text.h"
#include "models/gguf_file.h"

namespace ponder::models {

namespace {

// Limits far above any real model, so that products of these numbers stay small.
constexpr uint64_t kMaxLayers = 1024;
constexpr uint64_t kMaxEmbd = 1 << 17;
constexpr uint64_t kMaxFf = 1 << 20;
constexpr uint64_t kMaxHeads = 4096;
constexpr uint64_t kMaxHeadDim = 1024;
constexpr uint64_t kMaxContext = uint64_t{1} << 26;
constexpr uint64_t kMaxVocab = uint64_t{1} << 22;
constexpr uint64_t kMaxRank = 1 << 16;
constexpr uint64_t kMaxExperts = 4096;

class Reader {
public:
    explicit Reader(const GgufFile& file) : m_file(file) {}

    Result<Hyperparams> read() {
        const auto architecture = m_file.getString("general.architecture");
        if (!architecture)
            return malformed("general.architecture is missing, expected the name of a model family");
        RETURN_IF_ERROR(requireArchitecture(*architecture));
        m_out.architecture = *architecture;
        m_out.name = printable(m_file.getString("general.name").value_or(""), 200);
        RETURN_IF_ERROR(readShape());
        if (m_out.architecture == "deepseek2") {
            RETURN_IF_ERROR(readMla());
            RETURN_IF_ERROR(readExperts());
        } else {
            RETURN_IF_ERROR(readHeads());
        }
        RETURN_IF_ERROR(readRope());
        return std::move(m_out);
    }

private:
    template <typename... Args>
    Error malformed(fmt::format_string<Args...> format, Args&&... args) const {
        return {ErrorCode::MalformedFile,
                fmt::format("{}: {}: download the file again, or choose another of the model.",
                            printable(m_file.paths().front().filename().string()),
                            fmt::format(format, std::forward<Args>(args)...))};
    }

    std::string key(std::string_view name) const { return fmt::format("{}.{}", m_out.architecture, name); }

    // A whole number within limits. Without a fallback the key must be there.
    Result<void> get(std::string_view name, uint64_t least, uint64_t most, uint32_t& into,
                     std::optional<uint64_t> fallback = std::nullopt) const {
        const std::string full = key(name);
        if (!m_file.has(full)) {
            if (!fallback)
                return malformed("{} is missing, expected a number from {} to {}", full, least, most);
            into = static_cast<uint32_t>(*fallback);
            return {};
        }
        const auto found = m_file.getUint(full);
        if (!found || *found < least || *found > most)
            return malformed("{} is {}, expected a number from {} to {}", full, m_file.describe(full), least,
                             most);
        into = static_cast<uint32_t>(*found);
        return {};
    }

    Result<void> getReal(std::string_view name, double least, double most, float& into,
                         std::optional<float> fallback = std::nullopt) const {
        const std::string full = key(name);
        if (!m_file.has(full)) {
            if (!fallback)
                return malformed("{} is missing, expected a number from {} to {}", full, least, most);
            into = *fallback;
            return {};
        }
        const auto found = m_file.getFloat(full);
        if (!found || !(*found >= least && *found <= most)) // a NaN fails too
            return malformed("{} is {}, expected a number from {} to {}", full, m_file.describe(full), least,
                             most);
        into = static_cast<float>(*found);
        return {};
    }

    Result<void> requireArchitecture(std::string_view name) const {
        if (findArchitecture(name) != nullptr) return {};
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("{}: models of the family \"{}\" are not supported: choose one of the family {}, "
                            "such as a distilled R1.",
                            printable(m_file.paths().front().filename().string()), printable(name),
                            fmt::join(supportedArchitectures(), " or "))};
    }

    Result<void> readShape() {
        Hyperparams& p = m_out;
        RETURN_IF_ERROR(get("block_count", 1, kMaxLayers, p.n_layers));
        RETURN_IF_ERROR(get("embedding_length", 1, kMaxEmbd, p.n_embd));
        RETURN_IF_ERROR(get("feed_forward_length", 1, kMaxFf, p.n_ff));
        RETURN_IF_ERROR(get("attention.head_count", 1, kMaxHeads, p.n_heads));
        RETURN_IF_ERROR(get("attention.head_count_kv", 1, kMaxHeads, p.n_kv_heads, p.n_heads));
        if (p.n_heads % p.n_kv_heads != 0) {
            return malformed("{} heads share {} key-value heads, expected a whole number of them each",
                             p.n_heads, p.n_kv_heads);
        }
        RETURN_IF_ERROR(get("context_length", 1, kMaxContext, p.n_ctx_train));
        RETURN_IF_ERROR(getReal("attention.layer_norm_rms_epsilon", 1e-12, 1e-2, p.rms_eps));
        return readVocabulary();
    }

    Result<void> readVocabulary() {
        const TensorInfo* const embedding = m_file.find("token_embd.weight");
        if (embedding == nullptr)
            return malformed("token_embd.weight is missing, without which there is no model");
        const uint64_t rows = embedding->rows();
        if (rows > kMaxVocab)
            return malformed("token_embd.weight has {} rows, expected at most {}", rows, kMaxVocab);
        m_out.n_vocab = static_cast<uint32_t>(rows);
        m_out.tied_output = m_file.find("output.weight") == nullptr;
        if (const auto tokens = m_file.getStrings("tokenizer.ggml.tokens"); tokens && tokens->size() > rows) {
            return malformed(
                "the vocabulary has {} tokens, expected at most the {} rows of token_embd.weight",
                tokens->size(), rows);
        }
        return {};
    }

    // Grouped-query attention: qwen2 and llama.
    Result<void> readHeads() {
        Hyperparams& p = m_out;
        if (const auto experts = m_file.getUint(key("expert_count")); experts && *experts > 0) {
            return {ErrorCode::UnsupportedArchitecture,
                    fmt::format("{}: a mixture of {} experts in the family \"{}\" is not supported: choose "
                                "a dense model.",
                                printable(m_file.paths().front().filename().string()), *experts,
                                p.architecture)};
        }
        RETURN_IF_ERROR(get("attention.key_length", 1, kMaxHeadDim, p.head_dim, p.n_embd / p.n_heads));
        RETURN_IF_ERROR(get("attention.value_length", 1, kMaxHeadDim, p.v_head_dim, p.head_dim));
        if (!m_file.has(key("attention.key_length")) && p.n_embd % p.n_heads != 0) {
            return malformed("{} values are shared by {} heads, expected a whole number each", p.n_embd,
                             p.n_heads);
        }
        if (p.v_head_dim != p.head_dim) {
            return malformed("a head has {} values of keys and {} of values, expected as many", p.head_dim,
                             p.v_head_dim);
        }
        p.qkv_bias = p.architecture == "qwen2" || m_file.find("blk.0.attn_q.bias") != nullptr;
        return checkHeadDim(p.head_dim);
    }

    Result<void> checkHeadDim(uint32_t dim) const {
        if (dim >= 4 && dim <= kMaxHeadDim && dim % 4 == 0) return {};
        return malformed("a head has {} values, expected a multiple of 4 up to {}", dim, kMaxHeadDim);
    }

    // Multi-head latent attention. Files of before April 2025 hold attn_kv_b and the expanded head sizes as key_length and
    // value_length; newer ones attn_k_b and attn_v_b, the latent sizes there and the expanded ones under *_mla.
    Result<void> readMla() {
        Hyperparams& p = m_out;
        p.mla_split = m_file.find("blk.0.attn_k_b.weight") != nullptr;
        RETURN_IF_ERROR(get("attention.kv_lora_rank", 1, kMaxRank, p.kv_lora_rank));
        RETURN_IF_ERROR(
            get("attention.q_lora_rank", 0, kMaxRank, p.q_lora_rank, 0)); // 0: V2-Lite compresses no queries
        const bool named = m_file.has(key("attention.key_length_mla"));
        RETURN_IF_ERROR(
            get(named ? "attention.key_length_mla" : "attention.key_length", 1, kMaxHeadDim, p.head_dim));
        RETURN_IF_ERROR(get(named ? "attention.value_length_mla" : "attention.value_length", 1, kMaxHeadDim,
                            p.v_head_dim));
        RETURN_IF_ERROR(checkHeadDim(p.head_dim));
        return checkHeadDim(p.v_head_dim);
    }

    Result<void> readExperts() {
        Hyperparams& p = m_out;
        RETURN_IF_ERROR(readNextn());
        RETURN_IF_ERROR(get("leading_dense_block_count", 0, p.n_layers, p.n_dense_layers, 0));
        RETURN_IF_ERROR(get("expert_count", 1, kMaxExperts, p.n_experts));
        RETURN_IF_ERROR(get("expert_used_count", 1, p.n_experts, p.n_experts_used));
        RETURN_IF_ERROR(get("expert_shared_count", 0, 64, p.n_shared_experts, 0));
        RETURN_IF_ERROR(get("expert_feed_forward_length", 1, kMaxFf, p.n_ff_expert));
        RETURN_IF_ERROR(getReal("expert_weights_scale", 0, 1e6, p.expert_weights_scale, 1.0f));
        if (p.expert_weights_scale == 0) p.expert_weights_scale = 1; // how some converters write "none"
        p.expert_weights_norm = m_file.getBool(key("expert_weights_norm")).value_or(false);
        uint32_t gating = 0;
        RETURN_IF_ERROR(
            get("expert_gating_func", 0, 2, gating, 0)); // 0 or absent: files of V2 and V2.5, softmax
        p.expert_gating = gating == 2 ? ExpertGating::Sigmoid : ExpertGating::Softmax;
        return readGroups();
    }

    // The group limit belongs to the model, but converters left it out for long; then the expert count tells which model it
    // is: V3 and R1 have 256 in 8 groups of which 4 count, V2 160 in 8 of which 3, V2-Lite none.
    Result<void> readGroups() {
        Hyperparams& p = m_out;
        const bool isV3 = p.n_experts == 256 && p.expert_gating == ExpertGating::Sigmoid,
                   isV2 = p.n_experts == 160;
        RETURN_IF_ERROR(get("expert_group_count", 0, p.n_experts, p.n_expert_groups, isV3 || isV2 ? 8 : 1));
        if (p.n_expert_groups == 0) p.n_expert_groups = 1;
        const bool eight = p.n_expert_groups == 8;
        RETURN_IF_ERROR(get("expert_group_used_count", 0, p.n_expert_groups, p.n_expert_groups_used,
                            isV3 && eight   ? 4
                            : isV2 && eight ? 3
                                            : p.n_expert_groups));
        if (p.n_expert_groups_used == 0) p.n_expert_groups_used = p.n_expert_groups;
        if (p.n_experts % p.n_expert_groups != 0) {
            return malformed("{} experts stand in {} groups, expected a whole number each", p.n_experts,
                             p.n_expert_groups);
        }
        const uint32_t eligible = p.n_experts / p.n_expert_groups * p.n_expert_groups_used;
        if (p.n_experts_used > eligible) {
            return malformed("{} experts are used of the {} in {} groups, expected no more", p.n_experts_used,
                             eligible, p.n_expert_groups_used);
        }
        return {};
    }

    // block_count includes the prediction block where a file holds one; some files announce it and hold none.
    Result<void> readNextn() {
        Hyperparams& p = m_out;
        uint32_t announced = 0;
        RETURN_IF_ERROR(get("nextn_predict_layers", 0, 8, announced, 0));
        const auto holds = [&](uint32_t block, std::string_view tensor) {
            return m_file.find(fmt::format("blk.{}.{}.weight", block, tensor)) != nullptr;
        };
        if (holds(p.n_layers, "nextn.eh_proj")) { // behind the blocks that are counted: from a side file
            p.n_nextn_layers = 1;
            return {};
        }
        if (announced == 0) return {};
        if (announced >= p.n_layers) {
            return malformed("{} of {} blocks are for prediction, expected fewer", announced, p.n_layers);
        }
        const uint32_t blocks = p.n_layers;
        if (holds(blocks - announced, "nextn.eh_proj")) {
            p.n_layers = blocks - announced;
            p.n_nextn_layers = announced;
        } else if (!holds(blocks - announced, "attn_norm")) {
            p.n_layers = blocks - announced; // counted, but left out
        }                                    // else: neither counted nor held
        return {};
    }

    Result<void> readRope() {
        Hyperparams& p = m_out;
        p.rope_pairs = p.architecture == "qwen2" ? RopePairs::Halves : RopePairs::Interleaved;
        if (p.architecture == "deepseek2") {
            RETURN_IF_ERROR(get("rope.dimension_count", 2, kMaxHeadDim, p.rope_dim));
        } else {
            RETURN_IF_ERROR(get("rope.dimension_count", 2, kMaxHeadDim, p.rope_dim, p.head_dim));
        }
        // Of a latent head at least four values stay unrotated, else attn_k_b would be empty.
        const uint32_t most = p.architecture == "deepseek2" ? p.head_dim - 4 : p.head_dim;
        if (p.rope_dim > most || p.rope_dim % 2 != 0) {
            return malformed("{} is {}, expected an even number up to {}", key("rope.dimension_count"),
                             p.rope_dim, most);
        }
        RETURN_IF_ERROR(getReal("rope.freq_base", 1, 1e12, p.rope_theta, 10000.0f));
        return readRopeScaling();
    }

    Result<void> readRopeScaling() {
        Hyperparams& p = m_out;
        const std::string_view type = m_file.getString(key("rope.scaling.type")).value_or("none");
        if (type == "none") return {};
        if (type == "linear") {
            p.rope_scaling = RopeScaling::Linear;
        } else if (type == "yarn") {
            p.rope_scaling = RopeScaling::Yarn;
        } else {
            return {ErrorCode::UnsupportedArchitecture,
                    fmt::format("{}: rotary scaling \"{}\" is not supported, only none, linear and yarn: "
                                "choose another model.",
                                printable(m_file.paths().front().filename().string()), printable(type))};
        }
        RETURN_IF_ERROR(getReal("rope.scaling.factor", 1, 1e4, p.rope_factor));
        RETURN_IF_ERROR(
            get("rope.scaling.original_context_length", 1, kMaxContext, p.rope_n_ctx_orig, p.n_ctx_train));
        // Converters store 0.1 x mscale_all_dim (the factor of ln(scale) in YaRN's temperature), not mscale_all_dim.
        float logMultiplier = 0;
        RETURN_IF_ERROR(getReal("rope.scaling.yarn_log_multiplier", 0, 10, logMultiplier, 0.0f));
        p.yarn_mscale_all = logMultiplier / 0.1f;
        return {};
    }

    const GgufFile& m_file;
    Hyperparams m_out;
};

} // namespace

Result<Hyperparams> readHyperparams(const GgufFile& file) { return Reader(file).read(); }

} // namespace ponder::models
