#include "app/threads/mailbox.h"

#include <utility>

namespace ponder::app {

// The event is made under the lock that deliver() takes, so that its memory, too, is handed over in sight of sanitizers.
void Mailbox::post(Task task) {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
    QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
}

void Mailbox::deliver() {
    std::unique_lock lock(m_mutex);
    const Task task = std::move(m_tasks.front());
    m_tasks.pop_front();
    lock.unlock();
    task();
}

} // namespace ponder::app
