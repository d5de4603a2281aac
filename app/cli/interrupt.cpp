#include "app/cli/interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace ponder::app::cli {

namespace {

// A signal handler may do little more than write: the thread at the other end of the pipe does the rest.
std::array<int, 2> g_pipe{-1, -1};
std::atomic<int> g_signals{0};

extern "C" void onSignal(int) {
    const int saved = errno;
    if (g_signals.fetch_add(1) > 0) ::_exit(1); // asked twice: at once
    const char byte = 's';
    [[maybe_unused]] const ssize_t written = ::write(g_pipe[1], &byte, 1);
    errno = saved;
}

void handle(void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    ::sigemptyset(&action.sa_mask);
    action.sa_flags = 0; // no SA_RESTART: waiting for a line of input ends too
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

} // namespace

Interrupt::Interrupt() {
    g_signals = 0;
    if (::pipe2(g_pipe.data(), O_CLOEXEC) != 0) return; // out of descriptors: signals keep their default
    try {
        m_thread = std::thread([this] { wait(); });
    } catch (const std::system_error&) { // the system gives no further thread: the same
        ::close(g_pipe[0]);
        ::close(g_pipe[1]);
        g_pipe = {-1, -1};
        return;
    }
    handle(onSignal);
}

Interrupt::~Interrupt() {
    if (!m_thread.joinable()) return;
    handle(SIG_DFL);
    const char byte = 'q';
    [[maybe_unused]] const ssize_t written = ::write(g_pipe[1], &byte, 1);
    m_thread.join();
    ::close(g_pipe[0]);
    ::close(g_pipe[1]);
    g_pipe = {-1, -1};
}

void Interrupt::wait() {
    sigset_t all; // signals go to the main thread, whose reading they should end
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    for (;;) {
        char byte = 0;
        const ssize_t count = ::read(g_pipe[0], &byte, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count != 1 || byte == 'q') return;
        const std::lock_guard lock(m_mutex);
        m_source.request_stop();
    }
}

std::stop_token Interrupt::token() const {
    const std::lock_guard lock(m_mutex);
    return m_source.get_token();
}

bool Interrupt::requested() const { return g_signals.load() > 0; }

void Interrupt::rearm() {
    const std::lock_guard lock(m_mutex);
    m_source = std::stop_source();
    g_signals = 0;
}

} // namespace ponder::app::cli
