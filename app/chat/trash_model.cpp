#include "app/chat/trash_model.h"

#include <algorithm>

#include "app/format.h"

namespace ponder::app {

namespace {
constexpr int kPage = 100;
}

TrashModel::TrashModel(StoreThread& store, QObject* parent) : QAbstractListModel(parent), m_store(store) {}

QHash<int, QByteArray> TrashModel::roleNames() const {
    return {{ChatRole, "chat"}, {TitleRole, "title"}, {WhenRole, "when"}};
}

QVariant TrashModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ChatRecord& chat = m_chats[static_cast<size_t>(index.row())];
    switch (role) {
    case ChatRole:
        return chat.id;
    case Qt::DisplayRole:
    case TitleRole:
        return chat.title;
    case WhenRole:
        return formatDay(chat.deletedMs);
    default:
        return {};
    }
}

void TrashModel::reload() {
    ++m_generation;
    m_fetching = false;
    m_last = {};
    m_more = true;
    beginResetModel();
    m_chats.clear();
    endResetModel();
    emit countChanged();
    fetchMore({});
}

void TrashModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    m_fetching = true;
    m_store.run(
        this, [last = m_last](ConversationStore& store) { return store.trash(kPage, last); },
        [this, generation = m_generation](Result<std::vector<ChatRecord>> page) {
            if (generation != m_generation) return;
            m_fetching = false;
            m_more = page.ok() && page->size() == kPage;
            if (!page.ok() || page->empty()) return;
            m_last = page->back();
            beginInsertRows({}, count(), count() + static_cast<int>(page->size()) - 1);
            m_chats.insert(m_chats.end(), page->begin(), page->end());
            endInsertRows();
            emit countChanged();
        });
}

void TrashModel::remove(qint64 chat) {
    const auto found =
        std::find_if(m_chats.begin(), m_chats.end(), [chat](const ChatRecord& c) { return c.id == chat; });
    if (found == m_chats.end()) return;
    const int row = static_cast<int>(found - m_chats.begin());
    beginRemoveRows({}, row, row);
    m_chats.erase(found);
    endRemoveRows();
    emit countChanged();
}

} // namespace ponder::app
