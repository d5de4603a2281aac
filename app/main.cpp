// ponder: the window. Reads the command line, makes the Application and shows ui/Main.qml.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <QCommandLineParser>
#include <QFileInfo>
#include <QGuiApplication>
#include <QIcon>
#include <QOpenGLContext>
#include <QQmlApplicationEngine>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QSocketNotifier>
#include <QTimer>
#include <QtQml/qqmlextensionplugin.h>
#include <QUrl>

#include "app/application.h"
#include "app/fake_script.h"
#include "app/single_instance.h"

Q_IMPORT_QML_PLUGIN(Ponder_AppPlugin)
Q_IMPORT_QML_PLUGIN(Ponder_UiPlugin)

namespace {

using namespace ponder::app;

// Without OpenGL Qt Quick would end the program; then it draws with the processor.
void chooseRenderer() {
    if (qEnvironmentVariableIsSet("QT_QUICK_BACKEND")) return;
    QOpenGLContext context;
    if (!context.create()) QQuickWindow::setSceneGraphBackend(QStringLiteral("software"));
}

// Whether there is anything to show a window on. Qt would abort where there is not.
bool hasScreen(int argc, char** argv) {
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (!qEnvironmentVariableIsEmpty(variable)) return true;
    return std::any_of(argv, argv + argc,
                       [](const char* argument) { return std::strcmp(argument, "-platform") == 0; });
}

// Options that only print.
bool wantsWords(int argc, char** argv) {
    return std::any_of(argv, argv + argc, [](const char* argument) {
        for (const char* option : {"-h", "--help", "--help-all", "-v", "--version"})
            if (std::strcmp(argument, option) == 0) return true;
        return false;
    });
}

int g_signalPipe[2] = {-1, -1};

// A closed terminal or a logout ends the window as its close button does. A handler may do next to nothing, so it writes
// a byte, and the event loop does the rest.
void endOnSignals(QCoreApplication& app) {
    if (pipe2(g_signalPipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
    auto* notifier = new QSocketNotifier(g_signalPipe[0], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, [] { QCoreApplication::exit(0); });
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        std::signal(signal, [](int) {
            const char byte = 0;
            (void)!write(g_signalPipe[1], &byte, 1);
        });
}

int wrongUsage(const QString& sentence) {
    std::fprintf(stderr, "ponder: %s\n", qPrintable(sentence));
    return 2;
}

// The theme by its name on the command line.
bool setTheme(StartOptions& options, const QString& name) {
    const bool contrast = name.startsWith(QLatin1String("contrast-"));
    const QString shade = contrast ? name.mid(9) : name;
    if (shade != QLatin1String("light") && shade != QLatin1String("dark")) return false;
    options.theme = shade == QLatin1String("dark") ? Settings::Dark : Settings::Light;
    options.highContrast = contrast;
    return true;
}

// For tests/bench/first_frame.py: says when the first frame is on the screen, and when the conversations are in one.
void sayFirstFrames(QQuickWindow* window, ConversationListModel* list) {
    QObject::connect(window, &QQuickWindow::frameSwapped, window, [window, list, first = true]() mutable {
        if (std::exchange(first, false)) std::printf("first frame\n");
        if (list->rowCount() > 0) {
            std::printf("first conversations %d\n", list->rowCount());
            std::fflush(stdout);
            return QCoreApplication::exit(0);
        }
        std::fflush(stdout);
        window->update();
    });
}

void takeScreenshot(QQuickWindow* window, const QString& file, int afterMs) {
    QTimer::singleShot(afterMs, window, [window, file] {
        const bool saved = window->grabWindow().save(file);
        if (!saved) std::fprintf(stderr, "ponder: %s could not be written\n", qPrintable(file));
        QCoreApplication::exit(saved ? 0 : 1);
    });
}

} // namespace

int main(int argc, char** argv) {
    // The copies that a long answer is kept from go back to the system at once, whatever their size has been.
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    QGuiApplication::setApplicationName(QStringLiteral("ponder"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Ponder"));
    QGuiApplication::setApplicationVersion(QStringLiteral(PONDER_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.ponder.Ponder"));
    if (!hasScreen(argc, argv)) {
        if (!wantsWords(argc, argv)) {
            std::fprintf(
                stderr,
                "ponder: There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is "
                "set): start it from a desktop, or use ponder-cli chat.\n");
            return 1;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QGuiApplication app(argc, argv);
    app.setWindowIcon(QIcon(QStringLiteral(":/ponder/icon.svg")));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Talk to reasoning models on your own computer."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("FILE"),
        QStringLiteral("a model (.gguf, or builtin:mini) or an exported conversation (.json)"),
        QStringLiteral("[FILE]"));
    const QCommandLineOption fake(QStringLiteral("fake-backend"),
                                  QStringLiteral("play a script in place of the engine; nothing is saved"));
    const QCommandLineOption script(QStringLiteral("script"), QStringLiteral("of --fake-backend"),
                                    QStringLiteral("NAME"));
    const QCommandLineOption theme(QStringLiteral("theme"),
                                   QStringLiteral("light, dark, contrast-light or contrast-dark"),
                                   QStringLiteral("THEME"), qEnvironmentVariable("PONDER_THEME"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        QStringLiteral("write a picture of the window and end"),
                                        QStringLiteral("FILE"));
    const QCommandLineOption delay(QStringLiteral("screenshot-after"), QStringLiteral("ms to wait before"),
                                   QStringLiteral("MS"), QStringLiteral("1500"));
    const QCommandLineOption ask(QStringLiteral("ask"), QStringLiteral("a question to begin with"),
                                 QStringLiteral("TEXT"));
    const QCommandLineOption frames(QStringLiteral("first-frame"),
                                    QStringLiteral("say when the first frame is shown, and end"));
    parser.addOptions({fake, script, theme, screenshot, delay, ask, frames});
    // --fake-backend=NAME: an option of Qt either has a value or has none.
    QStringList arguments;
    for (const QString& argument : QCoreApplication::arguments()) {
        const QString prefix = QStringLiteral("--fake-backend=");
        if (argument.startsWith(prefix))
            arguments << QStringLiteral("--fake-backend")
                      << QStringLiteral("--script=") + argument.mid(prefix.size());
        else
            arguments << argument;
    }
    parser.process(arguments);

    StartOptions options;
    options.dataFolder = defaultDataFolder();
    if (parser.isSet(fake)) {
        options.script = fakeScript(parser.value(script));
        if (!options.script)
            return wrongUsage(QStringLiteral("there is no script %1; there are %2")
                                  .arg(parser.value(script), fakeScriptNames().join(QStringLiteral(", "))));
    }
    const QString scheme = parser.value(theme);
    if (!scheme.isEmpty() && !setTheme(options, scheme))
        return wrongUsage(
            QStringLiteral("--theme is light, dark, contrast-light or contrast-dark, not %1").arg(scheme));
    if (const QStringList files = parser.positionalArguments(); files.size() == 1)
        options.file =
            isNamedModel(files.front()) ? files.front() : QFileInfo(files.front()).absoluteFilePath();
    else if (files.size() > 1)
        return wrongUsage(QStringLiteral("one FILE at a time, not %1").arg(files.size()));

    endOnSignals(app);
    chooseRenderer();
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QQuickWindow::setTextRenderType(QQuickWindow::NativeTextRendering);
    // One window a folder; scripts keep nothing, so any number of them may play.
    SingleInstance instance(options.dataFolder);
    if (!options.script) {
        const ponder::Result<bool> first =
            instance.claim({options.file, parser.value(ask), SingleInstance::desktopToken()});
        if (!first.ok()) {
            std::fprintf(stderr, "ponder: %s\n", first.error().message.c_str());
            return 1;
        }
        if (!*first) return 0;
    }
    Application application(options);
    QQmlApplicationEngine engine;
    engine.addImportPath(QStringLiteral(":/qt/qml"));
    engine.setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(&application)}});
    engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Ponder/Ui/Main.qml")));
    if (engine.rootObjects().isEmpty()) return 1; // Qt has said why
    application.start();
    auto* window = qobject_cast<QQuickWindow*>(engine.rootObjects().front());
    QObject::connect(&application.language(), &Language::changed, &engine, &QQmlEngine::retranslate);
    QObject::connect(&instance, &SingleInstance::handedOver, &application,
                     [&application, window](const Handover& wanted) {
                         if (window) SingleInstance::raise(window, wanted.token);
                         if (!wanted.file.isEmpty()) application.open(wanted.file);
                         if (!wanted.question.isEmpty() && !application.chat()->ask(wanted.question))
                             application.chat()->setDraft(wanted.question); // not now: it is not lost
                     });
    if (parser.isSet(frames) && window) sayFirstFrames(window, application.chat()->conversations());
    if (parser.isSet(ask)) {
        const QString question = parser.value(ask);
        QObject::connect(application.model(), &ModelLoader::changed, application.chat(),
                         [&application, question, asked = false]() mutable {
                             if (!asked && application.model()->status() != ModelLoader::NoModel)
                                 asked = application.chat()->ask(question);
                         });
    }
    if (parser.isSet(screenshot) && window)
        takeScreenshot(window, parser.value(screenshot), parser.value(delay).toInt());
    return app.exec();
}
