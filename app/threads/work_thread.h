#pragma once
// A thread that does what it is given, in order, and something else when there is nothing. Owns the thread; any other
// may post.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace ponder::app {

class WorkThread {
public:
    using Task = std::function<void()>;
    // Called on the thread whenever it has nothing to do. Returns after how many milliseconds it wants to be called again
    // if nothing is posted before; below 0: not until then.
    using Idle = std::function<int()>;

    explicit WorkThread(Idle idle = {});
    ~WorkThread() { finish(); }

    void post(Task task); // after finish() has begun: dropped
    void finish();        // what was posted is done, and the thread has ended
    void abandon();       // what was posted and has not begun is dropped, and the thread has ended

private:
    void work();
    void end(bool drop);

    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<Task> m_tasks; // guarded by m_mutex
    bool m_ending = false;    // guarded by m_mutex
    Idle m_idle;
    std::thread m_thread; // last: runs when all the rest is there
};

} // namespace ponder::app
