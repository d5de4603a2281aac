#pragma once
// The seam between the window and whatever generates: the engine's process, a script, later a server elsewhere. Requests
// go in and events come out in the words of inference/protocol/messages.h. Whatever happens to the other side, every
// request ends with exactly one final event (an ErrorEvent at worst), so nobody waits for ever. GUI thread only.

#include <optional>

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QString>

#include "inference/protocol/messages.h"

namespace ponder::app {

class ChatBackend : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Loading, Prefilling, Generating, Stopping, Failed };
    Q_ENUM(State)

    explicit ChatBackend(QObject* parent = nullptr) : QObject(parent) {}

    virtual void start() = 0; // ends with ready() or with unavailable()

    // Each returns the id that its events carry.
    QString load(const QString& path, const protocol::LoadOptions& options = {});
    QString inspect(const QString& path, const protocol::LoadOptions& options = {});
    QString generate(protocol::GenerateRequest request);
    QString count(std::vector<protocol::Message> messages, bool think = true); // tokens of the whole prompt
    QString stop(const QString& target);                                       // of a load or a generation

    State state() const { return m_state; }
    const std::optional<protocol::LoadedEvent>& loaded() const { return m_loaded; }
    const std::vector<protocol::DeviceSummary>& devices() const { return m_devices; }

signals:
    void ready();                                 // said hello; devices() is known. Again after a restart
    void unavailable(const ponder::Error& error); // gave up: nothing can be asked until start() is called again
    void restarting(const ponder::Error& error); // ended unasked and is being started again; comes after the
                                                 // final events of what was under way
    void happened(const ponder::protocol::Event& event);
    void stateChanged();

protected:
    virtual void submit(const protocol::Request& request) = 0;

    // For the other side's events: keeps the state, then tells everybody.
    void deliver(const protocol::Event& event);
    void failPending(const Error& error); // ends whatever is under way
    void markUnavailable(const Error& error);
    bool isPending(const QString& id) const { return m_pending.contains(id); }
    bool isLoading() const;

private:
    enum class Kind { Load, Generate, Other };
    QString ask(protocol::RequestBody body, Kind kind);
    void setState(State state);
    void refreshState();

    QHash<QString, Kind> m_pending;
    State m_state = State::Idle;
    State m_phase = State::Prefilling; // of the generation under way
    bool m_stopping = false;
    bool m_available = true;
    quint64 m_lastId = 0;
    std::optional<protocol::LoadedEvent> m_loaded;
    std::vector<protocol::DeviceSummary> m_devices;
};

} // namespace ponder::app
