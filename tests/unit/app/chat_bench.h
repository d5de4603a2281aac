#pragma once
// What the window has, without the window: a store, a backend, a model and the controller; and a backend that does only
// what a test says. GUI thread.

#include <doctest/doctest.h>

#include <optional>

#include <QTemporaryDir>
#include <QtTest/QTest>

#include "app/chat/chat_controller.h"
#include "app/fake_backend.h"

namespace ponder::app {

constexpr int kWaitMs = 30'000; // never waited for in full unless something is broken

template <typename Predicate>
bool waitFor(Predicate predicate) {
    return QTest::qWaitFor(predicate, kWaitMs);
}

// Loads by itself what it is told to load; everything else a test answers.
class HandBackend : public ChatBackend {
public:
    using ChatBackend::deliver;
    using ChatBackend::failPending;
    using ChatBackend::markUnavailable;

    void start() override {
        deliver({"", protocol::HelloEvent{
                         protocol::kVersion, "hand", {{"GPU", "vulkan:0", "1", 1 << 30, 1 << 29, false}}}});
    }
    void die(const Error& error = {ErrorCode::EngineDied, "the engine was ended by signal 9"}) {
        failPending(error);
        emit restarting(error);
        QMetaObject::invokeMethod(
            this, [this] { start(); }, Qt::QueuedConnection);
    }
    // Of the requests of that kind the last one that came.
    template <typename Body>
    const protocol::Request* last() const {
        for (auto request = requests.rbegin(); request != requests.rend(); ++request)
            if (std::holds_alternative<Body>(request->body)) return &*request;
        return nullptr;
    }
    template <typename Body>
    int count() const {
        return static_cast<int>(std::count_if(requests.begin(), requests.end(), [](const auto& request) {
            return std::holds_alternative<Body>(request.body);
        }));
    }
    const protocol::GenerateRequest& generation() const {
        return std::get<protocol::GenerateRequest>(last<protocol::GenerateRequest>()->body);
    }
    void say(const std::string& text, protocol::Channel channel = protocol::Channel::Answer, int32_t id = 7) {
        deliver({last<protocol::GenerateRequest>()->id, protocol::TokenEvent{channel, text, id}});
    }
    void started(uint32_t promptTokens = 10) {
        deliver({last<protocol::GenerateRequest>()->id,
                 protocol::StartedEvent{promptTokens, 0, 512, protocol::Channel::Thought}});
    }
    void done(protocol::FinishReason reason = protocol::FinishReason::Stop) {
        protocol::GenerationStats stats;
        stats.contextUsed = 20;
        deliver({last<protocol::GenerateRequest>()->id, protocol::DoneEvent{reason, stats}});
    }

    std::vector<protocol::Request> requests;
    bool loads = true;   // else a load waits for the test
    bool in8Bits = true; // has a cache of 8 bits

protected:
    void submit(const protocol::Request& request) override {
        requests.push_back(request);
        const protocol::ModelSummary model{"/m.gguf", "Hand", "qwen2", "Q4_K", 1000, 10, 2, 512, true, {}};
        protocol::PlanSummary plan;
        plan.fits = true;
        plan.context = 512;
        const auto answer = [this, id = request.id](protocol::EventBody body) {
            QMetaObject::invokeMethod(
                this,
                [this, id, body] {
                    deliver({id, body});
                },
                Qt::QueuedConnection);
        };
        const auto* inspect = std::get_if<protocol::InspectRequest>(&request.body);
        if (inspect && inspect->options.cache == protocol::Cache::Q8 && !in8Bits)
            answer(protocol::ErrorEvent{ErrorCode::InvalidArgument, "Not in 8 bits."});
        else if (inspect)
            answer(protocol::InspectedEvent{model, plan});
        else if (std::holds_alternative<protocol::LoadRequest>(request.body) && loads)
            answer(protocol::LoadedEvent{model, plan, 0.1});
        else if (std::holds_alternative<protocol::StopRequest>(request.body))
            answer(protocol::StoppedEvent{});
    }
};

template <typename Backend>
struct Bench {
    template <typename... Arguments>
    explicit Bench(const QString& database, Arguments&&... arguments)
        : backend(std::forward<Arguments>(arguments)...), loader(backend, store),
          chat(backend, store, loader) {
        store.open(database);
        backend.start();
        chat.openLast();
        loader.openLast();
    }
    template <typename Predicate>
    bool wait(Predicate predicate) {
        return waitFor(predicate);
    }
    bool load(const QString& path = QStringLiteral("synthetic:test")) {
        loader.open(path);
        return wait([&] { return loader.status() == ModelLoader::Loaded; });
    }
    bool idle() {
        return wait([&] { return !chat.busy(); });
    }
    bool reaches(ChatController::State state) {
        return wait([&] { return chat.state() == state; });
    }
    // Work on the store's thread, after everything before it.
    template <typename Work>
    auto inStore(Work work) {
        using Answer = decltype(work(std::declval<ConversationStore&>()));
        std::optional<Answer> answer;
        store.run(&chat, work, [&](Answer done) { answer = std::move(done); });
        REQUIRE(wait([&] { return answer.has_value(); }));
        return std::move(*answer);
    }
    void sql(const char* statement) {
        const auto done =
            inStore([statement](ConversationStore& s) { return s.database().execute(statement); });
        REQUIRE_MESSAGE(done.ok(), statement);
    }
    std::vector<MessageRecord> stored(qint64 of = 0) {
        const qint64 id = of != 0 ? of : chat.chat();
        auto messages = inStore([id](ConversationStore& s) { return s.messages(id); });
        REQUIRE(messages.ok());
        return *messages;
    }
    ChatRecord storedChat(qint64 of = 0) {
        const qint64 id = of != 0 ? of : chat.chat();
        auto record = inStore([id](ConversationStore& s) { return s.chat(id); });
        return record.ok() ? *record : ChatRecord{};
    }
    QVariant at(int row, int role) { return chat.transcript()->data(chat.transcript()->index(row), role); }
    int last(int role) { return at(chat.transcript()->count() - 1, role).toInt(); }
    // The questions of the visible path, as the transcript shows them.
    QStringList questions() {
        QStringList texts;
        for (int row = 0; row < chat.transcript()->count(); ++row)
            if (at(row, ChatModel::KindRole).toInt() == ChatModel::Question)
                texts << at(row, ChatModel::TextRole).toString();
        return texts;
    }
    QString answer() { return chat.transcript()->answerText(chat.transcript()->count() - 1); }

    StoreThread store;
    Backend backend;
    ModelLoader loader;
    ChatController chat;
};

struct ScriptBench : Bench<FakeBackend> {
    explicit ScriptBench(const QString& script, const QString& database = {})
        : ScriptBench(*fakeScript(script), database) {}
    explicit ScriptBench(FakeScript script, const QString& database = {})
        : Bench<FakeBackend>(database, std::move(script)) {}
};

struct HandBench : Bench<HandBackend> {
    explicit HandBench(const QString& database = {}) : Bench<HandBackend>(database) {}
    // Asked, and the engine has been told so.
    bool ask(const QString& question) {
        const int before = backend.count<protocol::GenerateRequest>();
        return chat.ask(question) && wait([&] { return backend.count<protocol::GenerateRequest>() > before; });
    }
    // Asked and answered to the end.
    void exchange(const QString& question, const std::string& answer) {
        REQUIRE(ask(question));
        backend.started();
        backend.say(answer);
        backend.done();
        REQUIRE(idle());
    }
};

} // namespace ponder::app
