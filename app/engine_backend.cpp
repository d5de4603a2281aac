#include "app/engine_backend.h"

#include <cstdio>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include "inference/protocol/json.h"
#include "models/base/log.h"

namespace ponder::app {

using namespace protocol;

namespace {
std::string secondsOf(std::chrono::milliseconds time) { return std::to_string(time.count() / 1000); }
} // namespace

QString findEngine() {
    const QString named = qEnvironmentVariable("PONDER_ENGINE");
    if (!named.isEmpty()) return named;
    return QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("ponder-engine"));
}

EngineBackend::EngineBackend(EngineOptions options, QObject* parent)
    : ChatBackend(parent), m_options(std::move(options)) {
    m_watchdog.setSingleShot(true);
    connect(&m_watchdog, &QTimer::timeout, this, &EngineBackend::onSilence);
}

std::chrono::milliseconds EngineBackend::patience() const {
    if (!m_greeted) return m_options.helloTimeout;
    return isLoading() ? m_options.loadingTimeout : m_options.silenceTimeout;
}

void EngineBackend::onSilence() {
    if (!m_process) return;
    // If it was us who did not listen (the computer slept, or was out of memory), what it said lies in the pipe.
    if (m_process->waitForReadyRead(0) || m_process->bytesAvailable() > 0) {
        m_watchdog.start(patience());
        return readLines();
    }
    lost(m_greeted
             ? Error{ErrorCode::EngineDied,
                     "the engine gave no sign of life for " + secondsOf(patience()) + " s and was ended"}
             : Error{ErrorCode::EngineDied, "the engine did not say hello within " + secondsOf(patience()) +
                                                " s: check the graphics driver with ponder-cli devices"});
}

EngineBackend::~EngineBackend() {
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->closeWriteChannel(); // the engine takes the end of its input as the order to end
    if (m_process->state() != QProcess::NotRunning &&
        !m_process->waitForFinished(static_cast<int>(m_options.exitTimeout.count()))) {
        m_process->kill();
        m_process->waitForFinished(1000);
    }
}

void EngineBackend::start() {
    m_failures = 0;
    launch();
}

void EngineBackend::launch() {
    m_input.clear();
    m_fatal.reset();
    m_greeted = false;
    if (!QFileInfo(m_options.program).isExecutable()) {
        markUnavailable(
            {ErrorCode::EngineDied, "the engine is not at " + m_options.program.toStdString() +
                                        ": install Ponder again, or set PONDER_ENGINE to its path"});
        return;
    }
    m_process = new QProcess(this);
    connect(m_process, &QProcess::readyReadStandardOutput, this, &EngineBackend::readLines);
    connect(m_process, &QProcess::readyReadStandardError, this, &EngineBackend::readErrors);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            lost({ErrorCode::EngineDied, "the engine could not be started (" +
                                             m_process->errorString().toStdString() +
                                             "): install Ponder again, or set PONDER_ENGINE to its path"});
    });
    connect(m_process, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
        readLines();
        readErrors();
        if (m_fatal) return lost(*m_fatal);
        lost({ErrorCode::EngineDied,
              how == QProcess::CrashExit
                  ? "the engine was ended by signal " + std::to_string(status)
                  : "the engine ended by itself with status " + std::to_string(status)});
    });
    m_process->start(m_options.program, m_options.arguments);
    m_watchdog.start(patience());
}

void EngineBackend::submit(const Request& request) {
    if (state() == State::Failed) {
        const std::string id = request.id;
        // Not from within the call: the caller does not know the id yet.
        QMetaObject::invokeMethod(
            this,
            [this, id] {
                deliver(Event{
                    id, ErrorEvent{ErrorCode::EngineDied, "the engine is not running: start it again"}});
            },
            Qt::QueuedConnection);
        return;
    }
    const QByteArray line = QByteArray::fromStdString(toJson(request)) + '\n';
    if (m_greeted && std::holds_alternative<LoadRequest>(request.body)) m_watchdog.start(patience());
    if (m_greeted)
        m_process->write(line);
    else
        m_waiting.append(line);
}

void EngineBackend::readLines() {
    if (!m_process) return;
    m_input += m_process->readAllStandardOutput();
    // Lines are cut at bytes, so a character that arrives in two halves is whole again here.
    qsizetype begin = 0;
    for (qsizetype end; (end = m_input.indexOf('\n', begin)) >= 0; begin = end + 1) {
        QProcess* const speaker = m_process;
        readLine(m_input.mid(begin, end - begin));
        if (m_process != speaker) return; // that line was its last
    }
    m_input.remove(0, begin);
    if (m_input.size() > static_cast<qsizetype>(kMaxLineBytes))
        lost({ErrorCode::Protocol, "the engine sent a line of more than " +
                                       std::to_string(kMaxLineBytes >> 20) + " MiB and was ended"});
}

void EngineBackend::readLine(const QByteArray& line) {
    if (line.trimmed().isEmpty()) return;
    auto event = parseEvent(std::string_view(line.constData(), static_cast<size_t>(line.size())));
    if (!event.ok()) {
        // Perhaps only a character is broken: once more with it replaced.
        const QByteArray mended = QString::fromUtf8(line).toUtf8();
        if (mended != line)
            event = parseEvent(std::string_view(mended.constData(), static_cast<size_t>(mended.size())));
    }
    if (!event.ok()) {
        log(LogLevel::Warning, LogCategory::App, "a line of the engine was passed over: {}",
            event.error().message);
        return;
    }
    if (const auto* hello = std::get_if<HelloEvent>(&event->body)) {
        if (hello->version != kVersion) {
            m_failures = m_options.restarts; // it will not become another version by being started again
            lost({ErrorCode::Protocol, "the engine speaks version " + std::to_string(hello->version) +
                                           " of the protocol and this window version " +
                                           std::to_string(kVersion) + ": install both from the same release"});
            return;
        }
        m_greeted = true;
        m_watchdog.start(patience());
        deliver(*event);
        for (const QByteArray& waiting : std::exchange(m_waiting, {})) m_process->write(waiting);
        return;
    }
    if (const auto* fatal = std::get_if<FatalEvent>(&event->body)) {
        m_fatal = Error{fatal->code, fatal->message};
        return;
    }
    QProcess* const speaker = m_process;
    m_watchdog.start(patience());
    if (std::holds_alternative<HeartbeatEvent>(event->body)) return;
    if (std::holds_alternative<LoadedEvent>(event->body) || std::holds_alternative<DoneEvent>(event->body))
        m_failures = 0;
    deliver(*event);
    // A load that has ended: from here on it must speak more often.
    if (m_process == speaker && std::holds_alternative<LoadedEvent>(event->body))
        m_watchdog.start(patience());
}

void EngineBackend::readErrors() {
    if (!m_process) return;
    const QByteArray words = m_process->readAllStandardError();
    std::fwrite(words.constData(), 1, static_cast<size_t>(words.size()), stderr);
}

void EngineBackend::lost(Error error) {
    if (!m_process) return;
    m_watchdog.stop();
    m_process->disconnect(this);
    m_process->kill();
    // Deleted once it has ended: the destructor of a running one would wait, and a driver may hold it for seconds.
    if (m_process->state() == QProcess::NotRunning)
        m_process->deleteLater();
    else
        connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
    m_process = nullptr;
    m_greeted = false;
    m_waiting.clear();
    if (++m_failures > m_options.restarts) {
        markUnavailable(error);
        return;
    }
    failPending(error);
    // Queued: what the failed requests set off comes first, and a process that cannot start does not recurse.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!m_process) launch();
        },
        Qt::QueuedConnection);
    emit restarting(error);
}

} // namespace ponder::app
