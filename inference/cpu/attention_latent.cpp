// Multi-head latent attention of DeepSeek-V2 and -V3, absorbed: the cache holds the latent that keys and values would be
// expanded from and the rotated part of the key, for all heads; queries are multiplied by the keys' half of the expansion,
// results by the values'. Both tensor layouts: attn_k_b and attn_v_b, or attn_kv_b.

#include <algorithm>

#include "inference/cpu/layers.h"
#include "inference/rope_table.h"

namespace ponder::cpu {

namespace {

constexpr size_t kHeadsAtOnce = 16; // that one thread attends with

class LatentAttention final : public LayerPart {
public:
    Result<void> run(Pass& pass, uint32_t block) override {
        const auto& p = pass.p;
        pass.normInput(pass.floats(block, "attn_norm.weight"));
        makeQueries(pass, block);
        storeLatents(pass, block);
        const size_t heads = p.n_heads, latent = p.kv_lora_rank, row = latent + p.rope_dim;
        m_absorbed.resize(pass.n * heads * row);
        pass.pool.split(heads, 1, [&](size_t begin, size_t end) {
            for (size_t h = begin; h < end; ++h) absorb(pass, block, h);
        });
        m_latentAttended.resize(pass.n * heads * latent);
        const size_t groups = (heads + kHeadsAtOnce - 1) / kHeadsAtOnce;
        const float scale = inference::latentSoftmaxScale(p);
        pass.pool.split(pass.n * groups, 1, [&](size_t begin, size_t end) {
            for (size_t task = begin; task < end; ++task) {
                const size_t t = task / groups, first = task % groups * kHeadsAtOnce;
                const size_t count = std::min(kHeadsAtOnce, heads - first);
                pass.attend(block, pass.position + static_cast<uint32_t>(t),
                            &m_absorbed[(t * heads + first) * row], count, row, 0, row, 0, latent, scale,
                            &m_latentAttended[(t * heads + first) * latent], latent);
            }
        });
        m_attended.resize(pass.n * heads * p.v_head_dim);
        pass.pool.split(heads, 1, [&](size_t begin, size_t end) {
            for (size_t h = begin; h < end; ++h) expandValues(pass, block, h);
        });
        pass.quantise(m_activations, m_attended, pass.n, heads * p.v_head_dim);
        pass.product(pass.find(block, "attn_output.weight"), m_activations.view(), nullptr, m_out);
        pass.addToX(m_out);
        return {};
    }

private:
    void makeQueries(Pass& pass, uint32_t block) {
        const auto& p = pass.p;
        if (p.q_lora_rank == 0) {
            pass.product(pass.find(block, "attn_q.weight"), pass.input.view(), nullptr, m_q);
        } else {
            pass.product(pass.find(block, "attn_q_a.weight"), pass.input.view(), nullptr, m_compressed);
            pass.norm(m_compressed.data(), pass.floats(block, "attn_q_a_norm.weight"), pass.n, p.q_lora_rank,
                      m_compressed.data());
            pass.quantise(m_activations, m_compressed, pass.n, p.q_lora_rank);
            pass.product(pass.find(block, "attn_q_b.weight"), m_activations.view(), nullptr, m_q);
        }
        const size_t nope = p.head_dim - p.rope_dim;
        for (uint32_t t = 0; t < pass.n; ++t)
            for (size_t h = 0; h < p.n_heads; ++h)
                pass.rotate(&m_q[(t * p.n_heads + h) * p.head_dim + nope], pass.position + t);
    }

    void storeLatents(Pass& pass, uint32_t block) {
        const auto& p = pass.p;
        const size_t row = p.kv_lora_rank + p.rope_dim;
        pass.product(pass.find(block, "attn_kv_a_mqa.weight"), pass.input.view(), nullptr, m_latent);
        for (uint32_t t = 0; t < pass.n; ++t) {
            float* const latent = &m_latent[t * row];
            pass.norm(latent, pass.floats(block, "attn_kv_a_norm.weight"), 1, p.kv_lora_rank, latent);
            pass.rotate(latent + p.kv_lora_rank, pass.position + t);
            pass.store(latent, row, pass.cacheRow(block, pass.position + t, false), 0);
        }
    }

    // The rows of one head's part of an expansion.
    static Matrix rowsOf(const Matrix& all, size_t first, size_t count) {
        return {all.data + first * all.rowBytes(), all.type, count, all.columns};
    }
    // y[t][rows] = matrix * x[t] on the calling thread; x: [n] rows, xStride floats apart.
    static void productHere(const Pass& pass, const Matrix& matrix, const float* x, size_t xStride, float* y,
                            size_t yStride) {
        std::vector<float> gathered(pass.n * matrix.columns);
        for (size_t t = 0; t < pass.n; ++t)
            std::copy_n(x + t * xStride, matrix.columns, &gathered[t * matrix.columns]);
        Activations activations;
        pass.quantise(activations, gathered, pass.n, matrix.columns);
        const Kernels& k = pass.kernels();
        const auto type = static_cast<size_t>(matrix.type);
        (pass.precise ? k.preciseRows : k.rows)[type](
            {matrix.data, matrix.rowBytes(), 0, matrix.rows, activations.view(), y, yStride});
    }

    // The unrotated part of a head's query brought to the latent, the rotated part behind it.
    void absorb(const Pass& pass, uint32_t block, size_t h) {
        const auto& p = pass.p;
        const size_t nope = p.head_dim - p.rope_dim, row = p.kv_lora_rank + p.rope_dim;
        float* const to = &m_absorbed[h * row];
        const float* const q = &m_q[h * p.head_dim];
        const size_t toStride = p.n_heads * row, qStride = p.n_heads * p.head_dim;
        for (size_t t = 0; t < pass.n; ++t)
            std::copy_n(q + t * qStride + nope, p.rope_dim, to + t * toStride + p.kv_lora_rank);
        if (const Matrix keys = pass.find(block, "attn_k_b.weight"); keys.data)
            return productHere(pass, rowsOf(keys, h * p.kv_lora_rank, p.kv_lora_rank), q, qStride, to,
                               toStride);
        // Rows are the values of the unexpanded key: their sum, each times its value of the query.
        const Matrix both = pass.find(block, "attn_kv_b.weight");
        const Matrix keys = rowsOf(both, h * (nope + p.v_head_dim), nope);
        std::vector<float> latent(p.kv_lora_rank);
        for (size_t t = 0; t < pass.n; ++t) std::fill_n(to + t * toStride, p.kv_lora_rank, 0.0f);
        for (size_t i = 0; i < nope; ++i) {
            pass.kernels().toFloats[static_cast<size_t>(keys.type)](keys.data + i * keys.rowBytes(),
                                                                    keys.columns, latent.data());
            for (size_t t = 0; t < pass.n; ++t) {
                const float factor = q[t * qStride + i];
                for (size_t j = 0; j < p.kv_lora_rank; ++j) to[t * toStride + j] += factor * latent[j];
            }
        }
    }

    void expandValues(const Pass& pass, uint32_t block, size_t h) {
        const auto& p = pass.p;
        const size_t nope = p.head_dim - p.rope_dim;
        Matrix values = pass.find(block, "attn_v_b.weight");
        values = values.data ? rowsOf(values, h * p.v_head_dim, p.v_head_dim)
                             : rowsOf(pass.find(block, "attn_kv_b.weight"), h * (nope + p.v_head_dim) + nope,
                                      p.v_head_dim);
        productHere(pass, values, &m_latentAttended[h * p.kv_lora_rank], p.n_heads * p.kv_lora_rank,
                    &m_attended[h * p.v_head_dim], p.n_heads * p.v_head_dim);
    }

    std::vector<float> m_compressed, m_q, m_latent, m_absorbed, m_latentAttended, m_attended, m_out;
    Activations m_activations;
};

} // namespace

std::unique_ptr<LayerPart> makeLatentAttention() { return std::make_unique<LatentAttention>(); }

} // namespace ponder::cpu
