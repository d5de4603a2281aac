#include "app/application.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QUrl>

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
    if (options.theme) m_settings.overrideTheme(*options.theme, options.highContrast);
    m_store = std::make_unique<StoreThread>();
    if (options.script) {
        m_backend = std::make_unique<FakeBackend>(*options.script);
    } else {
        EngineOptions engine;
        engine.program = options.engineProgram.isEmpty() ? findEngine() : options.engineProgram;
        m_backend = std::make_unique<EngineBackend>(engine);
    }
    m_model = std::make_unique<ModelLoader>(*m_backend, *m_store);
    m_model->follow(m_settings);
    m_chat = std::make_unique<ChatController>(*m_backend, *m_store, *m_model);
    m_chat->follow(m_settings);
    m_chat->transcript()->setAllThoughts(m_settings.allThoughts());
    connect(m_chat->transcript(), &ChatModel::allThoughtsChanged, this,
            [this] { m_settings.setAllThoughts(m_chat->transcript()->allThoughts()); });
    // While the window is still there to say where its conversation is read.
    connect(QCoreApplication::instance(), &QCoreApplication::aboutToQuit, m_chat.get(),
            &ChatController::keepPlace);
    m_exporter = std::make_unique<Exporter>(*m_store, *m_chat);
    m_backups = std::make_unique<Backups>(*m_store);
    m_palette = std::make_unique<PaletteModel>(*m_chat, *m_model, m_commands);
    m_language.use(m_settings.language());
    connect(&m_settings, &Settings::changed, this, [this] { m_language.use(m_settings.language()); });
    connect(&m_language, &Language::changed, this, &Application::retranslate);
    watchStore();

    // Last, for what the store has to say about being opened is heard by then.
    m_store->open(options.script ? QString() : QDir(options.dataFolder).filePath(QStringLiteral("ponder.db")));
    if (options.script)
        m_store->run(
            this, [script = *options.script](ConversationStore& store) { return fillStore(store, script); },
            [this, script = *options.script](Result<void>) { playStoreTroubles(*m_store, script); });
}

Application::~Application() {
    m_chat->saveNow();
    m_palette.reset();
    m_backups.reset();
    m_exporter.reset();
    m_chat.reset();
    m_model.reset();
    m_backend.reset();
    m_store.reset(); // waits until everything is written
}

void Application::watchStore() {
    connect(m_store.get(), &StoreThread::damaged, this,
            [this](const QString& words, const QStringList& backups) {
                m_damagedBackups = backups;
                Advice advice{tr("The file of the conversations is damaged"), sentence(words.toStdString()),
                              Remedy::None, QString(), true};
                if (!backups.isEmpty()) {
                    advice.remedy = Remedy::RestoreBackup;
                    const QDateTime made = QFileInfo(backups.front()).lastModified();
                    advice.button =
                        made.isValid()
                            ? tr("Restore the copy of %1").arg(QLocale().toString(made, QLocale::ShortFormat))
                            : tr("Restore the copy");
                }
                m_storeNotice.show(advice);
            });
    connect(&m_storeNotice, &Notice::chosen, this, [this](Remedy remedy) {
        if (remedy == Remedy::RestoreBackup && !m_damagedBackups.isEmpty())
            m_store->restoreBackup(m_damagedBackups.front());
    });
    connect(m_store.get(), &StoreThread::keptRemoved, this, [this](int copies) {
        m_storeNotice.show(
            {tr("A damaged file is deleted, too"),
             tr("%n damaged file(s) of the conversations, kept aside when a copy was restored, could "
                "not be cleared of what you deleted for good, and are removed for it.",
                nullptr, copies),
             Remedy::None,
             {},
             false});
        m_backups->read();
    });
    connect(m_store.get(), &StoreThread::restored, this, [this] {
        m_chat->newConversation();
        m_chat->conversations()->reload();
        m_chat->trash()->reload();
        m_backups->read();
        m_storeNotice.show({tr("The copy is restored"),
                            tr("The damaged file is kept beside it, in %1.").arg(m_options.dataFolder),
                            Remedy::None,
                            {},
                            false});
    });
}

// What is made of strings in C++ is asked for again; the strings of QML are the engine's (main.cpp).
void Application::retranslate() {
    m_commands.retranslate();
    emit relabelled();
    m_model->retranslate();
    for (QAbstractListModel* model : {static_cast<QAbstractListModel*>(m_chat->conversations()),
                                      static_cast<QAbstractListModel*>(m_chat->trash()),
                                      static_cast<QAbstractListModel*>(m_chat->transcript())})
        if (const int rows = model->rowCount(); rows > 0)
            emit model->dataChanged(model->index(0), model->index(rows - 1));
}

void Application::openDataFolder() const {
    QDesktopServices::openUrl(QUrl::fromLocalFile(m_options.dataFolder));
}

void Application::openFiles(const QList<QUrl>& urls) {
    for (const QUrl& url : urls)
        if (Exporter::canImport(url)) return m_exporter->importFile(url);
    m_model->openUrls(urls);
}

void Application::open(const QString& file) {
    if (!isNamedModel(file) && Exporter::canImport(QUrl::fromLocalFile(file)))
        return m_exporter->importFile(QUrl::fromLocalFile(file));
    m_model->open(file);
}

void Application::start() {
    m_backend->start();
    m_chat->openLast();
    if (!m_options.file.isEmpty()) open(m_options.file);
    // Reads the list of models in any case. Who has never opened one gets that in the box.
    const bool inBox = m_options.script ? m_options.script->modelInBox : hasBuiltinModel();
    m_model->openLast(inBox ? builtinModel() : QString());
}

} // namespace ponder::app
