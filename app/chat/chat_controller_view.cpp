// Which conversation is shown, which path through it, and what is taken from it.

#include <QClipboard>
#include <QGuiApplication>

#include "app/chat/chat_controller.h"
#include "app/chat/reading_place.h"
#include "app/errors/advice.h"

namespace ponder::app {

namespace {

constexpr qint64 kTemporaryFrom = qint64{1} << 50; // their numbers; QML has them as doubles, to 2^53

} // namespace

void ChatController::newConversation() {
    ++m_epoch;
    m_wantedHit.reset();
    m_drafts.showNew();
    if (m_conversation.id() == 0 && !m_shown && !m_temporary) return;
    showConversation({});
}

void ChatController::newTemporary() {
    ++m_epoch;
    m_wantedHit.reset();
    if (m_temporary && m_conversation.id() == 0 && !m_shown) return;
    m_drafts.showUnkept();
    if (!m_memory) {
        m_memory = std::make_unique<StoreThread>();
        m_memory->open({});
        m_memory->run(
            this, [](ConversationStore& store) { return store.numberFrom(kTemporaryFrom); },
            [](Result<void> done) { PONDER_CHECK(done.ok()); }); // in memory only a broken program fails here
    }
    showConversation({});
    m_temporary = true;
    emit conversationChanged();
}

// Nothing of it goes on, and nothing of it stays.
void ChatController::leaveTemporary() {
    if (!std::exchange(m_temporary, false)) return;
    const bool talked = m_transcript.count() > 0;
    m_shown = nullptr;
    std::vector<AnswerRun*> runs;
    for (const auto& run : m_runs)
        if (run->temporary()) runs.push_back(run.get());
    for (AnswerRun* run : runs) run->discard();
    purgeFromMemory(m_conversation.id());
    if (talked) emit temporaryGone();
}

void ChatController::purgeFromMemory(qint64 chat) {
    if (chat == 0) return;
    m_memory->run(
        this, [chat](ConversationStore& store) { return store.purgeChat(chat); }, [](Result<void>) {});
}

QString ChatController::title() const {
    // Not even its first words: the desktop remembers the names of windows.
    return m_temporary ? tr("Temporary conversation") : m_conversation.chat().title;
}

void ChatController::openConversation(qint64 chat) {
    m_wantedHit.reset();
    ++m_epoch; // also where it is open: another one may be on its way
    if (chat != m_conversation.id()) read(chat, false);
}

void ChatController::read(qint64 chat, bool quiet) {
    m_drafts.flush();
    m_store.run(
        this,
        [chat](ConversationStore& store) -> Result<Conversation> {
            ASSIGN_OR_RETURN(ChatRecord record, store.chat(chat));
            ASSIGN_OR_RETURN(std::vector<MessageRecord> messages, store.messages(chat));
            (void)store.setSetting(kLastChat, QString::number(chat)).ok();
            return Conversation(std::move(record), std::move(messages));
        },
        [this, quiet, epoch = ++m_epoch](Result<Conversation> conversation) {
            if (epoch != m_epoch) return;
            if (!conversation.ok()) {
                m_wantedHit.reset();
                if (!quiet) reportStore(conversation.error());
                return;
            }
            m_drafts.show(conversation->id(), conversation->chat().draft);
            showConversation(std::move(conversation).value());
            if (showHit()) return;
            if (const PlacedRow place = rowOf(m_transcript, m_conversation.chat().place); place.row >= 0)
                emit placeWanted(place.row, place.part);
        });
}

void ChatController::openLast() {
    m_conversations.reload();
    m_store.run(
        this, [](ConversationStore& store) { return store.draft(0); },
        [this](Result<QString> draft) {
            if (draft.ok()) m_drafts.restore(*draft);
        });
    m_store.run(
        this, [](ConversationStore& store) { return store.setting(kLastChat); },
        [this, epoch = m_epoch](Result<QString> id) {
            // Not over what somebody has opened or begun meanwhile; and it may lie in the trash.
            if (id.ok() && id->toLongLong() != 0 && epoch == m_epoch && !busy()) read(id->toLongLong(), true);
        });
}

void ChatController::rememberLast(qint64 chat) {
    m_store.run(
        this, [chat](ConversationStore& store) { return store.setSetting(kLastChat, QString::number(chat)); },
        [](Result<void>) {});
}

void ChatController::readAt(int row, double part) { m_place = placeAt(m_transcript, row, part); }

void ChatController::keepPlace() {
    if (m_conversation.id() == 0 || m_temporary) return;
    m_place.reset();
    emit placeAsked();
    if (!m_place || *m_place == m_conversation.chat().place) return;
    m_conversation.setPlace(*m_place);
    m_store.run(
        this,
        [chat = m_conversation.id(), place = *m_place](ConversationStore& store) {
            return store.setPlace(chat, place);
        },
        [](Result<void>) {}); // no word is lost with it
}

void ChatController::showConversation(Conversation conversation) {
    keepPlace();
    leaveTemporary();
    m_conversation = std::move(conversation);
    // What is being written, or was while the store read, is newer here.
    for (const auto& run : m_runs) {
        if (run->chat() == 0 || run->chat() != m_conversation.id() || run->question().id == 0) continue;
        const qint64 head = m_conversation.head();
        m_conversation.insert(run->question());
        if (run->message() == 0) continue;
        m_conversation.insert(run->record());
        if (head == run->question().id || head == run->question().parent)
            m_conversation.showLeaf(run->message());
    }
    showPath();
}

void ChatController::showPath() {
    m_shown = runOf(m_conversation.head());
    if (!m_shown) {
        m_transcript.show(m_conversation.path());
    } else {
        const std::vector<PathEntry> path = m_conversation.path();
        m_transcript.show({path.begin(), path.end() - 1});
        const MessageRecord live = m_shown->record();
        m_transcript.add(live, path.back().sibling, path.back().siblings);
        if (m_shown->prefillTotal() > 0)
            m_transcript.setPrefill(m_shown->prefillDone(), m_shown->prefillTotal());
        if (!live.segments.empty())
            m_transcript.setPhase(m_shown->inThought()                              ? ChatModel::Live
                                  : textOf(live, SegmentChannel::Thought).isEmpty() ? ChatModel::None
                                                                                    : ChatModel::Finished);
    }
    update();
    updateMeter();
    emit contextChanged();
    emit conversationChanged();
}

void ChatController::turnTo(qint64 leaf) {
    m_conversation.showLeaf(leaf);
    storeOf(m_temporary)
        .run(
            this,
            [chat = m_conversation.id(), leaf](ConversationStore& store) { return store.setHead(chat, leaf); },
            [this](Result<void> kept) {
                if (!kept.ok()) reportStore(kept.error());
            });
    showPath();
}

void ChatController::showSibling(qint64 message, int step) {
    const std::vector<qint64> siblings = m_conversation.siblingsOf(message);
    const auto at = std::find(siblings.begin(), siblings.end(), message) - siblings.begin() + step;
    if (siblings.empty() || step == 0 || at < 0 || at >= static_cast<std::ptrdiff_t>(siblings.size())) return;
    turnTo(m_conversation.leafOf(siblings[static_cast<size_t>(at)]));
}

void ChatController::openHit(qint64 chat, qint64 message, int channel, qint64 offset, int length) {
    openConversation(chat); // forgets the place that was wanted before
    m_wantedHit = Place{chat, message, offset, channel, length};
    if (chat == m_conversation.id()) showHit();
}

bool ChatController::showHit() {
    if (!m_wantedHit) return false;
    const Place place = *std::exchange(m_wantedHit, std::nullopt);
    if (place.message == 0 || !m_conversation.find(place.message))
        return false; // its title, or gone meanwhile
    const std::vector<PathEntry> path = m_conversation.path();
    const bool visible = std::any_of(
        path.begin(), path.end(), [&](const PathEntry& entry) { return entry.message->id == place.message; });
    if (!visible) turnTo(m_conversation.leafOf(place.message));
    emit hitWanted(place.message, place.channel, place.offset, place.length);
    return true;
}

void ChatController::renameChat(qint64 chat, const QString& title) {
    m_titles.forget(chat); // what a person calls it stays
    m_shelf.rename(chat, title);
}

void ChatController::trashChat(qint64 chat) {
    if (chat == 0) return;
    stopRunsOf(chat, false); // kept as it is, for the day it is brought back
    m_titles.forget(chat);
    m_drafts.flush();
    m_shelf.throwAway(chat);
    m_reopen = 0;
    if (chat != m_conversation.id()) return;
    newConversation();
    m_reopen = chat;
}

void ChatController::purgeChat(qint64 chat) {
    if (chat == 0) return;
    m_titles.forget(chat);
    stopRunsOf(chat, true);
    if (chat == m_conversation.id()) newConversation();
    m_shelf.purge(chat);
}

// The button of the notice that ends an answer.
void ChatController::actOn(int row) {
    const auto message = recordAt(row);
    if (!message) return;
    const Remedy remedy =
        message->errorText.isEmpty() && message->state == MessageState::Interrupted ? Remedy::Continue
        : message->state == MessageState::Length && !filledContext(*message)
            ? Remedy::Continue
            : adviseOn({message->state == MessageState::Length ? ErrorCode::ContextFull
                                                               : codeFromName(message->errorCode),
                        ""})
                  .remedy;
    switch (remedy) {
    case Remedy::Continue:
        return continueAnswer();
    case Remedy::NewConversation:
        return newConversation();
    case Remedy::RestartEngine:
        return m_backend.start();
    default:
        return askAgain();
    }
}

std::optional<MessageRecord> ChatController::recordAt(int row) const {
    const qint64 id = m_transcript.messageAt(row);
    if (m_shown && m_shown->message() == id) return m_shown->record();
    const MessageRecord* const found = m_conversation.find(id);
    return found ? std::optional(*found) : std::nullopt;
}

void ChatController::copyAnswer(int row) {
    if (const auto message = recordAt(row))
        QGuiApplication::clipboard()->setText(
            textOf(*message, message->role == Role::User ? SegmentChannel::Question : SegmentChannel::Answer)
                .trimmed());
}

void ChatController::copyThought(int row) {
    if (const auto message = recordAt(row))
        QGuiApplication::clipboard()->setText(textOf(*message, SegmentChannel::Thought).trimmed());
}

void ChatController::copyBoth(int row) {
    const auto message = recordAt(row);
    if (!message) return;
    const QString thought = textOf(*message, SegmentChannel::Thought).trimmed();
    const QString answer = textOf(*message, SegmentChannel::Answer).trimmed();
    const QString between = thought.isEmpty() || answer.isEmpty() ? QString() : QStringLiteral("\n\n---\n\n");
    QGuiApplication::clipboard()->setText(thought + between + answer);
}

void ChatController::copyBlock(int row) {
    QGuiApplication::clipboard()->setText(m_transcript.blockText(row));
}

} // namespace ponder::app
