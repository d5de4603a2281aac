#include "app/storage/disk_guard.h"

#include <algorithm>
#include <limits>

#include <sys/statvfs.h>

#include <QFile>
#include <QFileInfo>

namespace ponder::app {

namespace {

constexpr qint64 kMiB = 1024 * 1024;
constexpr qint64 kReserve = 64 * kMiB; // on a large disk
constexpr qint64 kLeastReserve = kMiB; // on a tiny one, else a twentieth of it

qint64 reserve(const DiskSpace& space) { return std::clamp(space.totalBytes / 20, kLeastReserve, kReserve); }

} // namespace

DiskGuard::DiskGuard(const QString& path) {
    constexpr qint64 kPlenty = std::numeric_limits<qint64>::max() / 4;
    if (path.isEmpty()) {
        m_probe = [] { return DiskSpace{kPlenty, kPlenty}; };
        return;
    }
    m_probe = [folder = QFile::encodeName(QFileInfo(path).absolutePath())] {
        struct statvfs status {};
        if (statvfs(folder.constData(), &status) != 0)
            return DiskSpace{kPlenty, kPlenty}; // the write will tell
        const auto block = static_cast<qint64>(status.f_frsize);
        return DiskSpace{static_cast<qint64>(status.f_bavail) * block,
                         static_cast<qint64>(status.f_blocks) * block};
    };
}

bool DiskGuard::roomy() {
    m_space = m_probe();
    // Twice as much to leave the state as to enter it, so that it does not flicker.
    m_tight = m_space.freeBytes < reserve(m_space) * (m_tight ? 2 : 1);
    return !m_tight;
}

} // namespace ponder::app
