#include "models/base/text.h"

#include <array>

#include <fmt/format.h>

namespace ponder {

namespace {

// Length of the well-formed UTF-8 sequence that starts at `text[at]` (Unicode 15, table 3-7); 0: malformed.
size_t utf8Length(std::string_view text, size_t at) {
    const auto byte = [&](size_t i) -> uint32_t {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const auto continues = [&](size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    const uint32_t first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (first == 0xE0 && second < 0xA0) return 0; // overlong
        if (first == 0xED && second > 0x9F) return 0; // surrogates
        return continues(1) && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (first == 0xF0 && second < 0x90) return 0; // overlong
        if (first == 0xF4 && second > 0x8F) return 0; // past U+10FFFF
        return continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

// C0, DEL, C1 and the two Unicode line separators: nothing that ends a line or steers a terminal.
bool isControl(std::string_view character) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
    if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
    return character == "\u2028" || character == "\u2029";
}

} // namespace

std::string printable(std::string_view text, size_t maxBytes) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
        const size_t length = utf8Length(text, at);
        const std::string_view character = text.substr(at, length == 0 ? 1 : length);
        const bool bad = length == 0 || isControl(character);
        if (out.size() + (bad ? 1 : character.size()) > maxBytes) return out + "...";
        out += bad ? std::string_view("?") : character;
        at += character.size();
    }
    return out;
}

std::string formatBytes(uint64_t bytes) {
    static constexpr std::array<std::string_view, 5> kUnits{"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000) return fmt::format("{} bytes", bytes);
    double value = static_cast<double>(bytes) / 1000;
    size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) value /= 1000, ++unit;
    return fmt::format("{:.{}f} {}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, kUnits[unit]);
}

std::string formatCount(uint64_t count) {
    std::string digits = fmt::format("{}", count);
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string formatBillions(uint64_t count) {
    const double value = static_cast<double>(count);
    if (value >= 99.5e9) return fmt::format("{:.0f}B", value / 1e9);
    if (value >= 0.9995e9) return fmt::format("{:.1f}B", value / 1e9);
    if (value >= 0.9995e6) return fmt::format("{:.0f}M", value / 1e6);
    return formatCount(count);
}

} // namespace ponder
