// Runs every tst_*.qml of this folder against the real Main.qml on the scripted backend.

#include <QFile>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQuickStyle>
#include <QTemporaryDir>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuickTest/quicktest.h>

#include "app/application.h"

Q_IMPORT_QML_PLUGIN(Ponder_AppPlugin)
Q_IMPORT_QML_PLUGIN(Ponder_UiPlugin)

using namespace ponder::app;

// Makes the application behind a window of a test; the one before it goes.
class Bench : public QObject {
    Q_OBJECT
public:
    Q_INVOKABLE QObject* start(const QString& script) {
        m_application.reset();
        QFile::remove(m_folder.filePath(QStringLiteral("window.ini")));
        StartOptions options;
        options.dataFolder = m_folder.path();
        options.script = fakeScript(script);
        PONDER_CHECK(options.script.has_value());
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

private:
    QTemporaryDir m_folder;
    QQmlEngine* m_engine = nullptr;
    std::unique_ptr<Application> m_application;
};

class Setup : public QObject {
    Q_OBJECT
public slots:
    void applicationAvailable() { QQuickStyle::setStyle(QStringLiteral("Basic")); }
    void qmlEngineAvailable(QQmlEngine* engine) {
        m_bench.setEngine(engine);
        engine->addImportPath(QStringLiteral(":/qt/qml"));
        engine->rootContext()->setContextProperty(QStringLiteral("bench"), &m_bench);
    }

private:
    Bench m_bench;
};

QUICK_TEST_MAIN_WITH_SETUP(ui, Setup)
#include "test_ui.moc"
