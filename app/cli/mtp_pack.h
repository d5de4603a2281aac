#pragma once
// The block of DeepSeek-V3 that predicts a further token, from the official safetensors to a GGUF side file, as --mtp-file takes
// it. Only the files that hold this block are opened. One thread.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "models/base/result.h"

namespace ponder::app::cli {

struct PackedBlock {
    uint32_t block = 0; // its number, which is the number of the model's own layers
    size_t tensors = 0;
    uint64_t sizeBytes = 0; // of the file
};

// Matrices become F16, which holds what FP8 and its scales say to one part in 2,048; norms, the router and its bias F32. The
// file appears whole or not at all. progress: bytes written, of all; false stops.
Result<PackedBlock> packPrediction(const std::filesystem::path& folder, const std::filesystem::path& out,
                                   const std::function<bool(uint64_t done, uint64_t all)>& progress);

} // namespace ponder::app::cli
