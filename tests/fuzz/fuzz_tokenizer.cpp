// libFuzzer target: any bytes as text, through every splitting rule, with special tokens and without.
// The first byte of the input chooses the rule. Well-formed UTF-8 must come back unchanged (NFC aside), other bytes as
// their repaired form; plain text must never yield a special token; and chunks of a stream must join to the same text.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "models/tokenizer_bpe.h"
#include "models/unicode.h"

using namespace ponder;
using namespace ponder::models;

namespace {

constexpr std::string_view kRules[] = {"deepseek-v3",  "deepseek-r1-qwen", "llama-bpe",
                                       "deepseek-llm", "smollm",           "gpt-2"};
constexpr std::string_view kMerges[] = {"e r", "Ġ t", "h e", "Ġt he", "a a", "aa aa",
                                        "Ċ Ċ", "Ġ Ġ", "Ã ©", "ä ¸",   "1 2", "' s"};
constexpr std::string_view kSpecials[] = {"<｜User｜>", "<｜Assistant｜>", "<think>", "</think>", "<",
                                          "<|",         "<|im_start|>"};

void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "fuzz_tokenizer: %s\n", what);
    std::abort();
}

std::unique_ptr<Tokenizer> makeTokenizer(std::string_view rule) {
    std::vector<std::string> tokens;
    for (unsigned byte = 0; byte < 256; ++byte)
        appendUtf8(tokens.emplace_back(), characterOfByte(static_cast<uint8_t>(byte)));
    for (const std::string_view merge : kMerges) {
        std::string result(merge);
        result.erase(result.find(' '), 1);
        tokens.push_back(result);
    }
    tokens.emplace_back("Ġwhole"); // no merges lead here: llama-bpe finds it all the same
    VocabularyData data;
    data.kinds.assign(tokens.size(), TokenKind::Normal);
    for (const std::string_view special : kSpecials) {
        tokens.emplace_back(special);
        data.kinds.push_back(special == "<think>" ? TokenKind::UserDefined : TokenKind::Control);
    }
    data.tokens.assign(tokens.begin(), tokens.end());
    data.merges.assign(std::begin(kMerges), std::end(kMerges));
    data.pre = rule;
    auto tokenizer = makeBpeTokenizer(data);
    require(tokenizer.ok(), "the vocabulary was refused");
    return std::move(tokenizer).value();
}

std::string streamed(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
    StreamDecoder decoder;
    std::string text;
    for (const TokenId id : ids) text += decoder.push(tokenizer.bytes(id));
    return text + decoder.finish();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const std::vector<std::unique_ptr<Tokenizer>> tokenizers = [] {
        std::vector<std::unique_ptr<Tokenizer>> all;
        for (const std::string_view rule : kRules) all.push_back(makeTokenizer(rule));
        return all;
    }();
    if (size == 0) return 0;
    const size_t rule = data[0] % tokenizers.size();
    const Tokenizer& tokenizer = *tokenizers[rule];
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

    std::string repaired;
    const std::string expected(toValidUtf8(text, repaired));
    const bool nfc = kRules[rule] == "deepseek-r1-qwen";
    const auto plain = tokenizer.encode(text, SpecialTokens::AsText);
    for (const TokenId id : plain) require(!tokenizer.isSpecial(id), "plain text yielded a special token");
    require(streamed(tokenizer, plain) == (nfc ? toNfc(expected) : expected), "the text did not come back");
    const auto recognised = streamed(tokenizer, tokenizer.encode(text, SpecialTokens::Recognize));
    if (!nfc) require(recognised == expected, "the text with special tokens did not come back");
    return 0;
}
