#include "models/tokenizer.h"

#include <utility>

#include <fmt/format.h>

#include "models/base/text.h"
#include "models/gguf_file.h"
#include "models/tokenizer_bpe.h"
#include "models/unicode.h"

namespace ponder::models {

namespace {

Result<std::vector<TokenKind>> readKinds(const GgufFile& file) {
    std::vector<TokenKind> kinds;
    const auto numbers = file.getInts("tokenizer.ggml.token_type");
    if (!numbers) return kinds;
    kinds.reserve(numbers->size());
    for (const int64_t number : *numbers) {
        if (number < 0 || number > static_cast<int64_t>(TokenKind::Byte))
            return {
                ErrorCode::MalformedFile,
                fmt::format("tokenizer.ggml.token_type holds {}, expected 0 to 6: download the file again.",
                            number)};
        kinds.push_back(number == 0 ? TokenKind::Normal : static_cast<TokenKind>(number));
    }
    return kinds;
}

Result<std::optional<TokenId>> readId(const GgufFile& file, std::string_view key) {
    if (!file.has(key)) return std::optional<TokenId>();
    const auto id = file.getInt(key);
    if (!id || *id < INT32_MIN || *id > INT32_MAX)
        return {ErrorCode::MalformedFile,
                fmt::format("{} is {}, expected the id of a token: download the file again.", key,
                            file.describe(key))};
    if (*id == -1) return std::optional<TokenId>(); // some converters write "none" so
    return std::optional<TokenId>(static_cast<TokenId>(*id));
}

} // namespace

Result<std::unique_ptr<Tokenizer>> Tokenizer::create(const GgufFile& file) {
    const auto model = file.getString("tokenizer.ggml.model");
    if (!model)
        return {
            ErrorCode::MalformedFile,
            "The file has no tokenizer.ggml.model, so it holds no vocabulary: use a complete model file."};
    if (*model != "gpt2")
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format(
                    "The vocabulary is of kind '{}' and Ponder knows only 'gpt2' (byte-level BPE): choose a "
                    "model with that, such as a distilled R1.",
                    printable(*model, 64))};
    auto tokens = file.getStrings("tokenizer.ggml.tokens");
    if (!tokens)
        return {
            ErrorCode::MalformedFile,
            "The file has no tokenizer.ggml.tokens, so it holds no vocabulary: use a complete model file."};

    VocabularyData data;
    data.tokens = std::move(*tokens);
    ASSIGN_OR_RETURN(data.kinds, readKinds(file));
    if (auto merges = file.getStrings("tokenizer.ggml.merges")) data.merges = std::move(*merges);
    data.pre = file.getString("tokenizer.ggml.pre").value_or("default");
    ASSIGN_OR_RETURN(data.bos, readId(file, "tokenizer.ggml.bos_token_id"));
    ASSIGN_OR_RETURN(data.eos, readId(file, "tokenizer.ggml.eos_token_id"));
    data.addsBos = file.getBool("tokenizer.ggml.add_bos_token");
    return makeBpeTokenizer(data);
}

std::string StreamDecoder::push(std::string_view bytes) {
    m_pending += bytes;
    std::string text;
    size_t at = 0;
    while (at < m_pending.size()) {
        const Utf8Step step = decodeUtf8(std::string_view(m_pending).substr(at));
        if (step.kind == Utf8Step::Kind::Incomplete) break;
        appendUtf8(text, step.value);
        at += step.length;
    }
    m_pending.erase(0, at);
    return text;
}

std::string StreamDecoder::finish() {
    std::string text;
    if (!m_pending.empty()) appendUtf8(text, kReplacementCharacter); // push left at most one cut character
    m_pending.clear();
    return text;
}

} // namespace ponder::models
