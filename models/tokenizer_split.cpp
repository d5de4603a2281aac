// The patterns, as the models' own tokenizer.json files on Hugging Face have them (deepseek-ai/DeepSeek-V3,
// deepseek-ai/DeepSeek-R1-Distill-Qwen-7B, meta-llama/Llama-3.1-8B, deepseek-ai/deepseek-llm-7b-base,
// HuggingFaceTB/SmolLM2-135M, openai-community/gpt2). \s is \p{White_Space} in all of them. Successive splits each work
// on every piece that the one before left, matched or not; what no alternative matches stays together as a piece.

#include "models/tokenizer_split.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace ponder::models {

namespace {

using At = const Character*;

bool is(At at, unsigned classes) { return (at->classes & classes) != 0; }
bool isAsciiLetter(char32_t value) {
    return (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
}
bool isAsciiPunctuation(char32_t value) {
    return (value >= '!' && value <= '/') || (value >= ':' && value <= '@') ||
           (value >= '[' && value <= '`') || (value >= '{' && value <= '~');
}

template <typename Predicate>
At skipWhile(At at, At end, Predicate predicate) {
    while (at != end && predicate(at)) ++at;
    return at;
}

// Cuts every piece of `pieces` around the matches of `match`: (at, end of piece) -> characters matched, 0 for none.
template <typename Match>
PieceLengths isolate(const std::vector<Character>& text, const PieceLengths& pieces, Match match) {
    PieceLengths result;
    result.reserve(pieces.size());
    At at = text.data();
    for (const uint32_t length : pieces) {
        const At end = at + length;
        At unmatched = at;
        while (at != end) {
            const size_t matched = match(at, end);
            if (matched == 0) {
                ++at;
                continue;
            }
            if (unmatched != at) result.push_back(static_cast<uint32_t>(at - unmatched));
            result.push_back(static_cast<uint32_t>(matched));
            at += matched;
            unmatched = at;
        }
        if (unmatched != end) result.push_back(static_cast<uint32_t>(end - unmatched));
    }
    return result;
}

PieceLengths whole(const std::vector<Character>& text) {
    return text.empty() ? PieceLengths{} : PieceLengths{static_cast<uint32_t>(text.size())};
}

size_t lengthOf(At begin, At end) { return static_cast<size_t>(end - begin); }

// [\r\n] at the end of a run of white space first where `newlines`: `\s*[\r\n]+`; then `\s+(?!\S)|\s+`.
size_t matchSpaces(At at, At end, bool newlines) {
    const At runEnd = skipWhile(at, end, [](At c) { return is(c, kSpace); });
    if (newlines) {
        for (At last = runEnd; last != at; --last)
            if (is(last - 1, kNewline)) return lengthOf(at, last);
    }
    const size_t run = lengthOf(at, runEnd);
    return run > 1 && runEnd != end ? run - 1 : run; // the last space belongs to the word behind it
}

// 's|'t|'re|'ve|'m|'ll|'d; without regard to case U+017F, the long s, is an s too.
size_t matchContraction(At at, At end, bool ignoreCase) {
    if (at->value != '\'' || end - at < 2) return 0;
    const auto letter = [&](At c) -> char32_t {
        if (!ignoreCase) return c->value;
        if (c->value == 0x17F) return 's';
        return c->value >= 'A' && c->value <= 'Z' ? c->value + 32 : c->value;
    };
    const char32_t first = letter(at + 1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
    if (end - at < 3) return 0;
    const char32_t second = letter(at + 2);
    return ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l') ? 3 : 0;
}

// `\p{N}{1,most}`
size_t matchDigits(At at, At end, size_t most) {
    size_t count = 0;
    while (at + count != end && count < most && is(at + count, kNumber)) ++count;
    return count;
}

// ` ?[...]+[\r\n]*`, the class given by `inside`; newlines only where asked.
template <typename Predicate>
size_t matchSpaced(At at, At end, Predicate inside, bool newlines) {
    const At begin = at;
    if (at->value == ' ' && end - at > 1 && inside(at + 1)) ++at;
    if (!inside(at)) return 0;
    at = skipWhile(at, end, inside);
    if (newlines) at = skipWhile(at, end, [](At c) { return is(c, kNewline); });
    return lengthOf(begin, at);
}

bool isOther(At at) { return !is(at, kSpace | kLetter | kNumber); } // [^\s\p{L}\p{N}]

// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|
// \s+(?!\S)|\s+          with digits = 1 for Qwen 2 and 3 for Llama 3
size_t matchQwenOrLlama(At at, At end, size_t digits) {
    if (const size_t contraction = matchContraction(at, end, true)) return contraction;
    const bool prefixed = !is(at, kNewline | kLetter | kNumber) && end - at > 1 && is(at + 1, kLetter);
    if (prefixed || is(at, kLetter))
        return lengthOf(at, skipWhile(at + 1, end, [](At c) { return is(c, kLetter); }));
    if (const size_t number = matchDigits(at, end, digits)) return number;
    if (const size_t other = matchSpaced(at, end, isOther, true)) return other;
    return matchSpaces(at, end, true);
}

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
size_t matchGpt2(At at, At end) {
    if (const size_t contraction = matchContraction(at, end, false)) return contraction;
    if (const size_t word = matchSpaced(
            at, end, [](At c) { return is(c, kLetter); }, false))
        return word;
    if (const size_t number = matchSpaced(
            at, end, [](At c) { return is(c, kNumber); }, false))
        return number;
    if (const size_t other = matchSpaced(at, end, isOther, false)) return other;
    return matchSpaces(at, end, false);
}

// [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|
// \s*[\r\n]+|\s+(?!\S)|\s+
size_t matchDeepSeekV3(At at, At end) {
    const auto letterOrMark = [](At c) { return is(c, kLetter | kMark); };
    if (isAsciiPunctuation(at->value) && end - at > 1 && isAsciiLetter(at[1].value))
        return lengthOf(at, skipWhile(at + 1, end, [](At c) { return isAsciiLetter(c->value); }));
    const bool prefixed =
        !is(at, kNewline | kLetter | kPunctuation | kSymbol) && end - at > 1 && letterOrMark(at + 1);
    if (prefixed || letterOrMark(at)) return lengthOf(at, skipWhile(at + 1, end, letterOrMark));
    const auto sign = [](At c) { return is(c, kPunctuation | kSymbol); };
    if (const size_t signs = matchSpaced(at, end, sign, true)) return signs;
    return matchSpaces(at, end, true);
}

PieceLengths splitDeepSeekV3(const std::vector<Character>& text) {
    PieceLengths pieces = isolate(text, whole(text), [](At at, At end) { return matchDigits(at, end, 3); });
    pieces = isolate(text, pieces, [](At at, At end) { // [\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+
        return lengthOf(at, skipWhile(at, end, [](At c) {
                            return (c->value >= 0x4E00 && c->value <= 0x9FA5) ||
                                   (c->value >= 0x3040 && c->value <= 0x30FF);
                        }));
    });
    return isolate(text, pieces, matchDeepSeekV3);
}

PieceLengths splitQwen2(const std::vector<Character>& text) {
    return isolate(text, whole(text), [](At at, At end) { return matchQwenOrLlama(at, end, 1); });
}

PieceLengths splitLlama3(const std::vector<Character>& text) {
    return isolate(text, whole(text), [](At at, At end) { return matchQwenOrLlama(at, end, 3); });
}

PieceLengths splitGpt2(const std::vector<Character>& text) { return isolate(text, whole(text), matchGpt2); }

// Every digit alone, then GPT-2's pattern.
PieceLengths splitSmolLm(const std::vector<Character>& text) {
    const auto digits = isolate(text, whole(text), [](At at, At end) { return matchDigits(at, end, 1); });
    return isolate(text, digits, matchGpt2);
}

struct CharacterRange {
    char32_t first, last;
};

// The cased letters of an older Unicode, as deepseek-llm's file lists them.
constexpr CharacterRange kDeepSeekLlmLetters[] = {
    {0x0041, 0x005A},   {0x0061, 0x007A},   {0x00B5, 0x00B5},   {0x00C0, 0x00D6},   {0x00D8, 0x00F6},
    {0x00F8, 0x01BA},   {0x01BC, 0x01BF},   {0x01C4, 0x0293},   {0x0295, 0x02AF},   {0x0370, 0x0373},
    {0x0376, 0x0376},   {0x0377, 0x0377},   {0x037B, 0x037D},   {0x037F, 0x037F},   {0x0386, 0x0386},
    {0x0388, 0x038A},   {0x038C, 0x038C},   {0x038E, 0x03A1},   {0x03A3, 0x03F5},   {0x03F7, 0x0481},
    {0x048A, 0x052F},   {0x0531, 0x0556},   {0x10A0, 0x10C5},   {0x13A0, 0x13F5},   {0x13F8, 0x13FD},
    {0x1C90, 0x1CBA},   {0x1CBD, 0x1CBF},   {0x1D00, 0x1D2B},   {0x1D6B, 0x1D77},   {0x1D79, 0x1D9A},
    {0x1E00, 0x1F15},   {0x1F18, 0x1F1D},   {0x1F20, 0x1F45},   {0x1F48, 0x1F4D},   {0x1F50, 0x1F57},
    {0x1F59, 0x1F59},   {0x1F5B, 0x1F5B},   {0x1F5D, 0x1F5D},   {0x1F5F, 0x1F7D},   {0x1F80, 0x1FB4},
    {0x1FB6, 0x1FBC},   {0x1FBE, 0x1FBE},   {0x1FC2, 0x1FC4},   {0x1FC6, 0x1FCC},   {0x1FD0, 0x1FD3},
    {0x1FD6, 0x1FDB},   {0x1FE0, 0x1FEC},   {0x1FF2, 0x1FF4},   {0x1FF6, 0x1FFC},   {0x2102, 0x2102},
    {0x2107, 0x2107},   {0x210A, 0x2113},   {0x2115, 0x2115},   {0x2119, 0x211D},   {0x2124, 0x2124},
    {0x2126, 0x2126},   {0x2128, 0x2128},   {0x212A, 0x212D},   {0x212F, 0x2134},   {0x2139, 0x2139},
    {0x213C, 0x213F},   {0x2145, 0x2149},   {0x214E, 0x214E},   {0x2183, 0x2183},   {0x2184, 0x2184},
    {0x2C00, 0x2C7B},   {0x2C7E, 0x2CE4},   {0x2CEB, 0x2CEE},   {0x2CF2, 0x2CF2},   {0x2CF3, 0x2CF3},
    {0xA640, 0xA66D},   {0xA680, 0xA69B},   {0xA722, 0xA76F},   {0xA771, 0xA787},   {0xA78B, 0xA78E},
    {0xAB70, 0xABBF},   {0xFB00, 0xFB06},   {0xFB13, 0xFB17},   {0xFF21, 0xFF3A},   {0xFF41, 0xFF5A},
    {0x10400, 0x1044F}, {0x104B0, 0x104D3}, {0x104D8, 0x104FB}, {0x10C80, 0x10CB2}, {0x10CC0, 0x10CF2},
    {0x118A0, 0x118DF}, {0x1E900, 0x1E943},
};
// [!-/:-~！-／：-～‘-‟　-。]
constexpr CharacterRange kDeepSeekLlmSigns[] = {
    {'!', '/'}, {':', '~'}, {0x2018, 0x201F}, {0x3000, 0x3002}, {0xFF01, 0xFF0F}, {0xFF1A, 0xFF5E},
};
// [一-龥ࠀ-一가-퟿]
constexpr CharacterRange kDeepSeekLlmEastAsian[] = {{0x0800, 0x9FA5}, {0xAC00, 0xD7FF}};

template <size_t N>
bool inRanges(char32_t value, const CharacterRange (&ranges)[N]) {
    const auto above =
        std::upper_bound(std::begin(ranges), std::end(ranges), value,
                         [](char32_t v, const CharacterRange& range) { return v < range.first; });
    return above != std::begin(ranges) && value <= std::prev(above)->last;
}

// `\s?[...]+`
template <size_t N>
size_t matchAfterSpace(At at, At end, const CharacterRange (&ranges)[N]) {
    const auto inside = [&](At c) { return inRanges(c->value, ranges); };
    const bool prefixed = is(at, kSpace) && end - at > 1 && inside(at + 1);
    return prefixed || inside(at) ? lengthOf(at, skipWhile(at + 1, end, inside)) : 0;
}

// `\s+$`. Tried at every character it would read a long run of spaces over and over, so the end is looked at first.
PieceLengths isolateTrailingSpaces(const std::vector<Character>& text, const PieceLengths& pieces) {
    PieceLengths result;
    At at = text.data();
    for (const uint32_t length : pieces) {
        const At end = at + length;
        At trailing = end;
        while (trailing != at && is(trailing - 1, kSpace)) --trailing;
        if (trailing != at) result.push_back(static_cast<uint32_t>(trailing - at));
        if (trailing != end) result.push_back(static_cast<uint32_t>(end - trailing));
        at = end;
    }
    return result;
}

// [\r\n], then \s?[letters]+, then \s?[signs]+, then \s+$, then [East Asian]+, then every digit alone.
PieceLengths splitDeepSeekLlm(const std::vector<Character>& text) {
    PieceLengths pieces =
        isolate(text, whole(text), [](At at, At) -> size_t { return is(at, kNewline) ? 1 : 0; });
    pieces =
        isolate(text, pieces, [](At at, At end) { return matchAfterSpace(at, end, kDeepSeekLlmLetters); });
    pieces = isolate(text, pieces, [](At at, At end) { return matchAfterSpace(at, end, kDeepSeekLlmSigns); });
    pieces = isolateTrailingSpaces(text, pieces);
    pieces = isolate(text, pieces, [](At at, At end) {
        return lengthOf(at,
                        skipWhile(at, end, [](At c) { return inRanges(c->value, kDeepSeekLlmEastAsian); }));
    });
    return isolate(text, pieces, [](At at, At end) { return matchDigits(at, end, 1); });
}

constexpr SplitRule kRules[] = {
    {"deepseek-v3", splitDeepSeekV3},
    {"deepseek-r1-qwen", splitQwen2, /*nfc=*/true},
    {"qwen2", splitQwen2, /*nfc=*/true},
    {"llama-bpe", splitLlama3, /*nfc=*/false, /*wholePieceFirst=*/true, /*addsBosByDefault=*/true},
    {"deepseek-llm", splitDeepSeekLlm},
    {"smollm", splitSmolLm},
    {"gpt-2", splitGpt2},
    {"default", splitGpt2}, // what a file without the key means, too
};

} // namespace

const SplitRule* findSplitRule(std::string_view pre) {
    const auto found = std::find_if(std::begin(kRules), std::end(kRules),
                                    [&](const SplitRule& rule) { return rule.pre == pre; });
    return found == std::end(kRules) ? nullptr : &*found;
}

std::string knownSplitRules() {
    std::string names;
    for (const SplitRule& rule : kRules) {
        if (!names.empty()) names += ", ";
        names += rule.pre;
    }
    return names;
}

} // namespace ponder::models
