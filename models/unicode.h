#pragma once
// What tokenizers need of Unicode: strict UTF-8, the few character classes that splitting rules speak of, and NFC.
// The properties are ICU's. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ponder::models {

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

// Classes of a character, as bits: general categories by their first letter, White_Space, and CR or LF.
enum CharacterClass : uint8_t {
    kLetter = 1,      // \p{L}
    kMark = 2,        // \p{M}
    kNumber = 4,      // \p{N}
    kPunctuation = 8, // \p{P}
    kSymbol = 16,     // \p{S}
    kSpace = 32,      // \p{White_Space}
    kNewline = 64,    // [\r\n]
};
uint8_t characterClasses(char32_t value);

struct Character {
    char32_t value;
    uint8_t classes; // CharacterClass
    uint8_t bytes;   // of its UTF-8
};
std::vector<Character> characters(std::string_view validUtf8);

// Normalisation form C of well-formed UTF-8. Time is linear: of a run of more than 512 combining marks, which no script
// has, only stretches of 512 are brought into order.
std::string toNfc(std::string_view validUtf8);

} // namespace ponder::models
