#pragma once
// The composition root: creates, wires and owns everything behind the window. Members stand in the order in which they
// need each other, so they go in the right order, too: the conversations are written out before the store ends, and no
// engine outlives the backend. GUI thread.

#include <memory>

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include "app/chat/chat_controller.h"
#include "app/export/exporter.h"
#include "app/fake_script.h"
#include "app/library/model_loader.h"
#include "app/settings/settings.h"

namespace ponder::app {

struct StartOptions {
    QString dataFolder; // of the database and the settings
    QString modelPath;  // to be opened at the start; empty: that of the last time
    QString engineProgram;
    std::optional<FakeScript> script; // in place of the engine; conversations then live in memory
    std::optional<Settings::Theme> theme;
};

// $PONDER_DATA_DIR, else ponder in $XDG_DATA_HOME.
QString defaultDataFolder();

class Application : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by main")
    Q_PROPERTY(ponder::app::ChatController* chat READ chat CONSTANT)
    Q_PROPERTY(ponder::app::ModelLoader* model READ model CONSTANT)
    Q_PROPERTY(ponder::app::Exporter* exporter READ exporter CONSTANT)
    Q_PROPERTY(ponder::app::Settings* settings READ settings CONSTANT)
public:
    explicit Application(const StartOptions& options, QObject* parent = nullptr);
    ~Application() override;

    void start(); // once the window is there: nothing of this delays it

    ChatController* chat() { return m_chat.get(); }
    ModelLoader* model() { return m_model.get(); }
    Exporter* exporter() { return m_exporter.get(); }
    Settings* settings() { return &m_settings; }
    ChatBackend& backend() { return *m_backend; }
    StoreThread& store() { return *m_store; }

private:
    StartOptions m_options;
    Settings m_settings;
    std::unique_ptr<StoreThread> m_store;
    std::unique_ptr<ChatBackend> m_backend;
    std::unique_ptr<ModelLoader> m_model;
    std::unique_ptr<ChatController> m_chat;
    std::unique_ptr<Exporter> m_exporter;
};

} // namespace ponder::app
