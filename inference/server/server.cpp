#include "inference/server/server.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include <unistd.h>

#include <fmt/format.h>

#include "inference/device_plan.h"
#include "inference/out_of_memory.h"
#include "inference/protocol/json.h"
#include "models/base/errors.h"
#include "models/base/log.h"
#include "models/base/text.h"
#include "models/model_info.h"

namespace ponder::server {

using namespace protocol;
using inference::Engine;
using models::TokenId;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kHeartbeat{1000};
constexpr std::chrono::milliseconds kProgressInterval{50};

Error noModel() { return {ErrorCode::InvalidArgument, "No model is loaded: load one first."}; }

Channel toProtocol(models::Channel channel) {
    return channel == models::Channel::Thought ? Channel::Thought : Channel::Answer;
}

models::Role toModels(Role role) {
    switch (role) {
    case Role::System:
        return models::Role::System;
    case Role::Assistant:
        return models::Role::Assistant;
    case Role::User:
        break;
    }
    return models::Role::User;
}

} // namespace

// -- the reader's thread ------------------------------------------------------------------------------------
// Asks the engine's thread to end, and ends the process if that takes too long.
void Server::readRequests() {
    for (;;) {
        auto line = m_port.receive();
        if (line)
            receive(std::move(*line));
        else
            askToEnd(std::nullopt);
        std::unique_lock lock(m_mutex);
        if (!m_ending) continue;
        if (!m_changed.wait_for(lock, kPatience, [&] { return m_ended; })) _exit(0);
        for (;;) m_changed.wait(lock); // the engine's thread ends the process
    }
}

void Server::receive(LineSplitter::Line line) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_greeted) {
            m_early.push_back(std::move(line));
            return;
        }
    }
    answer(line);
}

void Server::answer(const LineSplitter::Line& line) {
    if (line.tooLong)
        return send("", ErrorEvent{ErrorCode::Protocol, "the line is longer than one message may be"});
    if (line.text.find_first_not_of(" \t\r") == std::string::npos) return;
    auto request = parseRequest(line.text);
    if (!request) return send(idOfLine(line.text), ErrorEvent{request.error().code, request.error().message});
    if (request->id.empty()) return send("", ErrorEvent{ErrorCode::Protocol, "the request has no \"id\""});
    if (const auto* stop = std::get_if<StopRequest>(&request->body)) {
        {
            const std::lock_guard lock(m_mutex);
            // One that has ended meanwhile needs no stopping.
            if (const auto found = m_stops.find(stop->target); found != m_stops.end())
                found->second.request_stop();
        }
        return send(request->id, StoppedEvent{});
    }
    if (std::holds_alternative<ShutdownRequest>(request->body)) return askToEnd(request->id);
    const bool stoppable = std::holds_alternative<LoadRequest>(request->body) ||
                           std::holds_alternative<GenerateRequest>(request->body);
    {
        const std::lock_guard lock(m_mutex);
        if (!stoppable || m_stops.try_emplace(request->id).second) {
            m_requests.push_back(std::move(*request));
            m_changed.notify_all();
            return;
        }
    }
    send(request->id, ErrorEvent{ErrorCode::Protocol, "the id is that of a request which has not ended yet"});
}

void Server::askToEnd(std::optional<std::string> byeTo) {
    const std::lock_guard lock(m_mutex);
    m_ending = true;
    m_byeTo = std::move(byeTo);
    for (auto& [id, stop] : m_stops) stop.request_stop();
    m_changed.notify_all();
}

// -- the heartbeat's thread ---------------------------------------------------------------------------------
void Server::beat() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait_for(lock, kHeartbeat, [&] { return m_ended; });
        if (m_ended) return;
        if (!m_greeted) continue;
        lock.unlock();
        const auto uptime = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_started);
        send("", HeartbeatEvent{m_state, static_cast<uint64_t>(uptime.count())});
        lock.lock();
    }
}

// -- the engine's thread ------------------------------------------------------------------------------------
void Server::greet() {
    m_devices = Engine::devices();
    HelloEvent hello{kVersion, "ponder-engine", {}};
    for (const auto& caps : m_devices) hello.devices.push_back(inference::summarize(caps));
    send("", std::move(hello));
    std::unique_lock lock(m_mutex);
    while (!m_early.empty()) {
        const LineSplitter::Line line = std::move(m_early.front());
        m_early.pop_front();
        lock.unlock();
        answer(line);
        lock.lock();
    }
    m_greeted = true;
}

int Server::run() {
    greet();

    while (!m_fatal) {
        std::deque<Request> requests;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return m_ending || !m_requests.empty() || !m_jobs.empty(); });
            if (m_ending) break;
            requests.swap(m_requests);
        }
        for (const Request& request : requests) {
            if (m_fatal)
                fail(request.id, *m_fatal);
            else
                handle(request);
        }
        std::vector<inference::Generation*> together;
        for (const Job& job : m_jobs)
            if (!job.generation->prefilling()) together.push_back(job.generation.get());
        if (together.size() > 1 && !m_fatal) m_engine->decodeTogether(together);
        for (size_t i = 0; i < m_jobs.size() && !m_fatal;) {
            if (step(m_jobs[i])) {
                ++i;
                continue;
            }
            finished(m_jobs[i].id);
            m_jobs.erase(m_jobs.begin() + static_cast<std::ptrdiff_t>(i));
        }
        updateState();
    }
    if (m_fatal) {
        for (const Job& job : m_jobs) send(job.id, ErrorEvent{m_fatal->code, m_fatal->message});
        send("", FatalEvent{m_fatal->code, m_fatal->message});
        return 1; // with the engine as it is: a lost device is not tidied up
    }
    cancelAll();
    m_engine.reset();
    std::optional<std::string> byeTo;
    {
        const std::lock_guard lock(m_mutex);
        byeTo = m_byeTo;
    }
    if (byeTo)
        send(*byeTo, ByeEvent{}); // before saying that it has ended: who does not read must not keep us
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_changed.notify_all();
    return 0;
}

void Server::updateState() {
    const bool prefilling = std::any_of(m_jobs.begin(), m_jobs.end(),
                                        [](const Job& job) { return job.generation->prefilling(); });
    m_state = m_jobs.empty() ? EngineState::Idle
              : prefilling   ? EngineState::Prefilling
                             : EngineState::Generating;
}

std::stop_token Server::stopOf(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    return m_stops[id].get_token();
}

void Server::finished(const std::string& id) {
    const std::lock_guard lock(m_mutex);
    m_stops.erase(id);
}

void Server::fail(const std::string& id, Error error) {
    finished(id);
    if (error.code == ErrorCode::DeviceLost) m_fatal = error;
    send(id, ErrorEvent{error.code, std::move(error.message)});
}

void Server::handle(const Request& request) {
    try {
        std::visit([&](const auto& body) { handle(request.id, body); }, request.body);
    } catch (const std::bad_alloc&) {
        fail(request.id, inference::outOfHostMemory());
    } catch (const std::exception& failure) { // of the standard library: a path with odd bytes, say
        fail(request.id,
             ownMistake(fmt::format("The request {} failed ({})", printable(request.id), failure.what())));
    }
    updateState();
}

void Server::cancelAll() {
    for (Job& job : m_jobs) {
        job.generation->cancel();
        send(job.id, DoneEvent{job.generation->outcome().reason, job.generation->outcome().stats});
        finished(job.id);
    }
    m_jobs.clear();
}

void Server::handle(const std::string& id, const LoadRequest& request) {
    cancelAll();
    m_engine.reset();
    m_state = EngineState::Loading;
    Clock::time_point last;
    const char* lastStage = "";
    const auto progress = [&](const inference::LoadProgress& state) {
        const auto now = Clock::now();
        if (std::string_view(state.stage) == lastStage && now - last < kProgressInterval) return;
        last = now;
        lastStage = state.stage;
        send(id, LoadProgressEvent{state.stage, state.doneBytes, state.totalBytes});
    };
    const auto& o = request.options;
    auto engine = Engine::load(request.path,
                               {.device = o.device,
                                .context = o.context,
                                .vramBudget = o.vramBudget,
                                .ramBudget = o.ramBudget,
                                .precise = o.precise,
                                .experts = o.experts,
                                .cache = o.cache,
                                .timestamps = false},
                               progress, stopOf(id));
    if (!engine) return fail(id, std::move(engine).error());
    const auto info = models::readModelInfo((*engine)->file());
    if (!info) return fail(id, info.error());
    m_engine = std::move(*engine);
    finished(id);
    send(id, LoadedEvent{inference::summarize(*info, request.path),
                         inference::summarize(m_engine->plan(), m_engine->device()), m_engine->loadSeconds()});
}

// From the header alone, for the devices as they were before anything was loaded: what a load would find.
void Server::handle(const std::string& id, const InspectRequest& request) {
    const auto file = models::GgufFile::open(request.path);
    if (!file) return fail(id, file.error());
    const auto info = models::readModelInfo(*file);
    if (!info) return fail(id, info.error());
    InspectedEvent event{inference::summarize(*info, request.path), {}};
    const auto device = std::find_if(m_devices.begin(), m_devices.end(), [&](const auto& caps) {
        return request.options.device.empty() || caps.id == request.options.device;
    });
    if (info->hyperparams && device != m_devices.end()) {
        const auto plan = inference::planForDevice(*file, *info->hyperparams, *device, request.options);
        if (!plan) return fail(id, plan.error());
        event.plan = inference::summarize(*plan, *device);
    } else {
        event.plan.verdict = info->hyperparams ? "There is no such device to plan for."
                                               : "The file holds a vocabulary and no tensors.";
    }
    send(id, std::move(event));
}

void Server::handle(const std::string& id, const UnloadRequest&) {
    cancelAll();
    m_engine.reset();
    send(id, UnloadedEvent{});
}

void Server::handle(const std::string& id, const DevicesRequest&) {
    DevicesEvent event;
    for (const auto& caps : Engine::devices()) event.devices.push_back(inference::summarize(caps));
    send(id, std::move(event));
}

Result<std::vector<TokenId>> Server::promptOf(const std::vector<Message>& messages, bool think) const {
    const auto& layout = m_engine->chatTemplate();
    if (!layout) return layout.error();
    std::vector<models::ChatMessage> converted;
    for (const Message& message : messages)
        converted.push_back({toModels(message.role), message.content, message.ids});
    return layout->tokens(layout->render(converted, think), m_engine->tokenizer());
}

void Server::handle(const std::string& id, const CountRequest& request) {
    if (!m_engine) return fail(id, noModel());
    size_t count = 0;
    if (!request.text.empty())
        count += m_engine->tokenizer().encode(request.text, models::SpecialTokens::AsText).size();
    if (!request.messages.empty()) {
        const auto prompt = promptOf(request.messages, request.think);
        if (!prompt) return fail(id, prompt.error());
        count += prompt->size();
    }
    send(id, CountedEvent{static_cast<uint32_t>(count)});
}

void Server::handle(const std::string& id, const GenerateRequest& request) {
    if (!m_engine) return fail(id, noModel());
    auto prompt = promptOf(request.messages, request.think);
    if (!prompt) return fail(id, prompt.error());
    const models::ChatTemplate& layout = m_engine->chatTemplate().value();
    models::Channel opens = layout.opensWith(request.think);
    for (const TokenId token : request.continueIds) {
        prompt->push_back(token);
        if (token == layout.thinkStart()) opens = models::Channel::Thought;
        if (token == layout.thinkEnd()) opens = models::Channel::Answer;
    }
    std::vector<TokenId> closing;
    if (request.closeThought && opens == models::Channel::Thought)
        closing = layout.tokens(layout.closeThought(), m_engine->tokenizer());
    prompt->insert(prompt->end(), closing.begin(), closing.end());
    auto generation = m_engine->begin({.prompt = std::move(*prompt),
                                       .opens = closing.empty() ? opens : models::Channel::Answer,
                                       .continued = request.continueIds.size() + closing.size(),
                                       .maxTokens = request.maxTokens,
                                       .sampling = request.sampling,
                                       .stop = stopOf(id)});
    if (!generation) return fail(id, std::move(generation).error());
    send(id, StartedEvent{(*generation)->promptTokens(), (*generation)->cachedTokens(), m_engine->context(),
                          toProtocol(opens)});
    // The end of the thought as if the model had said it: the mark is the last of the thought and has no text.
    for (const TokenId token : closing) {
        const bool mark = token == layout.thinkEnd();
        send(id, TokenEvent{toProtocol(opens), mark ? "" : std::string(m_engine->tokenizer().bytes(token)),
                            token});
        if (mark) opens = models::Channel::Answer;
    }
    m_jobs.push_back({id, std::move(*generation)});
}

bool Server::step(Job& job) {
    const auto failed = [&](const Error& error) {
        fail(job.id, error);
        return false;
    };
    const auto done = [&] {
        send(job.id, DoneEvent{job.generation->outcome().reason, job.generation->outcome().stats});
        return false;
    };
    if (job.generation->prefilling()) {
        m_state = EngineState::Prefilling;
        if (const auto result = job.generation->prefillChunk(); !result) return failed(result.error());
        send(job.id, PrefillProgressEvent{job.generation->prefilledTokens(), job.generation->promptTokens()});
        return true; // one that was stopped says so at its next turn
    }
    auto token = job.generation->decode();
    if (!token) return failed(token.error());
    if (!token->has_value()) return done();
    send(job.id, TokenEvent{toProtocol((*token)->channel), std::move((*token)->text), (*token)->id});
    return true;
}

} // namespace ponder::server
