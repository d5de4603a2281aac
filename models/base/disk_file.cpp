#include "models/base/disk_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/base/text.h"

namespace ponder {

namespace {

std::string nameOf(const std::filesystem::path& path) { return printable(path.string(), 300); }

Error systemError(const std::filesystem::path& path, std::string_view doing, int number) {
    const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::NotFound : ErrorCode::Io;
    const std::string_view advice = code == ErrorCode::NotFound ? "check its name and folder"
                                    : number == EACCES || number == EPERM
                                        ? "give yourself the right to read it"
                                        : "check the disk and try again";
    return {code,
            fmt::format("{} cannot be {} ({}): {}.", nameOf(path), doing, std::strerror(number), advice)};
}

std::string_view kindOf(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a pipe";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

} // namespace

DiskFile::Identity DiskFile::identityOf(const struct ::stat& status) {
    return {.device = static_cast<uint64_t>(status.st_dev),
            .inode = static_cast<uint64_t>(status.st_ino),
            .sizeBytes = static_cast<uint64_t>(status.st_size),
            .modifiedSeconds = status.st_mtim.tv_sec,
            .modifiedNanoseconds = status.st_mtim.tv_nsec};
}

Result<DiskFile> DiskFile::open(const std::filesystem::path& path) {
    DiskFile file;
    file.m_path = path;
    // Not blocking: a named pipe without a writer would hold us here for ever.
    file.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.m_descriptor < 0) return systemError(path, "opened", errno);
    struct ::stat status {};
    if (::fstat(file.m_descriptor, &status) != 0) return systemError(path, "examined", errno);
    if (!S_ISREG(status.st_mode)) {
        return Error{ErrorCode::Io, fmt::format("{} is {} and not a file: choose a model file (.gguf).",
                                                nameOf(path), kindOf(status.st_mode))};
    }
    file.m_identity = identityOf(status);
    return file;
}

DiskFile::DiskFile(DiskFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_identity(other.m_identity),
      m_descriptor(std::exchange(other.m_descriptor, -1)) {}

DiskFile& DiskFile::operator=(DiskFile&& other) noexcept {
    if (this != &other) {
        close();
        m_path = std::move(other.m_path);
        m_identity = other.m_identity;
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

DiskFile::~DiskFile() { close(); }

void DiskFile::close() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    m_descriptor = -1;
}

Result<void> DiskFile::readAt(uint64_t offset, std::span<std::byte> into) const {
    size_t done = 0;
    while (done < into.size()) {
        const size_t wanted =
            std::min<size_t>(into.size() - done, size_t{1} << 30); // the system takes 2 GiB at most
        const ssize_t got =
            ::pread(m_descriptor, into.data() + done, wanted, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return systemError(m_path, "read", errno);
        if (got == 0) {
            return {
                ErrorCode::Io,
                fmt::format("{} was cut short while in use: it ends at byte {} and {} more were expected; "
                            "get the whole file and load it again.",
                            nameOf(m_path), offset + done, into.size() - done)};
        }
        done += static_cast<size_t>(got);
    }
    return {};
}

Result<void> DiskFile::checkUnchanged() const {
    struct ::stat status {};
    if (::stat(m_path.c_str(), &status) != 0) {
        if (errno == ENOENT) {
            return {ErrorCode::NotFound,
                    fmt::format("{} was deleted or moved while in use: put it back and load it again.",
                                nameOf(m_path))};
        }
        return systemError(m_path, "examined", errno);
    }
    if (identityOf(status) == m_identity) return {};
    return {ErrorCode::Io,
            fmt::format("{} was changed while in use ({} bytes when opened, {} now): load it again.",
                        nameOf(m_path), m_identity.sizeBytes, status.st_size)};
}

} // namespace ponder
