#pragma once
// Which model families there are and what tensors a file of one must hold: registry of models/arch/*.cpp.
// Adding a family is one file there and one line in architecture.cpp. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"
#include "models/hyperparams.h"

namespace ponder::models {

class GgufFile;

struct TensorSpec {
    std::string name;            // "blk.3.attn_q.weight"
    std::vector<uint64_t> shape; // expected, in the file's order (columns first)
    bool required = true;
    bool copy = false; // of another tensor of the file: need not be loaded
};

struct Architecture {
    std::string_view name;        // general.architecture
    std::string_view displayName; // "Qwen 2", for people
    std::vector<TensorSpec> (*tensors)(const Hyperparams&);
};

const Architecture* findArchitecture(std::string_view name); // null: not supported
std::vector<std::string_view> supportedArchitectures();

// Every required tensor present with its shape, every optional one with its shape: else which, expected and found.
Result<void> checkTensors(const GgufFile& file, const Architecture& architecture,
                          const Hyperparams& hyperparams);

} // namespace ponder::models
