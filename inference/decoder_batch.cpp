// The part of the decoder that runs one token each of several sequences in a pass: weights are read once for all of them. Rows are
// computed apart otherwise, by the kernels of single tokens, so that each has to the bit what a pass of its own would give.

#include <algorithm>
#include <cstring>

#include "inference/decoder.h"
#include "inference/decoder_input.h"
#include "inference/kernels/matmul_plan.h"
#include "inference/memory_plan.h"

namespace ponder::inference {

using models::TokenId;
using vulkan::BufferView;
using vulkan::CommandRecorder;
using vulkan::MemoryUse;

// As far as this model's parts know how, and its rows lie where kernels may be pointed at them.
uint32_t Decoder::mostBatchRows() const {
    static_assert(kBatchRows <= kernels::kMatVecTokens); // more would be computed in another order
    const auto& p = m_hyperparams;
    const auto reachable = [&](uint64_t values) {
        return floats(values) % m_context.caps().storageAlignment == 0;
    };
    const bool known = m_attention->batches() && (!m_ffnMoe || m_ffnMoe->batches());
    const bool batches = m_sampling && known && reachable(p.n_vocab) &&
                         reachable(uint64_t{p.n_heads} * p.head_dim) &&
                         reachable(uint64_t{p.n_kv_heads} * p.head_dim);
    return batches ? std::min({kBatchRows, m_options.chunkTokens, m_sliceRows}) : 1;
}

uint64_t Decoder::batchRowBytes() const {
    const uint64_t blocks = (m_options.context + kBlockTokens - 1) / kBlockTokens;
    return kTableOffset + aligned(blocks * sizeof(uint64_t));
}

BufferView Decoder::batchPart(uint32_t row, uint64_t offset, uint64_t bytes) const {
    return m_batch->input.view().part(kInputAlignment + row * batchRowBytes() + offset, bytes);
}

Result<void> Decoder::makeBatch() {
    auto batch = std::make_unique<Batch>(m_options.submissionSeconds);
    const uint64_t bytes = kInputAlignment + m_batchRows * batchRowBytes();
    ASSIGN_OR_RETURN(batch->upload,
                     vulkan::Buffer::create(m_context, bytes, MemoryUse::Upload, "batch input, host"));
    ASSIGN_OR_RETURN(batch->input,
                     vulkan::Buffer::create(m_context, bytes, MemoryUse::DeviceLocal, "batch input"));
    std::memset(batch->upload.mapped().data(), 0, batch->upload.mapped().size());
    for (uint32_t row = 0; row < m_batchRows; ++row) {
        ASSIGN_OR_RETURN(auto sampling, kernels::Sampling::create(m_context, m_registry, m_hyperparams.n_vocab,
                                                                  m_options.context, m_samplingShape));
        batch->sampling.push_back(std::move(sampling));
    }
    m_batch = std::move(batch);
    m_workspace->batch.clear();
    const uint64_t tableBytes = batchRowBytes() - kTableOffset;
    for (uint32_t row = 0; row < m_batchRows; ++row)
        m_workspace->batch.push_back({.params = batchPart(row, 0, sizeof(shared::StepParams)),
                                      .blockTable = batchPart(row, kTableOffset, tableBytes)});
    return {};
}

Decoder::PassBody Decoder::batchBody(uint32_t n, const std::vector<kernels::SamplingKind>& kinds) {
    return {
        .embedding = [this, n](auto& recorder) -> Result<void> {
            recorder.mark("embedding");
            m_between = {};
            recordInput(recorder, m_batch->upload, m_batch->input);
            return m_matMul->recordRows(recorder, m_tokenEmbd,
                                        m_batch->input.view().part(0, n * sizeof(uint32_t)), m_x.view(), n);
        },
        .layer = [this, n](auto& recorder, uint32_t layer) { return recordLayer(recorder, layer, n, true); },
        .head = [this, n, kinds](auto& recorder) -> Result<void> {
            RETURN_IF_ERROR(recordLogits(recorder, m_outputNorm, 0, n));
            recordChoices(recorder, kinds);
            return {};
        }};
}

// Those of the same kind side by side.
void Decoder::recordChoices(CommandRecorder& recorder, const std::vector<kernels::SamplingKind>& kinds) {
    recorder.mark("choice");
    const uint64_t logitBytes = floats(m_hyperparams.n_vocab);
    std::vector<bool> done(kinds.size());
    for (size_t first = 0; first < kinds.size(); ++first) {
        if (done[first]) continue;
        std::vector<kernels::Sampling::One> alike;
        for (auto row = static_cast<uint32_t>(first); row < kinds.size(); ++row) {
            if (kinds[row] != kinds[first]) continue;
            done[row] = true;
            alike.push_back({m_batch->sampling[row].get(),
                             {.logits = m_logits.view().part(row * logitBytes, logitBytes),
                              .params = m_workspace->batch[row].params,
                              .rule = batchPart(row, kRuleOffset, sizeof(shared::SamplingRule)),
                              .ids = batchPart(row, kIdsOffset, sizeof(uint32_t))}});
        }
        recorder.barrier("logits complete");
        kernels::Sampling::record(recorder, kinds[first], alike);
    }
    recorder.hostBarrier();
}

// Writes what the rows' passes read. Gives what has to be recorded for their choices.
std::vector<kernels::SamplingKind> Decoder::writeBatch(std::span<const BatchRow> rows) {
    std::vector<kernels::SamplingKind> kinds;
    const auto mapped = m_batch->upload.mapped();
    for (size_t i = 0; i < rows.size(); ++i) {
        const BatchRow& row = rows[i];
        std::byte* const to = mapped.data() + kInputAlignment + i * batchRowBytes();
        const SamplingSteps steps = samplingSteps(row.choice.sampling, row.choice.choices);
        const shared::StepParams params{
            .position = row.position, .n_tokens = 1, .kv_length = row.position + 1, .reserved = 0};
        const shared::SamplingRule rule = samplingRule(steps, row.choice, 0);
        PONDER_CHECK(kTableOffset + row.blockTable.size_bytes() <= batchRowBytes() &&
                     row.position + 1 == row.choice.tokens.size() && row.choice.choices > 0 &&
                     row.choice.choices <= m_hyperparams.n_vocab);
        std::memcpy(mapped.data() + i * sizeof(uint32_t), &row.id, sizeof(uint32_t)); // never negative here
        std::memcpy(to, &params, sizeof(params));
        std::memcpy(to + kRuleOffset, &rule, sizeof(rule));
        std::memcpy(to + kTableOffset, row.blockTable.data(), row.blockTable.size_bytes());
        writeHistory(row.choice, steps.window, m_batch->sampling[i]->history());
        kinds.push_back(samplingKind(steps));
    }
    return kinds;
}

Result<void> Decoder::runBatch(std::span<const BatchRow> rows) {
    const auto n = static_cast<uint32_t>(rows.size());
    auto kinds = writeBatch(rows);
    auto& [pass, recordedKinds] = m_batch->recorded[n];
    if (pass.n != n || recordedKinds != kinds) {
        RETURN_IF_ERROR(recordPass(pass, n, batchBody(n, kinds)));
        recordedKinds = std::move(kinds);
    }
    const uint32_t layers = m_hyperparams.n_layers;
    if (m_batch->pacer.layers(layers, n) == layers && !m_options.timestamps && pass.whole.empty())
        RETURN_IF_ERROR(recordWhole(pass, batchBody(n, recordedKinds)));
    return submit(pass, m_batch->pacer, Head::LastRow, {}, nullptr);
}

Result<std::vector<TokenChooser::Token>> Decoder::chooseTogether(std::span<const BatchRow> rows) {
    PONDER_CHECK(rows.size() > 1 && rows.size() <= m_batchRows);
    RETURN_IF_ERROR(settle());
    if (!m_batch) {
        if (auto made = makeBatch(); !made) {
            m_batchRows = 1; // there is no memory for it: each has passes of its own from now on
            return std::move(made).error();
        }
    }
    m_lastRows = static_cast<uint32_t>(rows.size());
    if (auto ran = runBatch(rows); !ran) {
        m_context.waitIdle(); // a submission may be under way, whose recording and blocks are used again
        return std::move(ran).error();
    }
    m_rows += rows.size();
    std::vector<Token> tokens;
    for (size_t row = 0; row < rows.size(); ++row) {
        const uint32_t token = m_batch->sampling[row]->result(0);
        tokens.push_back(token == PONDER_SAMPLING_NONE ? Token() : Token(static_cast<TokenId>(token)));
    }
    return tokens;
}

} // namespace ponder::inference
