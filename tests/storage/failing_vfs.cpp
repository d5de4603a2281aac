#include "tests/storage/failing_vfs.h"

#include <cstring>
#include <vector>

#include <sqlite3.h>

#include <doctest/doctest.h>

namespace ponder::app::testing {

namespace {

sqlite3_vfs* g_real = nullptr;
sqlite3_vfs g_shim;
int g_writes = 0, g_failAt = 0;
bool g_forGood = false, g_failed = false;

struct File {
    sqlite3_file base;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* own(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* realOf(sqlite3_file* file) { return own(file)->real(); }
const sqlite3_io_methods* methodsOf(sqlite3_file* file) { return realOf(file)->pMethods; }

bool noRoom() {
    ++g_writes;
    const bool fails = g_failAt > 0 && (g_writes == g_failAt || (g_forGood && g_writes > g_failAt));
    g_failed = g_failed || fails;
    return fails;
}

int closeFile(sqlite3_file* f) {
    const int result = methodsOf(f)->xClose(realOf(f));
    f->pMethods = nullptr;
    return result;
}
int readFile(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
    return methodsOf(f)->xRead(realOf(f), to, n, at);
}
int writeFile(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
    if (noRoom()) return SQLITE_FULL;
    return methodsOf(f)->xWrite(realOf(f), from, n, at);
}
int truncateFile(sqlite3_file* f, sqlite3_int64 n) { return methodsOf(f)->xTruncate(realOf(f), n); }
int syncFile(sqlite3_file*, int) { return SQLITE_OK; } // nobody pulls the plug here, and it takes long
int sizeOfFile(sqlite3_file* f, sqlite3_int64* n) { return methodsOf(f)->xFileSize(realOf(f), n); }
int lockFile(sqlite3_file* f, int l) { return methodsOf(f)->xLock(realOf(f), l); }
int unlockFile(sqlite3_file* f, int l) { return methodsOf(f)->xUnlock(realOf(f), l); }
int checkLock(sqlite3_file* f, int* l) { return methodsOf(f)->xCheckReservedLock(realOf(f), l); }
int control(sqlite3_file* f, int op, void* a) { return methodsOf(f)->xFileControl(realOf(f), op, a); }
int sectorSize(sqlite3_file* f) { return methodsOf(f)->xSectorSize(realOf(f)); }
int traits(sqlite3_file* f) { return methodsOf(f)->xDeviceCharacteristics(realOf(f)); }
int shmMap(sqlite3_file* f, int page, int n, int extend, void volatile** to) {
    return methodsOf(f)->xShmMap(realOf(f), page, n, extend, to);
}
int shmLock(sqlite3_file* f, int at, int n, int flags) {
    return methodsOf(f)->xShmLock(realOf(f), at, n, flags);
}
void shmBarrier(sqlite3_file* f) { methodsOf(f)->xShmBarrier(realOf(f)); }
int shmUnmap(sqlite3_file* f, int drop) { return methodsOf(f)->xShmUnmap(realOf(f), drop); }

const sqlite3_io_methods kMethods{2,          closeFile,  readFile, writeFile,  truncateFile,
                                  syncFile,   sizeOfFile, lockFile, unlockFile, checkLock,
                                  control,    sectorSize, traits,   shmMap,     shmLock,
                                  shmBarrier, shmUnmap,   nullptr,  nullptr};

int openFile(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* f, int flags, int* out) {
    f->pMethods = nullptr;
    const int result = g_real->xOpen(g_real, name, realOf(f), flags, out);
    if (realOf(f)->pMethods) f->pMethods = &kMethods;
    return result;
}

} // namespace

FailingVfs::FailingVfs() {
    g_real = sqlite3_vfs_find(nullptr);
    g_shim = *g_real;
    g_shim.pNext = nullptr;
    g_shim.zName = "failing";
    g_shim.szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
    g_shim.xOpen = openFile; // the others are given the shim and use nothing of it
    REQUIRE(sqlite3_vfs_register(&g_shim, 1) == SQLITE_OK);
    makeRoom();
}

FailingVfs::~FailingVfs() {
    sqlite3_vfs_unregister(&g_shim);
    sqlite3_vfs_register(g_real, 1);
}

void FailingVfs::failAt(int n, bool forGood) {
    g_writes = 0;
    g_failAt = n;
    g_forGood = forGood;
    g_failed = false;
}

void FailingVfs::makeRoom() { failAt(0, false); }
int FailingVfs::writes() const { return g_writes; }
bool FailingVfs::failed() const { return g_failed; }

} // namespace ponder::app::testing
