#pragma once
// One window for a data folder. The first start locks a file in that folder, which the system unlocks whatever way the
// program ends, and listens on a local socket; a second start hands over what it was asked to do and ends. GUI thread;
// claim() and handOver() may wait, at most for the time given.

#include <chrono>
#include <memory>

#include <QLocalServer>
#include <QObject>
#include <QStringList>

#include "models/base/result.h"

class QWindow;

namespace ponder::app {

// What a start was asked to do.
struct Handover {
    QString file;     // a model or a conversation to open; a whole path. Empty: none
    QString question; // of --ask
    QString token;    // with which the desktop lets a window come to the front
    bool operator==(const Handover&) const = default;
};

class SingleInstance : public QObject {
    Q_OBJECT
public:
    explicit SingleInstance(const QString& dataFolder, QObject* parent = nullptr);
    ~SingleInstance() override;

    // True: this is the first, and handedOver() tells what later ones want. False: there is a first one that took it, so
    // this one ends with status 0. An error: the folder cannot be used, or the first one does not answer.
    Result<bool> claim(const Handover& wanted, std::chrono::milliseconds patience = std::chrono::seconds(5));

    static QString desktopToken(); // of this start, from the environment
    static void raise(QWindow* window, const QString& token);

signals:
    void handedOver(const ponder::app::Handover& wanted);

private:
    void take();
    Result<void> handOver(const Handover& wanted, std::chrono::milliseconds patience);

    QString m_folder, m_socketName;
    int m_lock = -1;
    QLocalServer m_server;
};

} // namespace ponder::app
