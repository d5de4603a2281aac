#include "app/chat/trash_model.h"

namespace ponder::app {

TrashModel::TrashModel(StoreThread& store, QObject* parent) : QAbstractListModel(parent), m_store(store) {}

QHash<int, QByteArray> TrashModel::roleNames() const {
    return {{ChatRole, "chat"}, {TitleRole, "title"}, {WhenRole, "when"}};
}

QVariant TrashModel::data(const QModelIndex&, int) const { return {}; }

void TrashModel::reload() {}

} // namespace ponder::app
