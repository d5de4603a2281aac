#include "models/synthetic/vocabulary.h"

#include <fmt/format.h>

#include "models/base/utf8.h"
#include "models/tokenizer_bpe.h"

namespace ponder::models::synthetic {

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
    for (unsigned byte = 0; byte < 256; ++byte)
        appendUtf8(nextFree(), characterOfByte(static_cast<uint8_t>(byte)));
    for (; at < result.tokens.size(); ++at)
        if (result.tokens[at].empty()) result.tokens[at] = fmt::format("Ġw{}", at); // " w4711"
    return result;
}

} // namespace ponder::models::synthetic
