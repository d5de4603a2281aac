// Random weights in the shapes of real models: the lists that the loader expects, the formats of the mixes, bytes that depend
// on nothing but their place, and values that are fit to compute with.
#include "models/synthetic/synthetic_file.h"

#include <cmath>
#include <cstring>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "models/chat_template.h"
#include "models/gguf_file.h"
#include "models/model_info.h"
#include "models/synthetic/random_blocks.h"
#include "models/tokenizer.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using namespace ponder::models;

namespace {

GgufFile opened(const std::string& name) {
    auto file = GgufFile::open(name);
    REQUIRE_MESSAGE(file.ok(), (file.ok() ? "" : file.error().message));
    return std::move(*file);
}

std::string_view typeOf(const GgufFile& file, std::string_view tensor) {
    const TensorInfo* const found = file.find(tensor);
    return found == nullptr ? "absent" : quantTypeInfo(found->type).name;
}

std::vector<float> firstValues(const GgufFile& file, std::string_view name, size_t count) {
    const TensorInfo* const tensor = file.find(name);
    REQUIRE(tensor != nullptr);
    const QuantTypeInfo& format = quantTypeInfo(tensor->type);
    std::vector<std::byte> bytes(count / format.valuesPerBlock * format.bytesPerBlock);
    REQUIRE(file.read(*tensor, bytes).ok());
    std::vector<float> values(count);
    reference::dequantize(tensor->type, reinterpret_cast<const uint8_t*>(bytes.data()), values);
    return values;
}

} // namespace

TEST_CASE("synthetic: every shape is what the loader expects of such a model") {
    for (const synthetic::Shape& shape : synthetic::shapes()) {
        CAPTURE(shape.name);
        const GgufFile file = opened(fmt::format("synthetic:{}", shape.name));
        const auto info = readModelInfo(file); // hyperparameters, and each tensor with its shape
        REQUIRE_MESSAGE(info.ok(), (info.ok() ? "" : info.error().message));
        CHECK(info->runnable);
        CHECK(info->vocabulary == shape.n_tokens);
        const Hyperparams &found = *info->hyperparams, &meant = shape.hyperparams;
        CHECK(found.n_layers == meant.n_layers);
        CHECK(found.n_vocab == meant.n_vocab);
        CHECK(found.head_dim == meant.head_dim);
        CHECK(found.n_kv_heads == meant.n_kv_heads);
        CHECK(found.rope_pairs == meant.rope_pairs);
        CHECK(found.qkv_bias == meant.qkv_bias);
        CHECK(found.tied_output == meant.tied_output);
        CHECK(found.mla_split == meant.mla_split);
        CHECK(found.q_lora_rank == meant.q_lora_rank);
        CHECK(found.n_experts == meant.n_experts);
        CHECK(found.n_expert_groups == meant.n_expert_groups);
        CHECK(found.n_expert_groups_used == meant.n_expert_groups_used);
        CHECK((found.expert_gating == ExpertGating::Sigmoid) == (shape.name == "r1-671b"));
        CHECK(found.yarn_mscale_all == doctest::Approx(meant.yarn_mscale_all));
    }
}

// Parameters as the models' cards give them, in millions.
TEST_CASE("synthetic: as many parameters as the real models have") {
    struct Row {
        std::string_view name;
        double millions;
    };
    constexpr Row kRows[] = {{"r1-671b", 671026},
                             {"v2-lite", 15706},
                             {"r1-distill-qwen-1.5b", 1777},
                             {"r1-distill-qwen-7b", 7616},
                             {"r1-distill-qwen-14b", 14770},
                             {"r1-distill-qwen-32b", 32764},
                             {"r1-distill-llama-8b", 8030},
                             {"r1-distill-llama-70b", 70554}};
    for (const Row& row : kRows) {
        CAPTURE(row.name);
        const auto info = readModelInfo(opened(fmt::format("synthetic:{}?quant=q8_0", row.name)));
        REQUIRE(info.ok());
        CHECK(static_cast<double>(info->parameters) / 1e6 == doctest::Approx(row.millions).epsilon(0.001));
    }
}

TEST_CASE("synthetic: chats and their special tokens work") {
    for (const synthetic::Shape& shape : synthetic::shapes()) {
        CAPTURE(shape.name);
        const GgufFile file = opened(fmt::format("synthetic:{}", shape.name));
        const auto tokenizer = Tokenizer::create(file);
        REQUIRE(tokenizer.ok());
        const std::string_view text = "Ein Wört, 2 números: ≤ 😀\n";
        const auto ids = (*tokenizer)->encode(text, SpecialTokens::AsText);
        CHECK(ids.size() == text.size()); // a byte each
        std::string back;
        for (const TokenId id : ids) back += (*tokenizer)->bytes(id);
        CHECK(back == text);
        CHECK((*tokenizer)->bos() == static_cast<TokenId>(shape.bos.id));
        const auto layout = ChatTemplate::forModel(file, **tokenizer);
        REQUIRE(layout.ok());
        CHECK(layout->family() == ChatFamily::DeepSeekR1);
        CHECK(layout->thinkStart() == static_cast<TokenId>(shape.marks[2].id));
    }
}

TEST_CASE("synthetic: mixes put better formats where llama.cpp does") {
    const GgufFile seven =
        opened("synthetic:r1-distill-qwen-7b?quant=Q4_K_M"); // 28 layers: the first and last three
    CHECK(typeOf(seven, "token_embd.weight") == "Q4_K");
    CHECK(typeOf(seven, "output.weight") == "Q6_K");
    CHECK(typeOf(seven, "output_norm.weight") == "F32");
    CHECK(typeOf(seven, "blk.0.attn_q.weight") == "Q4_K");
    CHECK(typeOf(seven, "blk.0.attn_v.weight") == "Q6_K");
    CHECK(typeOf(seven, "blk.2.ffn_down.weight") == "Q6_K");
    CHECK(typeOf(seven, "blk.3.ffn_down.weight") == "Q4_K");
    CHECK(typeOf(seven, "blk.5.ffn_down.weight") == "Q6_K"); // every third
    CHECK(typeOf(seven, "blk.24.attn_v.weight") == "Q6_K");
    CHECK(typeOf(seven, "blk.0.attn_q.bias") == "F32");

    const GgufFile lite = opened("synthetic:v2-lite?quant=q4_k_m&layers=4");
    CHECK(typeOf(lite, "blk.3.attn_k_b.weight") == "Q5_0"); // 128 columns
    CHECK(typeOf(lite, "blk.3.attn_v_b.weight") == "Q4_K");
    CHECK(typeOf(lite, "blk.3.ffn_gate_inp.weight") == "F32");
    CHECK(typeOf(lite, "blk.3.ffn_down_exps.weight") == "Q5_0"); // 1408 columns
    CHECK(typeOf(lite, "blk.3.ffn_gate_exps.weight") == "Q4_K");
    CHECK(typeOf(lite, "blk.4.attn_norm.weight") == "absent");

    const GgufFile r1 = opened("synthetic:r1-671b?quant=iq1_s");
    CHECK(typeOf(r1, "blk.60.ffn_down_exps.weight") == "IQ1_S");
    CHECK(typeOf(r1, "blk.60.ffn_down_shexp.weight") == "Q4_K");
    CHECK(typeOf(r1, "blk.60.attn_q_b.weight") == "Q4_K");
    CHECK(r1.sizeBytes() / 1'000'000'000 == 138);
    CHECK(typeOf(opened("synthetic:v2-lite?quant=bf16"), "blk.3.attn_k_b.weight") == "BF16");
    CHECK(typeOf(opened("synthetic:v2-lite?quant=q8_0"), "output.weight") == "Q8_0");
}

TEST_CASE("synthetic: bytes do not depend on how reads are cut") {
    const GgufFile file = opened("synthetic:v2-lite?quant=q6_k&layers=2");
    const TensorInfo& tensor = *file.find("blk.1.attn_kv_a_mqa.weight");
    const uint64_t begin = tensor.offset - 300; // of the tensor before, and the gap
    std::vector<std::byte> whole(5000), pieces(5000);
    REQUIRE(file.read(tensor.shard, begin, whole).ok());
    for (size_t at = 0, count = 1; at < pieces.size(); at += count, count = count % 97 + 3) {
        count = std::min(count, pieces.size() - at);
        REQUIRE(file.read(tensor.shard, begin + at, std::span(pieces).subspan(at, count)).ok());
    }
    CHECK(whole == pieces);
    const GgufFile again =
        opened("synthetic:v2-lite?quant=q6_k&layers=5"); // a cut model has the beginning of the whole
    const TensorInfo& same = *again.find("blk.1.attn_kv_a_mqa.weight");
    std::vector<std::byte> other(4700);
    REQUIRE(again.read(same, other).ok());
    CHECK(std::equal(other.begin(), other.end(), whole.begin() + 300));
    // The start of the file is one, and what lies behind its end is an error.
    std::array<std::byte, 4> magic{};
    REQUIRE(file.read(0, 0, magic).ok());
    CHECK(std::memcmp(magic.data(), "GGUF", 4) == 0);
    CHECK_FALSE(file.read(0, file.sizeBytes() - 3, magic).ok());
    CHECK(file.checkUnchanged().ok());
}

TEST_CASE("synthetic: values of every format are finite, centred and as spread as asked") {
    constexpr size_t kValues = size_t{1} << 16;
    for (const QuantTypeInfo& format : allQuantTypes()) {
        for (const float spread : {0.005f, 0.03f}) {
            CAPTURE(format.name);
            std::vector<std::byte> bytes(kValues / format.valuesPerBlock * format.bytesPerBlock);
            synthetic::fillBlocks(format.type, 42, spread, 7, bytes);
            std::vector<float> values(kValues);
            reference::dequantize(format.type, reinterpret_cast<const uint8_t*>(bytes.data()), values);
            double sum = 0, squares = 0;
            for (const float value : values) {
                REQUIRE(std::isfinite(value));
                sum += value;
                squares += double{value} * value;
            }
            const double mean = sum / kValues, found = std::sqrt(squares / kValues) / spread;
            CHECK(std::abs(mean) < 0.12 * spread);
            const bool hasExponentOnly = format.type == QuantType::F16 || format.type == QuantType::BF16;
            CHECK(found == doctest::Approx(1).epsilon(hasExponentOnly ? 0.42 : 0.04));
        }
    }
}

TEST_CASE("synthetic: norms are ones, biases zeros, rows differ, a router's scores are spread") {
    const GgufFile file = opened("synthetic:r1-671b?layers=4");
    for (const float value : firstValues(file, "blk.3.ffn_norm.weight", 7168)) REQUIRE(value == 1);
    for (const float value : firstValues(file, "blk.3.exp_probs_b.bias", 256)) REQUIRE(value == 0);
    const size_t columns = 7168;
    const auto router = firstValues(file, "blk.3.ffn_gate_inp.weight", 256 * columns);
    double squares = 0;
    for (size_t expert = 0; expert < 256; ++expert) { // its score for an input of alternating ones
        double score = 0, likeness = 0;
        for (size_t i = 0; i < columns; ++i) {
            score += i % 2 == 0 ? router[expert * columns + i] : -router[expert * columns + i];
            likeness += double{router[i]} * router[expert * columns + i];
        }
        squares += score * score / 256;
        if (expert > 0) CHECK(std::abs(likeness) < 0.1);
    }
    CHECK(squares == doctest::Approx(1).epsilon(0.3));
}

TEST_CASE("synthetic: what there is not is one sentence with what there is") {
    const auto refused = [](const std::string& name, std::initializer_list<std::string_view> words) {
        const auto file = GgufFile::open(name);
        CAPTURE(name);
        REQUIRE_FALSE(file.ok());
        CHECK(file.error().code == ErrorCode::InvalidArgument);
        for (const std::string_view word : words) {
            CAPTURE(file.error().message);
            CHECK(file.error().message.find(word) != std::string::npos);
        }
    };
    refused("synthetic:", {"''", "r1-671b", "r1-distill-llama-70b"});
    refused("synthetic:r2?quant=q4_k", {"'r2'", "v2-lite"});
    refused("synthetic:v2-lite?quant=q7", {"quant=q7", "q4_k_m", "iq1_s"});
    refused("synthetic:v2-lite?quant=", {"quant= ", "q4_k_m"});
    refused("synthetic:v2-lite?layers=28", {"layers=28", "2 to 27"});
    refused("synthetic:r1-671b?layers=3", {"layers=3", "4 to 61"});
    refused("synthetic:v2-lite?layers=4x", {"4x", "2 to 27"});
    refused("synthetic:v2-lite?seed=4", {"'seed'", "quant and layers"});
    CHECK(GgufFile::open("synthetic:v2-lite?").ok());
}
