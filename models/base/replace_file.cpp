#include "models/base/replace_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <fmt/format.h>

namespace ponder {

namespace {

bool writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<size_t>(wrote));
    }
    return true;
}

} // namespace

bool replaceFile(const std::filesystem::path& path, std::initializer_list<std::string_view> parts) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    const std::string beside = fmt::format("{}.{}", path.string(), ::getpid());
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return false;
    const bool wrote = std::all_of(parts.begin(), parts.end(),
                                   [&](std::string_view part) { return writeAll(descriptor, part); }) &&
                       ::fsync(descriptor) == 0;
    const int writing = errno;
    ::close(descriptor);
    if (wrote && std::rename(beside.c_str(), path.c_str()) == 0) return true;
    const int reason = wrote ? errno : writing;
    ::unlink(beside.c_str());
    errno = reason;
    return false;
}

} // namespace ponder
