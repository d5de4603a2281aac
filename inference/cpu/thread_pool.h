#pragma once
// Threads that do one piece of work together, again and again: a forward pass has hundreds of such pieces, microseconds
// apart, so threads wait for the next one spinning for a moment before they sleep. Owns its threads; run() is called by one
// thread at a time, which takes part itself as thread 0.
//
// With several NUMA nodes each thread stays on the cores of one (which of them, the system chooses), the caller of run()
// too, from its first call on. split() gives thread i the same share of the same count every time, and balance() begins with that
// share but for a piece or two: memory that is first written in a split over rows lies on the node of the thread that will read
// most of those rows.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "inference/cpu/cores.h"

namespace ponder::cpu {

class ThreadPool {
public:
    // 0: one for each core that this process may use and its quota pays for; fewer where the system gives no more.
    explicit ThreadPool(size_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    size_t size() const { return m_size; }
    // Calls work(0) … work(size() - 1), each on its own thread, and returns when all are done. What one of them throws
    // (std::bad_alloc, from the standard library) is thrown here then.
    void run(const std::function<void(size_t thread)>& work);
    // Calls work(begin, end) so that [0, count) is covered once, in even shares that are multiples of `grain`.
    void split(size_t count, size_t grain, const std::function<void(size_t begin, size_t end)>& work);
    // The same, piece by piece of `grain`: each thread does its share, then what others have not begun of theirs. For long work
    // whose threads do not come along alike, as two that share a core or one that the system interrupts.
    void balance(size_t count, size_t grain, const std::function<void(size_t begin, size_t end)>& work);

private:
    struct alignas(64) Share { // of a thread, in pieces
        std::atomic<size_t> next{0};
        size_t end = 0;
    };
    void loop(size_t thread);
    void bindCaller();
    void call(size_t thread) noexcept; // *m_work

    Cores m_cores;
    std::atomic<size_t> m_size{1};      // threads that were started, and the caller
    std::atomic<uint32_t> m_round{0};   // a new number: there is work
    std::atomic<uint32_t> m_working{0}; // threads that have not finished this round
    std::atomic<bool> m_ending{false};
    const std::function<void(size_t)>* m_work = nullptr;
    std::mutex m_mutex; // of m_failure
    std::exception_ptr m_failure;
    std::vector<Share> m_shares; // by thread, of balance()
    std::vector<std::thread> m_threads;
};

} // namespace ponder::cpu
