#include "app/chat/trash_model.h"

#include "app/format.h"

namespace ponder::app {

TrashModel::TrashModel(StoreThread& store, QObject* parent)
    : ChatPages(
          store,
          [](ConversationStore& from, int limit, const ChatRecord& last) { return from.trash(limit, last); },
          parent) {}

QHash<int, QByteArray> TrashModel::roleNames() const {
    return {{ChatRole, "chat"}, {TitleRole, "title"}, {WhenRole, "when"}};
}

QVariant TrashModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ChatRecord& chat = at(index.row());
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

} // namespace ponder::app
