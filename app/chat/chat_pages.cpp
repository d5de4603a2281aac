#include "app/chat/chat_pages.h"

#include <algorithm>

namespace ponder::app {

namespace {
constexpr int kPage = 100;
}

ChatPages::ChatPages(StoreThread& store, ReadPage readPage, QObject* parent)
    : QAbstractListModel(parent), m_store(store), m_readPage(readPage) {}

void ChatPages::reload() {
    beginResetModel();
    m_chats.clear();
    endResetModel();
    emit countChanged();
    ++m_generation;
    m_last = {};
    m_more = true;
    m_fetching = false;
    fetchMore({});
}

void ChatPages::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    m_fetching = true;
    m_store.run(
        this,
        [last = m_last, readPage = m_readPage](ConversationStore& store) {
            return readPage(store, kPage, last);
        },
        [this, generation = m_generation](Page page) {
            if (generation != m_generation) return;
            m_fetching = false;
            m_more = page.ok() && page->size() == kPage;
            if (!page.ok() || page->empty()) return;
            m_last = page->back();
            // What came meanwhile may be on the page, too.
            std::erase_if(*page, [this](const ChatRecord& chat) { return rowOf(chat.id) >= 0; });
            if (page->empty()) return fetchMore({});
            beginInsertRows({}, count(), count() + static_cast<int>(page->size()) - 1);
            m_chats.insert(m_chats.end(), page->begin(), page->end());
            endInsertRows();
            emit countChanged();
        });
}

int ChatPages::rowOf(qint64 chat) const {
    const auto found =
        std::find_if(m_chats.begin(), m_chats.end(), [chat](const ChatRecord& c) { return c.id == chat; });
    return found == m_chats.end() ? -1 : static_cast<int>(found - m_chats.begin());
}

void ChatPages::remove(qint64 chat) {
    const int row = rowOf(chat);
    if (row < 0) return;
    beginRemoveRows({}, row, row);
    m_chats.erase(m_chats.begin() + row);
    endRemoveRows();
    emit countChanged();
}

} // namespace ponder::app
