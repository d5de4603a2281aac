#include "app/single_instance.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QStandardPaths>
#include <QThread>
#include <QWindow>

namespace ponder::app {

namespace {

constexpr qint64 kMaxLineBytes = 1 << 20;
constexpr char kTaken[] = "taken\n";
constexpr int kRetryMs = 50; // between lock and socket of a first one that is only just starting

// The name of a socket may have a hundred bytes, the path of a folder more.
QString socketNameOf(const QString& folder) {
    const QByteArray hash =
        QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha256).toHex().left(24);
    QString place = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (place.isEmpty()) place = QDir::tempPath();
    return QDir(place).filePath(QStringLiteral("ponder-%1-%2").arg(getuid()).arg(QLatin1String(hash)));
}

QByteArray lineOf(const Handover& wanted) {
    const QJsonObject object{{QStringLiteral("v"), 1},
                             {QStringLiteral("file"), wanted.file},
                             {QStringLiteral("question"), wanted.question},
                             {QStringLiteral("token"), wanted.token}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

SingleInstance::SingleInstance(const QString& dataFolder, QObject* parent)
    : QObject(parent), m_folder(dataFolder) {
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::take);
}

SingleInstance::~SingleInstance() {
    m_server.close();
    if (m_lock >= 0) close(m_lock); // and with it the lock
}

Result<bool> SingleInstance::claim(const Handover& wanted, std::chrono::milliseconds patience) {
    if (!QDir().mkpath(m_folder))
        return Error{ErrorCode::Io, "the folder " + m_folder.toStdString() +
                                        " could not be made: check that its parent may be written, or set "
                                        "PONDER_DATA_DIR to another one"};
    m_socketName = socketNameOf(QFileInfo(m_folder).canonicalFilePath());
    const QByteArray file = QFile::encodeName(QDir(m_folder).filePath(QStringLiteral("ponder.lock")));
    // Not inherited: an engine outlives a killed window by a moment and must not keep the lock.
    m_lock = open(file.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0)
        return Error{ErrorCode::Io, file.toStdString() + " could not be opened (" + std::strerror(errno) +
                                        "): check that the folder may be written, or set PONDER_DATA_DIR to "
                                        "another one"};
    if (flock(m_lock, LOCK_EX | LOCK_NB) == 0) {
        const QByteArray process = QByteArray::number(static_cast<qint64>(getpid())) + '\n';
        (void)!ftruncate(m_lock, 0);
        (void)!pwrite(m_lock, process.constData(), static_cast<size_t>(process.size()), 0);
        QLocalServer::removeServer(
            m_socketName); // of one that was killed: whoever holds the lock owns the name
        // Without a socket it is still the only one; a second start then says that it is there.
        if (!m_server.listen(m_socketName)) qWarning("%s", qPrintable(m_server.errorString()));
        return true;
    }
    if (errno != EWOULDBLOCK) return true; // a file system without locks: better two windows than none
    RETURN_IF_ERROR(handOver(wanted, patience));
    return false;
}

Result<void> SingleInstance::handOver(const Handover& wanted, std::chrono::milliseconds patience) {
    QElapsedTimer waited;
    waited.start();
    const auto left = [&] {
        return static_cast<int>(std::max<qint64>(1, patience.count() - waited.elapsed()));
    };
    do {
        QLocalSocket socket;
        socket.connectToServer(m_socketName);
        if (!socket.waitForConnected(left())) {
            QThread::msleep(kRetryMs);
            continue;
        }
        socket.write(lineOf(wanted));
        QByteArray answer;
        while (!answer.endsWith('\n') && socket.waitForReadyRead(left())) answer += socket.readAll();
        if (answer == kTaken) return {};
    } while (waited.elapsed() < patience.count());
    char process[24] = {};
    (void)!pread(m_lock, process, sizeof process - 1, 0);
    return Error{ErrorCode::Io, "Ponder already runs with the folder " + m_folder.toStdString() +
                                    " (process " + QByteArray(process).trimmed().toStdString() +
                                    ") and gave no answer within " + std::to_string(patience.count() / 1000) +
                                    " s: end that one, or set PONDER_DATA_DIR to another folder"};
}

void SingleInstance::take() {
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->bytesAvailable() > kMaxLineBytes) return socket->abort();
            if (!socket->canReadLine()) return;
            const QJsonObject object = QJsonDocument::fromJson(socket->readLine()).object();
            if (object[QStringLiteral("v")].toInt() != 1) return socket->abort();
            socket->write(kTaken);
            socket->flush();
            emit handedOver({object[QStringLiteral("file")].toString(),
                             object[QStringLiteral("question")].toString(),
                             object[QStringLiteral("token")].toString()});
        });
    }
}

QString SingleInstance::desktopToken() {
    const QString wayland = qEnvironmentVariable("XDG_ACTIVATION_TOKEN");
    return wayland.isEmpty() ? qEnvironmentVariable("DESKTOP_STARTUP_ID") : wayland;
}

void SingleInstance::raise(QWindow* window, const QString& token) {
    if (!window) return;
    if (!token.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8()); // Qt's Wayland plugin takes it from there
    if (window->windowStates().testFlag(Qt::WindowMinimized))
        window->setWindowStates(window->windowStates() & ~Qt::WindowMinimized);
    window->show();
    window->raise();
    window->requestActivate();
}

} // namespace ponder::app
