#include "app/chat/chat_shelf.h"

namespace ponder::app {

ChatShelf::ChatShelf(StoreThread& store, ConversationListModel& list, TrashModel& trash, QObject* parent)
    : QObject(parent), m_store(store), m_list(list), m_trash(trash) {}

void ChatShelf::refused(const Error& error) {
    emit storeFailed(error);
    m_list.reload();
    m_trash.reload();
}

void ChatShelf::rename(qint64 chat, const QString& title) {
    const QString name = title.simplified();
    if (chat == 0 || name.isEmpty()) return;
    m_list.rename(chat, name);
    emit renamed(chat, name);
    m_store.run(
        this, [chat, name](ConversationStore& store) { return store.renameChat(chat, name); },
        [this](Result<void> done) {
            if (!done.ok()) refused(done.error());
        });
}

void ChatShelf::pin(qint64 chat, bool pinned) {
    if (chat == 0) return;
    m_list.setPinned(chat, pinned);
    emit this->pinned(chat, pinned);
    m_store.run(
        this, [chat, pinned](ConversationStore& store) { return store.pinChat(chat, pinned); },
        [this](Result<void> done) {
            if (!done.ok()) refused(done.error());
        });
}

void ChatShelf::throwAway(qint64 chat) {
    if (chat == 0) return;
    m_list.remove(chat);
    m_store.run(
        this,
        [chat](ConversationStore& store) -> Result<QString> {
            ASSIGN_OR_RETURN(const ChatRecord record, store.chat(chat));
            RETURN_IF_ERROR(store.trashChat(chat));
            return record.title;
        },
        [this, chat](Result<QString> title) {
            if (!title.ok()) return refused(title.error());
            setThrown(chat, *title);
            m_trash.reload();
        });
}

void ChatShelf::undo() {
    if (m_thrown != 0) bringBack(m_thrown, true);
}

void ChatShelf::bringBack(qint64 chat, bool undone) {
    if (chat == m_thrown) setThrown(0, {});
    if (!undone) m_trash.remove(chat); // where it was taken from, at once
    m_store.run(
        this,
        [chat](ConversationStore& store) -> Result<ChatRecord> {
            RETURN_IF_ERROR(store.restoreChat(chat));
            return store.chat(chat);
        },
        [this, chat, undone](Result<ChatRecord> record) {
            if (!record.ok()) return refused(record.error());
            m_list.put(*record);
            m_trash.remove(chat);
            emit broughtBack(chat, undone);
        });
}

void ChatShelf::purge(qint64 chat) {
    if (chat == 0) return;
    if (chat == m_thrown) setThrown(0, {});
    m_list.remove(chat);
    m_trash.remove(chat);
    m_store.run(
        this, [chat](ConversationStore& store) { return store.purgeChat(chat); },
        [this](Result<void> done) {
            if (!done.ok()) refused(done.error());
        });
}

void ChatShelf::setThrown(qint64 chat, const QString& title) {
    m_thrown = chat;
    m_thrownTitle = chat == 0 ? QString() : title;
    emit thrownAwayChanged();
}

} // namespace ponder::app
