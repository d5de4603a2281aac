#pragma once
// ChatBackend over the process ponder-engine. Owns the process: starts it, checks its version, watches its heartbeat,
// starts it again after it died, and leaves none behind. A line it does not understand is logged and passed over.
// GUI thread; nothing here waits, but for the destructor (two seconds at most).

#include <chrono>

#include <QProcess>
#include <QTimer>

#include "app/chat_backend.h"

namespace ponder::app {

struct EngineOptions {
    QString program; // the path of ponder-engine
    QStringList arguments;
    std::chrono::milliseconds helloTimeout{20'000};  // a driver may take seconds to list its devices
    std::chrono::milliseconds silenceTimeout{5'000}; // five heartbeats
    std::chrono::milliseconds loadingTimeout{
        10'000}; // of silence over a load, when memory is short for everybody
    std::chrono::milliseconds exitTimeout{2'000};
    int restarts = 3; // without an answer in between; then it is given up
};

// $PONDER_ENGINE, else the file beside this program.
QString findEngine();

class EngineBackend : public ChatBackend {
    Q_OBJECT
public:
    explicit EngineBackend(EngineOptions options, QObject* parent = nullptr);
    ~EngineBackend() override;

    void start() override;
    qint64 processId() const { return m_process ? m_process->processId() : 0; }

protected:
    void submit(const protocol::Request& request) override;

private:
    void launch();
    std::chrono::milliseconds patience() const; // how long it may be silent now
    void onSilence();
    void readLines();
    void readLine(const QByteArray& line);
    void readErrors();
    void lost(Error error); // the process ended or must be ended

    EngineOptions m_options;
    QProcess* m_process = nullptr;
    QTimer m_watchdog;            // restarted by every line
    QByteArray m_input;           // of a line that is not complete yet
    QList<QByteArray> m_waiting;  // requests made before the engine said hello
    std::optional<Error> m_fatal; // what it said before it ended itself
    bool m_greeted = false;
    int m_failures = 0; // deaths since the last sign of work
};

} // namespace ponder::app
