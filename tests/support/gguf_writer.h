#pragma once
// Writes small GGUF files for tests: well-formed ones by default, and broken ones through the fields that a test overrides.
// Owns the bytes it builds. Values; no threads.
//
//   GgufWriter writer;
//   writer.string("general.architecture", "qwen2");
//   writer.uint32("qwen2.block_count", 2);
//   writer.strings("tokenizer.ggml.tokens", {"a", "b"});
//   writer.tensor("token_embd.weight", QuantType::F32, {64, 512});                  // zeros
//   writer.tensor("output_norm.weight", QuantType::F32, {64}, bytesOfMyFloats);     // or contents
//   const TemporaryFile file = writer.write();                                      // or writer.bytes()
//   auto opened = GgufFile::open(file.path());
//
// tinyModel() gives a writer that holds a whole consistent model of a family, to change one thing about.

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/hyperparams.h"
#include "models/quant_type.h"

namespace ponder::testing {

// A file of its own in the system's temporary folder, removed with this object. Move-only.
class TemporaryFile {
public:
    explicit TemporaryFile(std::span<const std::byte> bytes, std::string_view suffix = ".gguf");
    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile();
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

// A new empty folder, removed with what is in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path write(std::string_view name, std::span<const std::byte> bytes) const;

private:
    std::filesystem::path m_path;
};

class GgufWriter {
public:
    using Bytes = std::vector<std::byte>;

    // Metadata, in the order of the calls. set* of a key that is there replaces its value.
    void uint8(std::string_view key, uint8_t value);
    void uint16(std::string_view key, uint16_t value);
    void uint32(std::string_view key, uint32_t value);
    void int32(std::string_view key, int32_t value);
    void uint64(std::string_view key, uint64_t value);
    void float32(std::string_view key, float value);
    void float64(std::string_view key, double value);
    void boolean(std::string_view key, bool value);
    void string(std::string_view key, std::string_view value);
    void strings(std::string_view key, const std::vector<std::string>& values);
    void int32s(std::string_view key, const std::vector<int32_t>& values);
    void float32s(std::string_view key, const std::vector<float>& values);
    void raw(std::string_view key, uint32_t type, Bytes value); // any type, any bytes
    void duplicate(std::string_view key);                       // the key and its value once more
    void remove(std::string_view key);

    // A tensor; data empty: zeros. Shape columns first. Laid out in the order of the calls.
    void tensor(std::string_view name, models::QuantType type, std::vector<uint64_t> shape, Bytes data = {});
    void removeTensor(std::string_view name);

    // What a tensor's entry says, changed after the fact; the data stays where it is.
    struct Entry {
        std::string name;
        std::vector<uint64_t> shape;
        uint32_t ggufType = 0;
        uint64_t offset = 0;
    };
    struct Override { // of one tensor
        std::optional<std::string> name;
        std::optional<uint32_t> dims;
        std::optional<std::vector<uint64_t>> shape;
        std::optional<uint32_t> ggufType;
        std::optional<uint64_t> offset;
    };
    void override(std::string_view tensor, Override change);

    // Header fields, right by themselves.
    uint32_t version = 3;
    uint64_t alignment = 32; // written to general.alignment when it is not 32
    std::optional<uint64_t> tensorCount, keyCount;
    std::string magic = "GGUF";

    Bytes bytes() const;
    TemporaryFile write() const { return TemporaryFile(bytes()); }

private:
    struct Key {
        std::string name;
        uint32_t type;
        Bytes value;
    };
    struct Tensor {
        std::string name;
        models::QuantType type;
        std::vector<uint64_t> shape;
        Bytes data;
        Override change;
    };
    template <typename T>
    void scalar(std::string_view key, uint32_t type, T value);
    std::vector<Key> m_keys;
    std::vector<Tensor> m_tensors;
};

// Little-endian pieces for raw().
void append(GgufWriter::Bytes& bytes, uint32_t value);
void append(GgufWriter::Bytes& bytes, uint64_t value);
void append(GgufWriter::Bytes& bytes, std::string_view text); // with its length

// A model of "qwen2", "llama" or "deepseek2" with every tensor of its list (zeros) and a vocabulary of single characters:
// 2 layers, width 64 (or another multiple of 16), 4 heads on 2, 96 tokens; deepseek2 with 8 experts in 4 groups, MLA split as
// asked.
GgufWriter tinyModel(std::string_view architecture, bool mlaSplit = true, uint32_t width = 64);

} // namespace ponder::testing
