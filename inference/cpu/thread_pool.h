#pragma once
// Threads that do one piece of work together, again and again: a forward pass has hundreds of such pieces, microseconds
// apart, so threads wait for the next one spinning for a moment before they sleep. Owns its threads; run() is called by one
// thread at a time, which takes part itself.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace ponder::cpu {

class ThreadPool {
public:
    explicit ThreadPool(size_t threads); // 0: one for each core that this process may use
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    size_t size() const { return m_threads.size() + 1; }
    // Calls work(0) … work(size() - 1), each on its own thread, and returns when all are done.
    void run(const std::function<void(size_t thread)>& work);
    // Calls work(begin, end) so that [0, count) is covered once, in even shares that are multiples of `grain`.
    void split(size_t count, size_t grain, const std::function<void(size_t begin, size_t end)>& work);

private:
    void loop(size_t thread);

    std::atomic<uint32_t> m_round{0};   // a new number: there is work
    std::atomic<uint32_t> m_working{0}; // threads that have not finished this round
    std::atomic<bool> m_ending{false};
    const std::function<void(size_t)>* m_work = nullptr;
    std::vector<std::thread> m_threads;
};

} // namespace ponder::cpu
