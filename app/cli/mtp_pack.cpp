#include "app/cli/mtp_pack.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/io.h"
#include "app/cli/safetensors.h"
#include "models/base/half.h"
#include "models/base/text.h"
#include "models/gguf_writer.h"

namespace ponder::app::cli {

namespace {

constexpr uint64_t kMaxExperts = 4096;

// One tensor of the side file and the tensors of the checkpoint that stand in it one behind the other.
struct Tensor {
    std::string name;
    std::vector<std::string> sources;
    std::vector<uint64_t> shape; // of the side file: columns first
    bool matrix = false;         // F16, else F32
    uint64_t values() const {
        uint64_t count = 1;
        for (const uint64_t extent : shape) count *= extent;
        return count;
    }
    uint64_t sizeBytes() const { return values() * (matrix ? 2 : 4); }
};

struct Plan {
    uint32_t block = 0;
    std::vector<Tensor> tensors;
};

// What the checkpoint's own config.json says.
Result<uint64_t> number(const nlohmann::json& config, const char* key, uint64_t most) {
    const auto found = config.find(key);
    if (found == config.end() || !found->is_number_unsigned() || found->get<uint64_t>() == 0 ||
        found->get<uint64_t>() > most)
        return Error{
            ErrorCode::MalformedFile,
            fmt::format("config.json: {} is missing or not a number up to {}: name the folder of DeepSeek-V3 "
                        "or R1.",
                        key, most)};
    return found->get<uint64_t>();
}

Result<Plan> planOf(Safetensors& checkpoint, const nlohmann::json& config) {
    Plan plan;
    ASSIGN_OR_RETURN(const uint64_t layers, number(config, "num_hidden_layers", 1024));
    ASSIGN_OR_RETURN(const uint64_t experts, number(config, "n_routed_experts", kMaxExperts));
    plan.block = static_cast<uint32_t>(layers);
    const std::string from = fmt::format("model.layers.{}.", layers), to = fmt::format("blk.{}.", layers);
    if (!checkpoint.has(from + "eh_proj.weight"))
        return Error{
            ErrorCode::MalformedFile,
            fmt::format(
                "{}eh_proj.weight is not in the checkpoint, so it has no block that predicts: name the "
                "folder of DeepSeek-V3 or R1.",
                from)};
    const auto add = [&](const char* name, const std::string& source, bool matrix) -> Result<void> {
        ASSIGN_OR_RETURN(auto shape, checkpoint.shape(from + source));
        std::reverse(shape.begin(), shape.end());
        plan.tensors.push_back({to + name, {from + source}, std::move(shape), matrix});
        return {};
    };
    const auto addExperts = [&](const char* name, const char* source) -> Result<void> {
        Tensor tensor{.name = to + name, .matrix = true};
        for (uint64_t e = 0; e < experts; ++e) {
            tensor.sources.push_back(fmt::format("{}mlp.experts.{}.{}.weight", from, e, source));
            ASSIGN_OR_RETURN(auto shape, checkpoint.shape(tensor.sources.back()));
            std::reverse(shape.begin(), shape.end());
            if (e == 0) tensor.shape = shape;
            if (shape != tensor.shape || shape.size() != 2)
                return Error{ErrorCode::MalformedFile,
                             fmt::format("{} has another shape than the first expert: download it again.",
                                         tensor.sources.back())};
        }
        tensor.shape.push_back(experts);
        plan.tensors.push_back(std::move(tensor));
        return {};
    };
    RETURN_IF_ERROR(add("nextn.eh_proj.weight", "eh_proj.weight", true));
    RETURN_IF_ERROR(add("nextn.enorm.weight", "enorm.weight", false));
    RETURN_IF_ERROR(add("nextn.hnorm.weight", "hnorm.weight", false));
    if (checkpoint.has(from + "shared_head.norm.weight"))
        RETURN_IF_ERROR(add("nextn.shared_head_norm.weight", "shared_head.norm.weight", false));
    RETURN_IF_ERROR(add("attn_norm.weight", "input_layernorm.weight", false));
    if (checkpoint.has(from + "self_attn.q_a_proj.weight")) {
        RETURN_IF_ERROR(add("attn_q_a.weight", "self_attn.q_a_proj.weight", true));
        RETURN_IF_ERROR(add("attn_q_a_norm.weight", "self_attn.q_a_layernorm.weight", false));
        RETURN_IF_ERROR(add("attn_q_b.weight", "self_attn.q_b_proj.weight", true));
    } else {
        RETURN_IF_ERROR(add("attn_q.weight", "self_attn.q_proj.weight", true));
    }
    RETURN_IF_ERROR(add("attn_kv_a_mqa.weight", "self_attn.kv_a_proj_with_mqa.weight", true));
    RETURN_IF_ERROR(add("attn_kv_a_norm.weight", "self_attn.kv_a_layernorm.weight", false));
    RETURN_IF_ERROR(add("attn_kv_b.weight", "self_attn.kv_b_proj.weight", true));
    RETURN_IF_ERROR(add("attn_output.weight", "self_attn.o_proj.weight", true));
    RETURN_IF_ERROR(add("ffn_norm.weight", "post_attention_layernorm.weight", false));
    RETURN_IF_ERROR(add("ffn_gate_inp.weight", "mlp.gate.weight", false));
    if (checkpoint.has(from + "mlp.gate.e_score_correction_bias"))
        RETURN_IF_ERROR(add("exp_probs_b.bias", "mlp.gate.e_score_correction_bias", false));
    RETURN_IF_ERROR(addExperts("ffn_gate_exps.weight", "gate_proj"));
    RETURN_IF_ERROR(addExperts("ffn_up_exps.weight", "up_proj"));
    RETURN_IF_ERROR(addExperts("ffn_down_exps.weight", "down_proj"));
    if (checkpoint.has(from + "mlp.shared_experts.gate_proj.weight")) {
        RETURN_IF_ERROR(add("ffn_gate_shexp.weight", "mlp.shared_experts.gate_proj.weight", true));
        RETURN_IF_ERROR(add("ffn_up_shexp.weight", "mlp.shared_experts.up_proj.weight", true));
        RETURN_IF_ERROR(add("ffn_down_shexp.weight", "mlp.shared_experts.down_proj.weight", true));
    }
    return plan;
}

models::GgufWriter headerOf(const Plan& plan) {
    models::GgufWriter writer;
    writer.string("general.architecture", "deepseek2");
    writer.string("general.name", "multi-token prediction block");
    writer.number("deepseek2.block_count", plan.block + 1);
    writer.number("deepseek2.nextn_predict_layers", 1);
    for (const Tensor& tensor : plan.tensors)
        writer.tensor(tensor.name, tensor.shape,
                      tensor.matrix ? models::QuantType::F16 : models::QuantType::F32);
    return writer;
}

// A file that is removed again unless it is kept.
class NewFile {
public:
    explicit NewFile(const std::filesystem::path& path)
        : m_path(path), m_part(path.string() + ".part"), m_file(std::fopen(m_part.c_str(), "wb")) {}
    NewFile(const NewFile&) = delete;
    ~NewFile() {
        if (m_file) std::fclose(m_file);
        if (!m_kept) std::remove(m_part.c_str());
    }
    bool isOpen() const { return m_file != nullptr; }
    Result<void> write(const void* bytes, size_t count) {
        if (std::fwrite(bytes, 1, count, m_file) != count) return failed();
        m_written += count;
        return {};
    }
    uint64_t written() const { return m_written; }
    Result<void> keep() {
        const bool closed = std::fclose(m_file) == 0;
        m_file = nullptr;
        if (!closed || std::rename(m_part.c_str(), m_path.c_str()) != 0) return failed();
        m_kept = true;
        return {};
    }
    Error failed() const {
        return {ErrorCode::Io,
                fmt::format("{} cannot be written ({}): check the folder and the space on the disk.",
                            printable(m_path.string(), 200), std::strerror(errno))};
    }

private:
    std::filesystem::path m_path;
    std::string m_part;
    std::FILE* m_file;
    uint64_t m_written = 0;
    bool m_kept = false;
};

Result<void> writeValues(NewFile& file, const Tensor& tensor, const std::string& source,
                         const std::vector<float>& values) {
    if (values.size() * tensor.sources.size() != tensor.values())
        return Error{ErrorCode::MalformedFile,
                     fmt::format("{} changed while it was read: download it again.", source)};
    if (!tensor.matrix) return file.write(values.data(), values.size() * sizeof(float));
    std::vector<uint16_t> halves(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
        if (std::abs(values[i]) > 65504)
            return Error{ErrorCode::MalformedFile,
                         fmt::format("{} holds {}, which F16 cannot: this checkpoint is not supported.",
                                     source, values[i])};
        halves[i] = floatToHalf(values[i]);
    }
    return file.write(halves.data(), halves.size() * sizeof(uint16_t));
}

} // namespace

Result<PackedBlock> packPrediction(const std::filesystem::path& folder, const std::filesystem::path& out,
                                   const std::function<bool(uint64_t done, uint64_t all)>& progress) {
    ASSIGN_OR_RETURN(auto checkpoint, Safetensors::open(folder));
    ASSIGN_OR_RETURN(const std::string text, readFile((folder / "config.json").string()));
    const auto config = nlohmann::json::parse(text, nullptr, false);
    if (!config.is_object())
        return Error{ErrorCode::MalformedFile, "config.json is no JSON object: download the folder again."};
    ASSIGN_OR_RETURN(const Plan plan, planOf(checkpoint, config));
    const models::GgufWriter writer = headerOf(plan);
    const std::vector<std::byte> head = writer.header();
    const uint64_t all = head.size() + writer.dataBytes();

    NewFile file(out);
    if (!file.isOpen()) return file.failed();
    RETURN_IF_ERROR(file.write(head.data(), head.size()));
    for (const Tensor& tensor : plan.tensors) {
        for (const std::string& source : tensor.sources) {
            ASSIGN_OR_RETURN(const auto values, checkpoint.read(source));
            RETURN_IF_ERROR(writeValues(file, tensor, source, values));
            if (progress && !progress(file.written(), all))
                return Error{ErrorCode::Cancelled, "Stopped before it was done; nothing has been written."};
        }
        const std::string padding(writer.padded(tensor.sizeBytes()) - tensor.sizeBytes(), '\0');
        RETURN_IF_ERROR(file.write(padding.data(), padding.size()));
    }
    RETURN_IF_ERROR(file.keep());
    return PackedBlock{plan.block, plan.tensors.size(), all};
}

} // namespace ponder::app::cli
