#include "models/unicode.h"

#include <array>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

namespace ponder::models {

namespace {

uint8_t classesFromIcu(char32_t value) {
    const auto point = static_cast<UChar32>(value);
    const uint32_t category = U_MASK(u_charType(point));
    uint8_t classes = 0;
    if ((category & U_GC_L_MASK) != 0) classes |= kLetter;
    if ((category & U_GC_M_MASK) != 0) classes |= kMark;
    if ((category & U_GC_N_MASK) != 0) classes |= kNumber;
    if ((category & U_GC_P_MASK) != 0) classes |= kPunctuation;
    if ((category & U_GC_S_MASK) != 0) classes |= kSymbol;
    if (u_isUWhiteSpace(point)) classes |= kSpace;
    if (value == '\r' || value == '\n') classes |= kNewline;
    return classes;
}

// Ends of stretches that are normalised on their own; one stretch unless marks pile up (see toNfc).
std::vector<size_t> normalisationEnds(std::string_view text) {
    constexpr size_t kMostMarks = 512;
    std::vector<size_t> ends;
    size_t marks = 0;
    for (size_t at = 0; at < text.size();) {
        const Utf8Step step = decodeUtf8(text.substr(at));
        marks = u_getCombiningClass(static_cast<UChar32>(step.value)) == 0 ? 0 : marks + 1;
        at += step.length;
        if (marks == kMostMarks) {
            ends.push_back(at);
            marks = 0;
        }
    }
    if (ends.empty() || ends.back() != text.size()) ends.push_back(text.size());
    return ends;
}

} // namespace

uint8_t characterClasses(char32_t value) {
    static const std::array<uint8_t, 128> ascii = [] {
        std::array<uint8_t, 128> table{};
        for (char32_t i = 0; i < table.size(); ++i) table[i] = classesFromIcu(i);
        return table;
    }();
    return value < ascii.size() ? ascii[value] : classesFromIcu(value);
}

std::vector<Character> characters(std::string_view validUtf8) {
    std::vector<Character> result;
    result.reserve(validUtf8.size());
    for (size_t at = 0; at < validUtf8.size();) {
        const Utf8Step step = decodeUtf8(validUtf8.substr(at));
        result.push_back({step.value, characterClasses(step.value), step.length});
        at += step.length;
    }
    return result;
}

std::string toNfc(std::string_view validUtf8) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) return std::string(validUtf8); // ICU without its data: text goes as it is
    std::string result;
    size_t begin = 0;
    for (const size_t end : normalisationEnds(validUtf8)) {
        // ICU counts in int32_t; a text beyond that is no prompt.
        const std::string_view stretch = validUtf8.substr(begin, end - begin);
        begin = end;
        if (stretch.size() > INT32_MAX / 4) {
            result += stretch;
            continue;
        }
        const icu::StringPiece piece(stretch.data(), static_cast<int32_t>(stretch.size()));
        std::string part;
        icu::StringByteSink<std::string> sink(&part, piece.size());
        nfc->normalizeUTF8(0, piece, sink, nullptr, status);
        if (U_FAILURE(status)) {
            status = U_ZERO_ERROR;
            part = stretch;
        }
        result += part;
    }
    return result;
}

} // namespace ponder::models
