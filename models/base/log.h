#pragma once
// What the program says about its own doings, for developers and bug reports; never the way a failure reaches a person
// (that is Result). One sink for the process, standard error by default; lines below the level cost a comparison.
// Any thread; lines of different threads never mix.

#include <functional>
#include <string_view>

#include <fmt/format.h>

namespace ponder {

enum class LogLevel { Debug, Info, Warning, Error, Off };
enum class LogCategory { Models, Vulkan, Engine, Server, Store, App };

using LogSink = std::function<void(LogLevel, LogCategory, std::string_view line)>;

void setLogLevel(
    LogLevel least); // Warning until somebody says otherwise: errors have at most two lines to themselves
LogLevel logLevel();
void setLogSink(LogSink sink); // an empty one restores standard error

std::string_view logLevelName(LogLevel level);
std::string_view logCategoryName(LogCategory category);

void logLine(LogLevel level, LogCategory category, std::string_view line);

template <typename... Args>
void log(LogLevel level, LogCategory category, fmt::format_string<Args...> format, Args&&... args) {
    if (level < logLevel()) return;
    logLine(level, category, fmt::format(format, std::forward<Args>(args)...));
}

} // namespace ponder
