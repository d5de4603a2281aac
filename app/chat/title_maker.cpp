#include "app/chat/title_maker.h"

#include <QRegularExpression>

#include "app/format.h"

namespace ponder::app {

using namespace protocol;

namespace {

constexpr qsizetype kAutomaticLength = 48, kTitleLength = 60;
constexpr qsizetype kToldQuestion = 1200, kToldAnswer = 800; // characters: enough to know what it is about
constexpr uint32_t kTitleTokens = 20;
constexpr size_t kWantedAtMost = 8;

GenerateRequest requestFor(const TitleMaker::Exchange& exchange) {
    const QString told =
        QStringLiteral(
            "A conversation begins like this.\n\nQuestion: %1\n\nAnswer: %2\n\nWrite a title for it of "
            "three to six words, in the language of the question. Reply with the title alone.")
            .arg(exchange.question.left(kToldQuestion), exchange.answer.left(kToldAnswer));
    GenerateRequest request;
    request.messages.push_back({Role::User, told.toStdString(), {}});
    request.think = false;
    request.maxTokens = kTitleTokens;
    request.sampling.temperature = 0;
    return request;
}

} // namespace

QString automaticTitle(const QString& question) {
    const QString whole = question.simplified();
    const QString cut = cutAtSpace(whole, kAutomaticLength);
    return cut.size() < whole.size() ? cut + QStringLiteral("…") : cut;
}

QString cleanedTitle(const QString& said) {
    static const QString kQuotes = QStringLiteral("\"'`“”‘’„«»‹›「」『』*_#");
    static const QRegularExpression kLabel(
        QStringLiteral("^(title|titel|titre|título|标题|標題|题目|題目)\\s*[:：]\\s*"),
        QRegularExpression::CaseInsensitiveOption);
    QString title;
    for (const QString& line : said.split(QLatin1Char('\n'))) {
        title = line.simplified();
        for (qsizetype before = -1;
             before != title.size();) { // "**Title:** “Words.”" takes more than one turn
            before = title.size();
            while (!title.isEmpty() && (kQuotes.contains(title.front()) || title.front().isSpace()))
                title.remove(0, 1);
            while (!title.isEmpty() && (kQuotes.contains(title.back()) || title.back().isSpace() ||
                                        QStringLiteral(".。,，;；:：").contains(title.back())))
                title.chop(1);
            title.remove(kLabel);
        }
        if (!title.isEmpty()) break;
    }
    return cutAtSpace(title, kTitleLength).trimmed();
}

TitleMaker::TitleMaker(ChatBackend& backend, StoreThread& store, QObject* parent)
    : QObject(parent), m_backend(backend), m_store(store) {
    connect(&backend, &ChatBackend::happened, this, &TitleMaker::onEvent);
}

void TitleMaker::want(Exchange exchange) {
    forget(exchange.chat);
    m_wanted.push_back(std::move(exchange));
    if (m_wanted.size() > kWantedAtMost) m_wanted.pop_front();
    next();
}

void TitleMaker::forget(qint64 chat) {
    if (m_current.chat == chat) giveWay();
    std::erase_if(m_wanted, [chat](const Exchange& wanted) { return wanted.chat == chat; });
}

void TitleMaker::setFree(bool free) {
    m_free = free;
    if (!free) return giveWay();
    // Not within the call: who says that the engine is free may be about to ask it something.
    QMetaObject::invokeMethod(this, &TitleMaker::next, Qt::QueuedConnection);
}

void TitleMaker::giveWay() {
    if (m_request.isEmpty()) return;
    m_backend.stop(std::exchange(m_request, {}));
    m_wanted.push_back(std::exchange(m_current, {})); // later
}

void TitleMaker::next() {
    if (!m_free || !m_request.isEmpty() || m_wanted.empty()) return;
    m_current = std::move(m_wanted.back());
    m_wanted.pop_back();
    m_said.clear();
    m_request = m_backend.generate(requestFor(m_current));
}

void TitleMaker::onEvent(const Event& event) {
    if (m_request.isEmpty() || event.id != m_request.toStdString()) return;
    if (const auto* token = std::get_if<TokenEvent>(&event.body)) {
        if (token->channel == Channel::Answer) m_said += QString::fromStdString(token->text);
        return;
    }
    const auto* done = std::get_if<DoneEvent>(&event.body);
    if (!done && !std::holds_alternative<ErrorEvent>(event.body)) return;
    m_request.clear();
    // Cut off in the middle of a word: without that word, if there are others.
    if (done && done->reason == FinishReason::Length && m_said.trimmed().contains(QLatin1Char(' ')))
        m_said.truncate(m_said.lastIndexOf(QLatin1Char(' ')));
    const bool usable = done && (done->reason == FinishReason::Stop || done->reason == FinishReason::Length);
    const QString title = usable ? cleanedTitle(m_said) : QString();
    if (!title.isEmpty()) keep(title);
    m_current = {}; // whatever came of it: once is enough
    setFree(m_free);
}

void TitleMaker::keep(const QString& title) {
    m_store.run(
        this,
        [chat = m_current.chat, automatic = m_current.title, title](ConversationStore& store) -> Result<bool> {
            ASSIGN_OR_RETURN(const ChatRecord record, store.chat(chat));
            if (record.title != automatic) return false; // somebody has named it
            RETURN_IF_ERROR(store.renameChat(chat, title));
            return true;
        },
        [this, chat = m_current.chat, title](Result<bool> kept) {
            if (kept.ok() && *kept) emit titled(chat, title);
        });
}

} // namespace ponder::app
