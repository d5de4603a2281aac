#pragma once
// A weight matrix or vector as kernels address it: by device address, in the format of the file. A tensor larger than one
// allocation spans arenas by rows, hence segments. Values that own nothing: valid as long as the Weights or the AddressTable
// whose memory they name; any thread.

#include <cstdint>
#include <vector>

#include "models/quant_type.h"

namespace ponder::kernels {

struct WeightSegment {
    uint32_t firstRow = 0;
    uint32_t rows = 0;
    uint64_t address = 0; // device address of its first row; 16-byte aligned
};

struct Weight {
    models::QuantType type = models::QuantType::F32;
    uint32_t rows = 0;
    uint32_t columns = 0;
    uint64_t rowBytes = 0;
    std::vector<WeightSegment> segments; // in order of rows, without gaps; usually one

    explicit operator bool() const { return !segments.empty(); }
    uint64_t address() const { return segments.front().address; } // of vectors, which never span
    uint64_t sizeBytes() const { return rowBytes * rows; }
};

// Matrices of one shape that a kernel picks from by number: the experts of a tensor, or the heads of one. Each has an address
// of its own, in a table on the device, so that experts may lie wherever there was room and be moved.
struct ExpertWeight {
    models::QuantType type = models::QuantType::F32;
    uint32_t experts = 0;
    uint32_t rows = 0; // of one
    uint32_t columns = 0;
    uint64_t rowBytes = 0;
    uint64_t table = 0; // device address of uint64 [experts]: device addresses, 16-byte aligned if rows are

    explicit operator bool() const { return table != 0; }
};

} // namespace ponder::kernels
