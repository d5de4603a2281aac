#pragma once
// Vocabularies for tests: small ones written in the test, and real ones cut down (tests/data/tokenizers/make.py).
// Owns the strings that VocabularyData points at. One thread.

#include <deque>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "models/tokenizer_bpe.h"

namespace ponder::models::test {

inline std::string characterOfByte(unsigned byte) { // GPT-2's byte alphabet, computed its own way here
    const auto printable = [](unsigned b) {
        return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
    };
    unsigned value = byte;
    if (!printable(byte)) {
        value = 256;
        for (unsigned b = 0; b < byte; ++b) value += printable(b) ? 0 : 1;
    }
    if (value < 0x80) return std::string(1, static_cast<char>(value));
    return {static_cast<char>(0xC0 | (value >> 6)), static_cast<char>(0x80 | (value & 0x3F))};
}

struct TestVocabulary {
    std::vector<std::string> tokens, merges;
    std::vector<TokenKind> kinds;
    std::string pre = "gpt-2";
    std::optional<TokenId> bos, eos;
    std::optional<bool> addsBos;

    // 256 tokens, one a byte, then `merges` with their results, then `specials` as control tokens.
    static TestVocabulary bytes(std::string rule, const std::vector<std::string>& merges = {},
                                const std::vector<std::string>& specials = {}) {
        TestVocabulary v;
        v.pre = std::move(rule);
        for (unsigned byte = 0; byte < 256; ++byte) v.add(characterOfByte(byte));
        for (const std::string& merge : merges) {
            v.merges.push_back(merge);
            std::string result = merge;
            result.erase(result.find(' '), 1);
            v.add(result);
        }
        for (const std::string& special : specials) v.add(special, TokenKind::Control);
        return v;
    }
    TokenId add(std::string token, TokenKind kind = TokenKind::Normal) {
        tokens.push_back(std::move(token));
        kinds.push_back(kind);
        return static_cast<TokenId>(tokens.size() - 1);
    }
    VocabularyData data() const {
        VocabularyData d;
        d.tokens.assign(tokens.begin(), tokens.end());
        d.merges.assign(merges.begin(), merges.end());
        d.kinds = kinds;
        d.pre = pre;
        d.bos = bos;
        d.eos = eos;
        d.addsBos = addsBos;
        return d;
    }
    std::unique_ptr<Tokenizer> make() const {
        auto result = makeBpeTokenizer(data());
        REQUIRE(result.ok());
        return std::move(result).value();
    }
};

inline nlohmann::json readTestJson(const std::string& name) {
    std::ifstream in(std::string(PONDER_TEST_DATA) + "/tokenizers/" + name + ".json");
    REQUIRE(in.good());
    return nlohmann::json::parse(in);
}

inline TestVocabulary realVocabulary(const std::string& name) {
    const nlohmann::json json = readTestJson(name);
    TestVocabulary v;
    v.tokens = json["tokens"].get<std::vector<std::string>>();
    v.merges = json["merges"].get<std::vector<std::string>>();
    for (const int kind : json["kinds"]) v.kinds.push_back(static_cast<TokenKind>(kind));
    v.pre = json["pre"].get<std::string>();
    v.bos = json["bos"].get<TokenId>();
    v.eos = json["eos"].get<TokenId>();
    v.addsBos = true;
    return v;
}

inline std::string decode(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
    std::string text;
    for (const TokenId id : ids) text += tokenizer.bytes(id);
    return text;
}

} // namespace ponder::models::test
