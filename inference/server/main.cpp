// ponder-engine: the engine in a process of its own, spoken to by inference/protocol/messages.h on standard
// input and output.

#include <cstdio>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "inference/server/server.h"
#include "inference/tuning.h"

int main(int argc, char**) {
    if (argc > 1) {
        fmt::print(stderr, "ponder-engine takes no arguments: it is started by ponder and speaks its "
                           "protocol on standard input "
                           "and output.\n");
        return 2;
    }
    ponder::setLogLevel(ponder::inference::tuning().logLevel);
    auto port = ponder::server::ProtocolPort::open();
    if (!port.ok()) {
        fmt::print(stderr, "ponder-engine: {}\n", port.error().message);
        return 1;
    }
    ponder::server::Server server(**port);
    std::thread([&] { server.readRequests(); }).detach();
    std::thread([&] { server.beat(); }).detach();
    const int status = server.run();
    // The other threads may be waiting for input, and drivers run code of their own at a tidy exit, which may
    // hang.
    std::fflush(nullptr);
    _exit(status);
}
