#include "app/formula/formula_shelf.h"

#include <atomic>

#include <QDeadlineTimer>

#include "app/formula/formula_fonts.h"
#include "app/formula/katex_engine.h"

namespace ponder::app {

namespace {
constexpr int kKept = 4000; // formulas
constexpr int kFrameMs = 16;
constexpr int kWatchMs = 500;
constexpr qint64 kLongestMs = 2000;     // that one formula may take
constexpr size_t kStackBytes = 8 << 20; // KaTeX calls itself for each level of nesting
} // namespace

// Lives on the thread of the shelf.
class FormulaWorker : public QObject {
    Q_OBJECT
public:
    void work(const QStringList& keys) {
        if (!m_engine && !m_tried) {
            m_tried = true;
            if (auto made = KatexEngine::create()) {
                m_engine = std::move(*made);
                m_shared.store(m_engine.get());
            }
        }
        for (const QString& key : keys) {
            m_busySince.store(QDeadlineTimer::current().deadline());
            auto formula = std::make_shared<Formula>();
            if (m_engine)
                *formula = m_engine->lay(key.mid(1), key.front() == QLatin1Char('D'));
            else
                formula->error = QStringLiteral("this build has no KaTeX");
            m_busySince.store(0);
            emit made(key, formula);
        }
    }

    // From the GUI thread: ends a formula that has taken too long.
    void watch() {
        const qint64 since = m_busySince.load();
        KatexEngine* engine = m_shared.load();
        if (engine && since > 0 && QDeadlineTimer::current().deadline() - since > kLongestMs)
            engine->interrupt();
    }
    void interrupt() {
        if (KatexEngine* engine = m_shared.load()) engine->interrupt();
    }

signals:
    void made(const QString& key, const std::shared_ptr<const Formula>& formula);

private:
    std::unique_ptr<KatexEngine> m_engine;
    std::atomic<KatexEngine*> m_shared = nullptr;
    std::atomic<qint64> m_busySince = 0;
    bool m_tried = false;
};

FormulaShelf::FormulaShelf(QObject* parent) : QObject(parent), m_kept(kKept), m_worker(new FormulaWorker) {
    m_thread.setObjectName(QStringLiteral("formulas"));
    m_thread.setStackSize(kStackBytes);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &FormulaWorker::made, this, &FormulaShelf::take);
    m_sendTimer.setSingleShot(true);
    connect(&m_sendTimer, &QTimer::timeout, this, &FormulaShelf::send);
    m_tellTimer.setSingleShot(true);
    m_tellTimer.setInterval(kFrameMs);
    connect(&m_tellTimer, &QTimer::timeout, this, &FormulaShelf::changed);
    m_watch.setInterval(kWatchMs);
    connect(&m_watch, &QTimer::timeout, this, [this] { m_worker->watch(); });
}

FormulaShelf::~FormulaShelf() {
    m_worker->disconnect(this);
    m_thread.requestInterruption();
    if (m_thread.isRunning()) m_worker->interrupt();
    m_thread.quit();
    m_thread.wait();
    if (!m_thread.isFinished()) delete m_worker; // it never ran
}

std::shared_ptr<const Formula> FormulaShelf::find(const QString& tex, bool display) {
    const QString key = QLatin1Char(display ? 'D' : 'I') + tex;
    if (const auto* kept = m_kept.object(key)) return *kept;
    if (m_asked.contains(key)) return nullptr;
    if (!hasKatex()) {
        auto none = std::make_shared<Formula>();
        none->error = QStringLiteral("this build has no KaTeX");
        return none;
    }
    m_asked.insert(key);
    m_toSend.append(key);
    if (!m_sendTimer.isActive()) m_sendTimer.start(0);
    return nullptr;
}

void FormulaShelf::send() {
    if (!m_thread.isRunning()) m_thread.start();
    m_watch.start();
    // One by one: what is asked for in the meantime waits behind, and ending the thread waits for one formula only.
    for (const QString& key : std::exchange(m_toSend, {}))
        QMetaObject::invokeMethod(m_worker, [worker = m_worker, key] {
            if (!QThread::currentThread()->isInterruptionRequested()) worker->work({key});
        });
}

void FormulaShelf::take(const QString& key, const std::shared_ptr<const Formula>& formula) {
    m_asked.remove(key);
    if (m_asked.isEmpty()) m_watch.stop();
    m_kept.insert(key, new std::shared_ptr<const Formula>(formula));
    if (!m_tellTimer.isActive()) m_tellTimer.start();
}

} // namespace ponder::app

#include "formula_shelf.moc"
