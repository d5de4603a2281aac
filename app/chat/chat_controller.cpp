// Asking and answering: from the question in the composer to the answer in the store. What is shown of it is in
// chat_controller_view.cpp.

#include "app/chat/chat_controller.h"

#include <algorithm>

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/errors/advice.h"
#include "app/format.h"

namespace ponder::app {

using namespace protocol;

namespace {

constexpr int kContextMs = 250;   // between two looks at the meter: each look makes some strings in QML
constexpr size_t kTitleTurns = 5; // what the model is told at most for a first title to be still worth it

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

bool wasThinking(const MessageRecord& answer) {
    return QJsonDocument::fromJson(answer.settings.toUtf8()).object()[QStringLiteral("think")].toBool(true);
}

bool hasAllIds(const MessageRecord& answer) {
    return std::all_of(answer.segments.begin(), answer.segments.end(),
                       [](const Segment& segment) { return segment.text.isEmpty() || !segment.ids.empty(); });
}

} // namespace

ChatController::ChatController(ChatBackend& backend, StoreThread& store, ModelLoader& loader, QObject* parent)
    : QObject(parent), m_backend(backend), m_store(store), m_loader(loader), m_transcript(this),
      m_conversations(store, this), m_search(store, this), m_trash(store, this), m_notice(this),
      m_shelf(store, m_conversations, m_trash, this), m_drafts(store, this), m_meter(backend, this),
      m_titles(backend, store, this) {
    connect(&backend, &ChatBackend::restarting, this, [this](const Error& error) {
        // What cut off an answer stands at that answer; otherwise it is said once, above the composer.
        if (std::exchange(m_toldOfDeath, false) || m_loader.notice()->shown()) return;
        Advice advice = adviseOn(error);
        advice.text += QLatin1Char(' ') + tr("It is started again.");
        advice.remedy = Remedy::None;
        advice.button.clear();
        m_loader.notice()->show(advice);
    });
    connect(&loader, &ModelLoader::changed, this, &ChatController::update);

    connect(&store, &StoreThread::failed, this, [this](const QString& message) {
        reportStore({ErrorCode::Database, message.toStdString()});
    });
    connect(&store, &StoreThread::diskLow, this, [this](qint64 freeBytes) {
        m_toldOfStore = true;
        m_notice.show(
            {tr("The disk is nearly full"),
             tr("%1 are left where your conversations are. Questions and finished answers are still "
                "kept, an answer in progress no longer each second. Make room.")
                 .arg(formatBytes(static_cast<quint64>(std::max<qint64>(0, freeBytes)))),
             Remedy::None,
             {},
             true});
    });
    connect(&store, &StoreThread::diskEnough, this, [this] {
        if (std::exchange(m_toldOfStore, false)) m_notice.dismiss();
    });
    connect(&store, &StoreThread::restored, this, [this] {
        if (m_temporary) return m_conversations.reload();
        m_conversation = {}; // its number may be that of another one now
        newConversation();
        showConversation({});
        openLast();
    });

    connect(&m_shelf, &ChatShelf::storeFailed, this, &ChatController::reportStore);
    connect(&m_drafts, &Drafts::storeFailed, this, &ChatController::reportStore);
    connect(&m_shelf, &ChatShelf::thrownAwayChanged, this, &ChatController::trashedChanged);
    connect(&m_shelf, &ChatShelf::broughtBack, this, [this](qint64 chat, bool undone) {
        if (undone && std::exchange(m_reopen, 0) == chat) openConversation(chat);
    });
    const auto onTitle = [this](qint64 chat, const QString& title) {
        if (chat != m_conversation.id()) return;
        m_conversation.setTitle(title);
        emit conversationChanged();
    };
    connect(&m_shelf, &ChatShelf::renamed, this, onTitle);
    connect(&m_shelf, &ChatShelf::pinned, this, [this](qint64 chat, bool pinned) {
        if (chat == m_conversation.id()) m_conversation.setPinned(pinned);
    });
    connect(&m_titles, &TitleMaker::titled, this, [this, onTitle](qint64 chat, const QString& title) {
        m_conversations.rename(chat, title);
        onTitle(chat, title);
    });
    connect(&m_drafts, &Drafts::changed, this, [this] {
        m_meter.setDraft(m_drafts.text());
        emit draftChanged();
    });
    connect(&m_transcript, &ChatModel::thoughtChosen, this, [this](qint64 message, ThoughtShown shown) {
        m_conversation.setThoughtShown(message, shown);
        storeOf(m_temporary)
            .run(
                this,
                [message, shown](ConversationStore& kept) { return kept.setThoughtShown(message, shown); },
                [](Result<void>) {}); // no word is lost with it
    });
    connect(&m_transcript, &ChatModel::choicesForgotten, this, [this] {
        if (m_conversation.id() == 0) return; // the store may not even be open yet
        m_conversation.forgetThoughtsShown();
        storeOf(m_temporary)
            .run(
                this,
                [chat = m_conversation.id()](ConversationStore& kept) {
                    return kept.forgetThoughtsShown(chat);
                },
                [](Result<void>) {});
    });
    connect(&m_meter, &PromptMeter::changed, this, &ChatController::contextChanged);
    m_contextTimer.setSingleShot(true);
    m_contextTimer.setInterval(kContextMs);
    connect(&m_contextTimer, &QTimer::timeout, this, &ChatController::contextChanged);
}

ChatController::~ChatController() = default;

void ChatController::setThink(bool think) {
    if (think == m_think) return;
    m_think = think;
    updateMeter();
    emit thinkChanged();
}

bool ChatController::ready() {
    if (m_loader.status() == ModelLoader::Loaded || m_loader.isBusy()) return true;
    if (!m_loader.notice()->shown())
        m_loader.notice()->show({tr("No model is loaded"),
                                 tr("Drop a .gguf file on the window, or choose one."), Remedy::ChooseFile,
                                 tr("Choose a file"), false});
    return false;
}

bool ChatController::ask(const QString& text) {
    const QString question = text.trimmed();
    if (question.isEmpty() || busy() || !ready()) return false;
    if (m_conversation.id() == 0)
        ++m_epoch; // the one of the last time may be being read: it would be shown over this
    AnswerRun::Order order;
    order.chat = m_conversation.id();
    order.title = automaticTitle(question);
    order.question.chat = order.chat;
    order.question.parent = m_conversation.head();
    order.question.segments = {{SegmentChannel::Question, question, {}, now(), now(), 0}};
    const int siblings = static_cast<int>(m_conversation.childrenOf(order.question.parent).size());
    m_drafts.asked();
    answer(std::move(order), siblings, siblings + 1);
    return true;
}

bool ChatController::editQuestion(qint64 message, const QString& text) {
    const MessageRecord* old = m_conversation.find(message);
    const QString question = text.trimmed();
    if (!old || old->role != Role::User || question.isEmpty()) return false;
    if (m_shown && m_shown->message() == 0) return false; // asked this very moment
    if (!ready()) return false;
    AnswerRun::Order order;
    order.chat = m_conversation.id();
    order.question.chat = order.chat;
    order.question.parent = old->parent;
    order.question.segments = {{SegmentChannel::Question, question, {}, now(), now(), 0}};
    const int siblings = static_cast<int>(m_conversation.siblingsOf(message).size());
    answer(std::move(order), siblings, siblings + 1);
    m_drafts.keepAgain(); // the store takes a question for what stood in the composer
    return true;
}

void ChatController::regenerate(qint64 message) {
    const MessageRecord* record = m_conversation.find(message);
    if (!record) return;
    const MessageRecord* question = record->role == Role::User ? record : m_conversation.find(record->parent);
    if (!question) return;
    // Pressed twice: what was ordered has not said a word yet.
    if (m_shown && (m_shown->message() == 0 || (m_shown->question().id == question->id && m_shown->silent())))
        return;
    if (!ready()) return;
    AnswerRun::Order order;
    order.chat = m_conversation.id();
    order.question = *question;
    const int siblings = static_cast<int>(m_conversation.childrenOf(question->id).size());
    answer(std::move(order), siblings, siblings + 1);
}

void ChatController::askAgain() {
    if (!busy()) regenerate(m_conversation.head());
}

void ChatController::continueAnswer() {
    const MessageRecord* last = m_conversation.find(m_conversation.head());
    if (!last || last->role != Role::Assistant || busy() || !ready()) return;
    const MessageRecord* question = m_conversation.find(last->parent);
    if (!question) return;
    if (!hasAllIds(*last)) {
        m_notice.show(
            {tr("This answer cannot go on"),
             tr("It was read from a file that has its words and not its tokens. Ask again instead."),
             Remedy::None,
             {},
             false});
        return;
    }
    AnswerRun::Order order;
    order.chat = m_conversation.id();
    order.question = *question;
    order.goOnFrom = last->segments; // a new child of the question that begins as the old one did
    order.begunBy = last->modelName;
    const int siblings = static_cast<int>(m_conversation.childrenOf(question->id).size());
    const bool think = std::exchange(m_think, wasThinking(*last)); // the frame that its tokens stand in
    answer(std::move(order), siblings, siblings + 1);
    m_think = think;
}

// The order as it is but for the history; sibling: of what is new, the question or else the answer.
void ChatController::answer(AnswerRun::Order order, int sibling, int siblings) {
    if (m_shown) std::exchange(m_shown, nullptr)->stop();
    const bool asks = order.question.id == 0;
    const qint64 above = asks ? order.question.parent : order.question.id;
    order.temporary = m_temporary;
    order.think = m_think;
    if (m_settings) {
        order.sampling = m_settings->sampling();
        order.maxTokens = static_cast<uint32_t>(m_settings->maxTokens());
    }
    order.history = m_conversation.historyTo(above);
    if (asks)
        order.history.turns.push_back(
            {{Role::User, textOf(order.question, SegmentChannel::Question).toStdString(), {}}, {}});
    m_runs.push_back(std::make_unique<AnswerRun>(std::move(order), m_backend, storeOf(m_temporary), m_loader));
    AnswerRun& run = *m_runs.back();
    connect(&run, &AnswerRun::stageChanged, this, &ChatController::update);
    connect(&run, &AnswerRun::questionKept, this, [this, &run](bool begun) { onQuestionKept(run, begun); });
    connect(&run, &AnswerRun::answerBegan, this, [this, &run] { onAnswerBegan(run); });
    connect(&run, &AnswerRun::finished, this, [this, &run] { onFinished(run); });
    connect(&run, &AnswerRun::savedAll, this, [this, &run] { forgetRun(run); });
    connect(&run, &AnswerRun::prefilled, this, [this, &run] {
        if (&run == m_shown) m_transcript.setPrefill(run.prefillDone(), run.prefillTotal());
    });
    connect(&run, &AnswerRun::appended, this, [this, &run](SegmentChannel channel, const QString& text) {
        if (&run == m_shown) m_transcript.append(channel, text);
    });
    connect(&run, &AnswerRun::thinkingChanged, this, &ChatController::update);
    connect(&run, &AnswerRun::cutShort, this, [this, &run] {
        if (&run == m_shown) m_transcript.cutShort();
    });
    connect(&run, &AnswerRun::contextChanged, this, [this, &run] {
        if (&run == m_shown && !m_contextTimer.isActive()) m_contextTimer.start();
    });
    connect(&run, &AnswerRun::storeFailed, this, &ChatController::reportStore);
    connect(&run, &AnswerRun::storeWorks, this, [this] {
        if (std::exchange(m_toldOfStore, false)) m_notice.dismiss(); // there is room again
    });

    // Shown at once; the numbers come from the store.
    if (above != m_conversation.head()) m_transcript.show(m_conversation.pathTo(above));
    if (asks) m_transcript.add(run.question(), sibling, siblings);
    m_shown = &run;
    m_transcript.add(run.record(), asks ? 0 : sibling, asks ? 1 : siblings);
    if (run.chat() != 0 && !run.temporary()) m_conversations.setLive(run.chat(), true);
    update();
    run.begin();
}

void ChatController::onQuestionKept(AnswerRun& run, bool begun) {
    const qint64 chat = run.chat();
    ChatRecord record{chat, run.title(), false, now(), now(), run.question().id, {}, 0, {}};
    if (&run == m_shown) {
        if (begun) m_conversation.begin(chat, run.title());
        if (begun && !run.temporary()) {
            m_drafts.begun(chat);
            rememberLast(chat);
        }
        m_conversation.add(run.question());
        m_transcript.setQuestionId(run.question().id);
        record = m_conversation.chat();
        record.updatedMs = now();
        if (record.createdMs == 0) record.createdMs = record.updatedMs;
        emit conversationChanged();
    } else if (chat == m_conversation.id()) {
        m_conversation.insert(run.question());
    } else if (run.temporary()) {
        return purgeFromMemory(chat); // left before it was numbered
    }
    if (run.temporary()) return;
    if (&run == m_shown || begun)
        m_conversations.put(record);
    else
        m_conversations.touch(chat, now());
    m_conversations.setLive(chat, true);
}

void ChatController::onAnswerBegan(AnswerRun& run) {
    if (&run == m_shown) {
        m_conversation.add(run.record());
        m_transcript.setMessageId(run.message());
        return;
    }
    if (run.chat() != m_conversation.id()) return;
    m_conversation.insert(run.record());
    const qint64 head = m_conversation.head();
    if (!m_shown && (head == run.question().id || head == run.question().parent)) {
        m_conversation.showLeaf(run.message()); // left and come back before the store had answered
        showPath();
    } else if (head != 0) { // to the store what is begun is also what is looked at
        storeOf(run.temporary())
            .run(
                this,
                [chat = run.chat(), head](ConversationStore& store) { return store.setHead(chat, head); },
                [](Result<void>) {});
    }
}

void ChatController::onFinished(AnswerRun& run) {
    const bool shown = &run == m_shown;
    if (shown) m_shown = nullptr;
    m_toldOfDeath = m_toldOfDeath || (shown && run.engineEnded());
    if (run.question().id == 0) { // the store did not take it: the words go back to where they came from
        const QString words = textOf(run.question(), SegmentChannel::Question);
        if (shown) {
            showPath();
            m_drafts.giveBack(words);
        } else if (!run.temporary()) {
            m_drafts.giveBackTo(run.chat(), words);
        }
    } else if (run.message() == 0) {
        if (shown) showPath();
    } else {
        const MessageRecord answer = run.record();
        if (run.chat() == m_conversation.id()) m_conversation.insert(answer);
        if (shown) m_transcript.finish(answer);
        if (!run.temporary()) {
            m_conversations.touch(run.chat(), now());
            wantTitle(run, answer);
        }
    }
    const bool others = std::any_of(m_runs.begin(), m_runs.end(), [&](const auto& other) {
        return !other->ended() && other->chat() == run.chat();
    });
    if (!run.temporary()) m_conversations.setLive(run.chat(), others);
    update();
    updateMeter();
}

void ChatController::wantTitle(const AnswerRun& run, const MessageRecord& answer) {
    if (answer.state != MessageState::Done || run.turns() > kTitleTurns || m_loader.isBuiltin()) return;
    const QString automatic = automaticTitle(run.firstQuestion());
    const bool open = run.chat() == m_conversation.id();
    if (open ? title() != automatic : run.turns() > 1) return;
    m_titles.want({run.chat(), textOf(run.question(), SegmentChannel::Question),
                   textOf(answer, SegmentChannel::Answer), automatic});
}

void ChatController::forgetRun(AnswerRun& run) {
    const auto found =
        std::find_if(m_runs.begin(), m_runs.end(), [&](const auto& other) { return other.get() == &run; });
    if (found == m_runs.end()) return;
    found->release()->deleteLater(); // it is still speaking
    m_runs.erase(found);
}

AnswerRun* ChatController::runOf(qint64 message) const {
    for (const auto& run : m_runs)
        if (message != 0 && run->message() == message && !run->ended()) return run.get();
    return nullptr;
}

void ChatController::stopRunsOf(qint64 chat, bool discard) {
    std::vector<AnswerRun*> runs;
    for (const auto& run : m_runs)
        if (run->chat() == chat) runs.push_back(run.get());
    for (AnswerRun* run : runs) discard ? run->discard() : run->stop();
}

void ChatController::stop() {
    AnswerRun* const run = m_shown;
    if (!run) return;
    const bool waits = run->stage() == AnswerRun::Keeping || run->stage() == AnswerRun::Waiting;
    if (waits && m_loader.isBusy()) m_loader.cancel(); // it was loading for this
    run->stop();
}

bool ChatController::answerNow() { return m_shown && m_shown->answerNow(); }

void ChatController::saveNow() {
    std::vector<AnswerRun*> runs;
    for (const auto& run : m_runs) runs.push_back(run.get());
    for (AnswerRun* run : runs) run->saveNow();
    m_drafts.flush();
}

void ChatController::update() {
    const bool loaded = m_loader.status() == ModelLoader::Loaded;
    const bool answering =
        std::any_of(m_runs.begin(), m_runs.end(), [](const auto& run) { return !run->ended(); });
    m_titles.setFree(loaded && !answering && !m_loader.isBuiltin()); // that one knows no titles
    m_meter.setReady(loaded);
    State state = Idle;
    if (m_shown) {
        switch (m_shown->stage()) {
        case AnswerRun::Keeping:
        case AnswerRun::Waiting:
            state = Waiting;
            break;
        case AnswerRun::Prefilling:
            state = Prefilling;
            break;
        case AnswerRun::Generating:
            state = Generating;
            break;
        case AnswerRun::Stopping:
            state = Stopping;
            break;
        case AnswerRun::Ended:
            break;
        }
        if (loaded && state != Idle && m_shown->silent()) m_transcript.setPhase(ChatModel::Reading);
    }
    const bool thinking = m_shown && m_shown->thinking();
    if (std::exchange(m_thinking, thinking) != thinking) emit thinkingChanged();
    if (state == m_state) return;
    m_state = state;
    emit stateChanged();
}

int ChatController::contextUsed() const {
    return m_shown && m_shown->contextUsed() > 0 ? m_shown->contextUsed() : m_meter.used();
}

void ChatController::updateMeter() {
    int last = 0; // what the context held after the last answer: about what the next will find
    for (const PathEntry& entry : m_conversation.path())
        if (const int used = QJsonDocument::fromJson(entry.message->stats.toUtf8())
                                 .object()[QStringLiteral("contextUsed")]
                                 .toInt();
            used > 0)
            last = used;
    m_meter.setHistory(m_conversation.historyTo(m_conversation.head()).toldTo(m_loader.name()), m_think, last);
}

void ChatController::reportStore(const Error& error) {
    m_toldOfStore = true;
    m_notice.show(adviseOn(error));
}

} // namespace ponder::app
