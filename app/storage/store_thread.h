#pragma once
// The one thread that touches the database. run() hands a piece of work to it and brings the result back to the thread
// that asked, unless the object that asked is gone by then. Work is done in the order it was given; the destructor lets
// everything given before it finish. Owns the thread and, on it, the ConversationStore.
//
// Work and results pass through queues of our own: ThreadSanitizer does not see how Qt's events synchronize.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <QObject>
#include <QPointer>

#include "app/storage/conversation_store.h"

namespace ponder::app {

class StoreThread : public QObject {
    Q_OBJECT
public:
    explicit StoreThread(QObject* parent = nullptr);
    ~StoreThread() override;

    // Before the first run(). An empty path: in memory. What the store says to being opened comes with opened(); when it
    // could not be opened, conversations go on in memory, so that the window can be used, and are gone with it.
    void open(const QString& path);

    // Puts that copy in the place of the database, which is kept beside it; what was said meanwhile is carried over. Ends
    // with restored() or failed().
    void restoreBackup(const QString& path);

    // work: Result<T>(ConversationStore&), on the store's thread. then: void(Result<T>), on this one.
    template <typename Work, typename Then>
    void run(QObject* context, Work work, Then then) {
        QPointer<QObject> guard(context);
        post([this, guard, work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work(*m_store))>(work(*m_store));
            answer([guard, result, then = std::move(then)]() mutable {
                if (guard) then(std::move(*result));
            });
        });
    }

signals:
    void opened();
    void failed(const QString& message); // opening did not succeed
    // Below the reserve: an answer in progress is no longer written each second, questions and finished answers are.
    void diskLow(qint64 freeBytes);
    void diskEnough(); // and what was held back is written
    // The database cannot be trusted; the copies that could take its place, the newest first.
    void damaged(const QString& sentence, const QStringList& backups);
    void restored(); // everything shown must be read again

private slots:
    void deliver(); // by name from the store's thread: does what answer() was given

private:
    using Task = std::function<void()>;
    void post(Task work);    // to the store's thread
    void answer(Task reply); // from the store's thread to this object's
    void work();             // the store's thread

    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<Task> m_work;                    // guarded by m_mutex
    std::deque<Task> m_answers;                 // guarded by m_mutex
    bool m_ending = false;                      // guarded by m_mutex
    std::unique_ptr<ConversationStore> m_store; // of the store's thread
    std::thread m_thread;                       // last: runs when all the rest is there
};

} // namespace ponder::app
