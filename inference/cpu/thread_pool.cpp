#include "inference/cpu/thread_pool.h"

#include <algorithm>
#include <utility>

namespace ponder::cpu {

namespace {

constexpr int kSpins = 20'000; // some 50 µs, longer than what lies between two pieces of a pass

inline void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

// Until the value is no longer `old`.
void await(const std::atomic<uint32_t>& value, uint32_t old) {
    for (int i = 0; i < kSpins; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        relax();
    }
    while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

} // namespace

ThreadPool::ThreadPool(size_t threads) : m_cores(usableCores()) {
    if (threads == 0) threads = m_cores.threads;
    m_size = threads; // a thread asks for it, to know its node
    m_shares = std::vector<Share>(threads);
    try {
        m_threads.reserve(threads - 1);
        for (size_t i = 1; i < threads; ++i) m_threads.emplace_back([this, i] { loop(i); });
    } catch (const std::exception&) { // of the standard library: no further thread, or no memory for one
    }
    m_size = m_threads.size() + 1;
}

ThreadPool::~ThreadPool() {
    m_ending.store(true);
    m_round.fetch_add(1, std::memory_order_release);
    m_round.notify_all();
    for (std::thread& thread : m_threads) thread.join();
}

void ThreadPool::loop(size_t thread) {
    bindToNode(m_cores, nodeOf(m_cores, thread, size()));
    for (uint32_t round = 0;;) {
        await(m_round, round);
        round = m_round.load(std::memory_order_acquire);
        if (m_ending.load()) return;
        call(thread);
        if (m_working.fetch_sub(1, std::memory_order_acq_rel) == 1) m_working.notify_all();
    }
}

void ThreadPool::call(size_t thread) noexcept {
    try {
        (*m_work)(thread);
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        if (!m_failure) m_failure = std::current_exception();
    }
}

void ThreadPool::bindCaller() {
    thread_local const ThreadPool* boundFor = nullptr;
    if (m_cores.nodes.size() < 2 || boundFor == this) return;
    bindToNode(m_cores, nodeOf(m_cores, 0, size()));
    boundFor = this;
}

void ThreadPool::run(const std::function<void(size_t)>& work) {
    if (m_threads.empty()) return work(0);
    bindCaller();
    m_work = &work;
    m_working.store(static_cast<uint32_t>(m_threads.size()), std::memory_order_relaxed);
    m_round.fetch_add(1, std::memory_order_release);
    m_round.notify_all();
    call(0);
    for (uint32_t left; (left = m_working.load(std::memory_order_acquire)) != 0;) await(m_working, left);
    if (m_failure)
        std::rethrow_exception(std::exchange(m_failure, nullptr)); // all have finished: nobody writes to it
}

void ThreadPool::split(size_t count, size_t grain, const std::function<void(size_t, size_t)>& work) {
    const size_t grains = (count + grain - 1) / grain, threads = size();
    if (grains <= 1) {
        if (count > 0) work(0, count);
        return;
    }
    run([&](size_t thread) {
        const size_t begin = grains * thread / threads * grain;
        const size_t end = std::min(count, grains * (thread + 1) / threads * grain);
        if (begin < end) work(begin, end);
    });
}

void ThreadPool::balance(size_t count, size_t grain, const std::function<void(size_t, size_t)>& work) {
    const size_t pieces = (count + grain - 1) / grain, threads = size();
    for (size_t i = 0; i < threads; ++i) {
        m_shares[i].next.store(pieces * i / threads, std::memory_order_relaxed);
        m_shares[i].end = pieces * (i + 1) / threads;
    }
    run([&](size_t thread) {
        for (size_t i = 0; i < threads; ++i) {
            Share& share = m_shares[(thread + i) % threads];
            for (size_t piece; (piece = share.next.fetch_add(1, std::memory_order_relaxed)) < share.end;)
                work(piece * grain, std::min(count, (piece + 1) * grain));
        }
    });
}

} // namespace ponder::cpu
