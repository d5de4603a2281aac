#include "app/chat/search_model.h"

#include "app/format.h"

namespace ponder::app {

namespace {
constexpr int kPauseMs = 80; // after the last key
constexpr int kPage = 60;
} // namespace

SearchModel::SearchModel(StoreThread& store, QObject* parent) : QAbstractListModel(parent), m_store(store) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        m_limit = kPage;
        search();
    });
}

QHash<int, QByteArray> SearchModel::roleNames() const {
    return {{KindRole, "kind"},       {ChatRole, "chat"},       {MessageRole, "message"},
            {ChannelRole, "channel"}, {OffsetRole, "offset"},   {LengthRole, "length"},
            {TitleRole, "title"},     {SnippetRole, "snippet"}, {MarksRole, "marks"},
            {WhenRole, "when"},       {ModelRole, "modelName"}};
}

QVariant SearchModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const SearchHit& hit = m_hits[static_cast<size_t>(index.row())];
    switch (role) {
    case KindRole:
        return hit.inTitle ? Chat : Hit;
    case ChatRole:
        return hit.chat;
    case MessageRole:
        return hit.message;
    case ChannelRole:
        return static_cast<int>(hit.channel);
    case OffsetRole:
        return hit.offset;
    case LengthRole:
        return hit.length;
    case Qt::DisplayRole:
    case TitleRole:
        return hit.title;
    case SnippetRole:
        return hit.snippet;
    case MarksRole: {
        QVariantList marks;
        for (const auto& [from, length] : hit.marks) marks << from << length;
        return marks;
    }
    case WhenRole:
        return formatDay(hit.createdMs);
    case ModelRole:
        return hit.modelName;
    default:
        return {};
    }
}

void SearchModel::setQuery(const QString& query) {
    if (query == m_query) return;
    m_query = query;
    emit queryChanged();
    SearchQuery parsed = parseSearchQuery(query);
    if (parsed == m_parsed) return; // only spaces came or went
    m_parsed = std::move(parsed);
    m_again = m_searching;
    if (m_parsed.empty()) {
        m_pause.stop();
        m_more = false;
        show({});
    } else {
        m_pause.start();
    }
    emit searchingChanged();
}

void SearchModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent) || m_pause.isActive()) return;
    m_limit += kPage;
    search();
}

void SearchModel::search() {
    if (m_searching || m_parsed.empty()) return; // when that is done, this is next
    m_searching = true;
    m_again = false;
    emit searchingChanged();
    m_store.run(
        this,
        [query = m_parsed, limit = m_limit](ConversationStore& store) { return store.search(query, limit); },
        [this, limit = m_limit](Result<std::vector<SearchHit>> hits) {
            m_searching = false;
            if (std::exchange(m_again, false)) {
                if (!m_pause.isActive()) search();
            } else {
                m_more = hits.ok() && static_cast<int>(hits->size()) >= limit;
                show(hits.ok() ? std::move(*hits) : std::vector<SearchHit>{});
            }
            emit searchingChanged();
        });
}

// A further page begins with what is there already, so that the list does not jump.
void SearchModel::show(std::vector<SearchHit> hits) {
    size_t same = 0;
    const auto isSame = [](const SearchHit& a, const SearchHit& b) {
        return a.chat == b.chat && a.message == b.message && a.offset == b.offset && a.snippet == b.snippet &&
               a.marks == b.marks;
    };
    while (same < std::min(hits.size(), m_hits.size()) && isSame(hits[same], m_hits[same])) ++same;
    if (same < m_hits.size()) {
        beginRemoveRows({}, static_cast<int>(same), count() - 1);
        m_hits.resize(same);
        endRemoveRows();
    }
    if (same < hits.size()) {
        beginInsertRows({}, static_cast<int>(same), static_cast<int>(hits.size()) - 1);
        m_hits = std::move(hits);
        endInsertRows();
    }
    emit countChanged();
}

} // namespace ponder::app
