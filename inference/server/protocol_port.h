#pragma once
// The engine's end of the line protocol: standard input, and what standard output was when the program began.
// Descriptor 1 becomes standard error, so that nothing that a driver, a layer or a library prints gets
// between the lines. Owns its descriptors. send() may be called from any thread; receive() belongs to one.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "inference/protocol/messages.h"
#include "inference/server/line_splitter.h"

namespace ponder::server {

class ProtocolPort {
public:
    // Also makes SIGTERM, SIGINT, SIGHUP and the end of the parent process look like the end of the input.
    static Result<std::unique_ptr<ProtocolPort>> open();
    ~ProtocolPort();

    // Whole lines, in the order of the calls. What can no longer be written is dropped: the input ends as
    // well then.
    void send(const protocol::Event& event);
    // The next line; nothing at the end of the input. Waits.
    std::optional<LineSplitter::Line> receive();

private:
    ProtocolPort();
    std::mutex m_sending;
    int m_output = -1;
    int m_wake = -1; // read end of the pipe that signals write to
    LineSplitter m_lines;
};

} // namespace ponder::server
