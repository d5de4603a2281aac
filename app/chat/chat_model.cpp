#include "app/chat/chat_model.h"

#include <algorithm>

#include "app/chat/find_model.h"
#include "app/chat/transcript_rows.h"
#include "app/format.h"

namespace ponder::app {

namespace {
constexpr int kFrameMs = 16;
constexpr int kLongFrameMs = 50;          // a long answer is parsed anew at 20 Hz only
constexpr int kClockMs = 250;             // what ticks beside a thought
constexpr qsizetype kLongAnswer = 20'000; // characters
constexpr qsizetype kTail = 1'500;        // characters, more than the window of a live thought shows

ThoughtPhase phaseOf(ChatModel::Phase phase) { return static_cast<ThoughtPhase>(phase); }
} // namespace

static_assert(static_cast<int>(ThoughtShown::Full) == ChatModel::Full &&
              static_cast<int>(ThoughtShown::Tail) == ChatModel::Tail);
static_assert(static_cast<int>(ThoughtPhase::Finished) == ChatModel::Finished &&
              static_cast<int>(ThoughtPhase::Live) == ChatModel::Live);

ChatModel::ChatModel(QObject* parent) : QAbstractListModel(parent), m_find(new FindModel(*this)) {
    m_find->setParent(this);
    m_flushTimer.setSingleShot(true);
    connect(&m_flushTimer, &QTimer::timeout, this, &ChatModel::flush);
    m_clockTimer.setInterval(kClockMs);
    connect(&m_clockTimer, &QTimer::timeout, this, [this] {
        changed(thoughtRow(), {ClockRole, DetailRole, LabelRole, StepsRole});
    });
}

int ChatModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QHash<int, QByteArray> ChatModel::roleNames() const {
    return {{KindRole, "kind"},         {TextRole, "text"},
            {GapRole, "gap"},           {LevelRole, "level"},
            {IndentRole, "indent"},     {QuoteRole, "quote"},
            {MarkerRole, "marker"},     {TaskRole, "task"},
            {LanguageRole, "language"}, {CellsRole, "cells"},
            {ProseRole, "prose"},       {SourceRole, "source"},
            {ColumnsRole, "columns"},   {AlignmentsRole, "alignments"},
            {PhaseRole, "phase"},       {ShownRole, "shown"},
            {LabelRole, "label"},       {ClockRole, "clock"},
            {DetailRole, "detail"},     {ProgressRole, "progress"},
            {TitleRole, "title"},       {ButtonRole, "button"},
            {GraveRole, "grave"},       {MessageRole, "message"},
            {SiblingRole, "sibling"},   {SiblingsRole, "siblings"},
            {StepsRole, "steps"},       {StepRole, "step"},
            {OutcomeRole, "stopped"}};
}

QVariant ChatModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    const Turn& turn = m_turns[row.turn];
    switch (role) {
    case Qt::DisplayRole:
    case TextRole:
        switch (row.kind) {
        case Question:
            return turn.question;
        case Thought:
            return {}; // its parts have it, and thoughtTail()
        case Part:
            return turn.thought.parts()[row.block].shown();
        case NoticeRow:
            return turn.notice.text;
        default:
            break;
        }
        break;
    case KindRole:
        return row.kind;
    case GapRole:
        return gapAbove(m_rows, static_cast<size_t>(index.row()), m_turns);
    case PhaseRole:
        return static_cast<int>(turn.phase);
    case ShownRole:
        return shownOf(turn);
    case LabelRole:
        return thoughtLabel(turn);
    case ClockRole:
        return turn.phase == ThoughtPhase::Live ? formatClock(thoughtSeconds(turn)) : QString();
    case DetailRole:
        return row.kind == Thought ? thoughtDetail(turn, thoughtSeconds(turn)) : footerText(turn);
    case ProgressRole:
        return turn.prefillTotal > 0 ? double(turn.prefillDone) / turn.prefillTotal : 0.0;
    case TitleRole:
        return turn.notice.title;
    case ButtonRole:
        return row.turn + 1 == m_turns.size() ? turn.notice.button : QString();
    case GraveRole:
        return turn.notice.grave;
    case MessageRole:
        return turn.message;
    case SiblingRole:
        return turn.sibling;
    case SiblingsRole:
        return turn.siblings;
    case StepsRole: {
        QVariantList steps;
        if (row.kind == Thought)
            for (const ThoughtText::Segment& segment : turn.thought.segments())
                steps << static_cast<int>(segment.kind) << segment.length;
        return steps;
    }
    case StepRole: {
        if (row.kind != Part) return -1;
        const ThoughtPart& part = turn.thought.parts()[row.block];
        return part.begins ? static_cast<int>(part.kind) : -1;
    }
    case OutcomeRole:
        return turn.state == MessageState::Stopped;
    default:
        break;
    }
    return blockData(row, turn, role);
}

// Compares the turn's rows with those it asks for and tells the difference, no more.
void ChatModel::syncRows(size_t turn) {
    std::vector<Row> wanted;
    appendRows(turn, m_turns[turn], shownOf(m_turns[turn]) == Full, wanted);
    const RowChange change = changeTo(wanted, m_rows, turn);
    const auto first = static_cast<int>(change.at);
    const auto at = [&] { return m_rows.begin() + first; };
    if (change.removed > 0) {
        const auto removed = static_cast<int>(change.removed);
        beginRemoveRows({}, first, first + removed - 1);
        m_rows.erase(at(), at() + removed);
        endRemoveRows();
    }
    if (!change.inserted.empty()) {
        beginInsertRows({}, first, first + static_cast<int>(change.inserted.size()) - 1);
        m_rows.insert(at(), change.inserted.begin(), change.inserted.end());
        endInsertRows();
    }
    if (change.removed > 0 || !change.inserted.empty()) emit countChanged();
}

void ChatModel::dropPending() {
    m_flushTimer.stop();
    m_clockTimer.stop();
    m_live = false;
    m_pendingThought.clear();
    m_pendingAnswer.clear();
    m_pendingThoughtTokens = 0;
}

void ChatModel::show(const std::vector<PathEntry>& path) {
    dropPending();
    size_t same = 0;
    while (same < m_turns.size() && same < path.size() && m_turns[same].message != 0 &&
           m_turns[same].message == path[same].message->id &&
           m_turns[same].state == path[same].message->state && m_turns[same].state != MessageState::Streaming)
        ++same;
    const bool another = same == 0;
    if (another) {
        beginResetModel();
        m_turns.clear();
        m_rows.clear();
    } else if (same < m_turns.size()) {
        const size_t first = rangeOf(m_rows, same).first;
        beginRemoveRows({}, static_cast<int>(first), count() - 1);
        m_turns.resize(same);
        m_rows.resize(first);
        endRemoveRows();
    }
    const int from = count();
    std::vector<Row> rows;
    for (size_t i = same; i < path.size(); ++i) {
        Turn& turn = m_turns.emplace_back(turnOf(*path[i].message));
        turn.sibling = path[i].sibling;
        turn.siblings = path[i].siblings;
        if (turn.isAnswer()) fillOutcome(turn, *path[i].message);
        if (const auto& chosen = path[i].message->thoughtShown; chosen && !m_choices.contains(turn.message))
            m_choices[turn.message] = static_cast<Shown>(*chosen); // of the last time
        appendRows(i, turn, shownOf(turn) == Full, rows);
    }
    if (another) {
        m_rows = std::move(rows);
        endResetModel();
    } else {
        if (!rows.empty()) {
            beginInsertRows({}, from, from + static_cast<int>(rows.size()) - 1);
            m_rows.insert(m_rows.end(), rows.begin(), rows.end());
            endInsertRows();
        }
        for (size_t i = 0; i < same; ++i) {
            if (m_turns[i].sibling == path[i].sibling && m_turns[i].siblings == path[i].siblings) continue;
            m_turns[i].sibling = path[i].sibling;
            m_turns[i].siblings = path[i].siblings;
            const auto [first, last] = rangeOf(m_rows, i);
            emit dataChanged(index(static_cast<int>(first)), index(static_cast<int>(last) - 1),
                             {SiblingRole, SiblingsRole});
        }
        if (from > 0) changed(from - 1, {ButtonRole});
    }
    emit countChanged();
    emit contentChanged();
}

void ChatModel::add(const MessageRecord& message, int sibling, int siblings) {
    flush();
    const int lastRow = count() - 1;
    Turn& turn = m_turns.emplace_back(turnOf(message));
    turn.sibling = sibling;
    turn.siblings = siblings;
    m_live = message.state == MessageState::Streaming;
    if (m_live) turn.phase = ThoughtPhase::Waiting;
    syncRows(m_turns.size() - 1);
    for (int row = lastRow; row >= std::max(0, lastRow - 1); --row)
        changed(row, {ButtonRole}); // only of the last message
    emit contentChanged();
    if (m_live) emit answerBegan();
}

void ChatModel::setQuestionId(qint64 id) {
    for (int row = count() - 1; row >= 0; --row) {
        const auto& shown = m_rows[static_cast<size_t>(row)];
        if (shown.kind != Question) continue;
        m_turns[shown.turn].message = id;
        return changed(row, {MessageRole});
    }
}

void ChatModel::setMessageId(qint64 id) {
    if (!m_live) return;
    Turn& turn = m_turns.back();
    const auto chosen = m_choices.constFind(turn.message);
    if (chosen != m_choices.constEnd()) { // before the store had numbered it
        const Shown shown = *chosen;
        m_choices.erase(chosen);
        m_choices[id] = shown;
        emit thoughtChosen(id, static_cast<ThoughtShown>(shown));
    }
    turn.message = id;
    const auto [first, last] = rangeOf(m_rows, m_turns.size() - 1);
    if (first < last)
        emit dataChanged(index(static_cast<int>(first)), index(static_cast<int>(last) - 1), {MessageRole});
}

void ChatModel::setPhase(Phase phase) {
    if (!m_live || m_turns.back().phase == phaseOf(phase)) return;
    Turn& turn = m_turns.back();
    if (phase == Live) {
        m_thoughtClock.start();
        m_clockTimer.start();
    } else if (turn.phase == ThoughtPhase::Live) {
        turn.thoughtSeconds = thoughtSeconds(turn);
        m_clockTimer.stop();
    }
    turn.phase = phaseOf(phase);
    if (phase == Finished) turn.thought.close(!m_pendingAnswer.isEmpty() || !turn.answer.text().isEmpty());
    syncRows(m_turns.size() - 1);
    changed(thoughtRow(), {PhaseRole, ShownRole, LabelRole, ClockRole, DetailRole, StepsRole});
}

void ChatModel::setPrefill(int done, int total) {
    if (!m_live) return;
    m_turns.back().prefillDone = done;
    m_turns.back().prefillTotal = total;
    changed(thoughtRow(), {ProgressRole, LabelRole});
}

void ChatModel::append(SegmentChannel channel, const QString& text) {
    if (!m_live) return;
    if (channel == SegmentChannel::Thought) {
        if (m_turns.back().phase != ThoughtPhase::Live) setPhase(Live);
        m_pendingThought += text;
        ++m_pendingThoughtTokens;
    } else {
        m_pendingAnswer += text;
    }
    if (m_flushTimer.isActive()) return;
    // What comes first after a while is shown at once, with all that comes along with it.
    const int frame = m_turns.back().answer.text().size() > kLongAnswer ? kLongFrameMs : kFrameMs;
    const qint64 since = m_flushed.isValid() ? m_flushed.elapsed() : frame;
    m_flushTimer.start(static_cast<int>(std::clamp<qint64>(frame - since, 0, frame)));
}

void ChatModel::flush() {
    m_flushTimer.stop();
    if (!m_live) return;
    m_flushed.start();
    Turn& turn = m_turns.back();
    if (m_pendingThoughtTokens > 0) flushThought(turn);
    if (!m_pendingAnswer.isEmpty()) flushAnswer(turn);
}

void ChatModel::flushThought(Turn& turn) {
    const QString more = std::exchange(m_pendingThought, {});
    const size_t parts = turn.thought.parts().size();
    const bool began = turn.thought.isEmpty();
    const QString running = turn.thought.append(more);
    turn.thoughtTokens += std::exchange(m_pendingThoughtTokens, 0);
    const int head = thoughtRow();
    if (began || turn.thought.parts().size() != parts) // what ticks does so by its clock
        changed(head, {LabelRole, DetailRole, StepsRole});
    if (more.isEmpty()) return;
    emit thoughtGrew(turn.message, running);
    if (shownOf(turn) == Full) {
        if (turn.thought.parts().size() != parts) syncRows(m_turns.size() - 1);
        // The part that was the last before has grown, too, if only by its end.
        const int first = head + 1 + static_cast<int>(parts == 0 ? 0 : parts - 1);
        const int last = head + static_cast<int>(turn.thought.parts().size());
        if (first <= last) emit dataChanged(index(first), index(last), {TextRole, StepRole});
    }
    emit contentChanged();
}

void ChatModel::flushAnswer(Turn& turn) {
    if (turn.phase != ThoughtPhase::Finished) setPhase(turn.thought.isEmpty() ? None : Finished);
    const MarkdownStream::Change change = turn.answer.append(std::exchange(m_pendingAnswer, {}));
    syncRows(m_turns.size() - 1);
    // Blocks that stayed but say something else; those after change.before are new rows anyway.
    const int first = count() - static_cast<int>(change.after); // while it streams they stand last
    for (size_t i = change.firstChanged; i < std::min(change.before, change.after); ++i)
        changed(first + static_cast<int>(i),
                {TextRole, GapRole, LevelRole, IndentRole, QuoteRole, MarkerRole, TaskRole, LanguageRole,
                 CellsRole, ColumnsRole, AlignmentsRole, ProseRole, SourceRole});
    emit contentChanged();
}

void ChatModel::cutShort() {
    if (!m_live) return;
    flush();
    m_turns.back().thoughtCut = true;
    setPhase(Finished);
}

void ChatModel::finish(const MessageRecord& message) {
    if (!m_live) return;
    flush();
    setPhase(m_turns.back().thought.isEmpty() ? None : Finished);
    m_live = false;
    m_clockTimer.stop();
    fillOutcome(m_turns.back(), message);
    syncRows(m_turns.size() - 1);
    changed(headOf(m_turns.size() - 1), {LabelRole, DetailRole, StepsRole});
    emit answerEnded(message.state == MessageState::Stopped);
}

double ChatModel::thoughtSeconds(const Turn& turn) const {
    const bool ticking = turn.phase == ThoughtPhase::Live && m_live && &turn == &m_turns.back();
    return turn.thoughtSeconds + (ticking ? static_cast<double>(m_thoughtClock.elapsed()) / 1000 : 0.0);
}

ChatModel::Shown ChatModel::shownOf(const Turn& turn) const {
    const auto choice = m_choices.constFind(turn.message);
    if (choice != m_choices.constEnd()) return *choice;
    return m_allThoughts ? Full : turn.phase == ThoughtPhase::Live ? Tail : Shut;
}

void ChatModel::setShown(size_t turn, Shown shown) {
    m_choices[m_turns[turn].message] = shown;
    syncRows(turn);
    changed(headOf(turn), {ShownRole});
}

void ChatModel::choose(size_t turn, Shown shown) {
    setShown(turn, shown);
    if (const qint64 message = m_turns[turn].message; message != 0)
        emit thoughtChosen(message, static_cast<ThoughtShown>(shown));
}

int ChatModel::headOf(size_t turn) const {
    if (turn >= m_turns.size()) return -1;
    const auto [first, last] = rangeOf(m_rows, turn);
    return first < last && m_rows[first].kind == Thought ? static_cast<int>(first) : -1;
}

void ChatModel::changed(int row, const QList<int>& roles) {
    if (row < 0 || row >= count()) return;
    emit dataChanged(index(row), index(row), roles);
}

int ChatModel::thoughtRowOf(int row) const {
    return row < 0 || row >= count() ? -1 : headOf(m_rows[static_cast<size_t>(row)].turn);
}

void ChatModel::toggleThought(int row) {
    const int head = thoughtRowOf(row);
    if (head < 0) return;
    const size_t turn = m_rows[static_cast<size_t>(head)].turn;
    const bool live = m_turns[turn].phase == ThoughtPhase::Live;
    choose(turn, shownOf(m_turns[turn]) != Shut ? Shut : live ? Tail : Full);
}

void ChatModel::showThought(int row, Shown shown) {
    if (const int head = thoughtRowOf(row); head >= 0) choose(m_rows[static_cast<size_t>(head)].turn, shown);
}

void ChatModel::toggleLastThought() {
    for (size_t turn = m_turns.size(); turn > 0; --turn)
        if (const int head = headOf(turn - 1); head >= 0) return toggleThought(head);
}

void ChatModel::setAllThoughts(bool all) {
    if (all == m_allThoughts) return;
    m_allThoughts = all;
    m_choices.clear();
    emit choicesForgotten();
    for (size_t turn = 0; turn < m_turns.size(); ++turn) {
        syncRows(turn);
        changed(headOf(turn), {ShownRole});
    }
    emit allThoughtsChanged();
}

int ChatModel::openStep(int row, int segment) {
    const int head = thoughtRowOf(row);
    if (head < 0) return -1;
    const size_t turn = m_rows[static_cast<size_t>(head)].turn;
    const auto segments = m_turns[turn].thought.segments();
    if (segment < 0 || static_cast<size_t>(segment) >= segments.size()) return -1;
    return reveal({turn, Part, segments[static_cast<size_t>(segment)].part});
}

QString ChatModel::thoughtTail(int row) const {
    return row < 0 || row >= count() ? QString() : turnAt(row).thought.tail(kTail);
}

int ChatModel::lastQuestion() const { return turnBegin(count(), -1); }

int ChatModel::lastCode() const {
    for (int row = count() - 1; row >= 0; --row)
        if (m_rows[static_cast<size_t>(row)].kind == Code) return row;
    return -1;
}

int ChatModel::turnBegin(int row, int step) const {
    for (int at = row + step; at >= 0 && at < count(); at += step)
        if (m_rows[static_cast<size_t>(at)].kind == Question) return at;
    return -1;
}

QVariantList ChatModel::statistics(qint64 message) const {
    for (const Turn& turn : m_turns)
        if (turn.message == message) return statisticsOf(turn);
    return {};
}

QString ChatModel::stepName(int kind) const {
    return ponder::app::stepName(
        static_cast<StepKind>(std::clamp(kind, 0, static_cast<int>(StepKind::Conclude))));
}

QString ChatModel::answerText(int row) const {
    return row < 0 || row >= count() ? QString() : turnAt(row).answer.text().trimmed();
}

QString ChatModel::thoughtText(int row) const {
    return row < 0 || row >= count() ? QString() : turnAt(row).thought.text().trimmed();
}

QString ChatModel::blockText(int row) const {
    if (row < 0 || row >= count()) return {};
    const Row& at = m_rows[static_cast<size_t>(row)];
    const auto& blocks = m_turns[at.turn].answer.blocks();
    const bool isBlock = at.kind == Text || at.kind == Heading || at.kind == Table || at.kind == Formula;
    return isBlock && at.block < blocks.size() ? app::plainText(blocks[at.block])
                                               : data(index(row), TextRole).toString();
}

qint64 ChatModel::messageAt(int row) const { return row < 0 || row >= count() ? 0 : turnAt(row).message; }

std::vector<ChatModel::Piece> ChatModel::pieces() const { return searchablePieces(m_turns); }

QString ChatModel::plainText(const Piece& piece) const { return plainTextOf(piece, m_turns); }

int ChatModel::rowOf(const Piece& piece) const { return findRow(m_rows, piece); }

int ChatModel::reveal(const Piece& piece) {
    if (piece.kind == Part && rowOf(piece) < 0 && piece.turn < m_turns.size()) setShown(piece.turn, Full);
    return rowOf(piece);
}

} // namespace ponder::app
