#include "app/chat_backend.h"

#include <algorithm>

namespace ponder::app {

using namespace protocol;

namespace {
template <typename... Bodies>
bool holds(const Event& event) {
    return (std::holds_alternative<Bodies>(event.body) || ...);
}
bool isFinal(const Event& event) {
    return holds<LoadedEvent, InspectedEvent, UnloadedEvent, DoneEvent, CountedEvent, StoppedEvent,
                 DevicesEvent, ByeEvent, ErrorEvent>(event);
}
} // namespace

QString ChatBackend::ask(RequestBody body, Kind kind) {
    const QString id = QStringLiteral("w%1").arg(++m_lastId);
    m_pending.insert(id, kind);
    if (kind == Kind::Generate) m_phase = State::Prefilling;
    if (kind == Kind::Load)
        m_loaded.reset(); // the engine lets go of the old model before it reads the new one
    refreshState();
    submit(Request{id.toStdString(), std::move(body)});
    return id;
}

QString ChatBackend::load(const QString& path, const LoadOptions& options) {
    return ask(LoadRequest{path.toStdString(), options}, Kind::Load);
}
QString ChatBackend::inspect(const QString& path, const LoadOptions& options) {
    return ask(InspectRequest{path.toStdString(), options}, Kind::Other);
}
QString ChatBackend::generate(GenerateRequest request) { return ask(std::move(request), Kind::Generate); }
QString ChatBackend::count(std::vector<Message> messages, bool think) {
    return ask(CountRequest{{}, std::move(messages), think}, Kind::Other);
}

QString ChatBackend::stop(const QString& target) {
    m_stopping = m_pending.contains(target);
    return ask(StopRequest{target.toStdString()}, Kind::Other);
}

void ChatBackend::deliver(const Event& event) {
    const QString id = QString::fromStdString(event.id);
    if (const auto* hello = std::get_if<HelloEvent>(&event.body)) {
        m_devices = hello->devices;
        m_available = true;
        m_loaded.reset();
        refreshState();
        emit ready();
        return;
    }
    if (const auto* devices = std::get_if<DevicesEvent>(&event.body)) m_devices = devices->devices;
    if (const auto* loaded = std::get_if<LoadedEvent>(&event.body)) m_loaded = *loaded;
    if (holds<TokenEvent>(event)) m_phase = State::Generating;
    // An answer to nothing that was asked (late, or of an engine that has lost its way) is not passed on.
    if (!id.isEmpty() && !m_pending.contains(id)) return;
    if (!id.isEmpty() && isFinal(event)) {
        if (m_pending.take(id) != Kind::Other) m_stopping = false;
    }
    refreshState();
    emit happened(event);
}

bool ChatBackend::isLoading() const {
    return std::find(m_pending.begin(), m_pending.end(), Kind::Load) != m_pending.end();
}

void ChatBackend::failPending(const Error& error) {
    const QList<QString> ids = m_pending.keys();
    m_loaded.reset();
    for (const QString& id : ids) deliver(Event{id.toStdString(), ErrorEvent{error.code, error.message}});
}

void ChatBackend::markUnavailable(const Error& error) {
    m_available = false;
    failPending(error);
    refreshState();
    emit unavailable(error);
}

void ChatBackend::refreshState() {
    bool loading = false, generating = false;
    for (const Kind kind : std::as_const(m_pending)) {
        loading |= kind == Kind::Load;
        generating |= kind == Kind::Generate;
    }
    if (!m_available)
        setState(State::Failed);
    else if (m_stopping && (loading || generating))
        setState(State::Stopping);
    else if (loading)
        setState(State::Loading);
    else if (generating)
        setState(m_phase);
    else
        setState(State::Idle);
}

void ChatBackend::setState(State state) {
    if (state == m_state) return;
    m_state = state;
    emit stateChanged();
}

} // namespace ponder::app
