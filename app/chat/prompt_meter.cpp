#include "app/chat/prompt_meter.h"

namespace ponder::app {

using namespace protocol;

PromptMeter::PromptMeter(ChatBackend& backend, QObject* parent) : QObject(parent), m_backend(backend) {
    connect(&backend, &ChatBackend::happened, this, &PromptMeter::onEvent);
}

void PromptMeter::setHistory(std::vector<Message> history, bool think, int estimate) {
    m_history = std::move(history);
    m_estimate = estimate;
    if (think != m_think) forget(); // the frame is another
    m_think = think;
    m_base.reset();
    m_stale = m_stale || m_counting == Counting::Base;
    next();
    emit changed();
}

void PromptMeter::setDraft(const QString& draft) {
    const QString sent = draft.trimmed(); // as it will be asked
    if (sent == m_draft) return;
    m_draft = sent;
    next();
    emit changed();
}

void PromptMeter::setReady(bool ready) {
    if (ready == m_ready) return;
    m_ready = ready;
    if (!ready) forget(); // perhaps the next model is another
    next();
    emit changed();
}

void PromptMeter::forget() {
    m_frame.reset();
    m_base.reset();
    m_draftCount.reset();
    m_stale = m_counting != Counting::Nothing;
}

int PromptMeter::used() const {
    if (m_draft.isEmpty() && m_history.empty()) return 0;
    if (!m_base || !m_frame) return m_estimate;
    return *m_base + std::max(0, draftTokens());
}

int PromptMeter::draftTokens() const {
    if (m_draft.isEmpty()) return 0;
    return m_frame && m_draftCount ? *m_draftCount - *m_frame : -1;
}

QString PromptMeter::count(std::vector<Message> messages) {
    return m_backend.count(std::move(messages), m_think);
}

void PromptMeter::next() {
    if (!m_ready || m_counting != Counting::Nothing) return;
    const Message empty{Role::User, {}, {}};
    if (!m_frame) {
        m_counting = Counting::Frame;
        m_request = count({empty});
    } else if (!m_base && m_history.empty()) {
        m_base = m_frame;
        next();
    } else if (!m_base) {
        m_counting = Counting::Base;
        std::vector<Message> messages = m_history;
        messages.push_back(empty);
        m_request = count(std::move(messages));
    } else if (m_draft != m_counted || !m_draftCount) {
        m_counted = m_draft;
        if (m_draft.isEmpty()) {
            m_draftCount = m_frame;
            return;
        }
        m_counting = Counting::Draft;
        m_request = count({Message{Role::User, m_draft.toStdString(), {}}});
    }
}

void PromptMeter::onEvent(const Event& event) {
    if (m_counting == Counting::Nothing || event.id != m_request.toStdString()) return;
    const Counting what = std::exchange(m_counting, Counting::Nothing);
    const bool wanted = !std::exchange(m_stale, false);
    const auto* counted = std::get_if<CountedEvent>(&event.body);
    if (!counted) {
        m_ready = false; // until it is said again that there is a model
    } else if (wanted) {
        const int tokens = static_cast<int>(counted->tokens);
        if (what == Counting::Frame)
            m_frame = tokens;
        else if (what == Counting::Base)
            m_base = tokens;
        else
            m_draftCount = tokens;
    }
    next();
    emit changed();
}

} // namespace ponder::app
