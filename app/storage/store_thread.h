#pragma once
// The one thread that touches the database. run() hands a piece of work to it and brings the result back to the thread
// that asked, unless the object that asked is gone by then. Work is done in the order it was given; the destructor lets
// everything given before it finish. Owns the thread and, on it, the ConversationStore.

#include <functional>
#include <memory>
#include <utility>

#include <QObject>
#include <QPointer>
#include <QThread>

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

    // work: Result<T>(ConversationStore&), on the store's thread. then: void(Result<T>), on this one.
    template <typename Work, typename Then>
    void run(QObject* context, Work work, Then then) {
        QPointer<QObject> guard(context);
        post([this, guard, work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work(*m_store))>(work(*m_store));
            QMetaObject::invokeMethod(this, [guard, result, then = std::move(then)]() mutable {
                if (guard) then(std::move(*result));
            });
        });
    }

signals:
    void opened();
    void failed(const QString& message); // opening did not succeed

private:
    void post(std::function<void()> work);

    QThread m_thread;
    QObject m_worker; // lives on m_thread
    std::unique_ptr<ConversationStore> m_store;
};

} // namespace ponder::app
