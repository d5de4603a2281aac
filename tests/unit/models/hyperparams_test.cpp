#include "models/hyperparams.h"

#include <limits>

#include <doctest/doctest.h>

#include "models/gguf_file.h"
#include "tests/support/gguf_writer.h"

using namespace ponder;
using namespace ponder::models;
using namespace ponder::testing;

namespace {

Result<Hyperparams> read(const GgufWriter& writer) {
    const TemporaryFile file = writer.write();
    ASSIGN_OR_RETURN(const GgufFile opened, GgufFile::open(file.path()));
    return readHyperparams(opened);
}

void checkRefused(const GgufWriter& writer, std::string_view words,
                  ErrorCode code = ErrorCode::MalformedFile) {
    const auto result = read(writer);
    REQUIRE_FALSE(result.ok());
    CAPTURE(result.error().message);
    CHECK(result.error().code == code);
    CHECK(result.error().message.find(words) != std::string::npos);
}

} // namespace

TEST_CASE("hyperparams: qwen2") {
    const auto p = read(tinyModel("qwen2"));
    REQUIRE(p.ok());
    CHECK(p->architecture == "qwen2");
    CHECK(p->name == "tiny qwen2");
    CHECK(p->n_layers == 2);
    CHECK(p->n_heads == 4);
    CHECK(p->n_kv_heads == 2);
    CHECK(p->head_dim == 16);
    CHECK(p->v_head_dim == 16);
    CHECK(p->rope_dim == 16);
    CHECK(p->n_vocab == 96);
    CHECK(p->rope_pairs == RopePairs::Halves);
    CHECK(p->qkv_bias);
    CHECK_FALSE(p->tied_output);
    CHECK_FALSE(p->isMoe());
}

TEST_CASE("hyperparams: llama, a tied head, heads that are not width over heads") {
    GgufWriter writer = tinyModel("llama");
    writer.removeTensor("output.weight");
    writer.uint32("llama.attention.key_length", 32);
    writer.uint32("llama.attention.value_length", 32);
    writer.uint32("llama.rope.dimension_count", 24);
    const auto p = read(writer);
    REQUIRE(p.ok());
    CHECK(p->rope_pairs == RopePairs::Interleaved);
    CHECK(p->tied_output);
    CHECK(p->head_dim == 32);
    CHECK(p->rope_dim == 24);
    CHECK_FALSE(p->qkv_bias);
}

TEST_CASE("hyperparams: key-value heads default to the heads, the rotary base to 10,000") {
    GgufWriter writer = tinyModel("llama");
    writer.remove("llama.attention.head_count_kv");
    writer.remove("llama.rope.freq_base");
    const auto p = read(writer);
    REQUIRE(p.ok());
    CHECK(p->n_kv_heads == 4);
    CHECK(p->rope_theta == 10000.0f);
}

TEST_CASE("hyperparams: both layouts of latent attention give the same heads") {
    for (const bool split : {true, false}) {
        const auto p = read(tinyModel("deepseek2", split));
        REQUIRE(p.ok());
        CHECK(p->mla_split == split);
        CHECK(p->head_dim == 24);
        CHECK(p->v_head_dim == 16);
        CHECK(p->rope_dim == 8);
        CHECK(p->kv_lora_rank == 16);
        CHECK(p->n_expert_groups == 4);
        CHECK(p->n_expert_groups_used == 2);
        CHECK(p->expert_gating == ExpertGating::Sigmoid);
        CHECK(p->expert_weights_scale == 2.5f);
        CHECK(p->expert_weights_norm);
        CHECK(p->rope_pairs == RopePairs::Interleaved);
    }
}

TEST_CASE("hyperparams: a scale of 0 for the experts' weights means none") {
    GgufWriter writer = tinyModel("deepseek2");
    writer.float32("deepseek2.expert_weights_scale", 0);
    const auto p = read(writer);
    REQUIRE(p.ok());
    CHECK(p->expert_weights_scale == 1);
}

TEST_CASE("hyperparams: groups that a file leaves out follow from the number of experts") {
    const auto groups = [](uint32_t experts, uint32_t gating) {
        GgufWriter writer = tinyModel("deepseek2");
        writer.remove("deepseek2.expert_group_count");
        writer.remove("deepseek2.expert_group_used_count");
        writer.uint32("deepseek2.expert_count", experts);
        writer.uint32("deepseek2.expert_gating_func", gating);
        const auto p = read(writer);
        REQUIRE(p.ok());
        return std::pair(p->n_expert_groups, p->n_expert_groups_used);
    };
    CHECK(groups(256, 2) == std::pair(8u, 4u)); // V3, R1
    CHECK(groups(160, 1) == std::pair(8u, 3u)); // V2
    CHECK(groups(64, 1) == std::pair(1u, 1u));  // V2-Lite
}

TEST_CASE("hyperparams: YaRN's multiplier is stored tenfold smaller than mscale_all_dim") {
    GgufWriter writer = tinyModel("deepseek2");
    writer.string("deepseek2.rope.scaling.type", "yarn");
    writer.float32("deepseek2.rope.scaling.factor", 40);
    writer.uint32("deepseek2.rope.scaling.original_context_length", 4096);
    writer.float32("deepseek2.rope.scaling.yarn_log_multiplier", 0.0707f);
    const auto p = read(writer);
    REQUIRE(p.ok());
    CHECK(p->rope_scaling == RopeScaling::Yarn);
    CHECK(p->rope_factor == 40.0f);
    CHECK(p->rope_n_ctx_orig == 4096);
    CHECK(p->yarn_mscale_all == doctest::Approx(0.707));
    writer.string("deepseek2.rope.scaling.type", "longrope");
    checkRefused(writer, "longrope", ErrorCode::UnsupportedArchitecture);
}

TEST_CASE("hyperparams: blocks for prediction, held, left out or only announced") {
    GgufWriter writer = tinyModel("deepseek2");
    writer.uint32("deepseek2.nextn_predict_layers", 1);
    auto p = read(writer); // two blocks are there and neither predicts
    REQUIRE(p.ok());
    CHECK(p->n_layers == 2);
    CHECK(p->n_nextn_layers == 0);

    writer.uint32("deepseek2.block_count", 3); // counted, not held
    p = read(writer);
    REQUIRE(p.ok());
    CHECK(p->n_layers == 2);
    CHECK(p->n_nextn_layers == 0);

    writer.tensor("blk.2.nextn.eh_proj.weight", QuantType::F32, {128, 64});
    p = read(writer);
    REQUIRE(p.ok());
    CHECK(p->n_layers == 2);
    CHECK(p->n_nextn_layers == 1);
    writer.uint32("deepseek2.nextn_predict_layers", 3);
    checkRefused(writer, "for prediction");
}

TEST_CASE("hyperparams: families and variants that are not ours are refused by name") {
    GgufWriter writer = tinyModel("qwen2");
    writer.string("general.architecture", "mamba\n");
    checkRefused(writer, "\"mamba?\" are not supported: choose one of the family qwen2 or llama",
                 ErrorCode::UnsupportedArchitecture);
    writer.remove("general.architecture");
    checkRefused(writer, "general.architecture is missing");
    writer = tinyModel("llama");
    writer.uint32("llama.expert_count", 8);
    checkRefused(writer, "mixture of 8 experts", ErrorCode::UnsupportedArchitecture);
}

TEST_CASE("hyperparams: every number has limits") {
    struct Case {
        const char* key;
        uint32_t value;
    };
    for (const Case& bad : {Case{"block_count", 0},
                            {"block_count", 1025},
                            {"embedding_length", 0},
                            {"embedding_length", ~0u},
                            {"feed_forward_length", 0},
                            {"attention.head_count", 0},
                            {"attention.head_count", 1u << 31},
                            {"attention.head_count_kv", 0},
                            {"context_length", 0},
                            {"context_length", ~0u},
                            {"rope.dimension_count", 0},
                            {"rope.dimension_count", 2048},
                            {"attention.key_length", 0}}) {
        GgufWriter writer = tinyModel("qwen2");
        writer.uint32(std::string("qwen2.") + bad.key, bad.value);
        CAPTURE(bad.key);
        checkRefused(writer, bad.key);
    }
    for (const char* missing :
         {"block_count", "embedding_length", "feed_forward_length", "attention.head_count", "context_length",
          "attention.layer_norm_rms_epsilon"}) {
        GgufWriter writer = tinyModel("qwen2");
        writer.remove(std::string("qwen2.") + missing);
        checkRefused(writer, "is missing");
    }
    GgufWriter writer = tinyModel("qwen2");
    writer.uint32("qwen2.attention.head_count_kv", 3);
    checkRefused(writer, "4 heads share 3");
    writer = tinyModel("qwen2");
    writer.uint32("qwen2.rope.dimension_count", 15);
    checkRefused(writer, "even");
    writer.uint32("qwen2.rope.dimension_count", 18);
    checkRefused(writer, "up to 16");
    writer = tinyModel("qwen2");
    writer.uint32("qwen2.attention.key_length", 18);
    writer.uint32("qwen2.attention.value_length", 18);
    checkRefused(writer, "multiple of 4");
    writer = tinyModel("qwen2");
    writer.uint32("qwen2.attention.head_count", 6);
    checkRefused(writer, "whole number");
    for (const float bad :
         {0.0f, -1.0f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        writer = tinyModel("qwen2");
        writer.float32("qwen2.attention.layer_norm_rms_epsilon", bad);
        checkRefused(writer, "epsilon");
        writer = tinyModel("qwen2");
        writer.float32("qwen2.rope.freq_base", bad);
        checkRefused(writer, "freq_base");
    }
    writer = tinyModel("qwen2");
    writer.int32s("qwen2.feed_forward_length", {1, 2}); // sizes that differ by layer
    checkRefused(writer, "2 × int32");
    writer = tinyModel("qwen2");
    writer.strings("tokenizer.ggml.tokens", std::vector<std::string>(97, "x"));
    checkRefused(writer, "97 tokens");
}

TEST_CASE("hyperparams: experts and groups must agree") {
    const auto with = [](std::string_view key, uint32_t value) {
        GgufWriter writer = tinyModel("deepseek2");
        writer.uint32(std::string("deepseek2.").append(key), value);
        return writer;
    };
    checkRefused(with("expert_group_count", 3), "whole number");
    checkRefused(with("expert_group_count", 9), "expert_group_count");
    checkRefused(with("expert_group_used_count", 5), "expert_group_used_count");
    checkRefused(with("expert_used_count", 5), "5 experts are used");
    checkRefused(with("expert_used_count", 9), "expert_used_count");
    checkRefused(with("expert_gating_func", 3), "expert_gating_func");
    checkRefused(with("leading_dense_block_count", 3), "leading_dense_block_count");
    checkRefused(with("rope.dimension_count", 24), "up to 20");
    checkRefused(with("attention.kv_lora_rank", 0), "kv_lora_rank");
}
