// Runs every tst_*.qml of this folder against the real Main.qml on the scripted backend.

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QQmlAbstractUrlInterceptor>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QSettings>
#include <QStyleHints>
#include <QTemporaryDir>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuickTest/quicktest.h>

#include "app/application.h"

Q_IMPORT_QML_PLUGIN(Ponder_AppPlugin)
Q_IMPORT_QML_PLUGIN(Ponder_UiPlugin)

using namespace ponder::app;

// Makes the application behind a window of a test; the one before it goes. Pictures of a window are written where
// $PONDER_PICTURES says, those whose look $PONDER_LOOKS names if it does; $PONDER_LANGUAGE is the language to begin in.
class Bench : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString pictures READ pictures CONSTANT)
    Q_PROPERTY(QString language READ language CONSTANT)
    Q_PROPERTY(double ratio READ ratio CONSTANT) // pixels of the screen to one of the scene
public:
    // No script: a database on the disk with two copies, and no engine. No step of a script takes time but those that it is
    // about; its tokens come at that rate, if one is said.
    Q_INVOKABLE QObject* start(const QString& script, double tokensPerSecond = 0) {
        m_application.reset();
        QFile::remove(m_folder.filePath(QStringLiteral("window.ini")));
        if (!language().isEmpty())
            QSettings(m_folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat)
                .setValue(QStringLiteral("language"), language());
        StartOptions options;
        options.dataFolder = m_folder.path();
        if (script.isEmpty()) {
            options.engineProgram = QStringLiteral("/no/such/program");
            file(QStringLiteral("backups/1-2026-03-11.db"), QString(900'000, QLatin1Char('x')));
            file(QStringLiteral("backups/2-2026-05-02.db"), QString(1'200'000, QLatin1Char('x')));
        } else {
            options.script = fakeScript(script);
            PONDER_CHECK(options.script.has_value());
            const FakeScript usual;
            if (options.script->loadMs == usual.loadMs) options.script->loadMs = 0;
            if (options.script->prefillMs == usual.prefillMs) options.script->prefillMs = 0;
            if (tokensPerSecond > 0 || options.script->tokensPerSecond == usual.tokensPerSecond)
                options.script->tokensPerSecond = tokensPerSecond;
            options.script->hangMs = 50;
        }
        options.theme = Settings::Light;
        m_application = std::make_unique<Application>(options);
        QQmlEngine::setObjectOwnership(m_application.get(), QQmlEngine::CppOwnership);
        if (m_engine)
            connect(&m_application->language(), &Language::changed, m_engine, &QQmlEngine::retranslate);
        m_application->start();
        return m_application.get();
    }
    Q_INVOKABLE void end() { m_application.reset(); }
    void setEngine(QQmlEngine* engine) { m_engine = engine; }
    Q_INVOKABLE QStringList scripts() const { return fakeScriptNames(); }

    QString language() const { return qEnvironmentVariable("PONDER_LANGUAGE"); }
    QString pictures() const { return qEnvironmentVariable("PONDER_PICTURES"); }
    double ratio() const { return qGuiApp->devicePixelRatio(); }
    Q_INVOKABLE bool wants(const QString& look) const {
        const QString looks = qEnvironmentVariable("PONDER_LOOKS");
        return looks.isEmpty() || looks.split(QLatin1Char(' ')).contains(look);
    }
    Q_INVOKABLE bool take(QQuickWindow* window, const QString& name) const {
        return window->grabWindow().save(QDir(pictures()).filePath(name + QStringLiteral(".png")));
    }
    // A file of the test's folder.
    Q_INVOKABLE QString path(const QString& name) const { return m_folder.filePath(name); }
    Q_INVOKABLE QUrl url(const QString& name) const { return QUrl::fromLocalFile(path(name)); }
    Q_INVOKABLE QUrl file(const QString& name, const QString& words) const {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile out(path(name));
        if (out.open(QIODevice::WriteOnly)) out.write(words.toUtf8());
        return url(name);
    }

private:
    QTemporaryDir m_folder;
    QQmlEngine* m_engine = nullptr;
    std::unique_ptr<Application> m_application;
};

// With $PONDER_QML, the folder ui/, its QML is read from there: a change is seen without building.
class FromFolder : public QQmlAbstractUrlInterceptor {
public:
    QUrl intercept(const QUrl& url, DataType) override {
        static const QString prefix = QStringLiteral("/qt/qml/Ponder/Ui/");
        if (url.scheme() != QLatin1String("qrc") || !url.path().startsWith(prefix)) return url;
        const QFileInfo file(QDir(qEnvironmentVariable("PONDER_QML")), url.path().mid(prefix.size()));
        return file.exists() ? QUrl::fromLocalFile(file.absoluteFilePath()) : url;
    }
};

class Setup : public QObject {
    Q_OBJECT
public slots:
    void applicationAvailable() { // as main() does
        QQuickStyle::setStyle(QStringLiteral("Basic"));
        QQuickWindow::setTextRenderType(QQuickWindow::NativeTextRendering);
        QGuiApplication::styleHints()->setUseHoverEffects(true); // which a platform without a screen has not
    }
    void qmlEngineAvailable(QQmlEngine* engine) {
        m_bench.setEngine(engine);
        if (qEnvironmentVariableIsSet("PONDER_QML")) engine->addUrlInterceptor(&m_folder);
        engine->addImportPath(QStringLiteral(":/qt/qml"));
        engine->rootContext()->setContextProperty(QStringLiteral("bench"), &m_bench);
    }

private:
    Bench m_bench;
    FromFolder m_folder;
};

QUICK_TEST_MAIN_WITH_SETUP(ui, Setup)
#include "test_ui.moc"
