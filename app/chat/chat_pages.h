#pragma once
// A list of conversations that is read page by page as it is scrolled: what the sidebar and the trash share. A page is asked
// for below the last one that was read, so what comes and goes meanwhile moves none. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include "app/storage/store_thread.h"

namespace ponder::app {

class ChatPages : public QAbstractListModel {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    bool canFetchMore(const QModelIndex& parent) const override {
        return !parent.isValid() && m_more && !m_fetching;
    }
    void fetchMore(const QModelIndex& parent) override;
    int count() const { return static_cast<int>(m_chats.size()); }
    Q_INVOKABLE int rowOf(qint64 chat) const; // -1: not read yet, or not there
    Q_INVOKABLE void reload();
    void remove(qint64 chat);

signals:
    void countChanged();

protected:
    using Page = Result<std::vector<ChatRecord>>;
    // What is on the page after `last`, on the store's thread.
    using ReadPage = Page (*)(ConversationStore& store, int limit, const ChatRecord& last);

    ChatPages(StoreThread& store, ReadPage readPage, QObject* parent);

    const ChatRecord& at(int row) const { return m_chats[static_cast<size_t>(row)]; }
    // Whether a page that is still to come begins below that conversation.
    bool hasMore() const { return m_more && m_last.id != 0; }

    std::vector<ChatRecord> m_chats;
    ChatRecord m_last; // of the pages read so far: what comes after it is not known

private:
    StoreThread& m_store;
    ReadPage m_readPage;
    bool m_more = false, m_fetching = false;
    int m_generation = 0; // pages asked for before a reload are not wanted after it
};

} // namespace ponder::app
