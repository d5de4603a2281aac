// The whole window, used by a script as fast as it goes: asks, stops, asks again, switches, searches, exports, imports,
// deletes, over and over. Prints its memory once in so many rounds; a window that does not grow prints the same figure at
// the end as at the beginning. For an hour under heaptrack:
//   heaptrack build/release/bin/scripted_use --minutes 60
// Options: --minutes M, --rounds N (whichever ends first; 0: no limit), --script NAME of fake_script.h.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <malloc.h>
#include <string>

#include <sqlite3.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTimer>
#include <QtQml/qqmlextensionplugin.h>

#include "app/application.h"

Q_IMPORT_QML_PLUGIN(Ponder_AppPlugin)
Q_IMPORT_QML_PLUGIN(Ponder_UiPlugin)

using namespace ponder;
using namespace ponder::app;

namespace {

constexpr int kStepMs = 15;        // between two acts: the window draws in between
constexpr int kRoundsPerLine = 25; // of the report
constexpr int kChatsKept = 40;     // more are thrown away and purged, so that the store has a size, too
constexpr int kRowsKept = 60;      // of a transcript; a longer one is purged

double residentMb() {
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    return file.readAll().split(' ').value(1).toDouble() * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

double heapMb() { return static_cast<double>(mallinfo2().uordblks) / 1e6; }

double databaseMb() {
    return static_cast<double>(sqlite3_memory_used()) / 1e6;
} // all of it in memory, as part of the heap

class User : public QObject {
public:
    User(Application& application, const QString& folder, double minutes, int rounds)
        : m_chat(*application.chat()), m_exporter(*application.exporter()), m_folder(folder),
          m_minutes(minutes), m_rounds(rounds) {
        m_clock.start();
        connect(&m_exporter, &Exporter::failed, this, [this](const QString& words) {
            std::fprintf(stderr, "export: %s\n", qPrintable(words));
            ++m_failures;
        });
        connect(&m_exporter, &Exporter::done, this, [this] { ++m_files; });
        connect(&m_exporter, &Exporter::imported, this, [this] { ++m_imports; });
        connect(&m_timer, &QTimer::timeout, this, &User::act);
        m_timer.start(kStepMs);
        std::printf("%8s %8s %10s %10s %10s %8s %8s %8s\n", "minutes", "rounds", "resident", "heap",
                    "database", "answers", "files", "imports");
    }
    int failures() const { return m_failures; }
    int answers() const { return m_answers; }

private:
    // One act a tick, so that everything in between happens as it does for a person.
    void act() {
        if (m_exporter.busy()) return;
        switch (m_step++) {
        case 0:
            if (m_round % 3 == 0) m_chat.newConversation();
            break;
        case 1:
            m_chat.setDraft(QStringLiteral("What is %1 and %2").arg(m_round).arg(m_dice.bounded(100)));
            break;
        case 2:
            if (!m_chat.ask(m_chat.draft() + QStringLiteral("?"))) --m_step; // the model is still loading
            break;
        case 3:
            if (m_round % 4 == 1 && m_chat.state() == ChatController::Generating) m_chat.stop();
            if (m_chat.busy()) --m_step;
            break;
        case 4:
            ++m_answers;
            if (m_round % 4 == 1) m_chat.continueAnswer();
            if (m_round % 4 == 2) m_chat.askAgain();
            break;
        case 5:
            if (m_chat.busy()) --m_step;
            break;
        case 6:
            m_chat.search()->setQuery(m_round % 2 == 0 ? QStringLiteral("three in:thought")
                                                       : QStringLiteral("what %1").arg(m_round));
            break;
        case 7:
            if (m_chat.search()->searching()) --m_step;
            break;
        case 8: {
            const SearchModel& hits = *m_chat.search();
            if (hits.count() > 0) {
                const QModelIndex hit = hits.index(m_dice.bounded(hits.count()), 0);
                m_chat.openHit(hit.data(SearchModel::ChatRole).toLongLong(),
                               hit.data(SearchModel::MessageRole).toLongLong(),
                               hit.data(SearchModel::ChannelRole).toInt(),
                               hit.data(SearchModel::OffsetRole).toLongLong(),
                               hit.data(SearchModel::LengthRole).toInt());
            }
            m_chat.search()->setQuery({});
            break;
        }
        case 9:
            m_chat.transcript()->toggleLastThought();
            break;
        case 10:
            m_exporter.exportAs(static_cast<Exporter::Format>(m_round % 5), Exporter::All, 0, true,
                                file(m_round % 5));
            break;
        case 11:
            if (m_round % 10 == 5 && QFile::exists(file(Exporter::Json).toLocalFile()))
                m_exporter.importFile(file(Exporter::Json));
            break;
        case 12:
            if (m_chat.transcript()->count() > kRowsKept) m_chat.purgeChat(m_chat.chat());
            openAnother();
            break;
        case 13:
            throwAway();
            break;
        case 14:
            bringBackOrPurge();
            break;
        default:
            m_step = 0;
            ++m_round;
            report();
        }
    }

    QUrl file(int format) const {
        return QUrl::fromLocalFile(m_folder + QStringLiteral("/out.%1").arg(format));
    }

    qint64 chatAt(int row) const {
        const QAbstractItemModel& list = *m_chat.conversations();
        return list.index(row, 0).data(list.roleNames().key("chat")).toLongLong();
    }
    void openAnother() {
        const int count = m_chat.conversations()->rowCount();
        if (count > 0)
            if (const qint64 chat = chatAt(m_dice.bounded(count)); chat > 0) m_chat.openConversation(chat);
    }
    void throwAway() {
        const int count = m_chat.conversations()->rowCount();
        m_thrown = count > kChatsKept ? chatAt(count - 1) : 0;
        if (m_thrown > 0) m_chat.trashChat(m_thrown);
    }
    void bringBackOrPurge() {
        if (m_thrown <= 0) return;
        if (m_round % 5 != 0) return m_chat.purgeChat(m_thrown);
        if (m_chat.trashed().isEmpty())
            --m_step; // the store has not said yet that it is in the trash
        else
            m_chat.undoTrash();
    }

    void report() {
        const double minutes = static_cast<double>(m_clock.elapsed()) / 60'000;
        const bool over = (m_minutes > 0 && minutes >= m_minutes) || (m_rounds > 0 && m_round >= m_rounds);
        if (m_round % kRoundsPerLine == 0 || over) {
            std::printf("%8.2f %8d %8.1fMB %8.1fMB %8.1fMB %8d %8d %8d\n", minutes, m_round, residentMb(),
                        heapMb(), databaseMb(), m_answers, m_files, m_imports);
            std::fflush(stdout);
        }
        if (over) QCoreApplication::exit(m_failures == 0 ? 0 : 1);
    }

    ChatController& m_chat;
    Exporter& m_exporter;
    QString m_folder;
    double m_minutes;
    int m_rounds;
    QElapsedTimer m_clock;
    QTimer m_timer;
    QRandomGenerator m_dice{1};
    qint64 m_thrown = 0; // the chat that went to the trash last
    int m_step = 0, m_round = 0, m_answers = 0, m_files = 0, m_imports = 0, m_failures = 0;
};

const char* option(int argc, char** argv, const char* name, const char* otherwise) {
    for (int i = 1; i + 1 < argc; ++i)
        if (std::strcmp(argv[i], name) == 0) return argv[i + 1];
    return otherwise;
}

} // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    if (qEnvironmentVariableIsEmpty("QT_QUICK_BACKEND")) qputenv("QT_QUICK_BACKEND", "software");
    QGuiApplication app(argc, argv);
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    const QTemporaryDir folder;
    StartOptions options;
    options.dataFolder = folder.path();
    options.script = fakeScript(QString::fromUtf8(option(argc, argv, "--script", "")));
    if (!options.script) {
        std::fprintf(stderr, "scripted_use: there is no such script\n");
        return 2;
    }
    options.script->tokensPerSecond = 0;
    options.script->loadMs = options.script->prefillMs = 0;
    Application application(options);
    QQmlApplicationEngine engine;
    engine.addImportPath(QStringLiteral(":/qt/qml"));
    engine.setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(&application)}});
    engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Ponder/Ui/Main.qml")));
    if (engine.rootObjects().isEmpty()) return 1;
    application.start();
    User user(application, folder.path(), std::stod(option(argc, argv, "--minutes", "1")),
              std::stoi(option(argc, argv, "--rounds", "0")));
    const int status = app.exec();
    return user.answers() > 0 ? status : 1;
}
