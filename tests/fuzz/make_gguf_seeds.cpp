// Writes the seeds of fuzz_gguf: make_gguf_seeds FOLDER. Small whole models of every family, every value type, both
// versions, another alignment. Run again after a change of tests/support/gguf_writer and commit what it wrote.

#include <cstdio>
#include <fstream>
#include <string>

#include "tests/support/gguf_writer.h"

using namespace ponder::testing;
using ponder::models::QuantType;

namespace {

void save(const std::string& folder, const char* name, const GgufWriter& writer) {
    const GgufWriter::Bytes bytes = writer.bytes();
    std::ofstream(folder + "/" + name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

GgufWriter everyValueType() {
    GgufWriter writer;
    writer.string("general.architecture", "qwen2");
    writer.uint8("a.u8", 1);
    writer.uint16("a.u16", 2);
    writer.int32("a.i32", -3);
    writer.uint64("a.u64", 4);
    writer.float32("a.f32", 0.5f);
    writer.float64("a.f64", 0.25);
    writer.boolean("a.bool", true);
    writer.strings("a.strings", {"x", "", "\xff"});
    writer.int32s("a.ints", {1, -1});
    writer.float32s("a.floats", {1, 2});
    GgufWriter::Bytes nested;
    append(nested, uint32_t{9});
    append(nested, uint64_t{1});
    append(nested, uint32_t{8});
    append(nested, uint64_t{1});
    append(nested, std::string_view("deep"));
    writer.raw("a.nested", 9, nested);
    writer.uint16("split.count", 1);
    for (const auto type :
         {QuantType::F32, QuantType::BF16, QuantType::Q8_0, QuantType::Q4_K, QuantType::IQ1_S})
        writer.tensor(std::string("t.").append(ponder::models::quantTypeInfo(type).name), type, {256, 2});
    return writer;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) return std::fprintf(stderr, "usage: make_gguf_seeds FOLDER\n"), 2;
    const std::string folder = argv[1];
    for (const char* family : {"qwen2", "llama", "deepseek2"})
        save(folder, family, tinyModel(family, true, 16));
    save(folder, "deepseek2-kvb", tinyModel("deepseek2", false, 16));
    save(folder, "values", everyValueType());
    GgufWriter other = everyValueType();
    other.version = 2;
    other.alignment = 64;
    save(folder, "version-2", other);
    GgufWriter vocabulary;
    vocabulary.string("general.architecture", "llama");
    vocabulary.string("tokenizer.ggml.model", "gpt2");
    vocabulary.string("tokenizer.ggml.pre", "llama-bpe");
    vocabulary.strings("tokenizer.ggml.tokens", {"a", "b", "ab", "<think>"});
    vocabulary.int32s("tokenizer.ggml.token_type", {1, 1, 1, 3});
    vocabulary.strings("tokenizer.ggml.merges", {"a b"});
    save(folder, "vocabulary", vocabulary);
    return 0;
}
