#pragma once
// A regular file, open for reading, with its size and a read-only mapping that is made when first asked for.
// Owns descriptor and mapping; move-only. readAt may be called from any thread, and so may bytes() after its first call.
//
// A mapping of a file that somebody cuts short is a SIGBUS when touched: whatever must survive that reads with readAt.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "models/base/byte_source.h"

struct stat;

namespace ponder {

class MappedFile final : public ByteSource {
public:
    // Errors: NotFound, Io (a folder or device, no permission ...).
    static Result<MappedFile> open(const std::filesystem::path& path);

    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile() override;

    const std::filesystem::path& path() const override { return m_path; }
    uint64_t sizeBytes() const override { return m_identity.sizeBytes; } // when it was opened
    int descriptor() const { return m_descriptor; }

    Result<void> map();                                // reserves addresses, reads nothing; done once
    std::span<const std::byte> bytes() const override; // (sizeBytes), empty before map()

    // Fills `into` from `offset`; an error when the file gives less.
    Result<void> readAt(uint64_t offset, std::span<std::byte> into) const override;
    // Whether the path still leads to the same file, of the same size and time: NotFound or Io otherwise.
    Result<void> checkUnchanged() const override;

private:
    struct Identity {
        uint64_t device = 0, inode = 0, sizeBytes = 0;
        int64_t modifiedSeconds = 0, modifiedNanoseconds = 0;
        bool operator==(const Identity&) const = default;
    };
    MappedFile() = default;
    static Identity identityOf(const struct ::stat& status);
    void close();

    std::filesystem::path m_path;
    Identity m_identity;
    int m_descriptor = -1;
    void* m_mapping = nullptr;
};

} // namespace ponder
