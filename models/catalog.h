#pragma once
// The models that Ponder was made for, and what their files weigh: for the list of the first start, and for saying which
// quantisation of a model would fit. A table in the program; nothing is fetched. Sizes are of the usual published files,
// rounded to 10 MB. Pure; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ponder::models {

// What a quantised file spends on a weight, all tensors taken together: its name is the mix's, not one format's.
struct QuantMix {
    std::string_view name; // "Q4_K_M", as file names have it
    double bitsPerWeight;
};
std::span<const QuantMix> quantMixes(); // from the largest to the smallest

// The largest mix whose file would not exceed `limitBytes`, with its estimated size; nothing: none.
struct MixEstimate {
    std::string_view name;
    uint64_t sizeBytes = 0;
};
std::optional<MixEstimate> largestMixWithin(uint64_t parameters, uint64_t limitBytes);

struct CatalogFile {
    std::string_view mix; // "Q4_K_M"
    uint64_t sizeBytes;   // rounded
};

struct CatalogEntry {
    std::string_view id;         // "r1-distill-qwen-7b", stable
    std::string_view name;       // for people
    std::string_view repository; // of the GGUF files on the hub (huggingface.co)
    std::string_view original;   // repository of the model itself
    std::string_view licence;
    std::string_view architecture;
    uint64_t parameters;
    uint32_t contextTrained;            // tokens
    uint64_t cacheBytesPerToken;        // float16
    std::span<const CatalogFile> files; // from the best to the smallest
};

std::span<const CatalogEntry> catalog();

// Memory to run a file with `context` tokens: weights, cache and what a device needs besides.
uint64_t memoryNeeded(const CatalogEntry& entry, const CatalogFile& file, uint32_t context = 8192);

} // namespace ponder::models
