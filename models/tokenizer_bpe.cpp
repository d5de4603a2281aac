// Merging follows Hugging Face tokenizers: the pair of the best rank first, the leftmost of equals. A heap over a linked
// list of symbols makes that O(n log n) in the length of a piece, however long a run somebody pastes.

#include "models/tokenizer_bpe.h"

#include <algorithm>
#include <array>
#include <functional>
#include <queue>

#include <fmt/format.h>

#include "models/base/text.h"
#include "models/tokenizer_split.h"
#include "models/unicode.h"

namespace ponder::models {

namespace {

constexpr TokenId kNone = -1;
constexpr size_t kMostTokens = size_t{1} << 24; // far beyond any vocabulary; keeps ids and tables small
constexpr size_t kLongestSpecial = 256; // bytes; longer ones are found by name only, never in running text

// Text of many tokens in one block: 150,000 strings of their own would take longer to build than all the rest.
class TextTable {
public:
    void reserve(size_t count, size_t bytes) {
        m_begins.reserve(count + 1);
        m_text.reserve(bytes);
    }
    std::string& text() { return m_text; }
    void endEntry() { m_begins.push_back(m_text.size()); }
    size_t size() const { return m_begins.size() - 1; }
    std::string_view operator[](size_t index) const {
        return std::string_view(m_text).substr(m_begins[index], m_begins[index + 1] - m_begins[index]);
    }

private:
    std::string m_text;
    std::vector<size_t> m_begins{0};
};

// Open addressing over ids; the texts stay in the table. The first of two equal texts wins.
class TextIndex {
public:
    void reserve(size_t count) {
        size_t slots = 16;
        while (slots < count * 2) slots *= 2;
        m_slots.assign(slots, kNone);
    }
    void insert(const TextTable& texts, TokenId id) {
        TokenId& slot = m_slots[slotOf(texts, texts[static_cast<size_t>(id)])];
        if (slot == kNone) slot = id;
    }
    TokenId find(const TextTable& texts, std::string_view text) const { return m_slots[slotOf(texts, text)]; }

private:
    size_t slotOf(const TextTable& texts, std::string_view text) const {
        const size_t mask = m_slots.size() - 1;
        size_t at = std::hash<std::string_view>{}(text)&mask;
        while (m_slots[at] != kNone && texts[static_cast<size_t>(m_slots[at])] != text) at = (at + 1) & mask;
        return at;
    }
    std::vector<TokenId> m_slots = std::vector<TokenId>(16, kNone);
};

struct Merge {
    uint32_t rank = UINT32_MAX; // UINT32_MAX: no such merge
    TokenId result = kNone;
};

class MergeTable {
public:
    void reserve(size_t count) {
        size_t slots = 16;
        while (slots < count * 2) slots *= 2;
        m_slots.assign(slots, Slot{});
    }
    void insert(TokenId left, TokenId right, Merge merge) {
        Slot& slot = m_slots[slotOf(left, right)];
        if (slot.merge.result == kNone)
            slot = {left, right, merge}; // the first of two equal merges has the better rank
    }
    Merge find(TokenId left, TokenId right) const { return m_slots[slotOf(left, right)].merge; }

private:
    struct Slot {
        TokenId left = kNone, right = kNone;
        Merge merge;
    };
    size_t slotOf(TokenId left, TokenId right) const {
        const size_t mask = m_slots.size() - 1;
        const uint64_t key =
            (static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32) | static_cast<uint32_t>(right);
        size_t at = static_cast<size_t>((key * 0x9E3779B97F4A7C15ull) >> 24) & mask; // Fibonacci hashing
        while (m_slots[at].merge.result != kNone && (m_slots[at].left != left || m_slots[at].right != right))
            at = (at + 1) & mask;
        return at;
    }
    std::vector<Slot> m_slots = std::vector<Slot>(16);
};

constexpr std::array<char32_t, 256> kCharacterOfByte = [] {
    std::array<char32_t, 256> table{};
    char32_t next = 0x100;
    for (char32_t byte = 0; byte < 256; ++byte) {
        const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
        table[byte] = printable ? byte : next++;
    }
    return table;
}();
constexpr std::array<int16_t, 324> kByteOfCharacter = [] {
    std::array<int16_t, 324> table{};
    table.fill(-1);
    for (size_t byte = 0; byte < 256; ++byte) table[kCharacterOfByte[byte]] = static_cast<int16_t>(byte);
    return table;
}();

// Appends the bytes that a token of the byte alphabet stands for, or its own text if it is not of that alphabet.
void appendBytes(std::string& out, std::string_view token) {
    const size_t begin = out.size();
    for (size_t at = 0; at < token.size();) {
        const auto first = static_cast<uint8_t>(token[at]);
        size_t length = 1;
        char32_t value = first;
        if (first >= 0x80) { // the alphabet ends at U+0143: two bytes
            const Utf8Step step = decodeUtf8(token.substr(at));
            value = step.kind == Utf8Step::Kind::Valid ? step.value : kReplacementCharacter;
            length = step.length;
        }
        if (value >= kByteOfCharacter.size() || kByteOfCharacter[value] < 0) {
            out.resize(begin);
            out += token;
            return;
        }
        out += static_cast<char>(kByteOfCharacter[value]);
        at += length;
    }
}

class BpeTokenizer final : public Tokenizer {
public:
    BpeTokenizer(const VocabularyData& data, const SplitRule& rule);

    std::vector<TokenId> encode(std::string_view text, SpecialTokens special) const override;
    std::string_view bytes(TokenId id) const override {
        return known(id) ? m_texts[static_cast<size_t>(id)] : std::string_view();
    }
    std::optional<TokenId> find(std::string_view token) const override;
    bool isSpecial(TokenId id) const override {
        return isControl(id) || (known(id) && kind(id) == TokenKind::UserDefined);
    }
    bool isControl(TokenId id) const override { return known(id) && kind(id) == TokenKind::Control; }
    size_t size() const override { return m_texts.size(); }
    std::optional<TokenId> bos() const override { return m_bos; }
    std::optional<TokenId> eos() const override { return m_eos; }
    bool addsBos() const override { return m_addsBos; }

private:
    struct Symbol {
        TokenId id = kNone;
        int32_t previous = -1, next = -1; // of the list; -1: none
        Merge merge;                      // of this symbol with the next
    };
    struct Candidate {
        uint32_t rank;
        int32_t at;
        bool operator>(const Candidate& other) const {
            return rank != other.rank ? rank > other.rank : at > other.at;
        }
    };
    struct Scratch { // reused from piece to piece
        std::vector<Symbol> symbols;
        std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    };

    bool known(TokenId id) const { return id >= 0 && static_cast<size_t>(id) < m_texts.size(); }
    TokenKind kind(TokenId id) const { return m_kinds[static_cast<size_t>(id)]; }
    void readTokens(const VocabularyData& data);
    void readMerges(const VocabularyData& data);
    TokenId specialAt(std::string_view text) const; // the longest special token that `text` begins with
    void encodeText(std::string_view text, Scratch& scratch, std::vector<TokenId>& out) const;
    void encodePiece(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const;

    const SplitRule& m_rule;
    TextTable m_texts; // bytes of each token
    std::vector<TokenKind> m_kinds;
    TextIndex m_normal, m_special,
        m_rest; // three kinds of entries, so that plain text never finds a special one
    std::array<TokenId, 256> m_byteTokens{};
    MergeTable m_merges;
    std::vector<TokenId> m_specialsSorted; // by text
    std::array<bool, 256> m_startsSpecial{};
    std::optional<TokenId> m_bos, m_eos;
    bool m_addsBos = false;
};

BpeTokenizer::BpeTokenizer(const VocabularyData& data, const SplitRule& rule)
    : m_rule(rule), m_bos(data.bos), m_eos(data.eos),
      m_addsBos(data.addsBos.value_or(rule.addsBosByDefault)) {
    readTokens(data);
    readMerges(data);
}

void BpeTokenizer::readTokens(const VocabularyData& data) {
    const size_t count = data.tokens.size();
    m_kinds = data.kinds;
    if (m_kinds.empty()) { // old files: at least the two ends of a text are no words
        m_kinds.assign(count, TokenKind::Normal);
        if (m_bos) m_kinds[static_cast<size_t>(*m_bos)] = TokenKind::Control;
        if (m_eos) m_kinds[static_cast<size_t>(*m_eos)] = TokenKind::Control;
    }
    size_t textBytes = 0;
    for (const std::string_view token : data.tokens) textBytes += token.size();
    m_texts.reserve(count, textBytes);
    size_t specials = 0, unused = 0;
    for (size_t i = 0; i < count; ++i) {
        const bool special = m_kinds[i] == TokenKind::Control || m_kinds[i] == TokenKind::UserDefined;
        if (special || m_kinds[i] == TokenKind::Unused)
            m_texts.text() += data.tokens[i];
        else
            appendBytes(m_texts.text(), data.tokens[i]);
        m_texts.endEntry();
        specials += special;
        unused += m_kinds[i] == TokenKind::Unused;
    }
    m_normal.reserve(count - specials - unused);
    m_special.reserve(specials);
    m_rest.reserve(unused);
    m_byteTokens.fill(kNone);
    for (size_t i = 0; i < count; ++i) {
        const auto id = static_cast<TokenId>(i);
        const std::string_view text = m_texts[i];
        if (text.empty()) continue;
        if (isSpecial(id)) {
            m_special.insert(m_texts, id);
            if (text.size() > kLongestSpecial || m_special.find(m_texts, text) != id) continue;
            m_specialsSorted.push_back(id);
            m_startsSpecial[static_cast<uint8_t>(text[0])] = true;
        } else if (m_kinds[i] == TokenKind::Unused) {
            m_rest.insert(m_texts, id);
        } else {
            m_normal.insert(m_texts, id);
            TokenId& byteToken = m_byteTokens[static_cast<uint8_t>(text[0])];
            if (text.size() == 1 && byteToken == kNone) byteToken = id;
        }
    }
    std::sort(m_specialsSorted.begin(), m_specialsSorted.end(),
              [&](TokenId a, TokenId b) { return bytes(a) < bytes(b); });
}

void BpeTokenizer::readMerges(const VocabularyData& data) {
    m_merges.reserve(data.merges.size());
    std::string joined;
    for (size_t rank = 0; rank < data.merges.size(); ++rank) {
        const std::string_view merge = data.merges[rank];
        const size_t space = merge.find(' ', 1); // a token never holds a space: the alphabet writes it U+0120
        if (space == std::string_view::npos || space + 1 == merge.size()) continue;
        joined.clear();
        appendBytes(joined, merge.substr(0, space));
        const size_t leftBytes = joined.size();
        appendBytes(joined, merge.substr(space + 1));
        const std::string_view whole = joined;
        const TokenId left = m_normal.find(m_texts, whole.substr(0, leftBytes));
        const TokenId right = m_normal.find(m_texts, whole.substr(leftBytes));
        const TokenId result = m_normal.find(m_texts, whole);
        if (left == kNone || right == kNone || result == kNone) continue;
        m_merges.insert(left, right, {static_cast<uint32_t>(rank), result});
    }
}

std::optional<TokenId> BpeTokenizer::find(std::string_view token) const {
    for (const TextIndex* index : {&m_special, &m_normal, &m_rest})
        if (const TokenId id = index->find(m_texts, token); id != kNone) return id;
    return std::nullopt;
}

// Narrows the sorted specials down byte by byte; of all that match whole, the last seen is the longest.
TokenId BpeTokenizer::specialAt(std::string_view text) const {
    auto low = m_specialsSorted.begin(), high = m_specialsSorted.end();
    TokenId longest = kNone;
    for (size_t depth = 0; low != high; ++depth) {
        if (bytes(*low).size() == depth) {
            longest = *low++;
            if (low == high) break;
        }
        if (depth == text.size()) break;
        const auto wanted = static_cast<uint8_t>(text[depth]);
        const auto byteAt = [&](TokenId id) { return static_cast<uint8_t>(bytes(id)[depth]); };
        low = std::partition_point(low, high, [&](TokenId id) { return byteAt(id) < wanted; });
        high = std::partition_point(low, high, [&](TokenId id) { return byteAt(id) == wanted; });
    }
    return longest;
}

std::vector<TokenId> BpeTokenizer::encode(std::string_view text, SpecialTokens special) const {
    std::string repaired;
    text = toValidUtf8(text, repaired);
    std::vector<TokenId> out;
    Scratch scratch;
    size_t begin = 0;
    if (special == SpecialTokens::Recognize && !m_specialsSorted.empty()) {
        for (size_t at = 0; at < text.size();) {
            const TokenId id =
                m_startsSpecial[static_cast<uint8_t>(text[at])] ? specialAt(text.substr(at)) : kNone;
            if (id == kNone) {
                ++at;
                continue;
            }
            encodeText(text.substr(begin, at - begin), scratch, out);
            out.push_back(id);
            at += bytes(id).size();
            begin = at;
        }
    }
    encodeText(text.substr(begin), scratch, out);
    return out;
}

void BpeTokenizer::encodeText(std::string_view text, Scratch& scratch, std::vector<TokenId>& out) const {
    if (text.empty()) return;
    // A special token of a hostile vocabulary may end inside a character, so the rest is looked at again.
    std::string repaired, normalised;
    text = toValidUtf8(text, repaired);
    const bool ascii =
        std::none_of(text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) >= 0x80; });
    if (m_rule.nfc && !ascii) {
        normalised = toNfc(text);
        text = normalised;
    }
    const std::vector<Character> decoded = characters(text);
    size_t character = 0, at = 0;
    for (const uint32_t length : m_rule.split(decoded)) {
        size_t pieceBytes = 0;
        for (uint32_t i = 0; i < length; ++i) pieceBytes += decoded[character++].bytes;
        encodePiece(text.substr(at, pieceBytes), scratch, out);
        at += pieceBytes;
    }
}

void BpeTokenizer::encodePiece(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const {
    if (m_rule.wholePieceFirst || piece.size() == 1) {
        if (const TokenId id = m_normal.find(m_texts, piece); id != kNone) {
            out.push_back(id);
            return;
        }
    }
    auto& symbols = scratch.symbols;
    auto& candidates = scratch.candidates; // empty between pieces
    symbols.clear();
    for (const char c : piece) {
        const TokenId id = m_byteTokens[static_cast<uint8_t>(c)];
        if (id == kNone) continue;
        const auto here = static_cast<int32_t>(symbols.size());
        symbols.push_back({id, here - 1, here + 1, {}});
    }
    if (symbols.empty()) return;
    symbols.back().next = -1;

    const auto look = [&](int32_t at) { // at the pair that begins here
        Symbol& symbol = symbols[static_cast<size_t>(at)];
        symbol.merge = symbol.next < 0
                           ? Merge{}
                           : m_merges.find(symbol.id, symbols[static_cast<size_t>(symbol.next)].id);
        if (symbol.merge.result != kNone) candidates.push({symbol.merge.rank, at});
    };
    for (int32_t at = 0; at + 1 < static_cast<int32_t>(symbols.size()); ++at) look(at);
    while (!candidates.empty()) {
        const Candidate best = candidates.top();
        candidates.pop();
        Symbol& left = symbols[static_cast<size_t>(best.at)];
        if (left.merge.result == kNone || left.merge.rank != best.rank) continue; // of a pair that is no more
        Symbol& right = symbols[static_cast<size_t>(left.next)];
        left.id = left.merge.result;
        left.next = right.next;
        right.merge = {};
        if (left.next >= 0) symbols[static_cast<size_t>(left.next)].previous = best.at;
        look(best.at);
        if (left.previous >= 0) look(left.previous);
    }
    for (int32_t at = 0; at >= 0; at = symbols[static_cast<size_t>(at)].next)
        out.push_back(symbols[static_cast<size_t>(at)].id);
}

} // namespace

char32_t characterOfByte(uint8_t byte) { return kCharacterOfByte[byte]; }

Result<std::unique_ptr<Tokenizer>> makeBpeTokenizer(const VocabularyData& data) {
    const size_t count = data.tokens.size();
    if (count == 0 || count > kMostTokens)
        return {ErrorCode::MalformedFile,
                fmt::format("The vocabulary has {} tokens, expected 1 to {}: download the file again.", count,
                            kMostTokens)};
    if (!data.kinds.empty() && data.kinds.size() != count)
        return {ErrorCode::MalformedFile,
                fmt::format("The vocabulary has {} tokens but {} token types: the file is damaged, "
                            "download it again.",
                            count, data.kinds.size())};
    for (const auto& [name, id] : {std::pair{"bos_token_id", data.bos}, std::pair{"eos_token_id", data.eos}}) {
        if (id && (*id < 0 || static_cast<size_t>(*id) >= count))
            return {ErrorCode::MalformedFile,
                    fmt::format(
                        "tokenizer.ggml.{} is {}, beyond the vocabulary of {} tokens: the file is damaged, "
                        "download it again.",
                        name, *id, count)};
    }
    const SplitRule* rule = findSplitRule(data.pre);
    if (rule == nullptr)
        return {
            ErrorCode::UnsupportedArchitecture,
            fmt::format("The file splits text by the rule '{}', which Ponder does not know (it knows {}): "
                        "choose another model.",
                        printable(data.pre, 64), knownSplitRules())};
    return std::unique_ptr<Tokenizer>(std::make_unique<BpeTokenizer>(data, *rule));
}

} // namespace ponder::models
