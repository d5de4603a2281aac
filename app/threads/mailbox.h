#pragma once
// Brings work from any thread to the one that the mailbox lives on, in order. What is posted and not yet done when the
// mailbox goes is dropped; whoever posts must have ended by then.
//
// The queue is our own and Qt only wakes the thread: ThreadSanitizer does not see how Qt's events synchronize.

#include <deque>
#include <functional>
#include <mutex>

#include <QObject>

namespace ponder::app {

class Mailbox : public QObject {
    Q_OBJECT
public:
    using Task = std::function<void()>;

    void post(Task task); // any thread

private slots:
    void deliver(); // by name, once for each task

private:
    std::mutex m_mutex;
    std::deque<Task> m_tasks; // guarded by m_mutex
};

} // namespace ponder::app
