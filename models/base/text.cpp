#include "models/base/text.h"

#include <array>

#include <fmt/format.h>

#include "models/base/utf8.h"

namespace ponder {

namespace {

// C0, DEL, C1 and the two Unicode line separators: nothing that ends a line or steers a terminal.
bool isControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

} // namespace

std::string printable(std::string_view text, size_t maxBytes) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
        const Utf8Step step = decodeUtf8(text.substr(at));
        const bool valid = step.kind == Utf8Step::Kind::Valid;
        const std::string_view character = text.substr(at, valid ? step.length : 1); // a "?" for each byte
        const bool bad = !valid || isControl(step.value);
        if (out.size() + (bad ? 1 : character.size()) > maxBytes) return out + "...";
        out += bad ? std::string_view("?") : character;
        at += character.size();
    }
    return out;
}

bool equalIgnoringCase(std::string_view a, std::string_view b) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return small(x) == small(y); });
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
