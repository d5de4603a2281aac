#include "app/chat/drafts.h"

namespace ponder::app {

namespace {
constexpr int kPauseMs = 500, kAtLatestMs = 5000;
}

Drafts::Drafts(StoreThread& store, QObject* parent) : QObject(parent), m_store(store) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Drafts::flush);
}

void Drafts::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    if (!std::exchange(m_unsaved, true)) m_since.start();
    m_timer.start(static_cast<int>(std::clamp<qint64>(kAtLatestMs - m_since.elapsed(), 0, kPauseMs)));
    emit changed();
}

void Drafts::show(qint64 chat, const QString& text) {
    flush();
    if (m_chat == 0 && chat != 0) m_new = m_text;
    m_chat = chat;
    replace(text);
}

void Drafts::showNew() {
    flush();
    if (m_chat == 0) return;
    m_chat = 0;
    replace(std::exchange(m_new, {}));
}

void Drafts::showUnkept() {
    flush();
    if (m_chat == 0) m_new = m_text;
    m_chat = kUnkept;
    replace({});
}

void Drafts::begun(qint64 chat) {
    if (m_chat != 0) return;
    m_chat = chat;
    m_new.clear();
    if (m_text.isEmpty()) return;
    // Typed while the store was at work, for the conversation that begins with the question.
    m_unsaved = true;
    flush();
    m_store.run(
        this, [](ConversationStore& store) { return store.setDraft(0, {}); }, [](Result<void>) {});
}

void Drafts::asked() {
    m_timer.stop();
    m_unsaved = false;
    replace({});
}

void Drafts::giveBack(const QString& text) {
    setText(m_text.isEmpty() ? text : text + QStringLiteral("\n\n") + m_text);
}

void Drafts::keepAgain() {
    if (m_text.isEmpty()) return;
    m_unsaved = true;
    flush();
}

void Drafts::giveBackTo(qint64 chat, const QString& text) {
    if (chat == m_chat) return giveBack(text);
    if (chat == 0) m_new = m_new.isEmpty() ? text : text + QStringLiteral("\n\n") + m_new;
    m_store.run(
        this, [chat, text](ConversationStore& store) { return store.setDraft(chat, text); },
        [](Result<void>) {}); // the store that fails has been reported
}

void Drafts::restore(const QString& text) {
    if (m_chat != 0)
        m_new = m_new.isEmpty() ? text : m_new;
    else if (m_text.isEmpty())
        replace(text);
}

void Drafts::flush() {
    m_timer.stop();
    if (!std::exchange(m_unsaved, false) || m_chat == kUnkept) return;
    m_store.run(
        this, [chat = m_chat, text = m_text](ConversationStore& store) { return store.setDraft(chat, text); },
        [this](Result<void> kept) {
            if (!kept.ok()) emit storeFailed(kept.error());
        });
}

void Drafts::replace(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    emit changed();
}

} // namespace ponder::app
