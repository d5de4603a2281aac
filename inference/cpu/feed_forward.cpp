// Gated feed-forward, down(silu(gate) * up): dense, and as a mixture of experts beside shared ones.

#include <algorithm>

#include "inference/cpu/layers.h"
#include "inference/cpu/router.h"

namespace ponder::cpu {

namespace {

float gated(float gate, float up) { return gate / (1 + std::exp(-gate)) * up; }

// One gated feed-forward for all tokens of a pass, added to the residual.
class Gated {
public:
    void run(Pass& pass, const Matrix& gate, const Matrix& up, const Matrix& down) {
        pass.product(gate, pass.input.view(), nullptr, m_gate);
        pass.product(up, pass.input.view(), nullptr, m_up);
        pass.pool.split(m_gate.size(), 1024, [&](size_t begin, size_t end) {
            for (size_t i = begin; i < end; ++i) m_gate[i] = gated(m_gate[i], m_up[i]);
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
    void run(Pass& pass, uint32_t block) override {
        pass.normInput(pass.floats(block, "ffn_norm.weight"));
        m_gated.run(pass, pass.find(block, "ffn_gate.weight"), pass.find(block, "ffn_up.weight"),
                    pass.find(block, "ffn_down.weight"));
    }

private:
    Gated m_gated;
};

class Experts final : public LayerPart {
public:
    void run(Pass& pass, uint32_t block) override {
        pass.normInput(pass.floats(block, "ffn_norm.weight"));
        choose(pass, block);
        runExperts(pass, block);
        if (const Matrix gate = pass.find(block, "ffn_gate_shexp.weight"); gate.data)
            m_shared.run(pass, gate, pass.find(block, "ffn_up_shexp.weight"),
                         pass.find(block, "ffn_down_shexp.weight"));
    }

private:
    struct Run { // an expert and the pairs of token and slot that go to it, which lie behind one another
        uint32_t expert = 0;
        size_t first = 0, count = 0;
    };

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
        std::vector<size_t> counts(p.n_experts + 1, 0);
        for (const uint32_t expert : m_chosen) ++counts[expert + 1];
        m_runs.clear();
        for (uint32_t expert = 0; expert < p.n_experts; ++expert) {
            if (counts[expert + 1] > 0) m_runs.push_back({expert, counts[expert], counts[expert + 1]});
            counts[expert + 1] += counts[expert];
        }
        m_tokens.resize(m_chosen.size());
        m_places.resize(m_chosen.size());
        for (size_t pair = 0; pair < m_chosen.size(); ++pair) {
            const size_t place = counts[m_chosen[pair]]++;
            m_tokens[place] = static_cast<uint32_t>(pair / used);
            m_places[pair] = place;
        }
    }

    // Rows of one expert in a stacked tensor.
    static Matrix expertOf(const Matrix& all, uint32_t expert, size_t rows) {
        return {all.data + expert * rows * all.rowBytes(), all.type, rows, all.columns};
    }
    static void rowsHere(const Pass& pass, const Matrix& matrix, size_t begin, size_t end,
                         const ActivationView& x, float* y, size_t yStride) {
        const Kernels& k = pass.kernels();
        (pass.precise ? k.preciseRows : k.rows)[static_cast<size_t>(matrix.type)](
            {matrix.data, matrix.rowBytes(), begin, end, x, y, yStride});
    }
    // The share of [0, count) that thread i of n takes, in multiples of four.
    static std::pair<size_t, size_t> share(size_t count, size_t thread, size_t threads) {
        const size_t quads = (count + 3) / 4;
        return {std::min(count, quads * thread / threads * 4),
                std::min(count, quads * (thread + 1) / threads * 4)};
    }

    void runExperts(Pass& pass, uint32_t block) {
        const auto& p = pass.p;
        const size_t hidden = p.n_ff_expert, pairs = m_tokens.size(), threads = pass.pool.size();
        const Matrix gate = pass.find(block, "ffn_gate_exps.weight"),
                     up = pass.find(block, "ffn_up_exps.weight"),
                     down = pass.find(block, "ffn_down_exps.weight");
        m_inputs.resize(m_runs.size());
        m_hidden.resize(pairs * hidden);
        m_up.resize(pairs * hidden);
        // What each expert reads. All threads then take rows of all experts, so that none waits for a larger run.
        pass.pool.split(m_runs.size(), 1, [&](size_t begin, size_t end) {
            std::vector<float> rows;
            for (size_t r = begin; r < end; ++r) {
                rows.resize(m_runs[r].count * p.n_embd);
                for (size_t i = 0; i < m_runs[r].count; ++i)
                    std::copy_n(&pass.normed[m_tokens[m_runs[r].first + i] * p.n_embd], p.n_embd,
                                &rows[i * p.n_embd]);
                pass.quantise(m_inputs[r], rows, m_runs[r].count, p.n_embd);
            }
        });
        pass.pool.run([&](size_t thread) {
            const auto [begin, end] = share(m_runs.size() * hidden, thread, threads);
            for (size_t r = begin / std::max<size_t>(hidden, 1); r < m_runs.size() && r * hidden < end; ++r) {
                const size_t from = std::max(begin, r * hidden) - r * hidden,
                             to = std::min(end, (r + 1) * hidden) - r * hidden;
                const Run& run = m_runs[r];
                float* const gates = &m_hidden[run.first * hidden];
                float* const ups = &m_up[run.first * hidden];
                rowsHere(pass, expertOf(gate, run.expert, hidden), from, to, m_inputs[r].view(), gates,
                         hidden);
                rowsHere(pass, expertOf(up, run.expert, hidden), from, to, m_inputs[r].view(), ups, hidden);
                for (size_t i = 0; i < run.count; ++i)
                    for (size_t row = from; row < to; ++row)
                        gates[i * hidden + row] = gated(gates[i * hidden + row], ups[i * hidden + row]);
            }
        });
        pass.pool.split(m_runs.size(), 1, [&](size_t begin, size_t end) {
            for (size_t r = begin; r < end; ++r)
                pass.quantise(m_inputs[r],
                              std::span(m_hidden).subspan(m_runs[r].first * hidden, m_runs[r].count * hidden),
                              m_runs[r].count, hidden);
        });
        m_results.resize(pairs * p.n_embd);
        pass.pool.run([&](size_t thread) {
            const auto [begin, end] = share(p.n_embd, thread, threads);
            for (size_t r = 0; r < m_runs.size(); ++r)
                rowsHere(pass, expertOf(down, m_runs[r].expert, p.n_embd), begin, end, m_inputs[r].view(),
                         &m_results[m_runs[r].first * p.n_embd], p.n_embd);
            // In the order of the slots of each token, whatever the order of the experts.
            for (size_t t = 0; t < pass.n; ++t)
                for (size_t slot = 0; slot < p.n_experts_used; ++slot) {
                    const float weight = m_weights[t * p.n_experts_used + slot];
                    const float* const result = &m_results[m_places[t * p.n_experts_used + slot] * p.n_embd];
                    for (size_t i = begin; i < end; ++i) pass.x[t * p.n_embd + i] += weight * result[i];
                }
        });
    }

    std::vector<float> m_logits, m_weights, m_hidden, m_up, m_results;
    std::vector<uint32_t> m_chosen; // [n][n_experts_used]
    std::vector<uint32_t> m_tokens; // of the pairs, sorted by expert
    std::vector<size_t> m_places;   // [n][n_experts_used]: where a pair stands in that order
    std::vector<Run> m_runs;
    std::vector<Activations> m_inputs;
    Gated m_shared;
};

} // namespace

std::unique_ptr<LayerPart> makeDenseFeedForward() { return std::make_unique<DenseFeedForward>(); }
std::unique_ptr<LayerPart> makeExperts() { return std::make_unique<Experts>(); }

} // namespace ponder::cpu
