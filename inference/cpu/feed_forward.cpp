// Gated feed-forward, down(silu(gate) * up): dense, and as a mixture of experts beside shared ones.

#include "inference/cpu/experts.h"
#include "inference/cpu/layers.h"
#include "inference/cpu/router.h"

namespace ponder::cpu {

namespace {

// One gated feed-forward for all tokens of a pass, added to the residual.
class Gated {
public:
    void run(Pass& pass, const Matrix& gate, const Matrix& up, const Matrix& down) {
        pass.product(gate, pass.input.view(), nullptr, m_gate);
        pass.product(up, pass.input.view(), nullptr, m_up);
        pass.pool.split(m_gate.size(), 1024, [&](size_t begin, size_t end) {
            for (size_t i = begin; i < end; ++i) m_gate[i] = gatedSilu(m_gate[i], m_up[i]);
        });
        pass.quantise(m_activations, m_gate, pass.n, gate.rows);
        pass.product(down, m_activations.view(), nullptr, m_out);
        pass.addToX(m_out);
    }

private:
    std::vector<float> m_gate, m_up, m_out;
    Activations m_activations;
};

class DenseFeedForward final : public LayerPart {
public:
    Result<void> run(Pass& pass, uint32_t block) override {
        pass.normInput(pass.floats(block, "ffn_norm.weight"));
        m_gated.run(pass, pass.find(block, "ffn_gate.weight"), pass.find(block, "ffn_up.weight"),
                    pass.find(block, "ffn_down.weight"));
        return {};
    }

private:
    Gated m_gated;
};

class Experts final : public LayerPart {
public:
    Result<void> run(Pass& pass, uint32_t block) override {
        pass.normInput(pass.floats(block, "ffn_norm.weight"));
        choose(pass, block);
        countUse(pass.p, block);
        RETURN_IF_ERROR(m_runner.run(pass, block, m_chosen, m_weights));
        if (const Matrix gate = pass.find(block, "ffn_gate_shexp.weight"); gate.data)
            m_shared.run(pass, gate, pass.find(block, "ffn_up_shexp.weight"),
                         pass.find(block, "ffn_down_shexp.weight"));
        return {};
    }

    std::span<const uint64_t> expertCounts(uint32_t block) const override {
        return block < m_counts.size() ? std::span<const uint64_t>(m_counts[block])
                                       : std::span<const uint64_t>();
    }

private:
    void countUse(const models::Hyperparams& p, uint32_t block) {
        if (block >= m_counts.size()) m_counts.resize(block + 1);
        m_counts[block].resize(p.n_experts);
        for (const uint32_t expert : m_chosen) ++m_counts[block][expert];
    }

    void choose(Pass& pass, uint32_t block) {
        const auto& p = pass.p;
        Activations exact; // the choice is made in floats, however the model computes
        exact.assign(pass.normed, pass.n, p.n_embd, false);
        pass.product(pass.find(block, "ffn_gate_inp.weight"), exact.view(), nullptr, m_logits);
        const float* const bias = pass.floats(block, "exp_probs_b.bias");
        const size_t used = p.n_experts_used;
        m_chosen.resize(pass.n * used);
        m_weights.resize(pass.n * used);
        for (size_t t = 0; t < pass.n; ++t)
            chooseExperts(p, std::span(m_logits).subspan(t * p.n_experts, p.n_experts),
                          bias ? std::span(bias, p.n_experts) : std::span<const float>(),
                          std::span(m_chosen).subspan(t * used, used),
                          std::span(m_weights).subspan(t * used, used));
    }

    std::vector<float> m_logits, m_weights;
    std::vector<uint32_t> m_chosen;              // [n][n_experts_used]
    std::vector<std::vector<uint64_t>> m_counts; // by block, by expert
    ExpertRunner m_runner;
    Gated m_shared;
};

} // namespace

std::unique_ptr<LayerPart> makeDenseFeedForward() { return std::make_unique<DenseFeedForward>(); }
std::unique_ptr<LayerPart> makeExperts() { return std::make_unique<Experts>(); }

Layers::Layers(const models::Hyperparams& p)
    : m_attention(p.kv_lora_rank > 0 ? makeLatentAttention() : makeGroupedAttention()),
      m_dense(makeDenseFeedForward()), m_experts(makeExperts()) {}

Result<void> Layers::run(Pass& pass, uint32_t block) {
    RETURN_IF_ERROR(pass.weights.bring(block, pass.pool));
    RETURN_IF_ERROR(m_attention->run(pass, block));
    const bool mixed = pass.p.isMoe() && block >= pass.p.n_dense_layers;
    return (mixed ? m_experts : m_dense)->run(pass, block);
}

} // namespace ponder::cpu
