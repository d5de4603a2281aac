#include "app/storage/store_thread.h"

#include "app/storage/migrations.h"

namespace ponder::app {

namespace {

constexpr int kAgainMs = 2000;           // there may be room, or nobody reads any more
constexpr int kAgainAfterError = 60'000; // whoever asks next will be told

QString words(const Error& error) { return QString::fromStdString(error.message); }

int millisecondsUntil(std::chrono::steady_clock::time_point time) {
    const auto left = time - std::chrono::steady_clock::now();
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

bool isDamaged(const QString& path) {
    if (!refuseNewer(path).ok()) return false; // which is not even looked into
    const auto flaws = flawsOf(path);
    return flaws.ok() && !flaws->empty();
}

} // namespace

StoreThread::StoreThread(QObject* parent) : QObject(parent), m_work([this] { return idle(); }) {}

StoreThread::~StoreThread() {
    m_ending = true;
    m_beside.abandon(); // a check or a copy is done at the next start
    m_work.post([this] {
        if (m_store && m_store->holdsBack()) (void)m_store->upkeep().ok(); // a last try
        m_store.reset(); // the database is closed by the thread that used it
    });
    m_work.finish();
}

void StoreThread::open(const QString& path) {
    m_work.post([this, path] {
        openStore(path);
        m_answers.post([this] { emit opened(); });
    });
}

void StoreThread::openStore(const QString& path) {
    m_path = path;
    m_started = m_toldDamage = false;
    ++m_opening;
    m_quietUntil = std::chrono::steady_clock::now() + std::chrono::milliseconds(m_quietMs);
    auto store = ConversationStore::open(path);
    if (!store.ok()) {
        const QString message = words(store.error());
        if (isDamaged(path))
            tellDamage(message);
        else
            m_answers.post([this, message] { emit failed(message); });
        store = ConversationStore::open(QString());
        PONDER_CHECK(store.ok()); // an empty schema in memory: only a broken program fails here
    }
    m_store = std::make_unique<ConversationStore>(std::move(store).value());
}

void StoreThread::restoreBackup(const QString& path) {
    m_work.post([this, path] { putBack(path); });
}

void StoreThread::putBack(const QString& backup) {
    // Conversations that were begun in memory, because the database could not be opened, are not on the copy.
    std::vector<std::pair<ChatRecord, std::vector<MessageRecord>>> begun;
    if (m_store->database().path().isEmpty())
        if (const auto chats = m_store->chats(std::numeric_limits<int>::max()); chats.ok())
            for (const ChatRecord& chat : *chats)
                if (auto messages = m_store->messages(chat.id); messages.ok())
                    begun.emplace_back(chat, std::move(messages).value());
    const auto flaws = flawsOf(backup);
    Result<void> done;
    if (!flaws.ok())
        done = flaws.error();
    else if (!flaws->empty())
        done =
            Error{ErrorCode::Database, (backup + tr(" is damaged, too: choose another copy")).toStdString()};
    if (done.ok()) {
        m_store.reset(); // nothing may have the file open
        done = app::putBack(backup, m_path);
        openStore(m_path);
        for (const auto& [chat, messages] : begun)
            if (done.ok())
                if (const auto taken = m_store->importTree(chat, messages); !taken.ok()) done = taken.error();
    }
    if (done.ok() && m_store->database().path().isEmpty()) return; // why it could not be opened has been told
    m_answers.post([this, done] {
        if (done.ok())
            emit restored();
        else
            emit failed(words(done.error()));
    });
}

void StoreThread::tellDamage(const QString& flaw) {
    if (std::exchange(m_toldDamage, true)) return;
    m_answers.post([this, flaw, backups = backupsOf(m_path)] { emit damaged(flaw, backups); });
}

// After everything that may have written: tells what concerns more than the one who asked.
void StoreThread::tellState() {
    const Faults faults = m_store->database().takeFaults();
    (void)m_store->disk().roomy();
    if (faults.index) (void)m_store->mendIndex().ok(); // else the next call finds it damaged again
    if (faults.damaged) tellDamage(tr("the database of the conversations is damaged"));
    DiskGuard& disk = m_store->disk();
    if (faults.full) disk.sayFull();
    const bool low = disk.low() || m_store->holdsBack();
    if (low == m_low) return;
    m_low = low;
    m_answers.post([this, low, bytes = disk.freeBytes()] {
        if (low)
            emit diskLow(bytes);
        else
            emit diskEnough();
    });
}

int StoreThread::idle() {
    if (!m_store || m_ending) return -1;
    if (const int quiet = millisecondsUntil(m_quietUntil); quiet > 0) return quiet;
    if (!std::exchange(m_started, true)) {
        (void)m_store->purgeTrash().ok();
        lookAfterFiles();
    }
    const auto left = m_store->upkeep();
    tellState();
    if (!left.ok()) return kAgainAfterError;
    if (*left == ConversationStore::Upkeep::More) return 0;
    if (*left == ConversationStore::Upkeep::Later) return kAgainMs;
    if (m_clearing || m_store->database().path().isEmpty()) return -1;
    const auto pause = millisecondsUntil(m_clearAgain);
    const auto purged = m_store->purgedInBackups();
    if (!purged.ok() || purged->empty()) return -1;
    if (pause > 0) return pause;
    m_clearing = true;
    m_beside.post([this, path = m_path, purged = *purged] {
        const Result<int> cleared = purgeFromBackups(path, purged, [this] { return m_ending.load(); });
        if (cleared.ok() && *cleared > 0)
            m_answers.post([this, copies = *cleared] { emit keptRemoved(copies); });
        m_work.post([this, purged, cleared] {
            m_clearing = false;
            if (!cleared.ok() || !m_store->forgetPurged(purged).ok())
                m_clearAgain = std::chrono::steady_clock::now() + std::chrono::milliseconds(kAgainAfterError);
        });
    });
    return -1;
}

void StoreThread::lookAfterFiles() {
    if (m_store->database().path().isEmpty()) return;
    m_beside.post([this, path = m_path, opening = m_opening] {
        const auto stop = [this] { return m_ending.load(); };
        const auto flaws = flawsOf(path, stop);
        if (!flaws.ok()) return;
        if (!flaws->empty()) {
            m_work.post([this, flaw = flaws->front(), opening] {
                if (opening == m_opening) // else another file stands there by now
                    tellDamage(tr("the database of the conversations is damaged (%1)").arg(flaw));
            });
            return; // a copy of it would only push out a good one
        }
        (void)backUpDaily(path, stop).ok();
    });
}

} // namespace ponder::app
