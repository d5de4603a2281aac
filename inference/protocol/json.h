#pragma once
// The text form of messages.h: one line of JSON without a newline. Reading never throws and never trusts:
// depth, sizes and types are checked, and an error says what was wrong with the line. Pure; any thread.

#include <string>
#include <string_view>

#include "inference/protocol/messages.h"

namespace ponder::protocol {

inline constexpr size_t kMaxLineBytes = 64u << 20;

std::string toJson(const Request& request);
std::string toJson(const Event& event);
Result<Request> parseRequest(std::string_view line);
Result<Event> parseEvent(std::string_view line);
std::string idOfLine(std::string_view line); // of a line that was refused, to answer it; empty if it has none

std::string_view errorCodeName(ErrorCode code); // "device_lost"
ErrorCode errorCodeFromName(std::string_view name);

} // namespace ponder::protocol
