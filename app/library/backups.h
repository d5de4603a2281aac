#pragma once
// The copies of the database that stand beside it, the newest first, and putting one in its place. Reads the folder on the
// store's thread; GUI thread.

#include <QObject>
#include <QtQml/qqmlregistration.h>
#include <QVariantList>

#include "app/storage/store_thread.h"

namespace ponder::app {

class Backups : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QVariantList rows READ rows NOTIFY changed) // of {path, when, size}
public:
    explicit Backups(StoreThread& store, QObject* parent = nullptr) : QObject(parent), m_store(store) {}

    QVariantList rows() const { return m_rows; }
    Q_INVOKABLE void read();
    Q_INVOKABLE void restore(const QString& path) { m_store.restoreBackup(path); }

signals:
    void changed();

private:
    StoreThread& m_store;
    QVariantList m_rows;
};

} // namespace ponder::app
