// The engine's process in every way it can go wrong: whatever it does, every request ends, the text so far is known, and
// no process stays.
#include <doctest/doctest.h>

#include <csignal>

#include <QtTest/QTest>

#include "app/engine_backend.h"

using namespace ponder;
using namespace ponder::app;
using namespace ponder::protocol;

namespace {

constexpr int kWaitMs = 30'000; // never waited for in full unless something is broken

// A backend, and everything it said.
struct Heard {
    explicit Heard(const char* mode) {
        options.program = PONDER_PYTHON;
        options.arguments = {PONDER_FAKE_ENGINE, mode};
    }
    void start() {
        backend = std::make_unique<EngineBackend>(options);
        QObject::connect(backend.get(), &ChatBackend::happened,
                         [this](const Event& event) { events.push_back(event); });
        QObject::connect(backend.get(), &ChatBackend::ready, [this] { ++hellos; });
        QObject::connect(backend.get(), &ChatBackend::restarting,
                         [this](const Error& error) { restarts.push_back(error); });
        QObject::connect(backend.get(), &ChatBackend::unavailable,
                         [this](const Error& error) { gaveUp.push_back(error); });
        backend->start();
    }
    template <typename Predicate>
    bool wait(Predicate predicate) {
        return QTest::qWaitFor(predicate, kWaitMs);
    }
    bool waitFinal(const QString& id) {
        return wait([&] {
            for (const Event& event : events)
                if (event.id == id.toStdString() && (std::holds_alternative<DoneEvent>(event.body) ||
                                                     std::holds_alternative<ErrorEvent>(event.body) ||
                                                     std::holds_alternative<LoadedEvent>(event.body) ||
                                                     std::holds_alternative<CountedEvent>(event.body) ||
                                                     std::holds_alternative<InspectedEvent>(event.body)))
                    return true;
            return false;
        });
    }
    QString said() const {
        std::string text;
        for (const Event& event : events)
            if (const auto* token = std::get_if<TokenEvent>(&event.body)) text += token->text;
        return QString::fromStdString(text);
    }
    std::optional<ErrorEvent> error() const {
        for (const Event& event : events)
            if (const auto* error = std::get_if<ErrorEvent>(&event.body)) return *error;
        return std::nullopt;
    }

    EngineOptions options;
    std::unique_ptr<EngineBackend> backend;
    std::vector<Event> events;
    std::vector<Error> restarts, gaveUp;
    int hellos = 0;
};

GenerateRequest question() {
    GenerateRequest request;
    request.messages.push_back({Role::User, "Why?", {}});
    return request;
}

} // namespace

TEST_CASE("an engine that works: asked before it is ready, answered after") {
    Heard heard("works");
    heard.start();
    const QString load = heard.backend->load("/m.gguf");
    CHECK(heard.backend->state() == ChatBackend::State::Loading);
    REQUIRE(heard.waitFinal(load));
    CHECK(heard.backend->devices().front().name == "Test GPU");
    REQUIRE(heard.backend->loaded().has_value());
    const QString generate = heard.backend->generate(question());
    CHECK(heard.backend->state() == ChatBackend::State::Prefilling);
    REQUIRE(heard.waitFinal(generate));
    CHECK(heard.said() == "HmSo.");
    CHECK(heard.backend->state() == ChatBackend::State::Idle);
    REQUIRE(heard.waitFinal(heard.backend->count({{Role::User, "four", {}}})));
    CHECK(heard.restarts.empty());
    const pid_t process = static_cast<pid_t>(heard.backend->processId());
    heard.backend.reset();
    CHECK(kill(process, 0) != 0); // gone
}

TEST_CASE("killed in the middle of an answer: the text stays, the request ends, the engine comes again") {
    Heard heard("dies");
    heard.start();
    REQUIRE(heard.waitFinal(heard.backend->load("/m.gguf")));
    REQUIRE(heard.waitFinal(heard.backend->generate(question())));
    CHECK(heard.said() == "Hm");
    REQUIRE(heard.error().has_value());
    CHECK(heard.error()->code == ErrorCode::EngineDied);
    CHECK(heard.error()->message.find("signal 9") != std::string::npos);
    CHECK(!heard.backend->loaded().has_value());
    REQUIRE(heard.wait([&] { return heard.hellos == 2; }));
    REQUIRE(heard.waitFinal(heard.backend->inspect("/m.gguf")));
}

TEST_CASE("killed over loading") {
    Heard heard("dies-loading");
    heard.start();
    REQUIRE(heard.waitFinal(heard.backend->load("/m.gguf")));
    CHECK(heard.error()->code == ErrorCode::EngineDied);
    REQUIRE(heard.wait([&] { return heard.hellos == 2; }));
}

TEST_CASE("what it says before it ends itself is what is told") {
    Heard heard("fatal");
    heard.start();
    REQUIRE(heard.waitFinal(heard.backend->generate(question())));
    CHECK(heard.error()->code == ErrorCode::DeviceLost);
    CHECK(heard.error()->message == "the graphics device was lost at token 2");
    REQUIRE(heard.wait([&] { return heard.hellos == 2; }));
}

TEST_CASE("an engine without a heartbeat is ended and started again") {
    Heard heard("hang");
    heard.options.silenceTimeout = std::chrono::milliseconds(300);
    heard.start();
    REQUIRE(heard.wait([&] { return heard.hellos >= 1; }));
    REQUIRE(heard.waitFinal(heard.backend->generate(question())));
    CHECK(heard.error()->code == ErrorCode::EngineDied);
    CHECK(heard.error()->message.find("no sign of life") != std::string::npos);
}

TEST_CASE("a load may be silent for longer than an answer, and not for ever") {
    Heard heard("hang-loading");
    heard.options.silenceTimeout = std::chrono::milliseconds(1);
    heard.options.loadingTimeout = std::chrono::milliseconds(400);
    heard.options.restarts = 100;
    heard.start();
    const QString load = heard.backend->load("/m.gguf"); // goes with the first hello
    REQUIRE(heard.waitFinal(load));
    CHECK(heard.error()->code == ErrorCode::EngineDied);
}

TEST_CASE("stopped by a signal, as a debugger or a full memory does: ended, and started again") {
    Heard heard("works");
    heard.options.silenceTimeout = std::chrono::milliseconds(300);
    heard.start();
    REQUIRE(heard.wait([&] { return heard.hellos == 1; }));
    const pid_t process = static_cast<pid_t>(heard.backend->processId());
    kill(process, SIGSTOP);
    const QString generate = heard.backend->generate(question());
    REQUIRE(heard.waitFinal(generate));
    CHECK(heard.error()->message.find("no sign of life") != std::string::npos);
    REQUIRE(heard.wait([&] { return heard.hellos >= 2; }));
}

TEST_CASE("killed while it counts") {
    Heard heard("dies-counting");
    heard.start();
    REQUIRE(heard.waitFinal(heard.backend->count({{Role::User, "four", {}}})));
    CHECK(heard.error()->code == ErrorCode::EngineDied);
    REQUIRE(heard.wait([&] { return heard.hellos == 2; }));
}

TEST_CASE("another version is told once, and not tried again") {
    Heard heard("version");
    heard.start();
    const QString load = heard.backend->load("/m.gguf");
    REQUIRE(heard.wait([&] { return !heard.gaveUp.empty(); }));
    CHECK(heard.gaveUp.front().code == ErrorCode::Protocol);
    CHECK(heard.gaveUp.front().message.find("version 99") != std::string::npos);
    CHECK(heard.backend->state() == ChatBackend::State::Failed);
    CHECK(heard.waitFinal(load));
    CHECK(heard.restarts.empty());
    CHECK(heard.waitFinal(heard.backend->count({{Role::User, "after it was given up", {}}})));
}

TEST_CASE("lines that are not of the protocol are passed over, halves of characters mended") {
    Heard heard("garbage");
    heard.start();
    REQUIRE(heard.waitFinal(heard.backend->generate(question())));
    CHECK(!heard.error().has_value());
    const QString said = heard.said();
    CHECK(said.contains("half "));
    CHECK(said.contains(QString::fromUtf8(" ganz 思")));
    CHECK(said.endsWith("So."));
    CHECK(!said.contains("nobody"));
    CHECK(heard.restarts.empty());
}

TEST_CASE("an engine that cannot be kept alive is given up after its restarts") {
    Heard heard("gone");
    heard.options.restarts = 2;
    heard.start();
    REQUIRE(heard.wait([&] { return !heard.gaveUp.empty(); }));
    CHECK(heard.restarts.size() == 2);
    CHECK(heard.gaveUp.front().message.find("status 7") != std::string::npos);
}

TEST_CASE("an engine that never says hello") {
    Heard heard("mute");
    heard.options.helloTimeout = std::chrono::milliseconds(200);
    heard.options.restarts = 0;
    heard.start();
    REQUIRE(heard.wait([&] { return !heard.gaveUp.empty(); }));
    CHECK(heard.gaveUp.front().message.find("hello") != std::string::npos);
}

TEST_CASE("no engine there") {
    Heard heard("works");
    heard.options.program = "/nowhere/ponder-engine";
    heard.start();
    REQUIRE(heard.gaveUp.size() == 1);
    CHECK(heard.gaveUp.front().message.find("/nowhere/ponder-engine") != std::string::npos);
}

TEST_CASE("an engine that does not end with its input is killed") {
    Heard heard("deaf");
    heard.options.exitTimeout = std::chrono::milliseconds(200);
    heard.start();
    REQUIRE(heard.wait([&] { return heard.hellos == 1; }));
    const pid_t process = static_cast<pid_t>(heard.backend->processId());
    heard.backend.reset();
    CHECK(kill(process, 0) != 0);
}
