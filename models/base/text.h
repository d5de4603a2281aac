#pragma once
// Text that came from a file or a user, made fit for a message, and numbers as people read them.
// Pure functions; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace ponder {

// Valid UTF-8 on one line: control characters and malformed bytes become '?', and what is longer than `maxBytes` is cut
// (never inside a character) and ends in "...".
std::string printable(std::string_view text, size_t maxBytes = 80);

bool equalIgnoringCase(std::string_view a, std::string_view b); // of ASCII letters

std::string formatBytes(uint64_t bytes);    // "4.68 GB": decimal, as disks and file listings count
std::string formatCount(uint64_t count);    // "32,768"
std::string formatBillions(uint64_t count); // parameters: "7.6B", "494M"

} // namespace ponder
