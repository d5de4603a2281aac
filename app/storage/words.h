#pragma once
// The words that stand for enumerations where conversations are written down: in the database, whose schema checks them, and in
// the JSON form. Each list is in the order of its enumeration. Values; any thread.

#include <array>
#include <cstddef>
#include <optional>

#include <QString>

#include "app/storage/records.h"

namespace ponder::app {

inline constexpr std::array kRoleWords{"system", "user", "assistant"};
inline constexpr std::array kStateWords{"streaming", "done", "stopped", "length", "interrupted", "error"};
inline constexpr std::array kShownWords{"shut", "tail", "full"};
inline constexpr std::array kChannelWords{"question", "thought", "answer", "tool", "attachment"};

template <typename Enum, size_t N>
const char* wordOf(const std::array<const char*, N>& words, Enum value) {
    return words[static_cast<size_t>(value)];
}

template <typename Enum, size_t N>
std::optional<Enum> meaningOf(const std::array<const char*, N>& words, const QString& word) {
    for (size_t i = 0; i < N; ++i)
        if (word == QLatin1String(words[i])) return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace ponder::app
