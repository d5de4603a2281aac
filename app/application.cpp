#include "app/application.h"

#include <QDir>
#include <QStandardPaths>

#include "app/engine_backend.h"
#include "app/fake_backend.h"
#include "app/fake_library.h"

namespace ponder::app {

QString defaultDataFolder() {
    const QString named = qEnvironmentVariable("PONDER_DATA_DIR");
    if (!named.isEmpty()) return named;
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/ponder");
}

Application::Application(const StartOptions& options, QObject* parent)
    : QObject(parent), m_options(options),
      m_settings(QDir(options.dataFolder).filePath(QStringLiteral("window.ini"))) {
    if (options.theme) m_settings.overrideTheme(*options.theme);
    m_store = std::make_unique<StoreThread>();
    if (options.script) {
        m_backend = std::make_unique<FakeBackend>(*options.script);
    } else {
        EngineOptions engine;
        engine.program = options.engineProgram.isEmpty() ? findEngine() : options.engineProgram;
        m_backend = std::make_unique<EngineBackend>(engine);
    }
    m_model = std::make_unique<ModelLoader>(*m_backend, *m_store);
    m_chat = std::make_unique<ChatController>(*m_backend, *m_store, *m_model);
    m_exporter = std::make_unique<Exporter>(*m_store, *m_chat);

    // Last, for what the store has to say about being opened is heard by then.
    m_store->open(options.script ? QString() : QDir(options.dataFolder).filePath(QStringLiteral("ponder.db")));
    if (options.script)
        m_store->run(
            this, [script = *options.script](ConversationStore& store) { return fillStore(store, script); },
            [](Result<void>) {});
}

Application::~Application() {
    m_exporter.reset();
    m_chat->saveNow();
    m_chat.reset();
    m_model.reset();
    m_backend.reset();
    m_store.reset(); // waits until everything is written
}

void Application::start() {
    m_backend->start();
    m_chat->openLast();
    if (!m_options.modelPath.isEmpty()) m_model->open(m_options.modelPath);
    m_model->openLast(); // reads the list of models in any case
}

} // namespace ponder::app
