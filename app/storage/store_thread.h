#pragma once
// The one thread that touches the database. run() hands a piece of work to it and brings the result back to the thread
// that asked, unless the object that asked is gone by then. Work is done in the order it was given; the destructor lets
// everything given before it finish. Owns the thread and, on it, the ConversationStore.
//
// When nothing is asked for a while, it does the store's upkeep in short steps. What takes longer and needs no order, the
// check of the file, the daily copy and clearing the backups, is done by a second thread, which only reads the database.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include <QObject>
#include <QPointer>
#include <QStringList>

#include "app/storage/conversation_store.h"
#include "app/threads/mailbox.h"
#include "app/threads/work_thread.h"

namespace ponder::app {

class StoreThread : public QObject {
    Q_OBJECT
public:
    explicit StoreThread(QObject* parent = nullptr);
    ~StoreThread() override;

    // Before open(): how long after it nothing but what is asked is done, for the window to come up.
    void setQuietMs(int quiet) { m_quietMs = quiet; }

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
        m_work.post([this, guard, work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work(*m_store))>(work(*m_store));
            tellState();
            m_answers.post([guard, result, then = std::move(then)]() mutable {
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
    // Something was deleted for good, and so many files kept of a damaged database could not be cleared of it.
    void keptRemoved(int copies);

private:
    // On the store's thread.
    void openStore(const QString& path);
    void putBack(const QString& backup);
    void tellState();
    void tellDamage(const QString& flaw);
    int idle();
    void lookAfterFiles();

    Mailbox m_answers; // from the store's threads to this object's
    std::atomic<bool> m_ending{false};
    int m_quietMs = 1500;

    // Of the store's thread.
    std::unique_ptr<ConversationStore> m_store;
    QString m_path;
    std::chrono::steady_clock::time_point m_quietUntil, m_clearAgain;
    int m_opening = 0;       // how many files have stood at the path
    bool m_started = false;  // the work of every start: emptying the trash, the check, the daily copy
    bool m_clearing = false; // the second thread is at the backups
    bool m_low = false, m_toldDamage = false;

    WorkThread m_work;   // the store's
    WorkThread m_beside; // the second
};

} // namespace ponder::app
