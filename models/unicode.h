#pragma once
// What tokenizers need of Unicode beyond UTF-8 (base/utf8.h): the few character classes that splitting rules speak of, and
// NFC. The properties are ICU's. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/utf8.h"

namespace ponder::models {

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
