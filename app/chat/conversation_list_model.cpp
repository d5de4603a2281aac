#include "app/chat/conversation_list_model.h"

#include <algorithm>
#include <tuple>

#include <QDateTime>

namespace ponder::app {

namespace {
bool before(const ChatRecord& a, const ChatRecord& b) {
    return std::tuple(a.pinned, a.updatedMs, a.id) > std::tuple(b.pinned, b.updatedMs, b.id);
}
} // namespace

ConversationListModel::ConversationListModel(StoreThread& store, QObject* parent)
    : ChatPages(
          store,
          [](ConversationStore& from, int limit, const ChatRecord& last) { return from.chats(limit, last); },
          parent) {
    m_midnight.setSingleShot(true);
    m_midnight.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_midnight, &QTimer::timeout, this, [this] {
        if (count() > 0) emit dataChanged(index(0), index(count() - 1), {GroupRole});
        waitForMidnight();
    });
    waitForMidnight();
}

void ConversationListModel::waitForMidnight() {
    const QDateTime present = QDateTime::currentDateTime();
    const QDateTime next = present.date().addDays(1).startOfDay();
    constexpr qint64 kLongest = 3'600'000; // the clock may be set meanwhile
    m_midnight.start(static_cast<int>(std::clamp<qint64>(present.msecsTo(next) + 1000, 1000, kLongest)));
}

QHash<int, QByteArray> ConversationListModel::roleNames() const {
    return {{ChatRole, "chat"},
            {TitleRole, "title"},
            {GroupRole, "group"},
            {PinnedRole, "pinned"},
            {LiveRole, "live"}};
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ChatRecord& chat = at(index.row());
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
        return m_live.contains(chat.id);
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

void ConversationListModel::put(const ChatRecord& chat) {
    const int from = rowOf(chat.id);
    if (hasMore() && before(m_last, chat)) return remove(chat.id); // it comes with its page
    if (from < 0) {
        const int to =
            static_cast<int>(std::lower_bound(m_chats.begin(), m_chats.end(), chat, before) - m_chats.begin());
        beginInsertRows({}, to, to);
        m_chats.insert(m_chats.begin() + to, chat);
        endInsertRows();
        emit countChanged();
        return;
    }
    // Where it belongs among the others, which are in order.
    int to = 0;
    for (int row = 0; row < count(); ++row)
        to += row != from && before(m_chats[static_cast<size_t>(row)], chat);
    if (to != from) {
        beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
        m_chats.erase(m_chats.begin() + from);
        m_chats.insert(m_chats.begin() + to, chat);
        endMoveRows();
    } else {
        m_chats[static_cast<size_t>(from)] = chat;
    }
    emit dataChanged(index(to), index(to), {TitleRole, GroupRole, PinnedRole});
}

template <typename Change>
void ConversationListModel::change(qint64 chat, Change how) {
    const int row = rowOf(chat);
    if (row < 0) return;
    ChatRecord record = m_chats[static_cast<size_t>(row)];
    how(record);
    put(record);
}

void ConversationListModel::touch(qint64 chat, qint64 updatedMs) {
    change(chat, [updatedMs](ChatRecord& record) { record.updatedMs = updatedMs; });
}

void ConversationListModel::rename(qint64 chat, const QString& title) {
    const int row = rowOf(chat);
    if (row < 0) return;
    m_chats[static_cast<size_t>(row)].title = title;
    emit dataChanged(index(row), index(row), {Qt::DisplayRole, TitleRole});
}

void ConversationListModel::setPinned(qint64 chat, bool pinned) {
    change(chat, [pinned](ChatRecord& record) { record.pinned = pinned; });
}

void ConversationListModel::setLive(qint64 chat, bool live) {
    if (live == m_live.contains(chat)) return;
    if (live)
        m_live.insert(chat);
    else
        m_live.remove(chat);
    if (const int row = rowOf(chat); row >= 0) emit dataChanged(index(row), index(row), {LiveRole});
}

} // namespace ponder::app
