#include "models/architecture.h"

#include <doctest/doctest.h>

#include "models/catalog.h"
#include "models/gguf_file.h"
#include "models/model_info.h"
#include "tests/support/gguf_writer.h"

using namespace ponder;
using namespace ponder::models;
using namespace ponder::testing;

namespace {

Result<ModelInfo> inspect(const GgufWriter& writer) {
    const TemporaryFile file = writer.write();
    ASSIGN_OR_RETURN(const GgufFile opened, GgufFile::open(file.path()));
    return readModelInfo(opened);
}

std::string refusalOf(const GgufWriter& writer) {
    const auto info = inspect(writer);
    return info.ok() ? "" : info.error().message;
}

} // namespace

TEST_CASE("architecture: the registry knows its families by name") {
    CHECK(supportedArchitectures() == std::vector<std::string_view>{"qwen2", "llama", "deepseek2"});
    REQUIRE(findArchitecture("qwen2") != nullptr);
    CHECK(findArchitecture("qwen2")->displayName == "Qwen 2");
    CHECK(findArchitecture("qwen") == nullptr);
    CHECK(findArchitecture("") == nullptr);
}

TEST_CASE("architecture: whole files of every family and layout pass") {
    CHECK(refusalOf(tinyModel("qwen2")) == "");
    CHECK(refusalOf(tinyModel("llama")) == "");
    CHECK(refusalOf(tinyModel("deepseek2", true)) == "");
    CHECK(refusalOf(tinyModel("deepseek2", false)) == "");
}

TEST_CASE("architecture: every required tensor is missed by name, optional ones are not") {
    for (const char* family : {"qwen2", "llama", "deepseek2"}) {
        const GgufWriter whole = tinyModel(family);
        const TemporaryFile file = whole.write();
        const auto opened = GgufFile::open(file.path());
        REQUIRE(opened.ok());
        const auto p = readHyperparams(*opened);
        REQUIRE(p.ok());
        for (const TensorSpec& spec : findArchitecture(family)->tensors(*p)) {
            GgufWriter without = whole;
            without.removeTensor(spec.name);
            const std::string refusal = refusalOf(without);
            CAPTURE(spec.name);
            // Without the split key matrices a file reads as one of the older layout, which lacks attn_kv_b.
            const bool decidesLayout = spec.name == "blk.0.attn_k_b.weight";
            if (spec.required) {
                CHECK(refusal.find(decidesLayout ? "attn_kv_b" : spec.name) != std::string::npos);
            } else {
                CHECK(refusal == "");
            }
        }
    }
}

TEST_CASE("architecture: a wrong shape says what was expected and found") {
    GgufWriter writer = tinyModel("qwen2");
    writer.removeTensor("blk.1.attn_q.weight");
    writer.tensor("blk.1.attn_q.weight", QuantType::F32, {64, 32});
    CHECK(refusalOf(writer).find("blk.1.attn_q.weight: expected [64, 64], file has [64, 32]") !=
          std::string::npos);
    writer = tinyModel("llama");
    writer.removeTensor("rope_freqs.weight");
    writer.tensor("rope_freqs.weight", QuantType::F32, {9});
    CHECK(refusalOf(writer).find("rope_freqs.weight: expected [8]") != std::string::npos);
    writer = tinyModel("qwen2");
    writer.removeTensor("output_norm.weight");
    writer.tensor("output_norm.weight", QuantType::F16, {64});
    CHECK(refusalOf(writer).find("output_norm.weight is stored as F16") != std::string::npos);
}

TEST_CASE("architecture: tensors that nobody asked for are tolerated") {
    GgufWriter writer = tinyModel("qwen2");
    writer.tensor("something.else", QuantType::F16, {10});
    CHECK(refusalOf(writer) == "");
}

TEST_CASE("model info: numbers, formats and words") {
    GgufWriter writer = tinyModel("qwen2");
    writer.removeTensor("token_embd.weight");
    writer.tensor("token_embd.weight", QuantType::F16, {64, 96});
    const auto info = inspect(writer);
    REQUIRE(info.ok());
    CHECK(info->name == "tiny qwen2");
    CHECK(info->family == "Qwen 2");
    CHECK(info->quantization == "F32");
    REQUIRE(info->formats.size() == 2);
    CHECK(info->formats[0].type == QuantType::F32);
    CHECK(info->formats[1].sizeBytes == 64 * 96 * 2);
    CHECK(info->formats[0].tensors + info->formats[1].tensors == info->tensors);
    CHECK(info->vocabulary == 96);
    CHECK(info->runnable);
    CHECK(info->refusal.empty());
    const std::string text = info->text();
    CHECK(text.find("Qwen 2 (qwen2)") != std::string::npos);
    CHECK(text.find("4 query heads of 16 on 2 key-value heads") != std::string::npos);
    CHECK(text.back() == '\n');

    const auto deepseek = inspect(tinyModel("deepseek2"));
    REQUIRE(deepseek.ok());
    CHECK(deepseek->runnable);
    CHECK(deepseek->text().find("8 of which 2 are used, 1 shared, in 4 groups of which 2") !=
          std::string::npos);
}

TEST_CASE("model info: a vocabulary alone is a file, nothing at all is none") {
    GgufWriter writer;
    writer.string("general.architecture", "llama");
    CHECK(refusalOf(writer).find("neither tensors nor a vocabulary") != std::string::npos);
    writer.strings("tokenizer.ggml.tokens", {"a", "b"});
    const auto info = inspect(writer);
    REQUIRE(info.ok());
    CHECK_FALSE(info->hyperparams);
    CHECK_FALSE(info->runnable);
    CHECK(info->vocabulary == 2);
    CHECK(info->text().find("Runs here") != std::string::npos);
}

TEST_CASE("catalogue: entries are whole and sizes go down") {
    CHECK(catalog().size() == 8);
    for (const CatalogEntry& entry : catalog()) {
        CHECK(findArchitecture(entry.architecture) != nullptr);
        for (size_t i = 0; i < entry.files.size(); ++i) {
            CHECK(memoryNeeded(entry, entry.files[i]) > entry.files[i].sizeBytes);
            if (i > 0) CHECK(entry.files[i].sizeBytes < entry.files[i - 1].sizeBytes);
            // The estimate by mix must not promise what the file does not keep: within a tenth.
            for (const QuantMix& mix : quantMixes()) {
                if (mix.name != entry.files[i].mix || entry.id.find("671b") != std::string_view::npos)
                    continue;
                const double estimate = static_cast<double>(entry.parameters) * mix.bitsPerWeight / 8;
                CHECK(estimate == doctest::Approx(static_cast<double>(entry.files[i].sizeBytes)).epsilon(0.1));
            }
        }
    }
    CHECK_FALSE(largestMixWithin(7'616'000'000, 1'000'000'000));
    CHECK(largestMixWithin(7'616'000'000, 5'000'000'000)->name == "Q4_K_M");
}
