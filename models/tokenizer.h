#pragma once
// Text to token ids and back: byte-level BPE (tokenizer_bpe.h) with the splitting rules of the model families
// (tokenizer_split.h, each with its source). Built once from a model file; immutable; any thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"

namespace ponder::models {

class GgufFile;
using TokenId = int32_t;

enum class SpecialTokens { Recognize, AsText }; // AsText: what a user typed never becomes a control token

class Tokenizer {
public:
    // Errors: MalformedFile (no vocabulary, ids out of range), UnsupportedArchitecture (a rule we do not know, by name).
    static Result<std::unique_ptr<Tokenizer>> create(const GgufFile& file);
    virtual ~Tokenizer() = default;

    // No BOS is added. Malformed UTF-8 is read as U+FFFD, as StreamDecoder writes it.
    virtual std::vector<TokenId> encode(std::string_view text, SpecialTokens special) const = 0;
    virtual std::string_view
    bytes(TokenId id) const = 0; // raw bytes, perhaps part of a character; "" for unknown ids
    virtual std::optional<TokenId>
    find(std::string_view token) const = 0;       // a whole vocabulary entry, special ones by text
    virtual bool isSpecial(TokenId id) const = 0; // control or user-defined
    virtual bool isControl(TokenId id) const = 0; // control: has no text for people
    virtual size_t size() const = 0;              // entries of the vocabulary
    virtual std::optional<TokenId> bos() const = 0;
    virtual std::optional<TokenId> eos() const = 0;
    virtual bool addsBos() const = 0;
};

// Joins the bytes of successive tokens into text and never gives out half a character. One per stream; one thread.
class StreamDecoder {
public:
    // Complete characters that this token finishes; malformed bytes become U+FFFD once they cannot be completed any more.
    std::string push(std::string_view bytes);
    std::string finish(); // what is left, as U+FFFD

private:
    std::string m_pending;
};

} // namespace ponder::models
