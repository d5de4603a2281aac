#include "inference/engine.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <new>

#include <fmt/format.h>

#include "inference/device_plan.h"
#include "inference/engine_data.h"
#include "inference/out_of_memory.h"
#include "inference/tuning.h"
#include "inference/vulkan/context.h"
#include "models/architecture.h"
#include "models/base/errors.h"
#include "models/base/log.h"
#include "models/base/text.h"
#include "models/model_info.h"

namespace ponder::inference {

using models::TokenId;

namespace {

using Clock = std::chrono::steady_clock;

Result<models::ModelInfo> readRunnable(const models::GgufFile& file) {
    ASSIGN_OR_RETURN(auto info, models::readModelInfo(file));
    if (!info.hyperparams) return Error{ErrorCode::MalformedFile, info.refusal};
    if (!info.runnable) return Error{ErrorCode::UnsupportedArchitecture, info.refusal};
    return info;
}

// The divisors of rotary frequencies that Llama 3.1's files carry; empty where a file has none.
Result<std::vector<float>> ropeFactors(const models::GgufFile& file) {
    std::vector<float> factors;
    const models::TensorInfo* tensor = file.find("rope_freqs.weight");
    if (!tensor) return factors;
    if (tensor->type != models::QuantType::F32)
        return Error{ErrorCode::UnsupportedQuantization,
                     fmt::format("rope_freqs.weight is {}, expected F32: choose another file of the model.",
                                 models::quantTypeInfo(tensor->type).name)};
    factors.resize(tensor->values());
    RETURN_IF_ERROR(file.read(*tensor, std::as_writable_bytes(std::span(factors))));
    return factors;
}

// Keeps of the blocks that predict what is asked for, or says what is missing of it.
Result<void> choosePrediction(const models::GgufFile& file, const EngineOptions& options,
                              models::Hyperparams& p) {
    if (!options.prediction) {
        p.n_nextn_layers = 0;
        return {};
    }
    const std::string name = printable(file.paths().front().filename().string());
    if (p.n_nextn_layers == 0)
        return Error{
            ErrorCode::InvalidArgument,
            fmt::format("{} has no block that predicts a further token: name a side file that has it "
                        "with --mtp-file.",
                        name)};
    p.n_nextn_layers = 1;
    // The list has its tensors as optional, since the model runs without.
    bool split = false;
    for (const auto& tensor : file.tensors())
        split |= tensor.name == fmt::format("blk.{}.attn_k_b.weight", p.n_layers);
    const auto needed = [&](std::string_view tensor) {
        if (tensor.ends_with("attn_k_b.weight") || tensor.ends_with("attn_v_b.weight")) return split;
        if (tensor.ends_with("attn_kv_b.weight")) return !split;
        return !tensor.ends_with("exp_probs_b.bias") && !tensor.ends_with("nextn.shared_head_norm.weight");
    };
    for (const auto& spec : models::findArchitecture(p.architecture)->tensors(p))
        if (spec.name.starts_with(fmt::format("blk.{}.", p.n_layers)) && !spec.copy && needed(spec.name) &&
            !file.find(spec.name))
            return Error{ErrorCode::MalformedFile,
                         fmt::format("{} of the block that predicts is missing: get {} whole again.",
                                     spec.name, name)};
    return {};
}

} // namespace

Engine::Engine(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
Engine::~Engine() {
    if (m_data && tuning().profile)
        fmt::print(stderr, "load {:.2f} s: {}", m_data->loadSeconds, m_data->device->profile());
}

std::vector<vulkan::DeviceCaps> Engine::devices() { return allDevices(); }

Result<std::unique_ptr<Engine>> Engine::load(const std::filesystem::path& path, const EngineOptions& options,
                                             const LoadProgressSink& progress, std::stop_token stop) {
    const auto start = Clock::now();
    auto data = std::make_unique<Data>();
    data->options = options;
    ASSIGN_OR_RETURN(auto file, models::GgufFile::open(path));
    if (!options.mtpFile.empty()) {
        ASSIGN_OR_RETURN(auto side, models::GgufFile::open(options.mtpFile));
        file.attach(std::move(side));
    }
    data->file = std::make_unique<models::GgufFile>(std::move(file));
    ASSIGN_OR_RETURN(const auto info, readRunnable(*data->file));
    data->hyperparams = *info.hyperparams;
    RETURN_IF_ERROR(choosePrediction(*data->file, options, data->hyperparams));
    ASSIGN_OR_RETURN(data->tokenizer, models::Tokenizer::create(*data->file));
    data->chatTemplate = models::ChatTemplate::forModel(*data->file, *data->tokenizer);
    RETURN_IF_ERROR(unlessStopped(stop));

    ASSIGN_OR_RETURN(data->device, openDevice(options.device));
    ASSIGN_OR_RETURN(data->plan, planForDevice(*data->file, data->hyperparams, data->device->caps(),
                                               {.device = options.device,
                                                .context = options.context,
                                                .vramBudget = options.vramBudget,
                                                .ramBudget = options.ramBudget,
                                                .precise = options.precise,
                                                .experts = options.experts,
                                                .cache = options.cache},
                                               options.prediction));
    RETURN_IF_ERROR(requireFit(data->plan));
    if (!data->plan.warning.empty()) log(LogLevel::Warning, LogCategory::Engine, "{}", data->plan.warning);
    RETURN_IF_ERROR(unlessStopped(stop));
    ASSIGN_OR_RETURN(auto factors, ropeFactors(*data->file));
    RETURN_IF_ERROR(data->device->load({.file = *data->file,
                                        .hyperparams = data->hyperparams,
                                        .plan = data->plan,
                                        .ropeFactors = std::move(factors),
                                        .precise = options.precise,
                                        .cache = cacheFormat(options.precise, options.cache),
                                        .prediction = options.prediction,
                                        .timestamps = options.timestamps || tuning().profile,
                                        .progress = progress,
                                        .stop = stop}));
    data->loadSeconds = std::chrono::duration<double>(Clock::now() - start).count();
    return std::unique_ptr<Engine>(new Engine(std::move(data)));
}

const models::GgufFile& Engine::file() const { return *m_data->file; }
const models::Hyperparams& Engine::hyperparams() const { return m_data->hyperparams; }
const models::Tokenizer& Engine::tokenizer() const { return *m_data->tokenizer; }
const Result<models::ChatTemplate>& Engine::chatTemplate() const { return m_data->chatTemplate; }
const MemoryPlan& Engine::plan() const { return m_data->plan; }
const vulkan::DeviceCaps& Engine::device() const { return m_data->device->caps(); }
uint32_t Engine::context() const { return m_data->plan.context; }
double Engine::loadSeconds() const { return m_data->loadSeconds; }
uint64_t Engine::loadedBytes() const { return m_data->plan.bytesWeights; }

std::string Engine::kernelSummary() const {
    const auto& caps = device();
    return fmt::format("{} ({}), {}; {}{}", printable(caps.name), caps.id, printable(caps.driver),
                       m_data->forward().describe(),
                       m_data->options.precise                        ? "; float32 throughout"
                       : m_data->options.cache == protocol::Cache::Q8 ? "; cache of 8 bits"
                                                                      : "");
}

Result<void> Engine::Data::checkTokens(std::span<const TokenId> tokens) const {
    if (tokens.empty())
        return Error{ErrorCode::InvalidArgument, "The prompt has no tokens: give at least one."};
    for (const TokenId token : tokens)
        if (token < 0 || static_cast<uint32_t>(token) >= hyperparams.n_vocab)
            return Error{ErrorCode::InvalidArgument,
                         fmt::format("There is no token {}: the vocabulary of this model has {}.", token,
                                     hyperparams.n_vocab)};
    return {};
}

Result<void> Engine::Data::prepare(Sequence& sequence, uint32_t tokens) {
    RETURN_IF_ERROR(device->checkAlive());
    if (!sequence.reserve(tokens))
        return Error{ErrorCode::ContextFull,
                     fmt::format("The cache of {} tokens is full with what is being generated: wait until "
                                 "another answer has ended, or load the model with a longer context.",
                                 plan.context)};
    if (const auto& copy = sequence.pendingCopy()) {
        RETURN_IF_ERROR(device->cache().copy(copy->from, copy->to, copy->tokens));
        sequence.copyDone();
    }
    return {};
}

Result<void> Engine::Data::extend(Sequence& sequence, std::span<const TokenId> tokens, Forward::Head head,
                                  std::stop_token stop) {
    RETURN_IF_ERROR(prepare(sequence, static_cast<uint32_t>(tokens.size())));
    try {
        RETURN_IF_ERROR(
            forward().run(tokens, sequence.length(), sequence.blockTable(), head, std::move(stop)));
    } catch (const std::bad_alloc&) {
        return outOfHostMemory();
    }
    sequence.append(tokens);
    return {};
}

size_t Engine::Data::choices() const { return std::min<size_t>(hyperparams.n_vocab, tokenizer->size()); }

Result<std::vector<TokenChooser::Token>> Engine::Data::stepTogether(std::span<const Step> steps) {
    TokenChooser& chooser = *forward().chooser();
    std::vector<BatchRow> rows;
    for (const Step& step : steps) {
        PONDER_CHECK(step.sequence->length() + 1 == step.tokens.size());
        rows.push_back({.id = step.tokens.back(),
                        .position = step.sequence->length(),
                        .blockTable = step.sequence->blockTable(),
                        .choice = {step.sampling, choices(), step.tokens, {}}});
    }
    std::vector<TokenChooser::Token> chosen;
    try {
        if (rows.size() > 1) {
            ASSIGN_OR_RETURN(chosen, chooser.chooseTogether(rows));
        } else {
            const BatchRow& row = rows.front();
            ASSIGN_OR_RETURN(const uint64_t pass, chooser.beginChoosing({&row.id, 1}, row.position,
                                                                        row.blockTable, row.choice, {}));
            ASSIGN_OR_RETURN(const auto token, chooser.chosen(pass));
            chosen.push_back(token);
        }
    } catch (const std::bad_alloc&) {
        return outOfHostMemory();
    }
    for (const Step& step : steps) step.sequence->append(step.tokens.last(1));
    return chosen;
}

std::span<const uint64_t> Engine::expertCounts(uint32_t block) const {
    return m_data->forward().expertCounts(block);
}

Result<void>
Engine::logits(std::span<const TokenId> tokens, bool step,
               const std::function<Result<void>(size_t position, std::span<const float> row)>& sink) {
    RETURN_IF_ERROR(m_data->device->checkAlive());
    RETURN_IF_ERROR(m_data->checkTokens(tokens));
    if (tokens.size() > context())
        return Error{
            ErrorCode::ContextFull,
            fmt::format("{} tokens do not fit into a context of {}: give fewer, or a longer context.",
                        tokens.size(), context())};
    const uint32_t passTokens = m_data->forward().chunkTokens();
    Sequence sequence(m_data->device->cache(), {}, passTokens,
                      Sequence::Reuse::Repeatable); // every position is computed
    const size_t chunk = step ? 1 : passTokens;
    for (size_t done = 0; done < tokens.size(); done += chunk) {
        const auto part = tokens.subspan(done, std::min(chunk, tokens.size() - done));
        RETURN_IF_ERROR(
            m_data->extend(sequence, part, step ? Forward::Head::LastRow : Forward::Head::None, {}));
        if (step) {
            RETURN_IF_ERROR(sink(done, m_data->forward().logits()));
        } else {
            RETURN_IF_ERROR(m_data->forward().allLogits(
                [&](size_t row, std::span<const float> logits) { return sink(done + row, logits); }));
        }
    }
    return {};
}

Result<void>
Engine::predictedLogits(std::span<const TokenId> tokens,
                        const std::function<Result<void>(size_t position, std::span<const float> row)>& sink) {
    RETURN_IF_ERROR(m_data->device->checkAlive());
    RETURN_IF_ERROR(m_data->checkTokens(tokens));
    PONDER_CHECK(m_data->options.prediction);
    if (tokens.size() > context())
        return Error{
            ErrorCode::ContextFull,
            fmt::format("{} tokens do not fit into a context of {}: give fewer, or a longer context.",
                        tokens.size(), context())};
    const size_t chunk = m_data->forward().chunkTokens();
    Sequence sequence(m_data->device->cache(), {}, m_data->forward().chunkTokens(),
                      Sequence::Reuse::Repeatable);
    for (size_t done = 0; done + 1 < tokens.size(); done += chunk) {
        const auto part = tokens.subspan(done, std::min(chunk, tokens.size() - done));
        RETURN_IF_ERROR(m_data->extend(sequence, part, Forward::Head::None, {}));
        const auto next = tokens.subspan(done + 1, std::min(chunk, tokens.size() - done - 1));
        RETURN_IF_ERROR(m_data->forward().predict(
            next, static_cast<uint32_t>(done), sequence.blockTable(),
            [&](size_t row, std::span<const float> logits) { return sink(done + row, logits); }));
    }
    return {};
}

Result<GenerationOutcome> Engine::generate(GenerationRequest request,
                                           const std::function<bool(const GeneratedToken&)>& onToken) {
    ASSIGN_OR_RETURN(const auto generation, begin(std::move(request)));
    while (generation->prefilling()) RETURN_IF_ERROR(generation->prefillChunk());
    for (;;) {
        ASSIGN_OR_RETURN(const auto token, generation->decode());
        if (!token) return generation->outcome();
        if (!onToken(*token)) generation->cancel();
    }
}

} // namespace ponder::inference
