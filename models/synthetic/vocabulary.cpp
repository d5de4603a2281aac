#include "models/synthetic/vocabulary.h"

#include <fmt/format.h>

#include "models/tokenizer_bpe.h"
#include "models/unicode.h"

namespace ponder::models::synthetic {

namespace {

// GPT-2's alphabet, which tokenizer_bpe.cpp reads: visible characters of Latin-1 stand for their own byte, the others follow
// from U+0100 on.
std::vector<std::string> byteTokens() {
    std::vector<std::string> tokens;
    char32_t next = 0x100;
    for (char32_t byte = 0; byte < 256; ++byte) {
        const bool visible = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
        appendUtf8(tokens.emplace_back(), visible ? byte : next);
        next += !visible;
    }
    return tokens;
}

} // namespace

Vocabulary makeVocabulary(const Shape& shape) {
    Vocabulary result;
    result.tokens.resize(shape.n_tokens);
    result.kinds.assign(shape.n_tokens, static_cast<int32_t>(TokenKind::Normal));
    const auto put = [&](const SpecialToken& token, TokenKind kind) {
        result.tokens[token.id] = token.text;
        result.kinds[token.id] = static_cast<int32_t>(kind);
    };
    put(shape.bos, TokenKind::Control);
    put(shape.eos, TokenKind::Control);
    for (const SpecialToken& mark : shape.marks) put(mark, TokenKind::UserDefined);

    size_t at = 0;
    const auto nextFree = [&]() -> std::string& {
        while (!result.tokens[at].empty()) ++at;
        return result.tokens[at];
    };
    for (std::string& token : byteTokens()) nextFree() = std::move(token);
    for (; at < result.tokens.size(); ++at)
        if (result.tokens[at].empty()) result.tokens[at] = fmt::format("Ġw{}", at); // " w4711"
    return result;
}

} // namespace ponder::models::synthetic
