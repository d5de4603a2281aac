#pragma once
// How text is cut into pieces before byte-pair encoding, which never joins across a cut: one rule a model family, chosen
// by tokenizer.ggml.pre. The patterns of the published tokenizer files stand in tokenizer_split.cpp, written out as
// plain code there: no regular expressions, so that time is linear and no engine's limits apply. Pure; any thread.
// A new rule is one function there and one row in its table.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/unicode.h"

namespace ponder::models {

using PieceLengths = std::vector<uint32_t>; // in characters, never 0, their sum the whole text

struct SplitRule {
    std::string_view pre; // tokenizer.ggml.pre
    PieceLengths (*split)(const std::vector<Character>& text);
    bool nfc = false;             // the text is brought into NFC first
    bool wholePieceFirst = false; // a piece that stands whole in the vocabulary is that token before any merge
    bool addsBosByDefault = false; // where the file has no tokenizer.ggml.add_bos_token
};

const SplitRule* findSplitRule(std::string_view pre); // null: not known
std::string knownSplitRules();                        // "deepseek-v3, qwen2, ...", for error messages

} // namespace ponder::models
