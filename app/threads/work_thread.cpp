#include "app/threads/work_thread.h"

#include <chrono>
#include <utility>

namespace ponder::app {

WorkThread::WorkThread(Idle idle) : m_idle(std::move(idle)), m_thread([this] { work(); }) {}

void WorkThread::post(Task task) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending) return;
        m_tasks.push_back(std::move(task));
    }
    m_posted.notify_one();
}

void WorkThread::finish() { end(false); }
void WorkThread::abandon() { end(true); }

void WorkThread::end(bool drop) {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        if (drop) m_tasks.clear();
    }
    m_posted.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

void WorkThread::work() {
    std::unique_lock lock(m_mutex);
    const auto wanted = [this] { return !m_tasks.empty() || m_ending; };
    for (;;) {
        if (!wanted() && m_idle) {
            lock.unlock();
            const int again = m_idle();
            lock.lock();
            if (again == 0) continue;
            if (again > 0)
                m_posted.wait_for(lock, std::chrono::milliseconds(again), wanted);
            else
                m_posted.wait(lock, wanted);
        } else {
            m_posted.wait(lock, wanted);
        }
        if (m_tasks.empty()) {
            if (m_ending) return;
            continue;
        }
        {
            const Task task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task();
        }
        lock.lock();
    }
}

} // namespace ponder::app
