#include "inference/server/protocol_port.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "inference/protocol/json.h"

namespace ponder::server {
namespace {

int g_wakeWrite = -1; // for the signal handler, which may use nothing else

void onSignal(int) {
    const int saved = errno;
    const char byte = 0;
    [[maybe_unused]] const auto written = write(g_wakeWrite, &byte, 1);
    errno = saved;
}

Error systemError(const char* what) {
    const int number = errno;
    return {ErrorCode::Io,
            fmt::format("{} failed (error {}, {}): close other programs and start Ponder again.", what,
                        number, std::strerror(number))};
}

} // namespace

ProtocolPort::ProtocolPort() : m_lines(protocol::kMaxLineBytes) {}

ProtocolPort::~ProtocolPort() {
    if (m_output >= 0) close(m_output);
    if (m_wake >= 0) close(m_wake);
}

Result<std::unique_ptr<ProtocolPort>> ProtocolPort::open() {
    std::unique_ptr<ProtocolPort> port(new ProtocolPort);
    port->m_output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (port->m_output < 0) return systemError("Duplicating standard output");
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        // Without a standard error there is nothing to print on; without this step there would be a way into
        // the protocol.
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
            return systemError("Replacing standard output");
        if (nowhere > STDERR_FILENO) close(nowhere);
    }
    int wake[2];
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) return systemError("Making a pipe");
    port->m_wake = wake[0];
    g_wakeWrite = wake[1];

    struct sigaction action {};
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaction(signal, &action, nullptr);
    // A parent that is killed closes our input; this is for one that left the other end open in a child of
    // its own.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    return port;
}

void ProtocolPort::send(const protocol::Event& event) {
    const std::string line = protocol::toJson(event) + '\n';
    const std::lock_guard lock(m_sending);
    for (size_t done = 0; done < line.size();) {
        const auto written = write(m_output, line.data() + done, line.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            onSignal(0); // nobody listens any more
            return;
        }
        done += static_cast<size_t>(written);
    }
}

std::optional<LineSplitter::Line> ProtocolPort::receive() {
    std::array<char, 65536> buffer;
    for (;;) {
        if (auto line = m_lines.next()) return line;
        std::array<pollfd, 2> sources{{{STDIN_FILENO, POLLIN, 0}, {m_wake, POLLIN, 0}}};
        if (poll(sources.data(), sources.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return std::nullopt;
        }
        if (sources[1].revents != 0) return std::nullopt;
        if (sources[0].revents == 0) continue;
        const auto count = read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return std::nullopt;
        m_lines.push({buffer.data(), static_cast<size_t>(count)});
    }
}

} // namespace ponder::server
