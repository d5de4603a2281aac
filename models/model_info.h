#pragma once
// What a model file is, in numbers and in words: for `info`, for the model chip and the sheet of a dropped file. Reading it
// proves that the file holds a model of ours: hyper-parameters sane, every tensor there with its shape and inside the file.
// Values; no threads.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"
#include "models/hyperparams.h"
#include "models/quant_type.h"

namespace ponder::models {

class GgufFile;

struct ModelInfo {
    struct FormatShare {
        QuantType type = QuantType::F32;
        uint64_t tensors = 0, values = 0, sizeBytes = 0;
    };

    std::string name;               // general.name, else the file's
    std::string architecture;       // "qwen2"
    std::string family;             // "Qwen 2", for people
    std::string quantization;       // of most bytes: "Q4_K"; empty without tensors
    std::vector<std::string> files; // names of the shards
    uint32_t version = 0;           // of GGUF
    uint64_t sizeBytes = 0;         // of the files
    uint64_t parameters = 0;        // values of all tensors
    uint64_t tensors = 0;
    uint64_t vocabulary = 0;                // entries of the tokenizer
    std::vector<FormatShare> formats;       // by bytes, the largest first
    std::optional<Hyperparams> hyperparams; // nothing: a vocabulary alone
    bool runnable = false;
    std::string refusal; // why not, one sentence

    std::string text() const; // several lines, for a terminal; ends in a newline
};

// Errors: those of readHyperparams and checkTensors; MalformedFile for a file with neither tensors nor vocabulary.
Result<ModelInfo> readModelInfo(const GgufFile& file);

} // namespace ponder::models
