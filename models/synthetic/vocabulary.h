#pragma once
// A vocabulary for made-up weights: the 256 bytes, so that every text can be said, the special tokens of R1's layout where the
// real vocabulary has them, so that chats run, and words up to its real size, so that the head is as large. Pure; any thread.

#include <cstdint>
#include <string>
#include <vector>

#include "models/synthetic/shapes.h"

namespace ponder::models::synthetic {

struct Vocabulary {
    std::vector<std::string> tokens; // in GPT-2's byte alphabet
    std::vector<int32_t> kinds;      // GGUF's numbers: TokenKind
};

Vocabulary makeVocabulary(const Shape& shape);

} // namespace ponder::models::synthetic
