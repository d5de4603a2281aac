#pragma once
// ponder-engine between protocol and engine. Three threads: the reader takes requests and answers `stop` at
// once, in the middle of a load too; the engine's thread does everything else, several generations in turns,
// a chunk of a prompt each or a token each, these in passes that they share; the heartbeat says once a second that the process lives, whatever the driver does.
//
// The end of the input ends the process: first the engine's thread is asked, and if the driver holds it for
// more than kPatience, the process ends without it. The system then frees what the process held on the
// device.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/engine.h"
#include "inference/protocol/messages.h"
#include "inference/server/protocol_port.h"

namespace ponder::server {

inline constexpr std::chrono::milliseconds kPatience{1500};

class Server {
public:
    explicit Server(ProtocolPort& port) : m_port(port) {}

    int run();           // the engine's thread; the exit status
    void readRequests(); // the reader's: returns never, ends the process if need be
    void beat();         // the heartbeat's: returns never

private:
    struct Job { // a generation in progress
        std::string id;
        std::unique_ptr<inference::Generation> generation;
    };

    // -- reader
    void receive(LineSplitter::Line line);
    void answer(const LineSplitter::Line& line);
    void askToEnd(std::optional<std::string> byeTo);
    // -- engine's thread
    void greet();
    void handle(const protocol::Request& request);
    void handle(const std::string& id, const protocol::LoadRequest& request);
    void handle(const std::string& id, const protocol::InspectRequest& request);
    void handle(const std::string& id, const protocol::UnloadRequest& request);
    void handle(const std::string& id, const protocol::GenerateRequest& request);
    void handle(const std::string& id, const protocol::CountRequest& request);
    void handle(const std::string& id, const protocol::DevicesRequest& request);
    void handle(const std::string&, const protocol::StopRequest&) {}     // the reader's
    void handle(const std::string&, const protocol::ShutdownRequest&) {} // the reader's
    bool step(Job& job); // one chunk or one token; false: it has ended
    void cancelAll();
    void fail(const std::string& id, Error error);
    void finished(const std::string& id);
    void updateState();

    Result<std::vector<models::TokenId>> promptOf(const std::vector<protocol::Message>& messages,
                                                  bool think) const;
    std::stop_token stopOf(const std::string& id);
    void send(const std::string& id, protocol::EventBody body) { m_port.send({id, std::move(body)}); }

    ProtocolPort& m_port;
    const std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
    std::atomic<protocol::EngineState> m_state = protocol::EngineState::Idle;

    std::mutex m_mutex; // of what follows, shared by the threads
    std::condition_variable m_changed;
    std::deque<protocol::Request> m_requests;
    std::map<std::string, std::stop_source> m_stops; // loads and generations that have not ended
    bool m_greeted = false, m_ending = false, m_ended = false;
    std::deque<LineSplitter::Line> m_early; // came before our hello
    std::optional<std::string> m_byeTo;

    // of the engine's thread
    std::vector<vulkan::DeviceCaps> m_devices; // as they were with nothing of ours on them
    std::unique_ptr<inference::Engine> m_engine;
    std::vector<Job> m_jobs;
    std::optional<Error> m_fatal;
};

} // namespace ponder::server
