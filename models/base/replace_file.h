#pragma once
// Small files that are read whole at the next start (caches, records), replaced whole, so that no crash leaves half of one. Any
// thread; of processes that write the same file at once one wins.

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace ponder {

// Writes the parts, one after the other, beside the file, then renames it over it; makes the folder if need be. False: errno
// says why, and what was there still is.
bool replaceFile(const std::filesystem::path& path, std::initializer_list<std::string_view> parts);

} // namespace ponder
