// What the window costs the event loop while a long thought streams, while one types in a long conversation, and while a
// long conversation is scrolled: delays of posted events (wall clock), work a turn of the loop (processor time of the GUI
// thread), growth of the resident memory, and the time from a stop to the frame that shows it. On the scripted backend; run it with QT_QPA_PLATFORM=offscreen and
// QT_QUICK_BACKEND=software on an idle machine: taskset -c 0,1 window_stalls
//
//   window_stalls [stream|full|typing|scroll|stop|all] [--seconds N] [--characters N]

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <thread>

#include <malloc.h>
#include <sqlite3.h>
#include <unistd.h>

#include <QAbstractEventDispatcher>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>
#include <QtQml/qqmlextensionplugin.h>

#include "app/application.h"

Q_IMPORT_QML_PLUGIN(Ponder_AppPlugin)
Q_IMPORT_QML_PLUGIN(Ponder_UiPlugin)

using namespace ponder::app;

namespace {

constexpr qsizetype kScreens = 12'000; // characters: several screens
constexpr size_t kValues = 1 << 16;    // of a measurement

double cpuMs() { // of this thread
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double wallMs() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double residentKiB() {
    std::ifstream file("/proc/self/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

double heapKiB() { // of what is in use, not of what is kept for later
    const auto heap = mallinfo2();
    return static_cast<double>(heap.uordblks + heap.hblkhd) / 1024;
}

double databaseKiB() { return static_cast<double>(sqlite3_memory_used()) / 1024; }

void print(const char* what, std::vector<double> values, const char* unit = "ms") {
    if (values.empty()) return;
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) { return values[static_cast<size_t>(part * double(values.size() - 1))]; };
    std::printf("  %-34s p50 %7.2f  p99 %7.2f  max %7.2f %s  (%zu)\n", what, at(0.5), at(0.99), values.back(),
                unit, values.size());
}

// Paragraphs of sentences as a model thinks them; the same for the same number of characters.
QString prose(qsizetype characters, unsigned seed) {
    static const char* const words[] = {"the",  "residue", "of",    "n",       "modulo",    "three",
                                        "is",   "even",    "so",    "product", "therefore", "divides",
                                        "675",  "check",   "count", "class",   "two",       "=",
                                        "1350", "small",   "range", "each",    "member",    "exactly"};
    static const char* const openings[] = {"Wait, ", "Let me check: ", "So ",     "Now ",
                                           "If ",    "Hmm, ",          "First, ", "That gives "};
    QString text;
    unsigned state = seed * 2654435761u + 1;
    const auto next = [&state] { return (state = state * 1664525u + 1013904223u) >> 16; };
    while (text.size() < characters) {
        text += QLatin1String(openings[next() % std::size(openings)]);
        for (unsigned n = 20 + next() % 60; n > 0; --n) {
            text += QLatin1String(words[next() % std::size(words)]);
            text += n % 13 == 1 ? QLatin1String(". ") : QLatin1String(" ");
        }
        text += QLatin1String("\n\n");
    }
    return text.left(characters);
}

// Delays of what is posted to the event loop, and the processor time of each of its turns.
class Watch : public QObject {
public:
    Watch() {
        for (auto* values : {&delays, &work}) { // its own memory is there before the window's is counted
            values->resize(kValues);
            values->clear();
        }
        auto* dispatcher = QAbstractEventDispatcher::instance();
        connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] {
            if (m_turn == 0) m_turn = cpuMs(); // it is told at the beginning of a turn, too
        });
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
            if (m_turn > 0 && m_on) work.push_back(cpuMs() - m_turn);
            m_turn = 0;
        });
        m_pulse = std::thread([this] {
            while (!m_end) {
                const double sent = wallMs();
                if (m_waiting.fetch_add(1) < 4)
                    QMetaObject::invokeMethod(
                        this,
                        [this, sent] {
                            --m_waiting;
                            if (m_on) delays.push_back(wallMs() - sent);
                        },
                        Qt::QueuedConnection);
                else
                    --m_waiting;
                std::this_thread::sleep_for(std::chrono::milliseconds(4));
            }
        });
    }
    ~Watch() override {
        m_end = true;
        m_pulse.join();
    }
    void begin() {
        delays.clear();
        work.clear();
        m_on = true;
    }
    void end() { m_on = false; }

    std::vector<double> delays, work;

private:
    std::thread m_pulse;
    std::atomic<bool> m_end = false;
    std::atomic<int> m_waiting = 0;
    bool m_on = false;
    double m_turn = 0;
};

bool waitFor(const std::function<bool()>& done, int seconds) {
    QElapsedTimer clock;
    clock.start();
    while (!done() && clock.elapsed() < qint64{1000} * seconds)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
    return done();
}

void runFor(double seconds) {
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

struct Bench {
    explicit Bench(FakeScript script) {
        StartOptions options;
        options.dataFolder = folder.path();
        options.script = std::move(script);
        options.theme = Settings::Light;
        application = std::make_unique<Application>(options);
        engine.addImportPath(QStringLiteral(":/qt/qml"));
        engine.setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(application.get())}});
        engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Ponder/Ui/Main.qml")));
        window = engine.rootObjects().isEmpty() ? nullptr
                                                : qobject_cast<QQuickWindow*>(engine.rootObjects().front());
        if (window) window->requestActivate();
        application->start();
    }
    ~Bench() {
        delete window; // before what it shows
    }
    QQuickItem* item(const char* name) const { return window->findChild<QQuickItem*>(QLatin1String(name)); }

    QTemporaryDir folder; // of the settings
    std::unique_ptr<Application> application;
    QQmlApplicationEngine engine;
    QQuickWindow* window = nullptr;
};

FakeScript quick(const char* name) {
    FakeScript script = *fakeScript(QStringLiteral("instant"));
    script.name = QString::fromLatin1(name);
    return script;
}

struct Memory {
    double resident = 0, heap = 0, database = 0; // KiB
    static Memory now() {
        malloc_trim(0);
        return {residentKiB(), heapKiB(), databaseKiB()};
    }
    double ours() const { return resident - database; }
};

// 60 tokens a second into a thought that is already long. A short one is shown in the same way before; growth is counted from
// the moment at which a few screens of the long one are there, and what the first screen costs is told by itself.
int stream(bool full, double seconds, qsizetype characters) {
    FakeScript script = quick("stream");
    script.tokensPerSecond = 60;
    script.prefillMs = 0;
    const QString thought = prose(characters, 1);
    script.turns = {{prose(kScreens, 2), QStringLiteral("So it is 675.")},
                    {thought, QStringLiteral("So it is 1350.")}};
    // As FakeBackend cuts it: so many tokens come at once that the rest lasts for the measurement.
    const qsizetype rest = static_cast<qsizetype>((seconds + 5) * 60 * 6);
    qsizetype begin = 0;
    for (qsizetype i = 1; i < characters - rest; ++i)
        if (thought[i].isSpace() || i - begin >= 6) ++script.hasteTokens, begin = i;
    Bench bench(script);
    if (!bench.window) return 1;
    Watch watch;
    bench.application->settings()->setMaxTokens(1 << 20); // the thought alone has more than the usual
    auto* chat = bench.application->chat();
    const auto loaded = [&] { return bench.application->model()->status() == ModelLoader::Loaded; };
    if (!waitFor(loaded, 60)) return 1;
    runFor(1);
    const Memory bare = Memory::now();
    chat->transcript()->setAllThoughts(full);
    chat->ask(QStringLiteral("How many?"));
    waitFor([&] { return chat->busy(); }, 20);
    if (!waitFor([&] { return !chat->busy(); }, 60)) return 1;
    if (!full) chat->transcript()->showThought(1, ChatModel::Tail);
    runFor(2);
    const Memory screen = Memory::now();
    chat->ask(QStringLiteral("And how many more?"));
    const auto length = [&] {
        const auto& turns = chat->transcript()->turns();
        return turns.size() < 4 ? 0 : turns.back().thought.length();
    };
    if (!waitFor([&] { return length() > kScreens; }, 20)) return 1;
    const Memory before = Memory::now();
    const qsizetype first = length();
    if (!waitFor([&] { return length() >= characters - rest - 100; }, 120)) return 1;
    QMetaObject::invokeMethod(bench.item("transcript"), "toEnd"); // what grows is in view
    runFor(1);
    int frames = 0, changes = 0;
    QObject::connect(bench.window, &QQuickWindow::frameSwapped, bench.window, [&] { ++frames; });
    QObject::connect(chat->transcript(), &ChatModel::thoughtGrew, bench.window, [&] { ++changes; });
    const qsizetype from = length();
    watch.begin();
    runFor(seconds);
    watch.end();
    const double painted = frames / seconds, changed = changes / seconds;
    const qsizetype shown = length();
    // Once a second the answer is saved, from a copy that then goes: what stays, and the most there is with such a copy.
    Memory after = Memory::now(), most = after;
    for (int i = 0; i < 12; ++i) {
        runFor(0.25);
        const Memory sample = Memory::now();
        if (sample.ours() < after.ours()) after = sample;
        if (sample.ours() > most.ours()) most = sample;
    }
    std::printf("%s: 60 tokens/s, the thought has %lld characters, %lld of them came meanwhile\n",
                full ? "full" : "stream", static_cast<long long>(shown), static_cast<long long>(shown - from));
    print("delay of a posted event", watch.delays);
    print("work of a turn of the loop", watch.work);
    std::printf("  %.1f changes and %.1f frames a second\n", changed, painted);
    const auto grown = [](const char* what, const Memory& is, const Memory& was, qsizetype text) {
        const double database = is.database - was.database;
        const double resident = is.resident - was.resident - database;
        const double heap = is.heap - was.heap - database;
        std::printf(
            "  memory, %s: resident %.0f KiB, in use %.0f KiB, beside %.0f KiB of a script's database", what,
            resident, heap, database);
        if (text > 0)
            std::printf("; %.1f and %.1f bytes a character", resident * 1024 / double(text),
                        heap * 1024 / double(text));
        std::printf("\n");
    };
    grown("of the first screen", screen, bare, 0);
    grown("grown with the text", after, before, shown - first);
    grown("the same while it is saved", most, before, shown - first);
    chat->stop();
    waitFor([&] { return !chat->busy(); }, 20);
    return shown > from ? 0 : 1;
}

int typing(double seconds) {
    Bench bench(*fakeScript(QStringLiteral("big"))); // 100,000 tokens
    if (!bench.window) return 1;
    auto* chat = bench.application->chat();
    if (!waitFor([&] { return chat->transcript()->count() > 100; }, 60)) return 1;
    runFor(2);
    Watch watch;
    QQuickItem* field = bench.item("composerField");
    if (!field) return 1;
    field->forceActiveFocus();
    std::vector<double> latencies;
    double sent = 0;
    QObject::connect(bench.window, &QQuickWindow::frameSwapped, bench.window, [&] {
        if (sent > 0) latencies.push_back(wallMs() - sent);
        sent = 0;
    });
    const QString words = QStringLiteral("why does the residue of n modulo three matter here and not there ");
    watch.begin();
    for (int i = 0; i < static_cast<int>(seconds * 12); ++i) {
        const QChar c = words[i % words.size()];
        sent = wallMs();
        for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
            QKeyEvent key(type, c == u' ' ? Qt::Key_Space : Qt::Key_A + (c.unicode() - u'a'), Qt::NoModifier,
                          QString(c));
            QCoreApplication::sendEvent(bench.window, &key);
        }
        runFor(1.0 / 12);
    }
    watch.end();
    std::printf("typing: %d rows in the conversation\n", chat->transcript()->count());
    print("from key to frame", latencies);
    print("delay of a posted event", watch.delays);
    return 0;
}

int scroll(double seconds) {
    Bench bench(*fakeScript(QStringLiteral("big")));
    if (!bench.window) return 1;
    auto* chat = bench.application->chat();
    if (!waitFor([&] { return chat->transcript()->count() > 100; }, 60)) return 1;
    chat->transcript()->setAllThoughts(true);
    runFor(2);
    Watch watch;
    QQuickItem* list = bench.item("transcript");
    if (!list) return 1;
    list->setProperty("following", false);
    std::vector<double> frames;
    double asked = 0;
    QObject::connect(bench.window, &QQuickWindow::frameSwapped, bench.window, [&] {
        if (asked > 0) frames.push_back(wallMs() - asked);
        asked = 0;
    });
    watch.begin();
    for (int i = 0; i < static_cast<int>(seconds * 40); ++i) {
        asked = wallMs();
        list->setProperty("contentY",
                          list->property("contentY").toDouble() - 90); // a notch of the wheel and a half
        runFor(1.0 / 40);
    }
    watch.end();
    std::printf("scroll: %d rows, 3,600 px a second\n", chat->transcript()->count());
    print("from the wheel to the frame", frames);
    print("delay of a posted event", watch.delays);
    print("work of a turn of the loop", watch.work);
    return 0;
}

// Escape at random moments of a load, a prompt and an answer, and over an engine that says nothing any more.
int stop(double seconds) {
    enum Moment { Load, Prefill, Decode, Silent };
    const char* const names[] = {"stop over a load", "stop over a prompt", "stop over an answer",
                                 "stop, the engine silent"};
    std::printf("stop: from the key to the frame that shows it\n");
    for (const Moment moment : {Load, Prefill, Decode, Silent}) {
        FakeScript script = quick("stop");
        script.tokensPerSecond = 60;
        script.loadMs = moment == Load ? 600'000 : 0;
        script.prefillMs = moment == Prefill ? 600'000 : 0;
        script.failure = moment == Silent ? FakeFailure::Hangs : FakeFailure::None;
        script.failureAtToken = 1;
        script.hangMs = 400;
        script.turns = {{prose(100'000, 1), QStringLiteral("So it is 1350.")}};
        Bench bench(script);
        if (!bench.window) return 1;
        auto* chat = bench.application->chat();
        auto* model = bench.application->model();
        const auto wanted = moment == Load ? ModelLoader::Loading : ModelLoader::Loaded;
        const auto asked = moment == Load      ? ChatController::Waiting
                           : moment == Prefill ? ChatController::Prefilling
                                               : ChatController::Generating;
        if (!waitFor([&] { return model->status() == wanted; }, 60)) return 1;
        double pressed = 0;
        std::vector<double> ended;
        QObject::connect(bench.window, &QQuickWindow::frameSwapped, bench.window, [&] {
            if (pressed > 0 && !chat->busy()) {
                ended.push_back(wallMs() - pressed);
                pressed = 0;
            }
        });
        const int rounds = moment == Silent ? 1 : static_cast<int>(seconds);
        for (int i = 0; i < rounds; ++i) {
            if (moment == Load && model->status() != ModelLoader::Loading) {
                model->open(QStringLiteral("synthetic:again"));
                if (!waitFor([&] { return model->status() == wanted; }, 20)) return 1;
            }
            if (!chat->ask(QStringLiteral("How many?")) ||
                !waitFor([&] { return chat->state() == asked; }, 20))
                return 1;
            runFor(0.1 + 0.037 * (i % 11));
            pressed = wallMs();
            for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
                QKeyEvent key(type, Qt::Key_Escape, Qt::NoModifier);
                QCoreApplication::sendEvent(bench.window, &key);
            }
            if (!waitFor([&] { return pressed == 0; }, 5)) return 1;
        }
        print(names[moment], ended);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM",
            qEnvironmentVariableIsSet("QT_QPA_PLATFORM") ? qgetenv("QT_QPA_PLATFORM") : "offscreen");
    if (qgetenv("QT_QPA_PLATFORM") == "offscreen") qputenv("QT_QUICK_BACKEND", "software");
    mallopt(M_MMAP_THRESHOLD, 128 * 1024); // as main.cpp
    qputenv("QT_NO_GLIB", "1");            // whose dispatcher does not tell when it blocks
    QGuiApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(QStringLiteral("WHAT"),
                                 QStringLiteral("stream, full, typing, scroll, stop or all"));
    const QCommandLineOption seconds(QStringLiteral("seconds"), QStringLiteral("of each measurement"),
                                     QStringLiteral("N"), QStringLiteral("20"));
    const QCommandLineOption characters(QStringLiteral("characters"), QStringLiteral("of the thought"),
                                        QStringLiteral("N"), QStringLiteral("200000"));
    parser.addOptions({seconds, characters});
    parser.addHelpOption();
    parser.process(app);
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QQuickWindow::setTextRenderType(QQuickWindow::NativeTextRendering);
    const QString what = parser.positionalArguments().value(0, QStringLiteral("all"));
    const double length = parser.value(seconds).toDouble();
    const qsizetype text = parser.value(characters).toLongLong();
    int failed = 0;
    const auto wanted = [&](const char* name) {
        return what == QLatin1String("all") || what == QLatin1String(name);
    };
    if (wanted("stream")) failed += stream(false, length, text);
    if (wanted("full")) failed += stream(true, length, text);
    if (wanted("typing")) failed += typing(length);
    if (wanted("scroll")) failed += scroll(length);
    if (wanted("stop")) failed += stop(length);
    if (failed != 0) std::fprintf(stderr, "window_stalls: %d of the measurements did not begin\n", failed);
    return failed == 0 ? 0 : 1;
}
