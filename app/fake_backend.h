#pragma once
// ChatBackend that plays a script of fake_script.h: no process, no model, the same events. GUI thread.

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
    void tick();
    void answer(const protocol::Request& request);
    void beginLoad(const std::string& id, const QString& path);
    void beginGeneration(const std::string& id, const protocol::GenerateRequest& request);
    void stepLoad();
    void stepGeneration();
    void finishGeneration(protocol::FinishReason reason);
    protocol::ModelSummary describe(const QString& path) const;
    protocol::PlanSummary plan() const;

    FakeScript m_script;
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::string m_loadId, m_generateId;
    QString m_loadPath;
    std::vector<std::pair<protocol::Channel, QString>> m_tokens;
    size_t m_next = 0, m_turn = 0;
    uint32_t m_promptTokens = 0;
    protocol::GenerationStats m_stats;
};

} // namespace ponder::app
