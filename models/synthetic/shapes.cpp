#include "models/synthetic/shapes.h"

namespace ponder::models::synthetic {

namespace {

// Ids of the special tokens as the vocabularies of the three bases have them (tokenizer.json of deepseek-ai/DeepSeek-R1,
// DeepSeek-R1-Distill-Qwen-7B and DeepSeek-R1-Distill-Llama-8B). V2-Lite has no marks of R1's layout: they stand on its last
// ids, so that the same chats run.
struct Marks {
    uint32_t bos, eos, user, thinkStart;
};

std::vector<SpecialToken> layoutMarks(const Marks& ids) {
    return {{ids.user, "<｜User｜>"},
            {ids.user + 1, "<｜Assistant｜>"},
            {ids.thinkStart, "<think>"},
            {ids.thinkStart + 1, "</think>"}};
}

Shape shape(std::string_view name, std::string_view title, Hyperparams hyperparams,
            std::string_view splitting, uint32_t tokens, const Marks& ids) {
    hyperparams.name = title;
    return {name,
            title,
            std::move(hyperparams),
            splitting,
            tokens,
            {ids.bos, "<｜begin▁of▁sentence｜>"},
            {ids.eos, "<｜end▁of▁sentence｜>"},
            layoutMarks(ids)};
}

struct Dense {
    uint32_t layers, embd, ff, heads, kvHeads, vocab;
    float theta, eps;
};

Hyperparams dense(std::string_view architecture, const Dense& d) {
    const bool isQwen = architecture == "qwen2";
    Hyperparams p;
    p.architecture = architecture;
    p.n_layers = d.layers;
    p.n_embd = d.embd;
    p.n_ff = d.ff;
    p.n_heads = d.heads;
    p.n_kv_heads = d.kvHeads;
    p.head_dim = p.v_head_dim = p.rope_dim = 128;
    p.n_vocab = d.vocab;
    p.n_ctx_train = 131072;
    p.rms_eps = d.eps;
    p.rope_theta = d.theta;
    p.rope_pairs = isQwen ? RopePairs::Halves : RopePairs::Interleaved;
    p.qkv_bias = isQwen;
    return p;
}

// What V3, R1 and V2-Lite have in common.
Hyperparams latent() {
    Hyperparams p;
    p.architecture = "deepseek2";
    p.head_dim = 192;
    p.v_head_dim = 128;
    p.n_ctx_train = 163840;
    p.rms_eps = 1e-6f;
    p.rope_pairs = RopePairs::Interleaved;
    p.rope_dim = 64;
    p.rope_theta = 10000;
    p.rope_scaling = RopeScaling::Yarn;
    p.rope_factor = 40;
    p.rope_n_ctx_orig = 4096;
    p.kv_lora_rank = 512;
    p.mla_split = true;
    return p;
}

Hyperparams r1() {
    Hyperparams p = latent();
    p.n_layers = 61;
    p.n_embd = 7168;
    p.n_ff = 18432;
    p.n_heads = 128;
    p.n_kv_heads = 1; // as files of latent attention say it
    p.n_vocab = 129280;
    p.yarn_mscale_all = 1;
    p.q_lora_rank = 1536;
    p.n_dense_layers = 3;
    p.n_experts = 256;
    p.n_experts_used = 8;
    p.n_shared_experts = 1;
    p.n_ff_expert = 2048;
    p.n_expert_groups = 8;
    p.n_expert_groups_used = 4;
    p.expert_weights_scale = 2.5f;
    p.expert_weights_norm = true;
    p.expert_gating = ExpertGating::Sigmoid;
    return p;
}

Hyperparams v2Lite() {
    Hyperparams p = latent();
    p.n_layers = 27;
    p.n_embd = 2048;
    p.n_ff = 10944;
    p.n_heads = 16;
    p.n_kv_heads = 1;
    p.n_vocab = 102400;
    p.yarn_mscale_all = 0.707f;
    p.n_dense_layers = 1;
    p.n_experts = 64;
    p.n_experts_used = 6;
    p.n_shared_experts = 2;
    p.n_ff_expert = 1408;
    p.n_expert_groups = p.n_expert_groups_used = 1;
    return p;
}

std::vector<Shape> makeShapes() {
    constexpr Marks kR1{0, 1, 128803, 128798}, kV2Lite{100000, 100001, 100002, 100004},
        kQwen{151646, 151643, 151644, 151648}, kLlama{128000, 128001, 128011, 128013};
    constexpr uint32_t kR1Tokens = 129280, kV2LiteTokens = 102400, kQwenTokens = 151665, kLlamaTokens = 128256;
    const auto qwen = [&](std::string_view name, std::string_view title, const Dense& numbers) {
        return shape(name, title, dense("qwen2", numbers), "deepseek-r1-qwen", kQwenTokens, kQwen);
    };
    const auto llama = [&](std::string_view name, std::string_view title, const Dense& numbers) {
        return shape(name, title, dense("llama", numbers), "llama-bpe", kLlamaTokens, kLlama);
    };
    return {
        shape("r1-671b", "DeepSeek R1 671B", r1(), "deepseek-v3", kR1Tokens, kR1),
        shape("v2-lite", "DeepSeek V2 Lite", v2Lite(), "deepseek-llm", kV2LiteTokens, kV2Lite),
        qwen("r1-distill-qwen-1.5b", "DeepSeek R1 Distill Qwen 1.5B",
             {28, 1536, 8960, 12, 2, 151936, 10000, 1e-6f}),
        qwen("r1-distill-qwen-7b", "DeepSeek R1 Distill Qwen 7B",
             {28, 3584, 18944, 28, 4, 152064, 10000, 1e-6f}),
        qwen("r1-distill-qwen-14b", "DeepSeek R1 Distill Qwen 14B",
             {48, 5120, 13824, 40, 8, 152064, 1000000, 1e-5f}),
        qwen("r1-distill-qwen-32b", "DeepSeek R1 Distill Qwen 32B",
             {64, 5120, 27648, 40, 8, 152064, 1000000, 1e-5f}),
        llama("r1-distill-llama-8b", "DeepSeek R1 Distill Llama 8B",
              {32, 4096, 14336, 32, 8, 128256, 500000, 1e-5f}),
        llama("r1-distill-llama-70b", "DeepSeek R1 Distill Llama 70B",
              {80, 8192, 28672, 64, 8, 128256, 500000, 1e-5f}),
    };
}

} // namespace

std::span<const Shape> shapes() {
    static const std::vector<Shape> all = makeShapes();
    return all;
}

} // namespace ponder::models::synthetic
