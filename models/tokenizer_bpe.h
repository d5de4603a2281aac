#pragma once
// Byte-level byte-pair encoding: the vocabulary, its merges and the special tokens, made from plain data so that tests
// and the fuzzer need no file. Owns copies of everything; immutable; any thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/tokenizer.h"

namespace ponder::models {

enum class TokenKind : uint8_t {
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6
}; // GGUF's numbers

// What a file says. Views into it: needed while the tokenizer is built only.
struct VocabularyData {
    std::vector<std::string_view> tokens; // normal ones in GPT-2's byte alphabet, special ones as plain text
    std::vector<TokenKind> kinds;         // as many, or none: all normal
    std::vector<std::string_view> merges; // "left right", best first
    std::string_view pre = "default";     // see tokenizer_split.h
    std::optional<TokenId> bos, eos;
    std::optional<bool> addsBos; // nothing: the rule's own default
};

// GPT-2's alphabet, in which vocabularies write bytes: printable characters of Latin-1 stand for their own byte, the other 68
// bytes for U+0100 and on.
char32_t characterOfByte(uint8_t byte);

// Tolerated: merges that name absent tokens (left out), tokens that appear twice (the first counts), characters outside
// the byte alphabet (such a token is its own text), bytes that have no token (left out of what is encoded). Errors:
// MalformedFile for an empty vocabulary and ids out of range, UnsupportedArchitecture for an unknown rule.
Result<std::unique_ptr<Tokenizer>> makeBpeTokenizer(const VocabularyData& data);

} // namespace ponder::models
