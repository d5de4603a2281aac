#include "app/chat/chat_model.h"

#include <algorithm>

#include <QJsonDocument>
#include <QJsonObject>

#include "app/format.h"
#include "app/markdown/prose_html.h"

namespace ponder::app {

namespace {

QStringList htmlOf(const Cells& cells) {
    QStringList list;
    for (const Prose& cell : cells.list) list << proseHtml(cell);
    return list;
}
constexpr int kFrameMs = 16;
constexpr int kLongFrameMs = 50;          // a long answer is parsed anew at 20 Hz only
constexpr qsizetype kLongAnswer = 20'000; // characters
constexpr double kMoment = 2.0;           // seconds; a shorter thought took "a moment"
} // namespace

ChatModel::ChatModel(QObject* parent) : QAbstractListModel(parent) {
    m_flushTimer.setSingleShot(true);
    connect(&m_flushTimer, &QTimer::timeout, this, &ChatModel::flush);
    m_clockTimer.setInterval(250);
    connect(&m_clockTimer, &QTimer::timeout, this, [this] {
        changed(thoughtRow(), {ClockRole, DetailRole});
    });
}

int ChatModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QHash<int, QByteArray> ChatModel::roleNames() const {
    return {{KindRole, "kind"},      {TextRole, "text"},       {GapRole, "gap"},
            {LevelRole, "level"},    {IndentRole, "indent"},   {QuoteRole, "quote"},
            {MarkerRole, "marker"},  {TaskRole, "task"},       {LanguageRole, "language"},
            {CellsRole, "cells"},    {ColumnsRole, "columns"}, {AlignmentsRole, "alignments"},
            {PhaseRole, "phase"},    {OpenRole, "open"},       {LabelRole, "label"},
            {ClockRole, "clock"},    {DetailRole, "detail"},   {ProgressRole, "progress"},
            {TitleRole, "title"},    {ButtonRole, "button"},   {GraveRole, "grave"},
            {MessageRole, "message"}};
}

QVariant ChatModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    const Turn& turn = m_turns[row.turn];
    static const Block none;
    const bool isBlock =
        row.kind == Text || row.kind == Heading || row.kind == Code || row.kind == Table || row.kind == Rule;
    const Block& block = isBlock ? turn.answer.blocks()[row.block] : none;
    switch (role) {
    case Qt::DisplayRole:
    case TextRole:
        switch (row.kind) {
        case Question:
            return turn.question;
        case Thought:
            return turn.thought;
        case NoticeRow:
            return turn.notice.text;
        default:
            return block.kind == BlockKind::Code ? block.text : proseHtml(block.prose());
        }
    case KindRole:
        return row.kind;
    case GapRole:
        return gap(index.row());
    case LevelRole:
        return block.level;
    case IndentRole:
        return block.indent;
    case QuoteRole:
        return block.quote;
    case MarkerRole:
        return block.marker;
    case TaskRole:
        return block.task;
    case LanguageRole:
        return block.language;
    case CellsRole:
        return htmlOf(block.cells);
    case ColumnsRole:
        return block.columns;
    case AlignmentsRole:
        return QVariant::fromValue(block.alignments.toList());
    case PhaseRole:
        return turn.phase;
    case OpenRole:
        return isOpen(turn);
    case LabelRole:
        return thoughtLabel(turn);
    case ClockRole:
        return turn.phase == Live ? formatClock(static_cast<double>(m_thoughtClock.elapsed()) / 1000)
                                  : QString();
    case DetailRole:
        return row.kind == Thought ? thoughtDetail(turn) : turn.stats;
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
    default:
        return {};
    }
}

ChatModel::Turn ChatModel::turnOf(const MessageRecord& message) {
    Turn turn;
    turn.message = message.id;
    turn.role = message.role;
    turn.state = message.state;
    if (message.role != protocol::Role::Assistant) {
        turn.question = textOf(message, SegmentChannel::Question);
        return turn;
    }
    turn.thought = textOf(message, SegmentChannel::Thought);
    for (const Segment& segment : message.segments) {
        if (segment.channel != SegmentChannel::Thought) continue;
        turn.thoughtSeconds += static_cast<double>(segment.endMs - segment.startMs) / 1000;
        turn.thoughtTokens += segment.tokens;
    }
    if (!turn.thought.isEmpty()) turn.phase = Finished;
    turn.answer.append(textOf(message, SegmentChannel::Answer));
    return turn;
}

void ChatModel::fillOutcome(Turn& turn, const MessageRecord& message) const {
    turn.state = message.state;
    const QJsonObject stats = QJsonDocument::fromJson(message.stats.toUtf8()).object();
    QStringList parts;
    const qint64 tokens = stats[QStringLiteral("thoughtTokens")].toInteger() +
                          stats[QStringLiteral("answerTokens")].toInteger();
    if (tokens > 0) parts << tr("%1 tokens").arg(formatCount(tokens));
    if (const double rate = stats[QStringLiteral("tokensPerSecond")].toDouble(); rate > 0)
        parts << formatRate(rate);
    if (const double first = stats[QStringLiteral("prefillSeconds")].toDouble(); first > 0)
        parts << tr("first %1").arg(formatSeconds(first));
    turn.stats = parts.join(QStringLiteral("  ·  "));
    switch (message.state) {
    case MessageState::Interrupted:
    case MessageState::Error:
        turn.notice =
            adviseOn({codeFromName(message.errorCode),
                      message.errorText.isEmpty()
                          ? tr("Ponder was ended while this was written, and the text is kept").toStdString()
                          : message.errorText.toStdString()});
        if (message.errorText.isEmpty()) turn.notice.title = tr("The answer was interrupted");
        break;
    case MessageState::Length:
        turn.notice = adviseOn(
            {ErrorCode::ContextFull,
             tr("the context is full, so the answer ends here; begin a new conversation, or load the model "
                "with a larger context")
                 .toStdString()});
        break;
    default:
        turn.notice = {};
    }
}

ChatModel::Kind ChatModel::kindOf(const Block& block) {
    switch (block.kind) {
    case BlockKind::Paragraph:
        return Text;
    case BlockKind::Heading:
        return Heading;
    case BlockKind::Code:
        return Code;
    case BlockKind::Table:
        return Table;
    case BlockKind::Rule:
        return Rule;
    case BlockKind::Formula:
        break;
    }
    return Text;
}

void ChatModel::rowsOf(size_t index, std::vector<Row>& rows) const {
    const Turn& turn = m_turns[index];
    if (turn.role != protocol::Role::Assistant) {
        rows.push_back({index, Question, 0});
        return;
    }
    if (turn.phase != None) rows.push_back({index, Thought, 0});
    for (size_t i = 0; i < turn.answer.blocks().size(); ++i)
        rows.push_back({index, kindOf(turn.answer.blocks()[i]), i});
    if (turn.state == MessageState::Streaming) return;
    if (turn.hasNotice())
        rows.push_back({index, NoticeRow, 0});
    else
        rows.push_back({index, Footer, 0});
}

void ChatModel::show(const std::vector<PathEntry>& path) {
    beginResetModel();
    m_flushTimer.stop();
    m_clockTimer.stop();
    m_live = false;
    m_pendingThought.clear();
    m_pendingAnswer.clear();
    m_pendingThoughtTokens = 0;
    m_turns.clear();
    m_rows.clear();
    for (const auto& [message, sibling, siblings] : path) {
        m_turns.push_back(turnOf(*message));
        if (message->role == protocol::Role::Assistant) fillOutcome(m_turns.back(), *message);
        rowsOf(m_turns.size() - 1, m_rows);
    }
    endResetModel();
    emit countChanged();
}

void ChatModel::add(const MessageRecord& message, int, int) {
    flush();
    const int lastRow = count() - 1;
    m_turns.push_back(turnOf(message));
    m_live = message.state == MessageState::Streaming;
    if (m_live) {
        m_turns.back().phase = Waiting;
        m_turns.back().state = MessageState::Streaming;
    }
    syncRows(m_turns.size() - 1);
    if (lastRow >= 0) changed(lastRow, {ButtonRole}); // only the last message offers to go on
}

// Compares the rows at the end of the list with those the turn asks for and tells the difference, no more.
void ChatModel::syncRows(size_t index) {
    std::vector<Row> wanted;
    rowsOf(index, wanted);
    size_t begin = m_rows.size();
    while (begin > 0 && m_rows[begin - 1].turn == index) --begin;
    size_t same = 0;
    while (begin + same < m_rows.size() && same < wanted.size() &&
           m_rows[begin + same].kind == wanted[same].kind && m_rows[begin + same].block == wanted[same].block)
        ++same;
    if (begin + same < m_rows.size()) {
        beginRemoveRows({}, static_cast<int>(begin + same), count() - 1);
        m_rows.resize(begin + same);
        endRemoveRows();
    }
    if (same < wanted.size()) {
        beginInsertRows({}, static_cast<int>(begin + same), static_cast<int>(begin + wanted.size()) - 1);
        m_rows.insert(m_rows.end(), wanted.begin() + static_cast<std::ptrdiff_t>(same), wanted.end());
        endInsertRows();
    }
    emit countChanged();
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
    m_turns.back().message = id;
    changed(thoughtRow(), {MessageRole});
}

void ChatModel::setPhase(Phase phase) {
    if (!m_live || m_turns.back().phase == phase) return;
    Turn& turn = m_turns.back();
    if (phase == Live) {
        m_thoughtClock.start();
        m_clockTimer.start();
    } else if (turn.phase == Live) {
        turn.thoughtSeconds += static_cast<double>(m_thoughtClock.elapsed()) / 1000;
        m_clockTimer.stop();
    }
    turn.phase = phase;
    syncRows(m_turns.size() - 1);
    changed(thoughtRow(), {PhaseRole, OpenRole, LabelRole, ClockRole, DetailRole});
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
        if (m_turns.back().phase != Live) setPhase(Live);
        m_pendingThought += text;
        ++m_pendingThoughtTokens;
    } else {
        m_pendingAnswer += text;
    }
    if (!m_flushTimer.isActive())
        m_flushTimer.start(m_turns.back().answer.text().size() > kLongAnswer ? kLongFrameMs : kFrameMs);
}

void ChatModel::flush() {
    m_flushTimer.stop();
    if (!m_live) return;
    Turn& turn = m_turns.back();
    if (m_pendingThoughtTokens > 0) {
        const QString more = std::exchange(m_pendingThought, {});
        turn.thought += more;
        turn.thoughtTokens += std::exchange(m_pendingThoughtTokens, 0);
        changed(thoughtRow(), {TextRole, ClockRole, DetailRole});
        if (!more.isEmpty()) emit thoughtGrew(turn.message, more);
    }
    if (!m_pendingAnswer.isEmpty()) {
        if (turn.phase != Finished) setPhase(turn.thought.isEmpty() ? None : Finished);
        const MarkdownStream::Change change = turn.answer.append(std::exchange(m_pendingAnswer, {}));
        syncRows(m_turns.size() - 1);
        // Blocks that stayed but say something else; those after change.before are new rows anyway.
        const int first = count() - static_cast<int>(change.after);
        for (size_t i = change.firstChanged; i < std::min(change.before, change.after); ++i)
            changed(first + static_cast<int>(i),
                    {TextRole, GapRole, LevelRole, IndentRole, QuoteRole, MarkerRole, TaskRole, LanguageRole,
                     CellsRole, ColumnsRole, AlignmentsRole});
    }
}

void ChatModel::finish(const MessageRecord& message) {
    if (!m_live) return;
    flush();
    setPhase(m_turns.back().thought.isEmpty() ? None : Finished);
    m_live = false;
    fillOutcome(m_turns.back(), message);
    syncRows(m_turns.size() - 1);
    if (m_turns.back().phase == Finished)
        for (int row = count() - 1; row >= 0; --row)
            if (m_rows[static_cast<size_t>(row)].kind == Thought) {
                changed(row, {LabelRole, DetailRole});
                break;
            }
}

void ChatModel::dropLive() {
    if (!m_live) return;
    m_live = false;
    m_flushTimer.stop();
    m_clockTimer.stop();
    m_pendingThought.clear();
    m_pendingAnswer.clear();
    m_pendingThoughtTokens = 0;
    const size_t turn = m_turns.size() - 1;
    size_t begin = m_rows.size();
    while (begin > 0 && m_rows[begin - 1].turn == turn) --begin;
    if (begin < m_rows.size()) {
        beginRemoveRows({}, static_cast<int>(begin), count() - 1);
        m_rows.resize(begin);
        endRemoveRows();
    }
    m_turns.pop_back();
    emit countChanged();
}

int ChatModel::gap(int at) const {
    const Row& row = m_rows[static_cast<size_t>(at)];
    if (at == 0) return 24;
    const Row& above = m_rows[static_cast<size_t>(at - 1)];
    switch (row.kind) {
    case Question:
        return 32;
    case Thought:
        return 20;
    case NoticeRow:
    case Footer:
        return 12;
    default:
        break;
    }
    if (above.kind == Question) return 20;
    if (row.kind == Heading || above.kind == Thought) return above.kind == Thought ? 8 : 16;
    const auto& blocks = m_turns[row.turn].answer.blocks();
    const bool listItem = blocks[row.block].indent > 0 && row.block > 0 && blocks[row.block - 1].indent > 0;
    return listItem ? 2 : 10;
}

QString ChatModel::thoughtLabel(const Turn& turn) const {
    switch (turn.phase) {
    case None:
        return {};
    case Waiting:
        return tr("Starts as soon as the model is loaded");
    case Reading:
        return turn.prefillTotal > 0 ? tr("Reading %1 tokens").arg(formatCount(turn.prefillTotal))
                                     : tr("Reading");
    case Live:
        return tr("Thinking");
    case Finished:
        break;
    }
    const bool brief = turn.thoughtSeconds < kMoment;
    const QString time = formatSeconds(turn.thoughtSeconds);
    const bool answered = !turn.answer.text().isEmpty();
    if (turn.state == MessageState::Stopped && !answered)
        return brief ? tr("Thought for a moment, then stopped") : tr("Thought for %1, then stopped").arg(time);
    if ((turn.state == MessageState::Interrupted || turn.state == MessageState::Error) && !answered)
        return brief ? tr("Thought for a moment, interrupted") : tr("Thought for %1, interrupted").arg(time);
    return brief ? tr("Thought for a moment") : tr("Thought for %1").arg(time);
}

QString ChatModel::thoughtDetail(const Turn& turn) const {
    if (turn.phase != Live && turn.phase != Finished) return {};
    QString text = tr("%1 tokens").arg(formatCount(turn.thoughtTokens));
    const double seconds =
        turn.phase == Live ? static_cast<double>(m_thoughtClock.elapsed()) / 1000 : turn.thoughtSeconds;
    // The first second says little about a rate, and a short thought is not measured by it.
    if (seconds >= 1) text += QStringLiteral("  ·  ") + formatRate(turn.thoughtTokens / seconds);
    return text;
}

int ChatModel::thoughtRow() const {
    if (!m_live) return -1;
    for (size_t i = m_rows.size(); i > 0 && m_rows[i - 1].turn == m_turns.size() - 1; --i)
        if (m_rows[i - 1].kind == Thought) return static_cast<int>(i - 1);
    return -1;
}

void ChatModel::changed(int row, const QList<int>& roles) {
    if (row < 0 || row >= count()) return;
    emit dataChanged(index(row), index(row), roles);
}

void ChatModel::toggleThought(int row) {
    if (row < 0 || row >= count() || m_rows[static_cast<size_t>(row)].kind != Thought) return;
    Turn& turn = m_turns[m_rows[static_cast<size_t>(row)].turn];
    turn.choice = isOpen(turn) ? 0 : 1;
    changed(row, {OpenRole});
}

void ChatModel::toggleLastThought() {
    for (int row = count() - 1; row >= 0; --row)
        if (m_rows[static_cast<size_t>(row)].kind == Thought) return toggleThought(row);
}

QString ChatModel::answerText(int row) const {
    if (row < 0 || row >= count()) return {};
    return m_turns[m_rows[static_cast<size_t>(row)].turn].answer.text().trimmed();
}

QString ChatModel::blockText(int row) const { return data(index(row), TextRole).toString(); }

qint64 ChatModel::messageAt(int row) const {
    return row < 0 || row >= count() ? 0 : m_turns[m_rows[static_cast<size_t>(row)].turn].message;
}

} // namespace ponder::app
