#pragma once
// FNV-1a: tells contents apart that nobody forges (files of our own, names). A pure function; any thread.

#include <cstdint>
#include <string_view>

namespace ponder {

// `hash`: of what comes before, to go on with.
constexpr uint64_t hashOf(std::string_view bytes, uint64_t hash = 0xcbf29ce484222325) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

} // namespace ponder
