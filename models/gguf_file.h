#pragma once
// A GGUF model file (v2 and v3, ggml/docs/gguf.md), or a set of shards opened from any of its parts; or one that there is not,
// "synthetic:..." (models/synthetic/synthetic_file.h), which reads the same.
// A file is hostile input: every count, product and offset is checked against the real size before it is used, so that
// what this class hands out can be read without further checks. Owns the sources of the bytes. Immutable once open; any thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"
#include "models/tensor_info.h"

namespace ponder::models {

class GgufFile {
public:
    // Opens the file and, where split.count says so, its other shards beside it. Errors: NotFound, Io, MalformedFile,
    // UnsupportedQuantization, MissingShard; each names the file and what was expected and found.
    static Result<GgufFile> open(const std::filesystem::path& path);

    // Adds the tensors of another file, as of a further shard; of names that both have this one's stay. Its metadata is not
    // taken over.
    void attach(GgufFile side);

    GgufFile(GgufFile&&) noexcept;
    GgufFile& operator=(GgufFile&&) noexcept;
    ~GgufFile();

    const std::vector<std::filesystem::path>& paths() const; // one a shard
    uint64_t sizeBytes() const;                              // of all shards
    uint32_t version() const;

    const std::vector<TensorInfo>& tensors() const;      // of all shards, in file order
    const TensorInfo* find(std::string_view name) const; // null: absent
    // Fills `into` with the bytes from `offset` of a shard, which lie inside one of its tensors. Errors: Io, also where the
    // file has shrunk meanwhile; Cancelled within 1 MiB.
    Result<void> read(uint32_t shard, uint64_t offset, std::span<std::byte> into,
                      const std::stop_token& stop = {}) const;
    Result<void> read(const TensorInfo& tensor, std::span<std::byte> into) const; // its first bytes
    // Whether the file still is what was opened (same inode, size, modification time): loaders ask it once they have read.
    Result<void> checkUnchanged() const;

    // Metadata. Nothing when the key is absent or of another type; integers of any width convert when in range.
    bool has(std::string_view key) const;
    std::optional<uint64_t> getUint(std::string_view key) const;
    std::optional<int64_t> getInt(std::string_view key) const;
    std::optional<double> getFloat(std::string_view key) const;
    std::optional<bool> getBool(std::string_view key) const;
    std::optional<std::string_view> getString(std::string_view key) const;
    std::optional<std::vector<std::string_view>> getStrings(std::string_view key) const;
    std::optional<std::vector<int64_t>> getInts(std::string_view key) const;
    std::vector<std::string_view> keys() const;
    std::string describe(std::string_view key) const; // for `info`: the value in words, long arrays cut

private:
    struct Data;
    struct OpenShard;
    static Result<OpenShard> openShard(const std::filesystem::path& path);
    static Result<GgufFile> fromShards(std::vector<OpenShard> set);
    explicit GgufFile(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::models
