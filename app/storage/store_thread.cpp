#include "app/storage/store_thread.h"

namespace ponder::app {

StoreThread::StoreThread(QObject* parent) : QObject(parent), m_thread([this] { work(); }) {}

void StoreThread::open(const QString& path) {
    post([this, path] {
        auto store = ConversationStore::open(path);
        if (!store.ok()) {
            answer([this, message = QString::fromStdString(store.error().message)] { emit failed(message); });
            store = ConversationStore::open(QString());
            PONDER_CHECK(store.ok()); // an empty schema in memory: only a broken program fails here
        }
        m_store = std::make_unique<ConversationStore>(std::move(store).value());
        answer([this] { emit opened(); });
    });
}

void StoreThread::restoreBackup(const QString& path) {
    answer([this, path] { emit failed(tr("%1 could not be put back").arg(path)); });
}

StoreThread::~StoreThread() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_posted.notify_one();
    m_thread.join();
}

void StoreThread::post(Task work) {
    {
        const std::lock_guard lock(m_mutex);
        m_work.push_back(std::move(work));
    }
    m_posted.notify_one();
}

// The event is made under the lock that deliver() takes, so that its memory, too, is handed over in sight of sanitizers.
void StoreThread::answer(Task reply) {
    const std::lock_guard lock(m_mutex);
    m_answers.push_back(std::move(reply));
    QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
}

void StoreThread::deliver() {
    std::unique_lock lock(m_mutex);
    if (m_answers.empty()) return;
    const Task reply = std::move(m_answers.front());
    m_answers.pop_front();
    lock.unlock();
    reply();
}

void StoreThread::work() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_posted.wait(lock, [this] { return !m_work.empty() || m_ending; });
        if (m_work.empty()) break; // ending, and everything given is done
        {
            const Task task = std::move(m_work.front());
            m_work.pop_front();
            lock.unlock();
            task();
        }
        lock.lock();
    }
    lock.unlock();
    m_store.reset(); // the database is closed by the thread that used it
}

} // namespace ponder::app
