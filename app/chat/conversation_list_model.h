#pragma once
// The conversations of the sidebar, newest first below the pinned ones, read page by page as the list is scrolled; what
// was said in them is never read for it. GUI thread.

#include <QSet>
#include <QTimer>

#include "app/chat/chat_pages.h"

namespace ponder::app {

// Qualified, for the types that QML knows are found by their full names.
class ConversationListModel : public ponder::app::ChatPages {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
public:
    // group: "Pinned", "Today", … live: it is being answered.
    enum Role { ChatRole = Qt::UserRole + 1, TitleRole, GroupRole, PinnedRole, LiveRole };
    Q_ENUM(Role)

    explicit ConversationListModel(StoreThread& store, QObject* parent = nullptr);

    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    void put(const ChatRecord& chat); // new, or changed: moves to where it belongs
    void touch(qint64 chat, qint64 updatedMs);
    void rename(qint64 chat, const QString& title);
    void setPinned(qint64 chat, bool pinned);
    void setLive(qint64 chat, bool live);
    Q_INVOKABLE bool isPinned(qint64 chat) const {
        const int row = rowOf(chat);
        return row >= 0 && m_chats[static_cast<size_t>(row)].pinned;
    }

private:
    template <typename Change>
    void change(qint64 chat, Change how); // of a row that is there
    QString groupOf(const ChatRecord& chat) const;
    void waitForMidnight(); // when "today" becomes "yesterday"

    QSet<qint64> m_live;
    QTimer m_midnight;
};

} // namespace ponder::app
