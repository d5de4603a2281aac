#pragma once
// The conversations in the trash, the last thrown away first, read page by page. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include "app/storage/store_thread.h"

namespace ponder::app {

class TrashModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    enum Role { ChatRole = Qt::UserRole + 1, TitleRole, WhenRole }; // when: thrown away "3 May", for people
    Q_ENUM(Role)

    explicit TrashModel(StoreThread& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex& parent) const override {
        return !parent.isValid() && m_more && !m_fetching;
    }
    void fetchMore(const QModelIndex& parent) override;
    int count() const { return static_cast<int>(m_chats.size()); }

    Q_INVOKABLE void reload(); // what a page that shows the trash begins with
    void remove(qint64 chat);  // brought back, or gone

signals:
    void countChanged();

private:
    StoreThread& m_store;
    std::vector<ChatRecord> m_chats;
    ChatRecord m_last; // of the pages read so far
    bool m_more = false, m_fetching = false;
    int m_generation = 0; // pages asked for before a reload are not wanted after it
};

} // namespace ponder::app
