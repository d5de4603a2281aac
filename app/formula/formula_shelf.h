#pragma once
// The formulas that the window shows: laid out on a thread of their own, kept by their TeX, asked for while a row is laid
// out and told of when they are there. Nothing here waits. GUI thread.

#include <memory>

#include <QCache>
#include <QObject>
#include <QSet>
#include <QTimer>

#include "app/formula/formula.h"
#include "app/threads/mailbox.h"
#include "app/threads/work_thread.h"

namespace ponder::app {

class FormulaWorker;

class FormulaShelf : public QObject {
    Q_OBJECT
public:
    explicit FormulaShelf(QObject* parent = nullptr);
    ~FormulaShelf() override;

    // Null: not there yet, and changed() will tell. What cannot be set has an error.
    std::shared_ptr<const Formula> find(const QString& tex, bool display);

signals:
    void changed(); // some of the formulas that were asked for are there; at most once a frame

private:
    void take(const QString& key, const std::shared_ptr<const Formula>& formula);
    void send();

    QCache<QString, std::shared_ptr<const Formula>> m_kept;
    QSet<QString> m_asked;
    QStringList m_toSend;
    QTimer m_sendTimer, m_tellTimer, m_watch;
    Mailbox m_made; // from the thread of the formulas to this one
    std::unique_ptr<FormulaWorker> m_worker;
    WorkThread m_thread;
};

} // namespace ponder::app
