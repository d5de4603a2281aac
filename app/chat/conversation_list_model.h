#pragma once
// The conversations of the sidebar, newest first below the pinned ones, read page by page as the list is scrolled; what
// was said in them is never read for it. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include "app/storage/store_thread.h"

namespace ponder::app {

class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    enum Role { ChatRole = Qt::UserRole + 1, TitleRole, GroupRole, PinnedRole, LiveRole };

    explicit ConversationListModel(StoreThread& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex& parent) const override {
        return !parent.isValid() && m_more && !m_fetching;
    }
    void fetchMore(const QModelIndex& parent) override;
    int count() const { return static_cast<int>(m_chats.size()); }

    void reload();
    void put(const ChatRecord& chat); // new, or changed: moves to where it belongs
    void setLive(qint64 chat);        // the one that is being answered, 0: none

signals:
    void countChanged();

private:
    QString groupOf(const ChatRecord& chat) const;
    int rowOf(qint64 chat) const;

    StoreThread& m_store;
    std::vector<ChatRecord> m_chats;
    qint64 m_live = 0;
    bool m_more = false, m_fetching = false;
    int m_generation = 0; // pages asked for before a reload are not wanted after it
};

} // namespace ponder::app
