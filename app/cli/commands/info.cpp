#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands/commands.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "inference/device_plan.h"
#include "models/base/text.h"
#include "models/chat_template.h"
#include "models/model_info.h"

namespace ponder::app::cli {

namespace {

using Json = nlohmann::ordered_json;

struct VocabularyFacts {
    std::string splitting; // tokenizer.ggml.pre
    std::optional<models::TokenId> bos, eos;
    std::string layout; // of chats; or why there is none
    bool hasLayout = false, thinks = false;
    std::string refusal; // why it cannot tokenize; empty: it can
};

struct DevicePlan {
    vulkan::DeviceCaps caps;
    inference::MemoryPlan plan;
};

// A damaged vocabulary is an error; one of a kind that we do not know is a fact about the file.
Result<VocabularyFacts> readVocabulary(const models::GgufFile& file) {
    VocabularyFacts facts;
    facts.splitting = printable(file.getString("tokenizer.ggml.pre").value_or("default"));
    const auto tokenizer = models::Tokenizer::create(file);
    if (!tokenizer) {
        if (tokenizer.error().code == ErrorCode::MalformedFile) return tokenizer.error();
        facts.refusal = tokenizer.error().message;
        return facts;
    }
    facts.bos = (*tokenizer)->bos();
    facts.eos = (*tokenizer)->eos();
    const auto layout = models::ChatTemplate::forModel(file, **tokenizer);
    facts.hasLayout = layout.ok();
    facts.layout = layout ? std::string(models::chatFamilyName(layout->family())) : layout.error().message;
    facts.thinks = layout && layout->thinkStart().has_value();
    return facts;
}

Result<std::vector<DevicePlan>> planAll(const models::GgufFile& file, const models::ModelInfo& info,
                                        const CommandLine& line) {
    std::vector<DevicePlan> plans;
    if (!info.hyperparams) return plans;
    std::optional<Error> refused; // of an option that this device does not take, while another may
    for (const auto& caps : inference::Engine::devices()) {
        if (!line.load.device.empty() && line.load.device != caps.id) continue;
        auto plan = inference::planForDevice(file, *info.hyperparams, caps, line.load);
        if (plan)
            plans.push_back({caps, std::move(*plan)});
        else if (!refused)
            refused = std::move(plan).error();
    }
    if (plans.empty() && refused) return *refused;
    return plans;
}

std::string idText(const std::optional<models::TokenId>& id) { return id ? std::to_string(*id) : "none"; }

std::string asText(const models::ModelInfo& info, const std::optional<VocabularyFacts>& vocabulary,
                   const std::vector<DevicePlan>& plans) {
    std::string out = info.text();
    const auto line = [&](std::string_view label, std::string_view value) {
        out += fmt::format("{:<14}{}\n", label, value);
    };
    if (vocabulary && !vocabulary->refusal.empty()) {
        line("Tokenizer", vocabulary->refusal);
    } else if (vocabulary) {
        line("Tokenizer",
             fmt::format("byte-level BPE, split as {}; begins with {}, ends with {}", vocabulary->splitting,
                         idText(vocabulary->bos), idText(vocabulary->eos)));
        line("Chat layout", vocabulary->layout + (vocabulary->thinks ? ", thinks first" : ""));
    }
    if (!info.hyperparams) return out;
    if (plans.empty()) line("Memory plan", "none: there is no such device here");
    for (const auto& [caps, plan] : plans) {
        line("Memory plan", fmt::format("{}, {}", caps.id, printable(caps.name)));
        line("", plan.verdict);
        line("", fmt::format("weights {}, cache {} for {} tokens, working memory {}, of {}",
                             formatBytes(plan.bytesWeights), formatBytes(plan.bytesCache),
                             formatCount(plan.context), formatBytes(plan.bytesScratch),
                             formatBytes(plan.bytesAvailable)));
        if (plan.sharedWithHost())
            line("", fmt::format("in host memory {} of weights, {} of cache; on disk {}",
                                 formatBytes(plan.bytesOf(inference::Place::HostCpu)),
                                 formatBytes(plan.bytesHostCache),
                                 formatBytes(plan.bytesOf(inference::Place::Disk))));
        if (!plan.warning.empty()) line("", plan.warning);
        if (plan.expectedTokensPerSecond > 0)
            line("", fmt::format("about {:.3g} tokens/s expected", plan.expectedTokensPerSecond));
    }
    return out;
}

Json hyperparamsJson(const models::Hyperparams& p) {
    Json json = {
        {"n_layers", p.n_layers},       {"n_embd", p.n_embd},         {"n_ff", p.n_ff},
        {"n_heads", p.n_heads},         {"n_kv_heads", p.n_kv_heads}, {"head_dim", p.head_dim},
        {"v_head_dim", p.v_head_dim},   {"n_vocab", p.n_vocab},       {"n_ctx_train", p.n_ctx_train},
        {"rms_eps", p.rms_eps},         {"rope_theta", p.rope_theta}, {"rope_dim", p.rope_dim},
        {"rope_factor", p.rope_factor}, {"qkv_bias", p.qkv_bias},     {"tied_output", p.tied_output}};
    if (p.kv_lora_rank > 0) {
        json["q_lora_rank"] = p.q_lora_rank;
        json["kv_lora_rank"] = p.kv_lora_rank;
    }
    if (p.isMoe()) {
        json["n_dense_layers"] = p.n_dense_layers;
        json["n_experts"] = p.n_experts;
        json["n_experts_used"] = p.n_experts_used;
        json["n_shared_experts"] = p.n_shared_experts;
        json["n_ff_expert"] = p.n_ff_expert;
        json["n_expert_groups"] = p.n_expert_groups;
        json["n_expert_groups_used"] = p.n_expert_groups_used;
        json["n_nextn_layers"] = p.n_nextn_layers;
    }
    return json;
}

Json asJson(const models::ModelInfo& info, const std::optional<VocabularyFacts>& vocabulary,
            const std::vector<DevicePlan>& plans) {
    const auto idOrNull = [](const std::optional<models::TokenId>& id) { return id ? Json(*id) : Json(); };
    Json json = {{"name", info.name},
                 {"architecture", info.architecture},
                 {"family", info.family},
                 {"quantization", info.quantization},
                 {"files", info.files},
                 {"gguf_version", info.version},
                 {"size_bytes", info.sizeBytes},
                 {"parameters", info.parameters},
                 {"tensors", info.tensors},
                 {"vocabulary", info.vocabulary},
                 {"runnable", info.runnable},
                 {"refusal", info.refusal}};
    json["formats"] = Json::array();
    for (const auto& share : info.formats)
        json["formats"].push_back({{"type", models::quantTypeInfo(share.type).name},
                                   {"tensors", share.tensors},
                                   {"size_bytes", share.sizeBytes}});
    if (info.hyperparams) json["hyperparams"] = hyperparamsJson(*info.hyperparams);
    if (vocabulary)
        json["tokenizer"] = {{"splitting", vocabulary->splitting},
                             {"bos", idOrNull(vocabulary->bos)},
                             {"eos", idOrNull(vocabulary->eos)},
                             {"chat_layout", vocabulary->hasLayout ? Json(vocabulary->layout) : Json()},
                             {"thinks", vocabulary->thinks},
                             {"refusal", vocabulary->refusal}};
    json["plans"] = Json::array();
    for (const auto& [caps, plan] : plans)
        json["plans"].push_back({{"device", caps.id},
                                 {"name", caps.name},
                                 {"fits", plan.fits},
                                 {"verdict", plan.verdict},
                                 {"context", plan.context},
                                 {"weight_bytes", plan.bytesWeights},
                                 {"cache_bytes", plan.bytesCache},
                                 {"scratch_bytes", plan.bytesScratch},
                                 {"available_bytes", plan.bytesAvailable},
                                 {"host_bytes", plan.bytesHost()},
                                 {"disk_bytes", plan.bytesOf(inference::Place::Disk)},
                                 {"experts", plan.experts},
                                 {"experts_on_device", plan.expertsOnDevice},
                                 {"experts_exchanged", plan.expertsCopied},
                                 {"host_layers", plan.hostLayers},
                                 {"warning", plan.warning},
                                 {"bytes_per_token", plan.bytesPerToken},
                                 {"expected_tokens_per_second", plan.expectedTokensPerSecond}});
    return json;
}

} // namespace

Result<void> runInfo(const CommandLine& line) {
    ASSIGN_OR_RETURN(const auto file, openModel(line));
    ASSIGN_OR_RETURN(const auto info, models::readModelInfo(file));
    std::optional<VocabularyFacts> vocabulary;
    if (info.vocabulary > 0) {
        ASSIGN_OR_RETURN(vocabulary, readVocabulary(file));
    }
    ASSIGN_OR_RETURN(const auto plans, planAll(file, info, line));
    RETURN_IF_ERROR(write(
        line.json
            ? asJson(info, vocabulary, plans).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) +
                  "\n"
            : asText(info, vocabulary, plans)));
    return flush();
}

} // namespace ponder::app::cli
