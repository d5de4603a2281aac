#pragma once
// The conversations of the sidebar, newest first below the pinned ones, read page by page as the list is scrolled; what
// was said in them is never read for it. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QSet>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/storage/store_thread.h"

namespace ponder::app {

class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    // group: "Pinned", "Today", … live: it is being answered.
    enum Role { ChatRole = Qt::UserRole + 1, TitleRole, GroupRole, PinnedRole, LiveRole };
    Q_ENUM(Role)

    explicit ConversationListModel(StoreThread& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex& parent) const override {
        return !parent.isValid() && m_more && !m_fetching;
    }
    void fetchMore(const QModelIndex& parent) override;
    int count() const { return static_cast<int>(m_chats.size()); }
    Q_INVOKABLE int rowOf(qint64 chat) const; // -1: not read yet, or not there

    void reload();
    void put(const ChatRecord& chat); // new, or changed: moves to where it belongs
    void touch(qint64 chat, qint64 updatedMs);
    void rename(qint64 chat, const QString& title);
    void setPinned(qint64 chat, bool pinned);
    void remove(qint64 chat);
    void setLive(qint64 chat, bool live);
    Q_INVOKABLE bool isPinned(qint64 chat) const {
        const int row = rowOf(chat);
        return row >= 0 && m_chats[static_cast<size_t>(row)].pinned;
    }

signals:
    void countChanged();

private:
    QString groupOf(const ChatRecord& chat) const;
    void waitForMidnight(); // when "today" becomes "yesterday"

    StoreThread& m_store;
    std::vector<ChatRecord> m_chats;
    QSet<qint64> m_live;
    ChatRecord m_last; // of the pages read so far: what comes after it is not known
    bool m_more = false, m_fetching = false;
    int m_generation = 0; // pages asked for before a reload are not wanted after it
    QTimer m_midnight;
};

} // namespace ponder::app
