#pragma once
// The composition root: creates, wires and owns everything behind the window. Members stand in the order in which they
// need each other, so they go in the right order, too: the conversations are written out before the store ends, and no
// engine outlives the backend. GUI thread.

#include <memory>

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include "app/chat/chat_controller.h"
#include "app/commands/commands.h"
#include "app/export/exporter.h"
#include "app/fake_script.h"
#include "app/library/backups.h"
#include "app/library/model_loader.h"
#include "app/palette/palette_model.h"
#include "app/settings/language.h"
#include "app/settings/settings.h"

namespace ponder::app {

struct StartOptions {
    QString dataFolder; // of the database and the settings
    QString file;       // to be opened at the start; empty: the model of the last time
    QString engineProgram;
    std::optional<FakeScript> script;     // in place of the engine; conversations then live in memory
    std::optional<Settings::Theme> theme; // for this run
    bool highContrast = false;            // with theme
};

// $PONDER_DATA_DIR, else ponder in $XDG_DATA_HOME.
QString defaultDataFolder();

class Application : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by main")
    Q_PROPERTY(ponder::app::ChatController* chat READ chat CONSTANT)
    Q_PROPERTY(ponder::app::ModelLoader* model READ model CONSTANT)
    Q_PROPERTY(ponder::app::Settings* settings READ settings CONSTANT)
    Q_PROPERTY(ponder::app::Commands* commands READ commands NOTIFY relabelled)
    Q_PROPERTY(ponder::app::PaletteModel* palette READ palette CONSTANT)
    Q_PROPERTY(ponder::app::Exporter* exporter READ exporter NOTIFY relabelled)
    Q_PROPERTY(ponder::app::Backups* backups READ backups CONSTANT)
    Q_PROPERTY(ponder::app::Notice* storeNotice READ storeNotice CONSTANT) // of the database's file
    Q_PROPERTY(QString dataFolder READ dataFolder CONSTANT)
public:
    explicit Application(const StartOptions& options, QObject* parent = nullptr);
    ~Application() override;

    void start(); // once the window is there: nothing of this delays it

    ChatController* chat() { return m_chat.get(); }
    ModelLoader* model() { return m_model.get(); }
    Settings* settings() { return &m_settings; }
    Commands* commands() { return &m_commands; }
    PaletteModel* palette() { return m_palette.get(); }
    Exporter* exporter() { return m_exporter.get(); }
    Backups* backups() { return m_backups.get(); }
    Notice* storeNotice() { return &m_storeNotice; }
    Language& language() { return m_language; }
    QString dataFolder() const { return m_options.dataFolder; }
    Q_INVOKABLE void openDataFolder() const;

    // A model, or conversations that were exported: whatever was dropped.
    Q_INVOKABLE void openFiles(const QList<QUrl>& urls);
    void open(const QString& file); // the same, named by a start: a path, or the name of a model without a file
    ChatBackend& backend() { return *m_backend; }
    StoreThread& store() { return *m_store; }

signals:
    void relabelled(); // in another language: what they say is to be asked for again

private:
    void watchStore();
    void retranslate();

    StartOptions m_options;
    Settings m_settings;
    Language m_language;
    Commands m_commands;
    Notice m_storeNotice;
    QStringList m_damagedBackups; // that the notice's button restores the first of
    std::unique_ptr<StoreThread> m_store;
    std::unique_ptr<ChatBackend> m_backend;
    std::unique_ptr<ModelLoader> m_model;
    std::unique_ptr<ChatController> m_chat;
    std::unique_ptr<Exporter> m_exporter;
    std::unique_ptr<Backups> m_backups;
    std::unique_ptr<PaletteModel> m_palette;
};

} // namespace ponder::app
