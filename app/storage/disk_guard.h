#pragma once
// How much room the disk of the database has, and whether that is little. There is a reserve, so that questions and
// finished answers can still be written when answers in progress no longer are. Values; the thread of the store.

#include <functional>

#include <QString>

namespace ponder::app {

struct DiskSpace {
    qint64 freeBytes = 0, totalBytes = 0;
};

class DiskGuard {
public:
    using Probe = std::function<DiskSpace()>;
    explicit DiskGuard(const QString& path); // of the database; empty: in memory, never low
    explicit DiskGuard(Probe probe) : m_probe(std::move(probe)) {}

    bool roomy();                         // asks the system; false: the reserve is touched
    void sayFull() { m_full = true; }     // a write found no room, whatever the system says (a quota)
    void sayWritten() { m_full = false; } // one did
    bool low() const { return m_full || m_tight; } // as of the last of these calls
    qint64 freeBytes() const { return m_space.freeBytes; }

private:
    Probe m_probe;
    DiskSpace m_space;
    bool m_full = false, m_tight = false;
};

} // namespace ponder::app
