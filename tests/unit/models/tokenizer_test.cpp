#include "models/tokenizer.h"

#include <random>

#include <doctest/doctest.h>

#include "models/tokenizer_split.h"
#include "models/unicode.h"
#include "tests/unit/models/vocabulary.h"

using namespace ponder;
using namespace ponder::models;
using namespace ponder::models::test;

namespace {

std::vector<std::string> pieces(std::string_view pre, std::string_view text) {
    const SplitRule* rule = findSplitRule(pre);
    REQUIRE(rule != nullptr);
    const auto decoded = characters(text);
    std::vector<std::string> result;
    size_t character = 0, at = 0;
    for (const uint32_t length : rule->split(decoded)) {
        size_t bytes = 0;
        for (uint32_t i = 0; i < length; ++i) bytes += decoded[character++].bytes;
        result.emplace_back(text.substr(at, bytes));
        at += bytes;
    }
    CHECK(at == text.size());
    return result;
}

using Pieces = std::vector<std::string>;
const char* const kRules[] = {"deepseek-v3",  "deepseek-r1-qwen", "qwen2", "llama-bpe",
                              "deepseek-llm", "smollm",           "gpt-2", "default"};

} // namespace

TEST_CASE("the vocabularies of the R1 family give the ids of their own tokenizers") {
    for (const char* name : {"deepseek-v3", "r1-distill-qwen", "r1-distill-llama"}) {
        CAPTURE(name);
        const auto tokenizer = realVocabulary(name).make();
        const auto json = readTestJson(name);
        CHECK(json["cases"].size() == 99);
        for (const auto& item : json["cases"]) {
            const auto text = item["text"].get<std::string>();
            CAPTURE(text);
            CHECK(tokenizer->encode(text, SpecialTokens::Recognize) ==
                  item["ids"].get<std::vector<TokenId>>());
        }
    }
}

TEST_CASE("splitting rules") {
    SUBCASE("numbers") {
        CHECK(pieces("deepseek-v3", "12345 x") == Pieces{"123", "45", " x"});
        CHECK(pieces("llama-bpe", "12345 x") == Pieces{"123", "45", " x"});
        CHECK(pieces("qwen2", "123 4") == Pieces{"1", "2", "3", " ", "4"});
        CHECK(pieces("gpt-2", "a 1234x") == Pieces{"a", " 1234", "x"});
        CHECK(pieces("smollm", "a 12") == Pieces{"a", " ", "1", "2"});
        CHECK(pieces("deepseek-llm", "a 12") == Pieces{"a", " ", "1", "2"});
    }
    SUBCASE("contractions") {
        CHECK(pieces("gpt-2", "I'm I'M") == Pieces{"I", "'m", " I", "'", "M"});
        CHECK(pieces("qwen2", "I'LL") == Pieces{"I", "'LL"});
        CHECK(pieces("qwen2", "he'\u017Fx") == Pieces{"he", "'\u017F", "x"}); // the long s folds to s
        CHECK(pieces("deepseek-v3", "I'm") == Pieces{"I", "'m"});
    }
    SUBCASE("white space goes to the word behind it, newlines stay together") {
        CHECK(pieces("qwen2", "a   b") == Pieces{"a", "  ", " b"});
        CHECK(pieces("qwen2", "a \n\n  b") == Pieces{"a", " \n\n", " ", " b"});
        CHECK(pieces("qwen2", "a  ") == Pieces{"a", "  "});
        CHECK(pieces("gpt-2", "a \n\nb") == Pieces{"a", " \n", "\n", "b"});
        // U+000B and U+0085 are white space, though ICU's \s leaves them out
        CHECK(pieces("qwen2", "a\x0B\x0B.") == Pieces{"a", "\x0B", "\x0B", "."});
        CHECK(pieces("qwen2", "a\u0085\u0085.") == Pieces{"a", "\u0085", "\u0085", "."});
    }
    SUBCASE("signs") {
        CHECK(pieces("deepseek-v3", "a.b ++\nc") == Pieces{"a", ".b", " ++\n", "c"});
        CHECK(pieces("qwen2", "x = 1;\n\n}") == Pieces{"x", " =", " ", "1", ";\n\n", "}"});
        CHECK(pieces("deepseek-v3", "\x01\x02 x\x01") ==
              Pieces{"\x01\x02", " x", "\x01"}); // no alternative matches U+0001
    }
    SUBCASE("scripts") {
        CHECK(pieces("deepseek-v3", "ab\u4E2D\u6587cd") == Pieces{"ab", "\u4E2D\u6587", "cd"});
        CHECK(pieces("deepseek-v3", "e\u0301x") == Pieces{"e\u0301x"});
        CHECK(pieces("qwen2", "e\u0301x") == Pieces{"e", "\u0301x"});
        CHECK(pieces("deepseek-llm", "na\u00EFve\r\n") ==
              Pieces{"na", "\u00EF", "ve", "\r", "\n"}); // as published
        CHECK(pieces("deepseek-llm", "a   ") == Pieces{"a", "   "});
    }
    SUBCASE("nothing") {
        for (const char* rule : kRules) CHECK(pieces(rule, "").empty());
        CHECK(findSplitRule("") == nullptr);
        CHECK(findSplitRule("tekken") == nullptr);
    }
}

TEST_CASE("merging takes the best rank first, then the leftmost") {
    const auto tokenizer = TestVocabulary::bytes("gpt-2", {"b c", "a b", "a a", "aa a"}).make();
    const auto id = [&](std::string_view text) { return tokenizer->find(text).value(); };
    CHECK(tokenizer->encode("abc", SpecialTokens::AsText) == std::vector<TokenId>{id("a"), id("bc")});
    CHECK(tokenizer->encode("aaaaa", SpecialTokens::AsText) == std::vector<TokenId>{id("aa"), id("aaa")});
    CHECK(tokenizer->encode("", SpecialTokens::Recognize).empty());
}

TEST_CASE("llama-bpe: a piece that stands whole in the vocabulary is that token before any merge") {
    auto llama = TestVocabulary::bytes("llama-bpe", {"a b"});
    auto qwen = TestVocabulary::bytes("qwen2", {"a b"});
    const TokenId whole = llama.add("abcd");
    qwen.add("abcd");
    CHECK(llama.make()->encode("abcd", SpecialTokens::AsText) == std::vector<TokenId>{whole});
    CHECK(qwen.make()->encode("abcd", SpecialTokens::AsText).size() == 3);
}

TEST_CASE("qwen2 normalises to NFC, between special tokens only") {
    auto vocabulary = TestVocabulary::bytes("qwen2");
    const TokenId special = vocabulary.add("<e\u0301>", TokenKind::Control);
    const auto tokenizer = vocabulary.make();
    CHECK(decode(*tokenizer, tokenizer->encode("e\u0301", SpecialTokens::AsText)) == "\u00E9");
    CHECK(tokenizer->encode("<e\u0301>", SpecialTokens::Recognize) == std::vector<TokenId>{special});
    const auto gpt2 = TestVocabulary::bytes("gpt-2").make();
    CHECK(decode(*gpt2, gpt2->encode("e\u0301", SpecialTokens::AsText)) == "e\u0301");
}

TEST_CASE("special tokens") {
    auto vocabulary = TestVocabulary::bytes("gpt-2", {}, {"<a>", "<a><b>", "<", "<a><b><c>"});
    const TokenId user = vocabulary.add("<think>", TokenKind::UserDefined);
    const auto tokenizer = vocabulary.make();
    const auto id = [&](std::string_view text) { return tokenizer->find(text).value(); };
    SUBCASE("the longest counts, and only when asked for") {
        CHECK(tokenizer->encode("<a><b>x<a><", SpecialTokens::Recognize) ==
              std::vector<TokenId>{id("<a><b>"), id("x"), id("<a>"), id("<")});
        CHECK(tokenizer->encode("<a><b><", SpecialTokens::Recognize) ==
              std::vector<TokenId>{id("<a><b>"), id("<")});
        for (const TokenId token : tokenizer->encode("<a><b><think><", SpecialTokens::AsText))
            CHECK_FALSE(tokenizer->isSpecial(token));
    }
    SUBCASE("kinds") {
        CHECK(tokenizer->isSpecial(user));
        CHECK_FALSE(tokenizer->isControl(user));
        CHECK(tokenizer->isControl(id("<a>")));
        CHECK(tokenizer->bytes(user) == "<think>");
        CHECK(tokenizer->bytes(-1).empty());
        CHECK(tokenizer->bytes(1 << 20).empty());
        CHECK_FALSE(tokenizer->isSpecial(1 << 20));
        CHECK_FALSE(tokenizer->find("nowhere").has_value());
    }
    SUBCASE("a text of a piece whole in the vocabulary never yields one either") {
        auto llama = TestVocabulary::bytes("llama-bpe", {}, {"word"});
        for (const TokenId token : llama.make()->encode("word", SpecialTokens::AsText)) CHECK(token < 256);
    }
}

TEST_CASE("malformed UTF-8 is read as U+FFFD") {
    for (const char* rule : kRules) {
        const auto tokenizer = TestVocabulary::bytes(rule).make();
        CHECK(decode(*tokenizer, tokenizer->encode("a\xFF\xC3(\xE2\x82", SpecialTokens::AsText)) ==
              "a\uFFFD\uFFFD(\uFFFD");
        CHECK(decode(*tokenizer, tokenizer->encode("\xED\xA0\x80", SpecialTokens::AsText)) ==
              "\uFFFD\uFFFD\uFFFD"); // a surrogate
        CHECK(decode(*tokenizer, tokenizer->encode(std::string_view("\0x", 2), SpecialTokens::AsText)) ==
              std::string("\0x", 2));
    }
}

TEST_CASE("every text comes back, whatever the rule") {
    std::mt19937 random(7);
    const std::u32string alphabet = U" '  "
                                    U"\n\r\taAs1\u00A09.,!<>\u4E2D\u3042\uAC00\u00E9\u0915\u0661\u00B2\u20AC="
                                    U"\U0001F600\u200D\u0001\uE000";
    for (const char* rule : kRules) {
        const auto tokenizer = TestVocabulary::bytes(rule, {"a a", "Ġ a", "Ã ©", "Ċ Ċ", "1 9"}, {"<>"}).make();
        for (int round = 0; round < 300; ++round) {
            std::string text;
            for (size_t i = random() % 20; i > 0; --i) appendUtf8(text, alphabet[random() % alphabet.size()]);
            CAPTURE(text);
            CHECK(decode(*tokenizer, tokenizer->encode(text, SpecialTokens::Recognize)) == text);
            CHECK(decode(*tokenizer, tokenizer->encode(text, SpecialTokens::AsText)) == text);
        }
    }
}

TEST_CASE("a megabyte of one character is no trouble") {
    const auto tokenizer =
        TestVocabulary::bytes("qwen2", {"a a", "aa aa", "Ġ Ġ", "< <"}, {"<think>", "<<<<<<!"}).make();
    for (const char c : {'a', ' ', '<', '\n', '1'}) {
        const std::string text(1 << 20, c);
        CHECK(decode(*tokenizer, tokenizer->encode(text, SpecialTokens::Recognize)) == text);
    }
    std::string marks = "a"; // in the wrong order: sorting them as one run would take hours
    for (int i = 0; i < 100000; ++i) marks += "\u0301";
    for (int i = 0; i < 100000; ++i) marks += "\u0316";
    CHECK(decode(*tokenizer, tokenizer->encode(marks, SpecialTokens::AsText)).size() ==
          marks.size() - 1); // a and U+0301 are one
}

TEST_CASE("hostile vocabularies") {
    auto vocabulary = TestVocabulary::bytes("gpt-2", {"a b"});
    SUBCASE("merges that name absent tokens, or nothing, are left out") {
        vocabulary.merges = {"x",  "",     " ",     "  ",        "a ",
                             " a", "q zz", "a b c", "\xFF \xFE", std::string(1 << 16, 'a') + " a",
                             "a b"};
        CHECK(vocabulary.make()->encode("abab", SpecialTokens::AsText).size() == 2);
    }
    SUBCASE("of two equal tokens the first counts") {
        vocabulary.add("ab");
        CHECK(vocabulary.make()->find("ab") == 256);
    }
    SUBCASE("tokens that are huge, empty or outside the byte alphabet") {
        vocabulary.add(std::string(1 << 20, 'z'));
        vocabulary.add("");
        vocabulary.add("", TokenKind::Control);
        vocabulary.add("\u4E2D");
        vocabulary.add("\xFF\xFE");
        vocabulary.add("\xE4\xB8", TokenKind::Control); // ends inside a character
        vocabulary.add(std::string(1 << 16, '<'), TokenKind::Control);
        const auto tokenizer = vocabulary.make();
        CHECK(decode(*tokenizer, tokenizer->encode("zz<<\u4E2D", SpecialTokens::AsText)) == "zz<<\u4E2D");
        CHECK(tokenizer->encode("\u4E2D", SpecialTokens::Recognize).size() ==
              4); // the special one, then U+FFFD
    }
    SUBCASE("bytes without a token are left out") {
        TestVocabulary few;
        few.add("a");
        CHECK(few.make()->encode("banana", SpecialTokens::AsText) == std::vector<TokenId>{0, 0, 0});
    }
    SUBCASE("errors") {
        CHECK(makeBpeTokenizer(VocabularyData{}).error().code == ErrorCode::MalformedFile);
        auto data = vocabulary.data();
        data.kinds.pop_back();
        CHECK(makeBpeTokenizer(data).error().code == ErrorCode::MalformedFile);
        data = vocabulary.data();
        data.bos = 257;
        CHECK(makeBpeTokenizer(data).error().message ==
              "tokenizer.ggml.bos_token_id is 257, beyond the vocabulary of 257 tokens: the file is damaged, "
              "download it again.");
        data.bos = -5;
        CHECK_FALSE(makeBpeTokenizer(data).ok());
        data = vocabulary.data();
        data.pre = "tek\nken";
        CHECK(makeBpeTokenizer(data).error().code == ErrorCode::UnsupportedArchitecture);
        CHECK(makeBpeTokenizer(data).error().message.find('\n') == std::string::npos);
    }
    SUBCASE("without token types the ends of a text are control tokens") {
        auto data = vocabulary.data();
        data.kinds.clear();
        data.eos = 256;
        CHECK(makeBpeTokenizer(data).value()->isControl(256));
    }
}
