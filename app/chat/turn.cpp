#include "app/chat/turn.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include "app/chat/conversation.h"
#include "app/format.h"

namespace ponder::app {

namespace {

constexpr double kMoment = 2.0; // seconds; a shorter thought took "a moment"

const QString kDot = QStringLiteral("  ·  ");

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("Turn", text, nullptr, n); }

QJsonObject parsed(const QString& json) { return QJsonDocument::fromJson(json.toUtf8()).object(); }

QString tokensText(qint64 tokens) {
    return tokens == 1 ? tr("1 token") : tr("%1 tokens").arg(formatCount(tokens));
}

} // namespace

Turn turnOf(const MessageRecord& message) {
    Turn turn;
    turn.message = message.id;
    turn.role = message.role;
    turn.state = message.state;
    turn.modelName = message.modelName;
    turn.settings = message.settings;
    if (!turn.isAnswer()) {
        turn.question = textOf(message, SegmentChannel::Question);
        return turn;
    }
    turn.thought.append(textOf(message, SegmentChannel::Thought));
    for (const Segment& segment : message.segments) {
        if (segment.channel != SegmentChannel::Thought) continue;
        turn.thoughtSeconds += static_cast<double>(segment.endMs - segment.startMs) / 1000;
        turn.thoughtTokens += segment.tokens;
        turn.thoughtCut = turn.thoughtCut || segment.cutShort;
    }
    if (!turn.thought.isEmpty()) turn.phase = ThoughtPhase::Finished;
    turn.answer.append(textOf(message, SegmentChannel::Answer));
    return turn;
}

void fillOutcome(Turn& turn, const MessageRecord& message) {
    turn.state = message.state;
    turn.modelName = message.modelName;
    turn.settings = message.settings;
    turn.stats = message.stats;
    turn.thought.close(!turn.answer.text().isEmpty());
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
        if (!filledContext(message)) {
            turn.notice = {tr("The answer is as long as one may be"),
                           tr("It has as many tokens as are allowed at once, and can go on."),
                           Remedy::Continue, tr("Continue the answer"), false};
            break;
        }
        turn.notice = adviseOn(
            {ErrorCode::ContextFull,
             tr("the context is full, so the answer ends here: begin a new conversation, or load the model "
                "with a larger context")
                 .toStdString()});
        break;
    default:
        turn.notice = {};
    }
}

QString stepName(StepKind kind) {
    switch (kind) {
    case StepKind::Plan:
        return tr("Planning");
    case StepKind::Compute:
        return tr("Computing");
    case StepKind::Check:
        return tr("Checking");
    case StepKind::Backtrack:
        return tr("Backtracking");
    case StepKind::Conclude:
        return tr("Concluding");
    }
    return tr("Thinking");
}

QString thoughtLabel(const Turn& turn) {
    switch (turn.phase) {
    case ThoughtPhase::None:
        return {};
    case ThoughtPhase::Waiting:
        return tr("Starts as soon as the model is loaded");
    case ThoughtPhase::Reading:
        return turn.prefillTotal > 0 ? tr("Reading %1 tokens").arg(formatCount(turn.prefillTotal))
                                     : tr("Reading");
    case ThoughtPhase::Live:
        return turn.thought.isEmpty() ? tr("Thinking") : stepName(turn.thought.parts().back().kind);
    case ThoughtPhase::Finished:
        break;
    }
    const bool brief = turn.thoughtSeconds < kMoment;
    const QString time = formatSeconds(turn.thoughtSeconds);
    const bool answered = !turn.answer.text().isEmpty();
    if (turn.thoughtCut)
        return brief ? tr("Thought for a moment, cut short") : tr("Thought for %1, cut short").arg(time);
    if (turn.state == MessageState::Stopped && !answered)
        return brief ? tr("Thought for a moment, then stopped") : tr("Thought for %1, then stopped").arg(time);
    if ((turn.state == MessageState::Interrupted || turn.state == MessageState::Error) && !answered)
        return brief ? tr("Thought for a moment, interrupted") : tr("Thought for %1, interrupted").arg(time);
    return brief ? tr("Thought for a moment") : tr("Thought for %1").arg(time);
}

QString thoughtDetail(const Turn& turn, double seconds) {
    const bool live = turn.phase == ThoughtPhase::Live;
    if (!live && turn.phase != ThoughtPhase::Finished) return {};
    const int steps = turn.thought.steps();
    QStringList parts;
    if (live && steps > 0) parts << tr("step %1").arg(steps);
    if (!live && steps > 1) parts << tr("%1 steps").arg(steps);
    parts << tokensText(turn.thoughtTokens);
    // The first second says little about a rate, and a short thought is not measured by it.
    if (seconds >= 1) parts << formatRate(turn.thoughtTokens / seconds);
    return parts.join(kDot);
}

QString footerText(const Turn& turn) {
    const QJsonObject stats = parsed(turn.stats);
    QStringList parts;
    const qint64 tokens = stats[QStringLiteral("thoughtTokens")].toInteger() +
                          stats[QStringLiteral("answerTokens")].toInteger();
    if (tokens > 0) parts << tokensText(tokens);
    if (const double rate = stats[QStringLiteral("tokensPerSecond")].toDouble(); rate > 0)
        parts << formatRate(rate);
    if (const double first = stats[QStringLiteral("prefillSeconds")].toDouble(); first > 0)
        parts << tr("first %1").arg(formatSeconds(first));
    return parts.join(kDot);
}

QVariantList statisticsOf(const Turn& turn) {
    const QJsonObject stats = parsed(turn.stats), settings = parsed(turn.settings);
    QVariantList rows;
    const auto add = [&](const QString& label, const QString& value) {
        if (!value.isEmpty())
            rows << QVariantMap{{QStringLiteral("label"), label}, {QStringLiteral("value"), value}};
    };
    const auto count = [&](const char* key) {
        const qint64 value = stats[QLatin1String(key)].toInteger();
        return value > 0 ? formatCount(value) : QString();
    };
    const auto time = [&](const char* key) {
        const double value = stats[QLatin1String(key)].toDouble();
        return value > 0 ? formatSeconds(value) : QString();
    };
    const auto rate = [&](const char* key) {
        const double value = stats[QLatin1String(key)].toDouble();
        return value > 0 ? formatRate(value) : QString();
    };
    const auto number = [&](const char* key) {
        return settings.contains(QLatin1String(key))
                   ? QLocale().toString(settings[QLatin1String(key)].toDouble(), 'g', 4)
                   : QString();
    };
    add(tr("Model"), turn.modelName);
    add(tr("Quantisation"), settings[QStringLiteral("quantization")].toString());
    add(tr("Device"), settings[QStringLiteral("device")].toString());
    if (settings[QStringLiteral("cache")] == QLatin1String("q8")) add(tr("Cache"), tr("8 bits"));
    add(tr("Tokens read"), count("promptTokens"));
    add(tr("of them from the cache"), count("cachedTokens"));
    add(tr("Tokens of the thought"),
        turn.thoughtTokens > 0 ? formatCount(turn.thoughtTokens) : count("thoughtTokens"));
    add(tr("Tokens of the answer"), count("answerTokens"));
    add(tr("Context used"), count("contextUsed"));
    add(tr("Reading took"), time("prefillSeconds"));
    add(tr("Thinking took"),
        turn.thoughtSeconds > 0 ? formatSeconds(turn.thoughtSeconds) : time("thoughtSeconds"));
    add(tr("Answering took"), time("answerSeconds"));
    add(tr("Reading rate"), rate("prefillTokensPerSecond"));
    add(tr("Writing rate"), rate("tokensPerSecond"));
    if (stats[QStringLiteral("expertPairs")].toInteger() > 0)
        add(tr("Experts on the device"),
            QLocale().toString(100 * stats[QStringLiteral("expertDeviceShare")].toDouble(), 'f', 0) +
                QStringLiteral(" %"));
    add(tr("Temperature"), number("temperature"));
    add(tr("Top p"), number("topP"));
    if (settings[QStringLiteral("topK")].toInt() > 0) add(tr("Top k"), number("topK"));
    if (settings[QStringLiteral("minP")].toDouble() > 0) add(tr("Min p"), number("minP"));
    add(tr("Seed"), settings[QStringLiteral("seed")].toString());
    return rows;
}

} // namespace ponder::app
