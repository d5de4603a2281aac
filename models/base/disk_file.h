#pragma once
// A regular file on disk, open for reading: read and never mapped, for a mapping of a file that somebody cuts short is a
// SIGBUS when touched. Owns the descriptor; move-only. Any thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "models/base/byte_source.h"

struct stat;

namespace ponder {

class DiskFile final : public ByteSource {
public:
    // Errors: NotFound, Io (a folder or device, no permission ...).
    static Result<DiskFile> open(const std::filesystem::path& path);

    DiskFile(DiskFile&& other) noexcept;
    DiskFile& operator=(DiskFile&& other) noexcept;
    DiskFile(const DiskFile&) = delete;
    DiskFile& operator=(const DiskFile&) = delete;
    ~DiskFile() override;

    const std::filesystem::path& path() const override { return m_path; }
    uint64_t sizeBytes() const override { return m_identity.sizeBytes; } // when it was opened
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
    DiskFile() = default;
    static Identity identityOf(const struct ::stat& status);
    void close();

    std::filesystem::path m_path;
    Identity m_identity;
    int m_descriptor = -1;
};

} // namespace ponder
