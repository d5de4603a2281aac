#include "app/chat/search_model.h"

namespace ponder::app {

SearchModel::SearchModel(StoreThread& store, QObject* parent) : QAbstractListModel(parent), m_store(store) {}

QHash<int, QByteArray> SearchModel::roleNames() const {
    return {{KindRole, "kind"},       {ChatRole, "chat"},       {MessageRole, "message"},
            {ChannelRole, "channel"}, {OffsetRole, "offset"},   {LengthRole, "length"},
            {TitleRole, "title"},     {SnippetRole, "snippet"}, {MarksRole, "marks"},
            {WhenRole, "when"},       {ModelRole, "modelName"}};
}

QVariant SearchModel::data(const QModelIndex&, int) const { return {}; }

void SearchModel::setQuery(const QString& query) {
    if (query == m_query) return;
    m_query = query;
    emit queryChanged();
}

} // namespace ponder::app
