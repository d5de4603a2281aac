#include "app/chat/conversation_list_model.h"

#include <algorithm>
#include <tuple>

#include <QDateTime>

namespace ponder::app {

namespace {
constexpr int kPage = 100;

bool before(const ChatRecord& a, const ChatRecord& b) {
    return std::tuple(a.pinned, a.updatedMs, a.id) > std::tuple(b.pinned, b.updatedMs, b.id);
}
} // namespace

ConversationListModel::ConversationListModel(StoreThread& store, QObject* parent)
    : QAbstractListModel(parent), m_store(store) {}

QHash<int, QByteArray> ConversationListModel::roleNames() const {
    return {{ChatRole, "chat"},
            {TitleRole, "title"},
            {GroupRole, "group"},
            {PinnedRole, "pinned"},
            {LiveRole, "live"}};
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ChatRecord& chat = m_chats[static_cast<size_t>(index.row())];
    switch (role) {
    case ChatRole:
        return chat.id;
    case Qt::DisplayRole:
    case TitleRole:
        return chat.title;
    case GroupRole:
        return groupOf(chat);
    case PinnedRole:
        return chat.pinned;
    case LiveRole:
        return chat.id == m_live;
    default:
        return {};
    }
}

QString ConversationListModel::groupOf(const ChatRecord& chat) const {
    if (chat.pinned) return tr("Pinned");
    const qint64 days = QDateTime::fromMSecsSinceEpoch(chat.updatedMs).date().daysTo(QDate::currentDate());
    if (days <= 0) return tr("Today");
    if (days == 1) return tr("Yesterday");
    return days <= 7 ? tr("Previous 7 days") : tr("Earlier");
}

void ConversationListModel::reload() {
    beginResetModel();
    m_chats.clear();
    endResetModel();
    emit countChanged();
    ++m_generation;
    m_more = true;
    m_fetching = false;
    fetchMore({});
}

void ConversationListModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    m_fetching = true;
    const ChatRecord last = m_chats.empty() ? ChatRecord{} : m_chats.back();
    m_store.run(
        this, [last](ConversationStore& store) { return store.chats(kPage, last); },
        [this, generation = m_generation](Result<std::vector<ChatRecord>> page) {
            if (generation != m_generation) return;
            m_fetching = false;
            m_more = page.ok() && page->size() == kPage;
            if (!page.ok()) return;
            // What was put meanwhile may be on the page, too.
            std::erase_if(*page, [this](const ChatRecord& chat) { return rowOf(chat.id) >= 0; });
            if (page->empty()) return;
            beginInsertRows({}, count(), count() + static_cast<int>(page->size()) - 1);
            m_chats.insert(m_chats.end(), page->begin(), page->end());
            endInsertRows();
            emit countChanged();
        });
}

int ConversationListModel::rowOf(qint64 chat) const {
    const auto found =
        std::find_if(m_chats.begin(), m_chats.end(), [chat](const ChatRecord& c) { return c.id == chat; });
    return found == m_chats.end() ? -1 : static_cast<int>(found - m_chats.begin());
}

void ConversationListModel::put(const ChatRecord& chat) {
    const int from = rowOf(chat.id);
    int to =
        static_cast<int>(std::lower_bound(m_chats.begin(), m_chats.end(), chat, before) - m_chats.begin());
    if (from < 0) {
        beginInsertRows({}, to, to);
        m_chats.insert(m_chats.begin() + to, chat);
        endInsertRows();
        emit countChanged();
        return;
    }
    if (to != from && to != from + 1) {
        beginMoveRows({}, from, from, {}, to);
        m_chats.erase(m_chats.begin() + from);
        if (to > from) --to;
        m_chats.insert(m_chats.begin() + to, chat);
        endMoveRows();
    } else {
        to = from;
        m_chats[static_cast<size_t>(from)] = chat;
    }
    emit dataChanged(index(to), index(to), {TitleRole, GroupRole, PinnedRole});
}

void ConversationListModel::setLive(qint64 chat) {
    for (const qint64 id : {std::exchange(m_live, chat), chat})
        if (const int row = rowOf(id); row >= 0) emit dataChanged(index(row), index(row), {LiveRole});
}

} // namespace ponder::app
