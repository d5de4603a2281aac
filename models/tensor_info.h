#pragma once
// One tensor of a model file: where its bytes are, which GgufFile guarantees to be inside the file. A value; no threads.

#include <array>
#include <cstdint>
#include <string>

#include "models/quant_type.h"

namespace ponder::models {

struct TensorInfo {
    std::string name;
    QuantType type = QuantType::F32;
    uint32_t n_dims = 0;
    std::array<uint64_t, 4> shape{1, 1, 1,
                                  1}; // as in the file: shape[0] is contiguous (the columns of a matrix)
    uint32_t shard = 0;               // which file of the set
    uint64_t offset = 0;              // bytes from the start of that file
    uint64_t sizeBytes = 0;

    uint64_t columns() const { return shape[0]; }
    uint64_t rows() const { return shape[1] * shape[2] * shape[3]; } // no overflow: checked when read
    uint64_t values() const { return columns() * rows(); }
    uint64_t rowBytes() const { return sizeBytes / rows(); }
};

} // namespace ponder::models
