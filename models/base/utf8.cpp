#include "models/base/utf8.h"

namespace ponder {

Utf8Step decodeUtf8(std::string_view bytes) {
    const auto first = static_cast<uint8_t>(bytes[0]);
    if (first < 0x80) return {first, 1, Utf8Step::Kind::Valid};
    // Table 3-7 of The Unicode Standard: the second byte's range depends on the first byte.
    uint8_t length = 0, low = 0x80, high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    } else {
        return {kReplacementCharacter, 1, Utf8Step::Kind::Malformed};
    }
    char32_t value = static_cast<char32_t>(first & (0xFF >> (length + 1)));
    for (uint8_t i = 1; i < length; ++i) {
        if (i == bytes.size()) return {kReplacementCharacter, i, Utf8Step::Kind::Incomplete};
        const auto next = static_cast<uint8_t>(bytes[i]);
        if (next < low || next > high) return {kReplacementCharacter, i, Utf8Step::Kind::Malformed};
        value = (value << 6) | (next & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return {value, length, Utf8Step::Kind::Valid};
}

void appendUtf8(std::string& text, char32_t value) {
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((value >> shift) & 0x3F)); };
    if (value < 0x80) {
        text += static_cast<char>(value);
    } else if (value < 0x800) {
        text += static_cast<char>(0xC0 | (value >> 6));
        tail(0);
    } else if (value < 0x10000) {
        text += static_cast<char>(0xE0 | (value >> 12));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0 | (value >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string_view toValidUtf8(std::string_view text, std::string& storage) {
    size_t at = 0;
    while (at < text.size()) {
        const Utf8Step step = decodeUtf8(text.substr(at));
        if (step.kind != Utf8Step::Kind::Valid) break;
        at += step.length;
    }
    if (at == text.size()) return text;
    storage.assign(text.substr(0, at));
    while (at < text.size()) {
        const Utf8Step step = decodeUtf8(text.substr(at));
        appendUtf8(storage, step.kind == Utf8Step::Kind::Valid ? step.value : kReplacementCharacter);
        at += step.length;
    }
    return storage;
}

} // namespace ponder
