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
    switch (level) {
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warning: return "warning";
    case LogLevel::Error: return "error";
    case LogLevel::Off: break;
    }
    return "off";
}

std::string_view logCategoryName(LogCategory category) {
    switch (category) {
    case LogCategory::Models: return "models";
    case LogCategory::Vulkan: return "vulkan";
    case LogCategory::Engine: return "engine";
    case LogCategory::Server: return "server";
    case LogCategory::Store: return "store";
    case LogCategory::App: break;
    }
    return "app";
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
