#pragma once
// Strict UTF-8, character by character. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace ponder {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

struct Utf8Step {
    enum class Kind : uint8_t {
        Valid,
        Malformed,
        Incomplete
    };                                      // Incomplete: a good beginning, cut by the end of the text
    char32_t value = kReplacementCharacter; // of a valid sequence
    uint8_t length = 0; // bytes to go on by; of a malformed one the longest good beginning, at least 1
    Kind kind = Kind::Malformed;
};

// One step through `bytes`, which is not empty. Overlong forms, surrogates and values above U+10FFFF are malformed;
// how many bytes one U+FFFD stands for is The Unicode Standard's section 3.9, "substitution of maximal subparts".
Utf8Step decodeUtf8(std::string_view bytes);
void appendUtf8(std::string& text, char32_t value);
// The text itself where it is well formed, else a copy in `storage` with U+FFFD for every malformed part.
std::string_view toValidUtf8(std::string_view text, std::string& storage);

} // namespace ponder
