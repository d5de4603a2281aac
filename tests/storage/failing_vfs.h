#pragma once
// A file system for SQLite on which writing fails when a test says so, as on a full disk; everything else is done by the
// ordinary one. While it lives it is the one that databases are opened with. One at a time, one thread.

#include <memory>

namespace ponder::app::testing {

class FailingVfs {
public:
    FailingVfs();
    ~FailingVfs();
    FailingVfs(const FailingVfs&) = delete;
    FailingVfs& operator=(const FailingVfs&) = delete;

    // From now on: the n-th write (1, 2, …) finds no room; with `forGood` all after it, too.
    void failAt(int n, bool forGood);
    void makeRoom();
    int writes() const; // since failAt()
    bool failed() const;
};

} // namespace ponder::app::testing
