#include "app/export/reading_order.h"

#include <algorithm>
#include <deque>

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QLocale>
#include <QSet>
#include <QTimeZone>

#include "app/chat/conversation.h"
#include "app/errors/advice.h"
#include "app/format.h"

namespace ponder::app {

namespace {

constexpr qsizetype kWordsLength = 60;

QString tr(const char* text) { return QCoreApplication::translate("Export", text); }

using Index = QHash<qint64, const MessageRecord*>;

Index indexOf(const ConversationTree& tree) {
    Index index;
    index.reserve(static_cast<qsizetype>(tree.messages.size()));
    for (const MessageRecord& message : tree.messages) index.insert(message.id, &message);
    return index;
}

// From the first message to that one. A circle, which only a damaged file can hold, ends where it closes.
std::vector<const MessageRecord*> pathTo(const Index& index, qint64 id) {
    std::vector<const MessageRecord*> path;
    QSet<qint64> seen;
    for (const MessageRecord* message = index.value(id); message && !seen.contains(message->id);
         message = index.value(message->parent)) {
        seen.insert(message->id);
        path.push_back(message);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

QString firstWords(const MessageRecord& message) {
    QString text;
    for (const Segment& segment : message.segments)
        if (segment.channel == SegmentChannel::Question || segment.channel == SegmentChannel::Answer)
            text += segment.text.left(4 * kWordsLength) + QLatin1Char(' ');
    const QString whole = text.simplified();
    const QString cut = cutAtSpace(whole, kWordsLength);
    return cut.size() < whole.size() ? cut + QStringLiteral("…") : cut;
}

ExportTurn turnOf(const MessageRecord& message,
                  const QHash<qint64, std::vector<const MessageRecord*>>& children,
                  const ExportOptions& options) {
    ExportTurn turn;
    turn.message = &message;
    const std::vector<const MessageRecord*> siblings = children.value(message.parent);
    turn.versions = static_cast<int>(siblings.size());
    turn.version =
        static_cast<int>(std::find(siblings.begin(), siblings.end(), &message) - siblings.begin()) + 1;
    for (const Segment& segment : message.segments)
        if (!segment.text.trimmed().isEmpty() &&
            (options.thoughts || segment.channel != SegmentChannel::Thought))
            turn.segments.push_back(&segment);
    return turn;
}

} // namespace

Result<std::vector<const MessageRecord*>> chosenMessages(const ConversationTree& tree,
                                                         const ExportOptions& options) {
    std::vector<const MessageRecord*> chosen;
    if (options.scope == ExportScope::All) {
        for (const MessageRecord& message : tree.messages) chosen.push_back(&message);
    } else {
        const Index index = indexOf(tree);
        const qint64 last = options.message != 0 ? options.message : tree.chat.head;
        if (options.message != 0 && !index.contains(options.message))
            return Error{ErrorCode::NotFound, "message " + std::to_string(options.message) +
                                                  " is no longer in this conversation: choose another one"};
        chosen = pathTo(index, last);
        if (options.scope == ExportScope::Answer && chosen.size() > 2)
            chosen.erase(chosen.begin(), chosen.end() - 2); // itself and what it answers
    }
    if (chosen.empty())
        return Error{ErrorCode::NotFound, "the conversation has no message yet: ask something first"};
    return chosen;
}

Result<std::vector<ExportBranch>> readingOrder(const ConversationTree& tree, const ExportOptions& options) {
    ASSIGN_OR_RETURN(const std::vector<const MessageRecord*> chosen, chosenMessages(tree, options));
    const Index index = indexOf(tree);
    QHash<qint64, std::vector<const MessageRecord*>>
        children; // of the whole tree, so that versions are counted right
    for (const MessageRecord& message : tree.messages)
        children[index.contains(message.parent) ? message.parent : 0].push_back(&message);

    std::vector<ExportBranch> branches;
    if (options.scope != ExportScope::All) {
        ExportBranch& branch = branches.emplace_back();
        for (const MessageRecord* message : chosen)
            branch.turns.push_back(turnOf(*message, children, options));
        return branches;
    }
    QSet<qint64> shown;
    for (const MessageRecord* message : pathTo(index, tree.chat.head)) shown.insert(message->id);
    QSet<qint64> written;
    // Every branch runs to its end; the versions that it passes by wait for their turn.
    std::deque<const MessageRecord*> waiting;
    const auto choose = [&](qint64 parent) -> const MessageRecord* {
        const MessageRecord* next = nullptr;
        const std::vector<const MessageRecord*> versions = children.value(parent);
        for (const MessageRecord* version : versions)
            if (!next || shown.contains(version->id) || !shown.contains(next->id)) next = version;
        for (const MessageRecord* version : versions)
            if (version != next) waiting.push_back(version);
        return next;
    };
    const auto follow = [&](const MessageRecord* first, const MessageRecord* after) {
        ExportBranch branch;
        branch.after = after;
        for (const MessageRecord* message = first; message && !written.contains(message->id);
             message = choose(message->id)) {
            written.insert(message->id);
            branch.turns.push_back(turnOf(*message, children, options));
        }
        if (!branch.turns.empty()) branches.push_back(std::move(branch));
    };
    follow(choose(0), nullptr);
    while (!waiting.empty()) {
        const MessageRecord* first = waiting.front();
        waiting.pop_front();
        follow(first, index.value(first->parent));
    }
    return branches;
}

QString titleOf(const ConversationTree& tree) {
    const QString title = tree.chat.title.simplified();
    return title.isEmpty() ? tr("Conversation") : title;
}

QString byline(const ConversationTree& tree, const ExportOptions& options) {
    QStringList words;
    if (tree.chat.createdMs > 0)
        words << QLocale().toString(QDateTime::fromMSecsSinceEpoch(tree.chat.createdMs).date(),
                                    QLocale::LongFormat);
    const auto chosen = chosenMessages(tree, options);
    if (chosen.ok())
        for (const MessageRecord* message : *chosen)
            if (!message->modelName.isEmpty() && !words.contains(message->modelName))
                words << message->modelName;
    return words.join(QStringLiteral(" · "));
}

QString speaker(const ExportTurn& turn) {
    const MessageRecord& message = *turn.message;
    const QString name = message.role == Role::User     ? tr("You")
                         : message.role == Role::System ? tr("System")
                         : message.modelName.isEmpty()  ? tr("Answer")
                                                        : message.modelName;
    if (turn.versions < 2) return name;
    return tr("%1, version %2 of %3").arg(name).arg(turn.version).arg(turn.versions);
}

QString thoughtLine(const Segment& segment) {
    const double seconds = static_cast<double>(segment.endMs - segment.startMs) / 1000;
    const QString time =
        seconds < 2 ? tr("Thought for a moment") : tr("Thought for %1").arg(formatSeconds(seconds));
    if (segment.tokens <= 0) return time;
    return tr("%1, %2 tokens").arg(time, formatCount(segment.tokens));
}

QString branchLine(const ExportBranch& branch) {
    if (branch.turns.empty() ||
        (!branch.after && branch.turns.front().version == branch.turns.front().versions &&
         branch.turns.front().versions == 1))
        return {};
    return branch.after ? tr("Another version, after “%1”").arg(firstWords(*branch.after))
                        : tr("Another version, from the beginning");
}

QString stateLine(const MessageRecord& message) {
    switch (message.state) {
    case MessageState::Done:
        return {};
    case MessageState::Stopped:
        return tr("Stopped here.");
    case MessageState::Length:
        return filledContext(message) ? tr("The context was full here.") : tr("As long as an answer may be.");
    case MessageState::Streaming:
    case MessageState::Interrupted:
    case MessageState::Error:
        break;
    }
    return message.errorText.isEmpty() ? tr("Interrupted here.") : sentence(message.errorText.toStdString());
}

} // namespace ponder::app
