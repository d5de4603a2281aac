#include "inference/cpu/decoder.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/cpu/layers.h"
#include "inference/memory_plan.h"
#include "inference/rope_table.h"

namespace ponder::cpu {

using models::TokenId;

size_t CacheShape::layerBytes() const { return inference::kBlockTokens * rowBytes(keyValues + valueValues); }

CacheShape cacheShape(const models::Hyperparams& p, bool precise) {
    CacheShape shape{.layers = p.n_layers + p.n_nextn_layers, .half = !precise};
    if (p.kv_lora_rank > 0)
        shape.keyValues = p.kv_lora_rank + p.rope_dim;
    else
        shape.keyValues = shape.valueValues = size_t{p.n_kv_heads} * p.head_dim;
    return shape;
}

struct Decoder::Data {
    Data(ThreadPool& pool, const models::Hyperparams& p, const HostWeights& weights, const DecoderOptions& o)
        : pass(pool, p, weights), options(o), layers(p) {}

    Pass pass;
    DecoderOptions options;
    Layers layers;
    Matrix embedding, head;
    Activations activations;
    std::vector<float> logits, row;

    void embed(std::span<const TokenId> ids, float* to) const {
        const auto floats = pass.kernels().toFloats[static_cast<size_t>(embedding.type)];
        for (size_t i = 0; i < ids.size(); ++i)
            floats(embedding.data + static_cast<size_t>(ids[i]) * embedding.rowBytes(), embedding.columns,
                   to + i * embedding.columns);
    }
    // Logits of row `row` of the residual.
    void readLogits(size_t index, const float* norm) {
        const size_t width = pass.p.n_embd;
        row.resize(width);
        pass.norm(&pass.x[index * width], norm, 1, width, row.data());
        pass.quantise(activations, row, 1, width);
        pass.product(head, activations.view(), nullptr, logits);
    }
};

Decoder::Decoder(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
Decoder::~Decoder() = default;

Result<std::unique_ptr<Decoder>> Decoder::create(ThreadPool& pool, const models::Hyperparams& p,
                                                 const HostWeights& weights, const DecoderOptions& options) {
    auto data = std::make_unique<Data>(pool, p, weights, options);
    Pass& pass = data->pass;
    pass.precise = options.precise;
    pass.cache = cacheShape(p, options.precise);
    pass.ropeTable = inference::ropeTable(p, options.ropeFactors, options.context);
    data->embedding = weights.find("token_embd.weight");
    data->head = p.tied_output ? data->embedding : weights.find("output.weight");
    return std::unique_ptr<Decoder>(new Decoder(std::move(data)));
}

uint32_t Decoder::chunkTokens() const { return m_data->options.chunkTokens; }

inference::ExpertUse Decoder::expertUse() const {
    inference::ExpertUse use;
    for (uint32_t block = 0; block < m_data->pass.p.n_layers; ++block)
        for (const uint64_t count : expertCounts(block)) use.pairs += count;
    use.onDevice = use.pairs;
    return use;
}

std::span<const uint64_t> Decoder::expertCounts(uint32_t block) const {
    return m_data->layers.expertCounts(block);
}

std::string Decoder::describe() const {
    return fmt::format("{} threads, {}, {}", m_data->pass.pool.size(), isaName(m_data->pass.isa),
                       m_data->pass.precise ? "float32 activations" : "8-bit activations");
}

Result<void> Decoder::run(std::span<const TokenId> ids, uint32_t position, std::span<const uint64_t> blocks,
                          Head head, std::stop_token stop) {
    Pass& pass = m_data->pass;
    pass.n = ids.size();
    pass.position = position;
    pass.blocks = blocks;
    pass.x.resize(pass.n * pass.p.n_embd);
    m_data->embed(ids, pass.x.data());
    for (uint32_t block = 0; block < pass.p.n_layers; ++block) {
        if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "Stopped."};
        RETURN_IF_ERROR(m_data->layers.run(pass, block));
    }
    if (head == Head::LastRow) m_data->readLogits(pass.n - 1, pass.weights.floats("output_norm.weight"));
    return {};
}

std::span<const float> Decoder::logits() const { return m_data->logits; }

Result<void> Decoder::allLogits(const LogitSink& sink) {
    for (size_t row = 0; row < m_data->pass.n; ++row) {
        m_data->readLogits(row, m_data->pass.weights.floats("output_norm.weight"));
        RETURN_IF_ERROR(sink(row, m_data->logits));
    }
    return {};
}

Result<void> Decoder::predict(std::span<const TokenId> next, uint32_t position,
                              std::span<const uint64_t> blocks, const LogitSink& sink) {
    Pass& pass = m_data->pass;
    const uint32_t block = pass.p.n_layers;
    const size_t width = pass.p.n_embd;
    pass.n = next.size();
    pass.position = position;
    pass.blocks = blocks;
    // From the model's last state, normed as for its head, and the embedding of the token behind it.
    std::vector<float> pair(pass.n * 2 * width), embedding(pass.n * width), state(width);
    m_data->embed(next, embedding.data());
    const float* const outputNorm = pass.weights.floats("output_norm.weight");
    for (size_t i = 0; i < pass.n; ++i) {
        pass.norm(&embedding[i * width], pass.floats(block, "nextn.enorm.weight"), 1, width,
                  &pair[2 * i * width]);
        pass.norm(&pass.x[i * width], outputNorm, 1, width, state.data());
        pass.norm(state.data(), pass.floats(block, "nextn.hnorm.weight"), 1, width,
                  &pair[(2 * i + 1) * width]);
    }
    pass.quantise(m_data->activations, pair, pass.n, 2 * width);
    std::vector<float> x;
    pass.product(pass.find(block, "nextn.eh_proj.weight"), m_data->activations.view(), nullptr, x);
    pass.x = std::move(x);
    RETURN_IF_ERROR(m_data->layers.run(pass, block));
    const float* const own = pass.floats(block, "nextn.shared_head_norm.weight");
    for (size_t row = 0; row < pass.n; ++row) {
        m_data->readLogits(row, own ? own : outputNorm);
        RETURN_IF_ERROR(sink(row, m_data->logits));
    }
    return {};
}

} // namespace ponder::cpu
