#include "app/chat/find_model.h"

#include <algorithm>

#include <QStringMatcher>

namespace ponder::app {

namespace {
constexpr int kRefreshMs = 250;    // while an answer grows
constexpr qsizetype kExcerpt = 40; // characters on either side
} // namespace

FindModel::FindModel(ChatModel& chat) : m_chat(chat) {
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &FindModel::refresh);
    connect(&chat, &ChatModel::contentChanged, this, [this] {
        if (!m_query.isEmpty() && !m_refreshTimer.isActive()) m_refreshTimer.start();
    });
    const auto moved = [this] {
        if (m_current >= 0) emit currentChanged();
    };
    connect(&chat, &QAbstractItemModel::rowsInserted, this, moved);
    connect(&chat, &QAbstractItemModel::rowsRemoved, this, moved);
    connect(&chat, &QAbstractItemModel::modelReset, this, &FindModel::clear);
}

QHash<int, QByteArray> FindModel::roleNames() const {
    return {{ExcerptRole, "excerpt"}, {KindRole, "kind"}, {RowRole, "row"}};
}

QVariant FindModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Hit& hit = m_hits[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case ExcerptRole:
        return m_chat.plainText(hit.piece)
            .mid(std::max<qsizetype>(0, hit.start - kExcerpt), m_query.size() + 2 * kExcerpt)
            .simplified();
    case KindRole:
        return hit.piece.kind;
    case RowRole:
        return m_chat.rowOf(hit.piece);
    default:
        return {};
    }
}

void FindModel::setQuery(const QString& query) {
    if (query == m_query) return;
    m_query = query;
    beginResetModel();
    m_hits = search();
    m_current = -1;
    endResetModel();
    emit queryChanged();
    emit hitsChanged();
    emit currentChanged();
}

std::vector<FindModel::Hit> FindModel::search() const {
    std::vector<Hit> hits;
    if (m_query.isEmpty()) return hits;
    const QStringMatcher matcher(m_query, Qt::CaseInsensitive);
    for (const ChatModel::Piece& piece : m_chat.pieces()) {
        const QString text = m_chat.plainText(piece);
        int ordinal = 0;
        for (qsizetype at = matcher.indexIn(text); at >= 0; at = matcher.indexIn(text, at + m_query.size()))
            hits.push_back({piece, at, ordinal++});
    }
    return hits;
}

void FindModel::refresh() {
    if (m_query.isEmpty()) return;
    std::vector<Hit> hits = search();
    int current = -1;
    if (m_current >= 0) {
        const Hit& was = m_hits[static_cast<size_t>(m_current)];
        for (size_t i = 0; i < hits.size() && current < 0; ++i)
            if (hits[i].piece == was.piece && hits[i].start == was.start) current = static_cast<int>(i);
    }
    beginResetModel();
    m_hits = std::move(hits);
    m_current = current;
    endResetModel();
    emit hitsChanged();
    emit currentChanged();
}

int FindModel::currentRow() const {
    return m_current < 0 ? -1 : m_chat.rowOf(m_hits[static_cast<size_t>(m_current)].piece);
}
int FindModel::currentOrdinal() const {
    return m_current < 0 ? -1 : m_hits[static_cast<size_t>(m_current)].ordinal;
}
int FindModel::currentStart() const {
    return m_current < 0 ? -1 : static_cast<int>(m_hits[static_cast<size_t>(m_current)].start);
}

void FindModel::setCurrent(int hit) {
    m_current = hit;
    const int row = hit < 0 ? -1 : m_chat.reveal(m_hits[static_cast<size_t>(hit)].piece);
    emit currentChanged();
    if (row >= 0) emit wanted(row);
}

void FindModel::step(int by) {
    if (m_hits.empty()) return;
    const int all = count();
    setCurrent(m_current < 0 ? (by > 0 ? 0 : all - 1) : (m_current + by + all) % all);
}

void FindModel::startAt(int row) {
    if (m_hits.empty()) return;
    // A hit that is hidden in a thought stands where the thought's head stands.
    for (int i = 0; i < count(); ++i) {
        const ChatModel::Piece& piece = m_hits[static_cast<size_t>(i)].piece;
        int at = m_chat.rowOf(piece);
        if (at < 0) at = m_chat.rowOf({piece.turn, ChatModel::Thought, 0});
        if (at >= row) return setCurrent(i);
    }
    setCurrent(0);
}

bool FindModel::showHit(qint64 message, int channel, qint64 offset, int length) {
    const auto& turns = m_chat.turns();
    const auto found =
        std::find_if(turns.begin(), turns.end(), [&](const Turn& turn) { return turn.message == message; });
    if (found == turns.end() || offset < 0 || length <= 0) return false;
    const auto turn = static_cast<size_t>(found - turns.begin());
    const auto wantedChannel = static_cast<SegmentChannel>(channel);
    const QString text = wantedChannel == SegmentChannel::Thought  ? found->thought.text()
                         : wantedChannel == SegmentChannel::Answer ? found->answer.text()
                                                                   : found->question;
    const QString words = text.mid(offset, length).simplified();
    if (words.isEmpty()) return false;
    // What is stored is Markdown and what is shown is blocks: within a block the n-th time that the words stand in the one
    // is taken for the n-th time in the other.
    ChatModel::Piece where{turn, ChatModel::Question, 0};
    qint64 begin = 0;
    if (wantedChannel == SegmentChannel::Thought) {
        where.kind = ChatModel::Part;
        where.block = found->thought.partAt(offset);
        begin = found->thought.parts()[where.block].offset;
    } else if (wantedChannel == SegmentChannel::Answer) {
        where.kind = ChatModel::Text;
        const auto& blocks = found->answer.blocks();
        for (size_t i = 0; i < blocks.size() && blocks[i].begin <= offset; ++i)
            if (blocks[i].begin >= 0) where.block = i, begin = blocks[i].begin;
    }
    const auto there = [&](const ChatModel::Piece& piece) {
        return piece.turn == turn && piece.block == where.block &&
               (piece.kind == ChatModel::Part) == (where.kind == ChatModel::Part);
    };
    int nth = 0;
    const QStringMatcher matcher(words, Qt::CaseInsensitive);
    for (qsizetype at = matcher.indexIn(text, begin); at >= 0 && at < offset;
         at = matcher.indexIn(text, at + words.size()))
        ++nth;
    setQuery(words);
    int last = -1, nearest = -1;
    for (int i = 0; i < count(); ++i) {
        const ChatModel::Piece& piece = m_hits[static_cast<size_t>(i)].piece;
        if (piece.turn == turn && (nearest < 0 || piece.block <= where.block)) nearest = i;
        if (!there(piece)) continue;
        last = i;
        if (nth-- == 0) break;
    }
    if (last < 0) last = nearest; // its words are cut by markup
    if (last < 0) return false;
    setCurrent(last);
    return true;
}

} // namespace ponder::app
