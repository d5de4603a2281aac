#pragma once
// Where the bytes of a model file come from: a file on disk (disk_file.h), or weights that are made up as they are asked for
// (models/synthetic). Reading may happen from any thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "models/base/result.h"

namespace ponder {

class ByteSource {
public:
    virtual ~ByteSource() = default;

    virtual const std::filesystem::path& path() const = 0; // or the name that it was asked for by
    virtual uint64_t sizeBytes() const = 0;
    // Fills `into` from `offset`; an error when there is less. It only writes there: `into` may be mapped memory of a card,
    // of which each read goes over the link.
    virtual Result<void> readAt(uint64_t offset, std::span<std::byte> into) const = 0;
    virtual Result<void> checkUnchanged() const = 0; // since it was opened
};

} // namespace ponder
