#include "models/base/log.h"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>
#include <utility>

namespace ponder {

namespace {

std::atomic<LogLevel> g_level{LogLevel::Warning};

struct Sink {
    std::mutex mutex;
    LogSink sink;
};

// Never destroyed: threads may still log while the process ends.
Sink& theSink() {
    static Sink* const sink = new Sink;
    return *sink;
}

void toStandardError(LogLevel level, LogCategory category, std::string_view line) {
    const std::string text = fmt::format("[{} {}] {}\n", logLevelName(level), logCategoryName(category), line);
    std::fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace

void setLogLevel(LogLevel least) { g_level.store(least, std::memory_order_relaxed); }
LogLevel logLevel() { return g_level.load(std::memory_order_relaxed); }

void setLogSink(LogSink sink) {
    const std::lock_guard lock(theSink().mutex);
    theSink().sink = std::move(sink);
}

std::string_view logLevelName(LogLevel level) {
    static constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};
    return kNames[static_cast<size_t>(level)];
}

std::string_view logCategoryName(LogCategory category) {
    static constexpr std::string_view kNames[] = {"models", "vulkan", "engine", "server", "store", "app"};
    return kNames[static_cast<size_t>(category)];
}

void logLine(LogLevel level, LogCategory category, std::string_view line) {
    if (level < logLevel() || level == LogLevel::Off) return;
    const std::lock_guard lock(theSink().mutex);
    if (theSink().sink) {
        theSink().sink(level, category, line);
    } else {
        toStandardError(level, category, line);
    }
}

} // namespace ponder
