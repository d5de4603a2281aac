#include "tests/reference/latent_layer.h"

#include <cmath>
#include <numeric>

#include "inference/rope_table.h"
#include "models/base/result.h"
#include "tests/reference/dequant.h"
#include "tests/reference/matmul.h"
#include "tests/reference/norm.h"
#include "tests/reference/rope.h"

namespace ponder::reference {

namespace {

std::vector<float> rounded(const std::vector<double>& values) { return {values.begin(), values.end()}; }

std::string in(uint32_t block, const char* name) { return "blk." + std::to_string(block) + "." + name; }

std::vector<uint8_t> bytesOf(const models::GgufFile& file, const models::TensorInfo& tensor,
                             uint64_t firstRow, uint64_t rows) {
    std::vector<uint8_t> bytes(rows * tensor.rowBytes());
    const auto read = file.read(tensor.shard, tensor.offset + firstRow * tensor.rowBytes(),
                                std::as_writable_bytes(std::span(bytes)));
    PONDER_CHECK(read.ok());
    return bytes;
}

// [heads][nope + value][rank], of either layout.
std::vector<float> expansion(const models::GgufFile& file, const LatentHeads& shape, uint32_t block) {
    if (file.find(in(block, "attn_kv_b.weight"))) return values(file, in(block, "attn_kv_b.weight"));
    const auto keys = values(file, in(block, "attn_k_b.weight")),
               results = values(file, in(block, "attn_v_b.weight"));
    std::vector<float> all;
    for (uint32_t h = 0; h < shape.heads; ++h) {
        for (uint32_t i = 0; i < shape.nope; ++i) // keys are stored turned
            for (uint32_t r = 0; r < shape.rank; ++r)
                all.push_back(keys[(size_t{h} * shape.rank + r) * shape.nope + i]);
        const float* const head = results.data() + size_t{h} * shape.value * shape.rank;
        all.insert(all.end(), head, head + size_t{shape.value} * shape.rank);
    }
    return all;
}

// Of experts: `expert`'s rows of each tensor; of others all of them.
std::vector<float> gated(const models::GgufFile& file, uint32_t block, const std::string& kind,
                         std::span<const float> x, uint64_t expert, uint64_t hidden, uint64_t width) {
    const auto name = [&](const char* which) { return in(block, "ffn_") + which + kind + ".weight"; };
    const auto gate = product(file, name("gate"), x, expert * hidden, hidden),
               up = product(file, name("up"), x, expert * hidden, hidden);
    return product(file, name("down"), rounded(gatedSilu(gate, up)), expert * width, width);
}

} // namespace

std::vector<float> product(const models::GgufFile& file, const std::string& name, std::span<const float> x,
                           uint64_t firstRow, uint64_t rows) {
    const models::TensorInfo* const tensor = file.find(name);
    PONDER_CHECK(tensor);
    const uint64_t count = rows > 0 ? rows : tensor->rows();
    const auto bytes = bytesOf(file, *tensor, firstRow, count);
    const auto columns = static_cast<uint32_t>(tensor->columns());
    return rounded(matMul({.type = tensor->type,
                           .rows = static_cast<uint32_t>(count),
                           .columns = columns,
                           .n = static_cast<uint32_t>(x.size() / columns),
                           .xStride = columns,
                           .weights = bytes.data(),
                           .x = x.data()}));
}

std::vector<float> values(const models::GgufFile& file, const std::string& name) {
    const models::TensorInfo* const tensor = file.find(name);
    PONDER_CHECK(tensor);
    std::vector<float> all(tensor->values());
    dequantize(tensor->type, bytesOf(file, *tensor, 0, tensor->rows()).data(), all);
    return all;
}

std::vector<double> latentAttention(const LatentHeads& shape, std::span<const float> q,
                                    std::span<const float> latents, std::span<const float> norm, double eps,
                                    std::span<const float> kvB, std::span<const double> frequencies,
                                    double scale, uint32_t n) {
    const auto [heads, nope, rope, rank, value] = shape;
    const models::RopePairs pairs = models::RopePairs::Interleaved;
    std::vector<std::vector<double>> keys(n), rotatedKeys(n);
    for (uint32_t t = 0; t < n; ++t) {
        keys[t] = rmsNorm(latents.subspan(t * (rank + rope), rank), norm, eps);
        rotatedKeys[t] = rotated(latents.subspan(t * (rank + rope) + rank, rope), rope, pairs, t, frequencies);
    }
    std::vector<double> out(size_t{n} * heads * value);
    std::vector<double> expanded(size_t{n} * (nope + value));
    for (uint32_t h = 0; h < heads; ++h) {
        for (uint32_t t = 0; t < n; ++t)
            for (uint32_t i = 0; i < nope + value; ++i) {
                const float* row = kvB.data() + (size_t{h} * (nope + value) + i) * rank;
                expanded[t * (nope + value) + i] = std::inner_product(row, row + rank, keys[t].begin(), 0.0);
            }
        for (uint32_t t = 0; t < n; ++t) {
            const auto query = q.subspan((size_t{t} * heads + h) * (nope + rope), nope + rope);
            const auto turned = rotated(query.subspan(nope), rope, pairs, t, frequencies);
            std::vector<double> weights(t + 1);
            double most = -INFINITY, total = 0;
            for (uint32_t s = 0; s <= t; ++s) {
                const double* key = expanded.data() + s * (nope + value);
                weights[s] =
                    scale * (std::inner_product(query.begin(), query.begin() + nope, key, 0.0) +
                             std::inner_product(turned.begin(), turned.end(), rotatedKeys[s].begin(), 0.0));
                most = std::max(most, weights[s]);
            }
            for (double& weight : weights) total += weight = std::exp(weight - most);
            for (uint32_t s = 0; s <= t; ++s)
                for (uint32_t i = 0; i < value; ++i)
                    out[(size_t{t} * heads + h) * value + i] +=
                        weights[s] / total * expanded[s * (nope + value) + nope + i];
        }
    }
    return out;
}

std::vector<double> latentAttentionPart(const models::GgufFile& file, const models::Hyperparams& p,
                                        uint32_t block, std::span<const float> x) {
    const LatentHeads shape{p.n_heads, p.head_dim - p.rope_dim, p.rope_dim, p.kv_lora_rank, p.v_head_dim};
    const double eps = double{p.rms_eps};
    const auto normed = rounded(rmsNorm(x, values(file, in(block, "attn_norm.weight")), eps));
    std::vector<float> q;
    if (p.q_lora_rank == 0) {
        q = product(file, in(block, "attn_q.weight"), normed);
    } else {
        const auto compressed = product(file, in(block, "attn_q_a.weight"), normed);
        q = product(file, in(block, "attn_q_b.weight"),
                    rounded(rmsNorm(compressed, values(file, in(block, "attn_q_a_norm.weight")), eps)));
    }
    const auto latents = product(file, in(block, "attn_kv_a_mqa.weight"), normed);
    const bool yarn = p.rope_scaling == models::RopeScaling::Yarn;
    const double mscale = yarn ? 0.1 * double{p.yarn_mscale_all} * std::log(double{p.rope_factor}) + 1 : 1;
    const auto attended = latentAttention(
        shape, q, latents, values(file, in(block, "attn_kv_a_norm.weight")), eps,
        expansion(file, shape, block), inference::ropeFrequencies(p, {}),
        mscale * mscale / std::sqrt(double(p.head_dim)), static_cast<uint32_t>(x.size() / p.n_embd));
    const auto out = product(file, in(block, "attn_output.weight"), rounded(attended));
    return {out.begin(), out.end()};
}

FeedForward feedForwardPart(const models::GgufFile& file, const models::Hyperparams& p, uint32_t block,
                            std::span<const float> x) {
    FeedForward made;
    made.normed = rounded(rmsNorm(x, values(file, in(block, "ffn_norm.weight")), double{p.rms_eps}));
    if (!p.isMoe() || block < p.n_dense_layers) {
        const auto out = gated(file, block, "", made.normed, 0, p.n_ff, p.n_embd);
        made.added.assign(out.begin(), out.end());
        return made;
    }
    const RouterCase router{p.n_experts,
                            p.n_experts_used,
                            std::max(1u, p.n_expert_groups),
                            std::max(1u, p.n_expert_groups_used),
                            p.expert_gating == models::ExpertGating::Sigmoid,
                            p.expert_weights_norm,
                            p.expert_weights_scale};
    const auto logits = product(file, in(block, "ffn_gate_inp.weight"), made.normed);
    const bool biased = file.find(in(block, "exp_probs_b.bias")) != nullptr;
    const auto bias = biased ? values(file, in(block, "exp_probs_b.bias")) : std::vector<float>();
    for (size_t t = 0; t * p.n_embd < x.size(); ++t) {
        const auto row = std::span(made.normed).subspan(t * p.n_embd, p.n_embd);
        made.choices.push_back(
            chooseExperts(router, std::span(logits).subspan(t * p.n_experts, p.n_experts), bias));
        std::vector<double> sum(p.n_embd);
        for (uint32_t slot = 0; slot < p.n_experts_used; ++slot) {
            const auto one =
                gated(file, block, "_exps", row, made.choices[t].experts[slot], p.n_ff_expert, p.n_embd);
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += made.choices[t].weights[slot] * double{one[i]};
        }
        if (p.n_shared_experts > 0) {
            const auto one =
                gated(file, block, "_shexp", row, 0, uint64_t{p.n_shared_experts} * p.n_ff_expert, p.n_embd);
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += double{one[i]};
        }
        made.added.insert(made.added.end(), sum.begin(), sum.end());
    }
    return made;
}

} // namespace ponder::reference
