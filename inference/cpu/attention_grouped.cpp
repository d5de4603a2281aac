// Grouped-query attention with biases where the model has them: Qwen 2, Llama.

#include "inference/cpu/layers.h"

namespace ponder::cpu {

namespace {

class GroupedAttention final : public LayerPart {
public:
    Result<void> run(Pass& pass, uint32_t block) override {
        const auto& p = pass.p;
        pass.normInput(pass.floats(block, "attn_norm.weight"));
        pass.product(pass.find(block, "attn_q.weight"), pass.input.view(), pass.floats(block, "attn_q.bias"),
                     m_q);
        pass.product(pass.find(block, "attn_k.weight"), pass.input.view(), pass.floats(block, "attn_k.bias"),
                     m_k);
        pass.product(pass.find(block, "attn_v.weight"), pass.input.view(), pass.floats(block, "attn_v.bias"),
                     m_v);
        const size_t width = p.head_dim, kv = p.n_kv_heads * width, shared = p.n_heads / p.n_kv_heads;
        for (uint32_t t = 0; t < pass.n; ++t) {
            const uint32_t at = pass.position + t;
            for (size_t h = 0; h < p.n_heads; ++h) pass.rotate(&m_q[(t * p.n_heads + h) * width], at);
            for (size_t h = 0; h < p.n_kv_heads; ++h) pass.rotate(&m_k[(t * p.n_kv_heads + h) * width], at);
            pass.store(&m_k[t * kv], kv, pass.cacheRow(block, at, false), 0);
            pass.store(&m_v[t * kv], kv, pass.cacheRow(block, at, true), 0);
        }
        m_attended.resize(pass.n * p.n_heads * width);
        const float scale = 1 / std::sqrt(static_cast<float>(width));
        pass.pool.split(pass.n * p.n_kv_heads, 1, [&](size_t begin, size_t end) {
            for (size_t task = begin; task < end; ++task) {
                const size_t t = task / p.n_kv_heads, group = task % p.n_kv_heads;
                const size_t first = (t * p.n_heads + group * shared) * width;
                pass.attend(block, pass.position + static_cast<uint32_t>(t), &m_q[first], shared, width,
                            group * width, width, group * width, width, scale, &m_attended[first], width);
            }
        });
        pass.quantise(m_activations, m_attended, pass.n, p.n_heads * width);
        pass.product(pass.find(block, "attn_output.weight"), m_activations.view(),
                     pass.floats(block, "attn_output.bias"), m_out);
        pass.addToX(m_out);
        return {};
    }

private:
    std::vector<float> m_q, m_k, m_v, m_attended, m_out;
    Activations m_activations;
};

} // namespace

std::unique_ptr<LayerPart> makeGroupedAttention() { return std::make_unique<GroupedAttention>(); }

} // namespace ponder::cpu
