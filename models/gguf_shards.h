#pragma once
// Model files in parts, "NAME-00001-of-00003.gguf": which parts belong together, and whether what they say of themselves
// agrees. The keys: split.no (from 0), split.count, split.tensors.count (of all parts). Used by gguf_file.cpp alone.
// Values; any thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "models/base/result.h"
#include "models/gguf_reader.h"

namespace ponder::models {

inline constexpr uint64_t kMaxShards = 4096;

struct GgufShards {
    std::vector<std::filesystem::path> paths; // of all parts in order; one entry: a file of its own
    size_t index = 0;                         // which of them was asked for
    std::optional<uint64_t> tensorCount;      // split.tensors.count

    Result<void> check(size_t part, const GgufHeader& header) const; // that it is that part of this set
    Result<void> checkTensorCount(size_t found) const;
    Error explain(size_t part, Error error) const; // a part that is not there becomes MissingShard
};

Result<GgufShards> findShards(const std::filesystem::path& path, const GgufHeader& header);

} // namespace ponder::models
