#pragma once
// Ctrl+C and SIGTERM as a polite request: the first asks whatever runs to stop, the second ends the program at once.
// One object at a time; its functions belong to the main thread, its thread waits for the signal.

#include <atomic>
#include <mutex>
#include <stop_token>
#include <thread>

namespace ponder::app::cli {

class Interrupt {
public:
    Interrupt();
    ~Interrupt(); // restores what signals did before
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const; // of what runs now
    bool requested() const;
    void rearm(); // for the next piece of work, with a new token

private:
    void wait();

    mutable std::mutex m_mutex;
    std::stop_source m_source; // guarded by m_mutex
    std::thread m_thread;
};

} // namespace ponder::app::cli
