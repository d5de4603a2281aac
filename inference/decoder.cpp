#include "inference/decoder.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "inference/decoder_input.h"
#include "inference/layers/attention_mha.h"
#include "inference/layers/attention_mla.h"
#include "inference/layers/ffn_dense.h"
#include "inference/layers/ffn_moe.h"
#include "inference/memory_plan.h"
#include "inference/rope_table.h"
#include "inference/run_now.h"
#include "inference/tuning.h"
#include "models/base/log.h"
#include "shaders/shared/step_params.h"

namespace ponder::inference {

using models::TokenId;
using vulkan::BufferView;
using vulkan::CommandRecorder;
using vulkan::MemoryUse;

namespace {

constexpr uint32_t kMeasuredTokens = 64; // of the CPU's layers, where computing hides reading

// Columns of the widest matrix that all tokens are multiplied by.
uint32_t widestRow(const models::Hyperparams& p) {
    const uint32_t pair = p.n_nextn_layers > 0 ? 2 * p.n_embd : 0; // what the prediction block joins
    return std::max({p.n_embd, p.n_ff, p.n_heads * p.head_dim, p.n_heads * p.v_head_dim, p.q_lora_rank,
                     p.n_shared_experts * p.n_ff_expert, pair});
}

} // namespace

Result<std::unique_ptr<Decoder>> Decoder::create(vulkan::Context& context, vulkan::KernelRegistry& registry,
                                                 const models::Hyperparams& hyperparams,
                                                 const Weights& weights, const DecoderOptions& options) {
    std::unique_ptr<Decoder> decoder(new Decoder(context, registry, hyperparams, options));
    const auto make = [&]() -> Result<void> {
        RETURN_IF_ERROR(decoder->findOuterWeights(weights));
        RETURN_IF_ERROR(decoder->allocate());
        RETURN_IF_ERROR(decoder->uploadRopeTable());
        return decoder->makeLayers(weights);
    };
    if (options.host) {
        RETURN_IF_ERROR(registry.compileTogether(make));
        RETURN_IF_ERROR(decoder->makeHybrid());
        return decoder;
    }
    // Recording asks for all pipelines: the first token waits for none of them, nor does a prompt of usual length.
    const auto record = [&]() -> Result<void> {
        RETURN_IF_ERROR(decoder->recordPass(decoder->m_single, 1, decoder->bodyOf(1)));
        const uint32_t chunk = decoder->shortChunk();
        return decoder->recordPass(decoder->m_chunk, chunk, decoder->bodyOf(chunk));
    };
    const auto makeAndRecord = [&]() -> Result<void> {
        RETURN_IF_ERROR(make());
        return record();
    };
    RETURN_IF_ERROR(registry.compileTogether(makeAndRecord));
    RETURN_IF_ERROR(record());
    decoder->m_batchRows = decoder->mostBatchRows();
    return decoder;
}

Decoder::~Decoder() {
    if (!m_underWay.empty()) m_context.waitIdle();
}

Result<void> Decoder::findOuterWeights(const Weights& weights) {
    const auto find = [&](const std::string& name) {
        const kernels::Weight* weight = weights.find(name);
        return weight ? *weight : kernels::Weight{};
    };
    m_tokenEmbd = find("token_embd.weight");
    m_outputNorm = find("output_norm.weight");
    m_output = find(m_hyperparams.tied_output ? "token_embd.weight" : "output.weight");
    if (!m_tokenEmbd || !m_outputNorm || !m_output)
        return Error{ErrorCode::Internal, "the embedding or the output of the model was not uploaded"};
    return {};
}

Result<void> Decoder::allocate() {
    const auto& p = m_hyperparams;
    const uint64_t chunk = m_options.chunkTokens;
    // Kernels are given single rows of the residual. Every real model has rows of a multiple of 64 values.
    if (floats(p.n_embd) % m_context.caps().storageAlignment != 0)
        return Error{ErrorCode::UnsupportedArchitecture,
                     fmt::format("The model's rows of {} values are not a multiple of {} bytes, as {} needs: "
                                 "choose another model.",
                                 p.n_embd, m_context.caps().storageAlignment, m_context.caps().name)};

    const auto make = [&](vulkan::Buffer& into, uint64_t bytes, MemoryUse use,
                          const char* name) -> Result<void> {
        ASSIGN_OR_RETURN(into, vulkan::Buffer::create(m_context, bytes, use, name));
        return {};
    };
    const uint64_t blocks = (m_options.context + kBlockTokens - 1) / kBlockTokens;
    const uint64_t inputBytes =
        kIdsOffset + aligned(chunk * sizeof(uint32_t)) + aligned(blocks * sizeof(uint64_t));
    const uint64_t rowBytes = floats(p.n_vocab);
    m_sliceRows = std::min(kLogitRows, m_options.chunkTokens);
    RETURN_IF_ERROR(make(m_inputUpload, inputBytes, MemoryUse::Upload, "pass input, host"));
    RETURN_IF_ERROR(make(m_input, inputBytes, MemoryUse::DeviceLocal, "pass input"));
    RETURN_IF_ERROR(make(m_x, floats(chunk * p.n_embd), MemoryUse::DeviceLocal, "residual"));
    RETURN_IF_ERROR(make(m_normed, floats(chunk * p.n_embd), MemoryUse::DeviceLocal, "normed"));
    RETURN_IF_ERROR(make(m_logits, m_sliceRows * rowBytes, MemoryUse::DeviceLocal, "logits"));
    RETURN_IF_ERROR(make(m_logitsReadback, m_sliceRows * rowBytes, MemoryUse::Readback, "logits, host"));
    std::memset(m_inputUpload.mapped().data(), 0, m_inputUpload.mapped().size());

    ASSIGN_OR_RETURN(m_matMul, kernels::MatMul::create(m_context, m_registry, m_options.precise,
                                                       m_options.chunkTokens, widestRow(p)));
    ASSIGN_OR_RETURN(m_elementwise, kernels::Elementwise::create(m_context, m_registry));
    if (!m_options.host) {
        m_underWay.reserve(4); // so that what was submitted is always known
        m_chosen.reserve(16);
        m_samplingShape = kernels::samplingShape(m_context.caps(), p.n_vocab);
        ASSIGN_OR_RETURN(m_sampling, kernels::Sampling::create(m_context, m_registry, p.n_vocab,
                                                               m_options.context, m_samplingShape));
    }
    return {};
}

Result<void> Decoder::uploadRopeTable() {
    const auto table = ropeTable(m_hyperparams, m_options.ropeFactors, m_options.context);
    const auto bytes = std::as_bytes(std::span(table));
    ASSIGN_OR_RETURN(m_ropeTable,
                     vulkan::Buffer::create(m_context, bytes.size(), MemoryUse::DeviceLocal, "rotary table"));
    ASSIGN_OR_RETURN(const auto upload, vulkan::Buffer::create(m_context, bytes.size(), MemoryUse::Upload,
                                                               "rotary table, host"));
    std::memcpy(upload.mapped().data(), bytes.data(), bytes.size());
    ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(m_context, "rotary table"));
    RETURN_IF_ERROR(recorder.begin());
    recorder.copy(upload.view(), m_ropeTable.view());
    RETURN_IF_ERROR(recorder.end());
    return runNow(m_context, recorder);
}

Result<void> Decoder::makeLayers(const Weights& weights) {
    const auto& p = m_hyperparams;
    const uint32_t blocks = p.n_layers + (m_options.prediction ? 1 : 0);
    const uint64_t entries = p.isMoe() ? uint64_t{blocks} * (2 * 3 * p.n_experts + 2 * p.n_heads) : 0;
    ASSIGN_OR_RETURN(auto addresses, AddressTable::create(m_context, entries));
    m_addresses = std::make_unique<AddressTable>(std::move(addresses));
    if (m_options.host && m_options.host->endLayer < p.n_layers) {
        ASSIGN_OR_RETURN(
            m_ring, LayerRing::create(m_context, p, *m_options.host, m_options.context, m_options.cache));
        if (!m_ring) m_options.host->endLayer = p.n_layers;
    }
    m_workspace = std::make_unique<Workspace>(Workspace{.context = m_context,
                                                        .registry = m_registry,
                                                        .hyperparams = m_hyperparams,
                                                        .weights = weights,
                                                        .contextTokens = m_options.context,
                                                        .chunkTokens = m_options.chunkTokens,
                                                        .precise = m_options.precise,
                                                        .cache = m_options.cache,
                                                        .host = m_options.host,
                                                        .ring = m_ring.get(),
                                                        .matMul = m_matMul.get(),
                                                        .elementwise = m_elementwise.get(),
                                                        .addresses = m_addresses.get(),
                                                        .between = &m_between,
                                                        .x = m_x.view(),
                                                        .normed = m_normed.view(),
                                                        .sequence = inputSequence(),
                                                        .ropeTable = m_ropeTable.address()});
    ASSIGN_OR_RETURN(m_attention, p.kv_lora_rank > 0 ? AttentionMla::create(*m_workspace)
                                                     : AttentionMha::create(*m_workspace));
    if (!p.isMoe() || p.n_dense_layers > 0) {
        ASSIGN_OR_RETURN(m_ffnDense, FfnDense::create(*m_workspace));
    }
    if (p.isMoe() && p.n_dense_layers < blocks) {
        if (m_options.host) {
            ASSIGN_OR_RETURN(auto shared, FfnMoeHost::create(*m_workspace));
            m_ffnShared = shared.get();
            m_ffnMoe = std::move(shared);
        } else {
            ASSIGN_OR_RETURN(m_ffnMoe, FfnMoe::create(*m_workspace));
        }
    }
    for (uint32_t block = 0; block < blocks; ++block) RETURN_IF_ERROR(addLayer(block));
    if (m_ffnShared) RETURN_IF_ERROR(m_ffnShared->startExchanges());
    if (m_options.prediction) {
        ASSIGN_OR_RETURN(m_prediction,
                         Prediction::create(*m_workspace, p.n_layers, m_tokenEmbd, m_outputNorm));
    }
    return m_addresses->upload(m_context);
}

bool Decoder::onHost(uint32_t block) const {
    return m_options.host && block < m_options.host->endLayer && block >= m_options.host->firstLayer;
}

Result<void> Decoder::addLayer(uint32_t block) {
    if (onHost(block) && !m_ring) {
        m_layers.emplace_back();
        return {};
    }
    const bool dense = !m_hyperparams.isMoe() || block < m_hyperparams.n_dense_layers;
    m_layers.push_back({m_attention.get(), dense ? m_ffnDense.get() : m_ffnMoe.get()});
    RETURN_IF_ERROR(m_layers.back().attention->addLayer(block));
    return m_layers.back().feedForward->addLayer(block);
}

// -- with a share of the host -------------------------------------------------------------------------------
Result<void> Decoder::makeHybrid() {
    const uint32_t layers = m_hyperparams.n_layers;
    if (m_options.host->firstLayer < m_options.host->endLayer) {
        ASSIGN_OR_RETURN(m_hostLayers, HostLayers::create(*m_workspace, m_options.ropeFactors));
    }
    HybridSteps steps;
    steps.add([this](CommandRecorder& recorder, uint32_t n) { return recordEmbedding(recorder, n); });
    for (uint32_t block = 0; block < layers; ++block) addSteps(steps, block);
    m_hybrid = std::make_unique<HybridPass>(
        m_context, steps.take(),
        [this](CommandRecorder& recorder, uint32_t n) { return recordHead(recorder, m_outputNorm, n - 1, 1); },
        m_ffnShared ? &m_ffnShared->mover() : nullptr, m_options.timestamps);
    if (m_prediction) {
        HybridSteps predicting;
        predicting.add(
            [this](CommandRecorder& recorder, uint32_t n) { return recordPredictionInput(recorder, n); });
        addSteps(predicting, layers);
        m_hybridPrediction = std::make_unique<HybridPass>(m_context, predicting.take(), HybridStep::Record());
    }
    if (m_ring) RETURN_IF_ERROR(makeStream());
    const auto record = [&]() -> Result<void> {
        RETURN_IF_ERROR(m_hybrid->record(1));
        const bool streamed = m_stream && m_options.chunkTokens >= m_stream->from();
        return (streamed ? m_hybridStreamed : m_hybrid)->record(m_options.chunkTokens);
    };
    RETURN_IF_ERROR(m_registry.compileTogether(record));
    return record();
}

Result<void> Decoder::makeStream() {
    ASSIGN_OR_RETURN(m_stream, LayerStream::create(
                                   m_context, *m_ring,
                                   [this](CommandRecorder& recorder, uint32_t block, uint32_t n) {
                                       return recordLayer(recorder, block, n);
                                   },
                                   m_options.submissionSeconds));
    if (tuning().layerStream) {
        m_stream->setFrom(*tuning().layerStream);
    } else {
        LayerTimes times{.tokens = std::min(kMeasuredTokens, m_options.chunkTokens)};
        ASSIGN_OR_RETURN(times.link, m_stream->measure());
        ASSIGN_OR_RETURN(times.one, m_hostLayers->measure(1));
        ASSIGN_OR_RETURN(times.many, m_hostLayers->measure(times.tokens));
        m_stream->setFrom(streamThreshold(times));
        log(LogLevel::Info, LogCategory::Engine,
            "layers: the link brings one in {:.1f} ms, the CPU computes it in {:.1f} ms, for {} tokens in "
            "{:.1f}",
            times.link * 1e3, times.one * 1e3, times.tokens, times.many * 1e3);
    }
    HybridSteps steps;
    steps.add([this](CommandRecorder& recorder, uint32_t n) { return recordEmbedding(recorder, n); });
    for (uint32_t block = 0; block < m_ring->first(); ++block) addSteps(steps, block);
    steps.handOver([this](const PassInput& input,
                          const std::stop_token& stop) { return m_stream->run(input, stop, m_times); },
                   {}, [](CommandRecorder&, uint32_t) { return Result<void>(); });
    m_hybridStreamed =
        std::make_unique<HybridPass>(m_context, steps.take(), [this](CommandRecorder& recorder, uint32_t n) {
            return recordHead(recorder, m_outputNorm, n - 1, 1);
        });
    return {};
}

void Decoder::addSteps(HybridSteps& steps, uint32_t block) {
    if (onHost(block)) {
        if (block > m_options.host->firstLayer) return; // they all take their turn together
        steps.add(
            [this](CommandRecorder& recorder, uint32_t n) { return m_hostLayers->recordOut(recorder, n); });
        return steps.handOver(
            [this](const PassInput& input, const std::stop_token& stop) {
                return m_hostLayers->compute(input, stop);
            },
            {},
            [this](CommandRecorder& recorder, uint32_t n) { return m_hostLayers->recordBack(recorder, n); });
    }
    steps.layer(
        [this, block](CommandRecorder& recorder, uint32_t n) { return recordLayer(recorder, block, n); });
    if (HostShare* const share = m_layers[block].feedForward->hostShare(block)) steps.handOver(*share, block);
}

ExpertUse Decoder::expertUse() const {
    const auto& p = m_hyperparams;
    if (!p.isMoe()) return {};
    ExpertUse use;
    if (m_ffnShared) use = m_ffnShared->experts().use();
    for (uint32_t block = p.n_dense_layers; block < p.n_layers; ++block) {
        if (!onHost(block) && m_layers[block].feedForward->hostShare(block))
            continue; // counted where it is shared
        use.pairs += m_rows * p.n_experts_used;
        use.onDevice += onHost(block) ? 0 : m_rows * p.n_experts_used;
    }
    return use;
}

std::span<const uint64_t> Decoder::expertCounts(uint32_t block) const {
    if (onHost(block)) return m_hostLayers->expertCounts(block);
    return m_ffnShared ? m_ffnShared->experts().counts(block) : std::span<const uint64_t>();
}

BufferView Decoder::inputIds() const {
    return m_input.view().part(kIdsOffset, m_options.chunkTokens * sizeof(uint32_t));
}

BufferView Decoder::inputRule() const {
    return m_input.view().part(kRuleOffset, sizeof(shared::SamplingRule));
}

void Decoder::writeRule(const shared::SamplingRule& rule) {
    std::memcpy(m_inputUpload.mapped().data() + kRuleOffset, &rule, sizeof(rule));
}

kernels::SequenceView Decoder::inputSequence() const {
    const uint64_t tableOffset = kIdsOffset + aligned(m_options.chunkTokens * sizeof(uint32_t));
    return {.params = m_input.view().part(0, sizeof(shared::StepParams)),
            .blockTable = m_input.view().part(tableOffset, m_input.sizeBytes() - tableOffset)};
}

void Decoder::writeInput(std::span<const TokenId> ids, uint32_t position,
                         std::span<const uint64_t> blockTable) {
    const auto n = static_cast<uint32_t>(ids.size());
    const shared::StepParams params{
        .position = position, .n_tokens = n, .kv_length = position + n, .reserved = 0};
    const auto mapped = m_inputUpload.mapped();
    const uint64_t tableOffset = kIdsOffset + aligned(m_options.chunkTokens * sizeof(uint32_t));
    PONDER_CHECK(tableOffset + blockTable.size_bytes() <= mapped.size());
    std::memcpy(mapped.data(), &params, sizeof(params));
    std::memcpy(mapped.data() + kIdsOffset, ids.data(), ids.size_bytes()); // ids are never negative here
    std::memcpy(mapped.data() + tableOffset, blockTable.data(), blockTable.size_bytes());
}

// -- recording ----------------------------------------------------------------------------------------------
Result<void> Decoder::recordAlone(std::vector<CommandRecorder>& recorders, size_t index,
                                  std::string_view name, const Recording& body) {
    if (index == recorders.size()) {
        ASSIGN_OR_RETURN(auto made, CommandRecorder::create(m_context, name, m_options.timestamps));
        recorders.push_back(std::move(made));
    }
    RETURN_IF_ERROR(recorders[index].begin());
    RETURN_IF_ERROR(body(recorders[index]));
    return recorders[index].end();
}

Decoder::PassBody Decoder::bodyOf(uint32_t n) {
    return {.embedding = [this, n](auto& recorder) { return recordEmbedding(recorder, n); },
            .layer = [this, n](auto& recorder, uint32_t layer) { return recordLayer(recorder, layer, n); },
            .head = [this, n](auto& recorder) { return recordHead(recorder, m_outputNorm, n - 1, 1); }};
}

Result<void> Decoder::recordPass(Pass& pass, uint32_t n, const PassBody& body) {
    pass.n = 0;
    pass.whole.clear();
    RETURN_IF_ERROR(recordAlone(pass.parts, 0, "embedding", body.embedding));
    for (uint32_t i = 0; i < m_hyperparams.n_layers; ++i)
        RETURN_IF_ERROR(recordAlone(pass.parts, i + 1, fmt::format("layer {}", i),
                                    [&](auto& recorder) { return body.layer(recorder, i); }));
    RETURN_IF_ERROR(recordAlone(pass.head, 0, "head", body.head));
    pass.n = n;
    return {};
}

Result<void> Decoder::recordWhole(Pass& pass, const PassBody& body) {
    auto recorded = recordAlone(pass.whole, 0, "whole pass", [&](auto& recorder) -> Result<void> {
        RETURN_IF_ERROR(body.embedding(recorder));
        for (uint32_t i = 0; i < m_hyperparams.n_layers; ++i) RETURN_IF_ERROR(body.layer(recorder, i));
        return body.head(recorder);
    });
    if (!recorded) pass.whole.clear();
    return recorded;
}

void Decoder::recordInput(CommandRecorder& recorder, const vulkan::Buffer& from, const vulkan::Buffer& to) {
    recorder.barrier("the last pass has read its input and its scratch");
    recorder.copy(from.view(), to.view());
    recorder.barrier("input is on the device");
}

// fed: the input comes from the host, else the pass before has made it, which the beginning of a recording waits for.
Result<void> Decoder::recordEmbedding(CommandRecorder& recorder, uint32_t n, bool fed) {
    recorder.mark("embedding");
    m_between = {}; // of a recording that failed
    if (fed) recordInput(recorder, m_inputUpload, m_input);
    RETURN_IF_ERROR(m_matMul->recordRows(recorder, m_tokenEmbd, inputIds(), m_x.view(), n));
    return {};
}

Result<void> Decoder::recordLayer(CommandRecorder& recorder, uint32_t index, uint32_t n, bool batch) {
    const auto [attention, feedForward] = m_layers[index];
    // Layers of which the host has a share, and the one that predicts, are recorded by themselves.
    const bool chained = !m_options.host && index < m_hyperparams.n_layers;
    if (chained) m_between.behind = feedForward->normInput(index);
    RETURN_IF_ERROR(batch ? attention->recordBatch(recorder, index, n)
                          : attention->record(recorder, index, n));
    // The head has too many rows: each of its workgroups would have to make the factor.
    m_between.behind = {};
    if (chained && index + 1 < m_hyperparams.n_layers)
        m_between.behind = m_layers[index + 1].attention->normInput(index + 1);
    auto recorded =
        batch ? feedForward->recordBatch(recorder, index, n) : feedForward->record(recorder, index, n);
    m_between.behind = {};
    return recorded;
}

Result<void> Decoder::recordLogits(CommandRecorder& recorder, const kernels::Weight& norm, uint32_t firstRow,
                                   uint32_t rows) {
    const auto& p = m_hyperparams;
    recorder.mark("output norm");
    recorder.barrier("residual of the last layer, last logits copied");
    const kernels::Prepared prepared = m_matMul->prepared(m_output, rows);
    RETURN_IF_ERROR(m_elementwise->recordRmsNorm(
        recorder, m_x.view().part(floats(uint64_t{firstRow} * p.n_embd), floats(uint64_t{rows} * p.n_embd)),
        norm.address(), m_normed.view(), p.n_embd, rows, p.rms_eps, prepared));
    recorder.mark("head");
    recorder.barrier("normed for the head");
    const kernels::MatMulArgs head[] = {{.weight = &m_output,
                                         .x = m_normed.view(),
                                         .xStride = p.n_embd,
                                         .y = m_logits.view(),
                                         .yStride = p.n_vocab,
                                         .n = rows,
                                         .prepared = prepared}};
    return m_matMul->record(recorder, head);
}

Result<void> Decoder::recordHead(CommandRecorder& recorder, const kernels::Weight& norm, uint32_t firstRow,
                                 uint32_t rows) {
    RETURN_IF_ERROR(recordLogits(recorder, norm, firstRow, rows));
    const uint64_t logitsBytes = floats(uint64_t{rows} * m_hyperparams.n_vocab);
    recorder.mark("logits to the host");
    recorder.barrier("logits complete");
    recorder.copy(m_logits.view().part(0, logitsBytes), m_logitsReadback.view().part(0, logitsBytes));
    recorder.hostBarrier();
    return {};
}

// -- running ------------------------------------------------------------------------------------------------
Result<void> Decoder::run(std::span<const TokenId> ids, uint32_t position,
                          std::span<const uint64_t> blockTable, Head head, std::stop_token stop) {
    PONDER_CHECK(!ids.empty() && ids.size() <= m_options.chunkTokens);
    RETURN_IF_ERROR(settle());
    const auto n = static_cast<uint32_t>(ids.size());
    writeInput(ids, position, blockTable);
    m_lastRows = n;
    m_rows += n;
    SubmissionPacer& pacer = n == 1 ? m_singlePacer : m_chunkPacer;
    auto done =
        m_hybrid ? runHybrid({n, position, blockTable}, pacer, head, stop) : runPass(n, pacer, head, stop);
    if (!done)
        m_context.waitIdle(); // a failure may leave a submission under way, whose recording and blocks are reused
    return done;
}

Result<void> Decoder::runHybrid(const PassInput& input, SubmissionPacer& pacer, Head head,
                                const std::stop_token& stop) {
    m_singleRan |= input.n == 1 && head == Head::LastRow;
    if (m_ffnShared) RETURN_IF_ERROR(m_ffnShared->mover().beginPass());
    if (m_stream) {
        ASSIGN_OR_RETURN(const bool streamed, m_stream->begin(input));
        if (streamed) return m_hybridStreamed->run(input, head == Head::LastRow, pacer, m_times, stop);
        RETURN_IF_ERROR(m_stream->restore());
    }
    return m_hybrid->run(input, head == Head::LastRow, pacer, m_times, stop);
}

uint32_t Decoder::shortChunk() const { return std::min(kPrefillRows, m_options.chunkTokens); }

Result<void> Decoder::runPass(uint32_t n, SubmissionPacer& pacer, Head head, const std::stop_token& stop,
                              const CommandRecorder* behind) {
    Pass& pass = n == 1                       ? m_single
                 : n == shortChunk()          ? m_chunk
                 : n == m_options.chunkTokens ? m_long
                                              : m_odd;
    if (pass.n != n) RETURN_IF_ERROR(recordPass(pass, n, bodyOf(n)));
    // Once all of a token fits into one submission it is one recording too: each costs the device a few
    // microseconds.
    if (n == 1 && head == Head::LastRow && !behind && fitsOneSubmission() && pass.whole.empty())
        RETURN_IF_ERROR(recordWhole(pass, bodyOf(n)));
    m_singleRan |= n == 1 && head == Head::LastRow;
    m_chunkRan |= &pass == &m_chunk;
    return submit(pass, pacer, head, stop, behind);
}

Result<void> Decoder::submit(Pass& pass, SubmissionPacer& pacer, Head head, const std::stop_token& stop,
                             const CommandRecorder* behind) {
    PacedSubmissions submissions(m_context, pacer, pass.n, m_times);
    const uint32_t total = m_hyperparams.n_layers;
    const bool whole =
        !pass.whole.empty() && head == Head::LastRow && !behind && submissions.layers(total) == total;
    uint32_t done = 0;
    bool cancelled = false;
    while (done < total && !cancelled) {
        const uint32_t count = submissions.layers(total - done);
        std::vector<VkCommandBuffer> buffers;
        if (whole) {
            buffers.push_back(pass.whole[0].handle());
        } else {
            if (done == 0) buffers.push_back(pass.parts[0].handle());
            for (uint32_t i = 0; i < count; ++i) buffers.push_back(pass.parts[1 + done + i].handle());
            if (done + count == total && head == Head::LastRow) buffers.push_back(pass.head[0].handle());
        }
        if (done + count == total && behind) buffers.push_back(behind->handle());
        done += count;
        RETURN_IF_ERROR(submissions.submit(std::move(buffers), count));
        cancelled = done < total && stop.stop_requested();
    }
    RETURN_IF_ERROR(submissions.drain());
    if (cancelled) return Error{ErrorCode::Cancelled, "stopped"};
    return {};
}

std::span<const float> Decoder::logits() const {
    const auto mapped = m_logitsReadback.mapped();
    return {reinterpret_cast<const float*>(mapped.data()), m_hyperparams.n_vocab};
}

Result<void>
Decoder::allLogits(const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink) {
    PONDER_CHECK(m_lastRows > 0);
    return readLogits(m_outputNorm, m_lastRows, sink);
}

Result<void>
Decoder::readLogits(const kernels::Weight& norm, uint32_t all,
                    const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink) {
    ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(m_context, "head of every row", false));
    const size_t vocabulary = m_hyperparams.n_vocab;
    for (uint32_t first = 0; first < all; first += m_sliceRows) {
        const uint32_t rows = std::min(m_sliceRows, all - first);
        RETURN_IF_ERROR(recorder.begin());
        RETURN_IF_ERROR(recordHead(recorder, norm, first, rows));
        RETURN_IF_ERROR(recorder.end());
        RETURN_IF_ERROR(runNow(m_context, recorder));
        const auto* values = reinterpret_cast<const float*>(m_logitsReadback.mapped().data());
        for (uint32_t row = 0; row < rows; ++row)
            RETURN_IF_ERROR(sink(first + row, std::span(values + row * vocabulary, vocabulary)));
    }
    return {};
}

Result<void>
Decoder::predict(std::span<const TokenId> next, uint32_t position, std::span<const uint64_t> blockTable,
                 const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink) {
    PONDER_CHECK(m_prediction && !next.empty() && next.size() <= m_lastRows);
    RETURN_IF_ERROR(settle());
    const auto n = static_cast<uint32_t>(next.size());
    writeInput(next, position, blockTable);
    if (m_hybridPrediction) {
        auto done = m_hybridPrediction->run({n, position, blockTable}, false, m_chunkPacer, m_times, {});
        if (!done) m_context.waitIdle();
        RETURN_IF_ERROR(std::move(done));
        return readLogits(m_prediction->headNorm(), n, sink);
    }
    ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(m_context, "prediction", false));
    RETURN_IF_ERROR(recorder.begin());
    RETURN_IF_ERROR(recordPredictionInput(recorder, n));
    RETURN_IF_ERROR(recordLayer(recorder, m_hyperparams.n_layers, n));
    RETURN_IF_ERROR(recorder.end());
    RETURN_IF_ERROR(runNow(m_context, recorder));
    return readLogits(m_prediction->headNorm(), n, sink);
}

Result<void> Decoder::recordPredictionInput(CommandRecorder& recorder, uint32_t n) {
    recordInput(recorder, m_inputUpload, m_input);
    return m_prediction->recordInput(recorder, inputIds(), n);
}

std::string Decoder::describe() const {
    std::string text = fmt::format("{}; {}", m_matMul->describe(), m_attention->describe());
    if (m_ffnMoe) text += "; " + m_ffnMoe->describe();
    if (m_hostLayers) text += "; " + m_hostLayers->describe();
    if (m_stream && m_stream->from() != kNeverStreamed)
        text += fmt::format(", brought over to the device for passes of {} tokens or more", m_stream->from());
    return text;
}

Result<std::vector<vulkan::Timestamp>> Decoder::profile() const {
    std::vector<vulkan::Timestamp> stages;
    if (!m_options.timestamps || (!m_singleRan && !m_chunkRan && !m_batch)) return stages;
    const auto add = [&](const CommandRecorder& recorder) -> Result<void> {
        ASSIGN_OR_RETURN(const auto times, recorder.timestamps());
        for (const auto& time : times) {
            const auto found =
                std::find_if(stages.begin(), stages.end(), [&](auto& s) { return s.name == time.name; });
            if (found == stages.end())
                stages.push_back(time);
            else
                found->microseconds += time.microseconds;
        }
        return {};
    };
    if (m_batch) { // the largest batch that has run
        for (size_t n = m_batch->recorded.size(); n-- > 0;) {
            const Pass& pass = m_batch->recorded[n].pass;
            if (pass.n == 0) continue;
            for (const auto& part : pass.parts) RETURN_IF_ERROR(add(part));
            for (const auto& part : pass.head) RETURN_IF_ERROR(add(part));
            std::stable_sort(stages.begin(), stages.end(),
                             [](auto& a, auto& b) { return a.microseconds > b.microseconds; });
            return stages;
        }
    }
    for (const auto& part : m_singleRan ? m_single.parts : m_chunk.parts) RETURN_IF_ERROR(add(part));
    if (m_singleRan)
        for (const auto& part : m_single.head) RETURN_IF_ERROR(add(part));
    if (m_hybrid) {
        for (const CommandRecorder* part : m_hybrid->recordings(1)) RETURN_IF_ERROR(add(*part));
        stages.push_back({"the CPU's share", 1e6 * m_hybrid->hostSeconds()});
    }
    if (m_lastChoice) RETURN_IF_ERROR(add(*m_lastChoice));
    std::stable_sort(stages.begin(), stages.end(),
                     [](auto& a, auto& b) { return a.microseconds > b.microseconds; });
    return stages;
}

} // namespace ponder::inference
