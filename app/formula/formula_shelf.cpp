#include "app/formula/formula_shelf.h"

#include <atomic>
#include <utility>

#include <QDeadlineTimer>

#include "app/formula/formula_fonts.h"
#include "app/formula/katex_engine.h"

namespace ponder::app {

namespace {
constexpr int kKept = 4000; // formulas
constexpr int kFrameMs = 16;
constexpr int kWatchMs = 500;
constexpr qint64 kLongestMs = 2000; // that one formula may take
} // namespace

// Sets formulas on the thread of the shelf, all of whose calls but the last two come from there.
class FormulaWorker {
public:
    // Null once the shelf is about to go.
    std::shared_ptr<const Formula> set(const QString& key) {
        if (m_ending.load()) return nullptr;
        if (!std::exchange(m_tried, true)) {
            if (auto made = KatexEngine::create()) {
                m_engine = std::move(*made);
                m_shared.store(m_engine.get());
            }
        }
        m_busySince.store(QDeadlineTimer::current().deadline());
        auto formula = std::make_shared<Formula>(
            m_engine ? m_engine->lay(key.mid(1), key.front() == QLatin1Char('D')) : noKatex());
        m_busySince.store(0);
        return formula;
    }
    // The last task: an engine of Qt goes on the thread that it was made on.
    void end() {
        m_shared.store(nullptr);
        m_engine.reset();
    }

    // From the GUI thread: ends a formula that has taken too long.
    void watch() {
        const qint64 since = m_busySince.load();
        KatexEngine* engine = m_shared.load();
        if (engine && since > 0 && QDeadlineTimer::current().deadline() - since > kLongestMs)
            engine->interrupt();
    }
    // From the GUI thread, before end() is posted: no formula takes long any more.
    void hurry() {
        m_ending.store(true);
        if (KatexEngine* engine = m_shared.load()) engine->interrupt();
    }

private:
    std::unique_ptr<KatexEngine> m_engine;
    std::atomic<KatexEngine*> m_shared = nullptr;
    std::atomic<qint64> m_busySince = 0;
    std::atomic<bool> m_ending = false;
    bool m_tried = false;
};

FormulaShelf::FormulaShelf(QObject* parent)
    : QObject(parent), m_kept(kKept), m_worker(std::make_unique<FormulaWorker>()) {
    m_sendTimer.setSingleShot(true);
    connect(&m_sendTimer, &QTimer::timeout, this, &FormulaShelf::send);
    m_tellTimer.setSingleShot(true);
    m_tellTimer.setInterval(kFrameMs);
    connect(&m_tellTimer, &QTimer::timeout, this, &FormulaShelf::changed);
    m_watch.setInterval(kWatchMs);
    connect(&m_watch, &QTimer::timeout, this, [this] { m_worker->watch(); });
}

FormulaShelf::~FormulaShelf() {
    m_worker->hurry();
    m_thread.post([this] { m_worker->end(); });
    m_thread.finish();
}

std::shared_ptr<const Formula> FormulaShelf::find(const QString& tex, bool display) {
    const QString key = QLatin1Char(display ? 'D' : 'I') + tex;
    if (const auto* kept = m_kept.object(key)) return *kept;
    if (m_asked.contains(key)) return nullptr;
    if (!hasKatex()) return std::make_shared<Formula>(noKatex());
    m_asked.insert(key);
    m_toSend.append(key);
    if (!m_sendTimer.isActive()) m_sendTimer.start(0);
    return nullptr;
}

void FormulaShelf::send() {
    m_watch.start();
    // One by one: ending the thread waits for one formula only.
    for (const QString& key : std::exchange(m_toSend, {}))
        m_thread.post([this, key] {
            if (auto formula = m_worker->set(key))
                m_made.post([this, key, formula = std::move(formula)] { take(key, formula); });
        });
}

void FormulaShelf::take(const QString& key, const std::shared_ptr<const Formula>& formula) {
    m_asked.remove(key);
    if (m_asked.isEmpty()) m_watch.stop();
    m_kept.insert(key, new std::shared_ptr<const Formula>(formula));
    if (!m_tellTimer.isActive()) m_tellTimer.start();
}

} // namespace ponder::app
