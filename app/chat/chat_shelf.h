#pragma once
// What is done to whole conversations: named, pinned, thrown away, brought back, deleted for good. Keeps the sidebar's
// list and the trash in step with the store: what the store refuses is shown as it was. GUI thread.

#include <QObject>

#include "app/chat/conversation_list_model.h"
#include "app/chat/trash_model.h"

namespace ponder::app {

class ChatShelf : public QObject {
    Q_OBJECT
public:
    ChatShelf(StoreThread& store, ConversationListModel& list, TrashModel& trash, QObject* parent = nullptr);

    void rename(qint64 chat, const QString& title); // an empty one is not taken
    void pin(qint64 chat, bool pinned);
    void throwAway(qint64 chat);
    void undo(); // the last throwAway()
    void bringBack(qint64 chat) { bringBack(chat, false); }
    void purge(qint64 chat);
    const QString& thrownAway() const { return m_thrownTitle; } // the title of what undo() brings back

signals:
    void renamed(qint64 chat, const QString& title);
    void pinned(qint64 chat, bool pinned);
    void thrownAwayChanged();
    void broughtBack(qint64 chat, bool undone);
    void storeFailed(const ponder::Error& error);

private:
    void bringBack(qint64 chat, bool undone);
    void setThrown(qint64 chat, const QString& title);
    void refused(const Error& error);

    StoreThread& m_store;
    ConversationListModel& m_list;
    TrashModel& m_trash;
    qint64 m_thrown = 0;
    QString m_thrownTitle;
};

} // namespace ponder::app
