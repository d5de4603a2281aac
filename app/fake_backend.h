#pragma once
// ChatBackend that plays a script of fake_script.h: no process, no model, the same events, several answers at once as the
// engine has them. GUI thread.

#include <QTimer>

#include "app/chat_backend.h"
#include "app/fake_script.h"

namespace ponder::app {

class FakeBackend : public ChatBackend {
    Q_OBJECT
public:
    explicit FakeBackend(FakeScript script, QObject* parent = nullptr);
    void start() override;

protected:
    void submit(const protocol::Request& request) override;

private:
    // An answer that is being played.
    struct Playing {
        std::string id;
        std::vector<std::pair<protocol::Channel, QString>> tokens;
        size_t next = 0;
        size_t end = 0; // of the tokens that the request allows
        int32_t firstId = 0;
        bool isTitle = false;
        QElapsedTimer clock;
        qint64 rateFromMs = 0; // where the rate began to count
        protocol::GenerationStats stats;
    };

    void tick();
    void answer(const protocol::Request& request);
    void beginLoad(const std::string& id, const protocol::LoadRequest& request);
    void beginGeneration(const std::string& id, const protocol::GenerateRequest& request);
    void stepLoad();
    bool step(Playing& playing); // false: it has ended
    void stop(const std::string& target);
    void finish(const Playing& playing, protocol::FinishReason reason);
    void die();
    void hang();
    protocol::ModelSummary describe(const QString& path) const;
    protocol::PlanSummary plan(const protocol::LoadOptions& options) const; // context 0: that of the script

    FakeScript m_script;
    QTimer m_timer;
    QElapsedTimer m_loadClock;
    std::string m_loadId;
    QString m_loadPath;
    protocol::LoadOptions m_loadOptions;
    std::vector<Playing> m_playing;
    size_t m_turn = 0;
    bool m_silent = false; // hangs
};

} // namespace ponder::app
