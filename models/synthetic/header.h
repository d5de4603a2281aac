#pragma once
// The header of a GGUF file of made-up weights: metadata, vocabulary and tensor directory, as bytes that GgufFile reads like
// those of any file. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/synthetic/mix.h"
#include "models/synthetic/shapes.h"

namespace ponder::models::synthetic {

struct PlacedTensor {
    std::string name;
    QuantType type = QuantType::F32;
    uint64_t columns = 0;
    uint64_t offset = 0, sizeBytes = 0; // in the file
};

struct Header {
    std::vector<std::byte> bytes;      // from the start of the file, up to the data
    std::vector<PlacedTensor> tensors; // by their offsets
    uint64_t sizeBytes = 0;            // of the whole file
};

// layers: as many, the first ones; at most the shape's.
Header makeHeader(const Shape& shape, const Mix& mix, uint32_t layers);

} // namespace ponder::models::synthetic
