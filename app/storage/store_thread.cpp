#include "app/storage/store_thread.h"

namespace ponder::app {

StoreThread::StoreThread(QObject* parent) : QObject(parent) {
    m_thread.setObjectName(QStringLiteral("store"));
    m_worker.moveToThread(&m_thread);
    m_thread.start();
}

void StoreThread::open(const QString& path) {
    post([this, path] {
        auto store = ConversationStore::open(path);
        if (!store.ok()) {
            emit failed(QString::fromStdString(store.error().message));
            store = ConversationStore::open(QString());
            PONDER_CHECK(store.ok()); // an empty schema in memory: only a broken program fails here
        }
        m_store = std::make_unique<ConversationStore>(std::move(store).value());
        emit opened();
    });
}

StoreThread::~StoreThread() {
    // Behind everything that was posted before: quit() from here would overtake it.
    post([this] {
        m_store.reset();
        QThread::currentThread()->quit();
    });
    m_thread.wait();
}

void StoreThread::post(std::function<void()> work) {
    QMetaObject::invokeMethod(&m_worker, std::move(work), Qt::QueuedConnection);
}

} // namespace ponder::app
