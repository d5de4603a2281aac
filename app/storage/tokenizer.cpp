#include "app/storage/tokenizer.h"

#include <algorithm>
#include <array>
#include <memory>

#include <sqlite3.h>

#include "app/storage/search_rank.h"

namespace ponder::app {

namespace {

// The tokenizer of FTS5 that does all but the runs, made once a connection.
struct Words {
    fts5_tokenizer functions{};
    Fts5Tokenizer* instance = nullptr;
    Words() = default;
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;
    ~Words() {
        if (instance) functions.xDelete(instance);
    }
};

fts5_api* apiOf(sqlite3* connection) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

int makeWords(fts5_api* api, std::unique_ptr<Words>& made) {
    auto words = std::make_unique<Words>();
    void* context = nullptr;
    if (int result = api->xFindTokenizer(api, "unicode61", &context, &words->functions)) return result;
    std::array<const char*, 2> options{"remove_diacritics", "2"};
    if (int result = words->functions.xCreate(context, options.data(), 2, &words->instance)) return result;
    made = std::move(words);
    return SQLITE_OK;
}

struct Range {
    char32_t first, last;
};
// Sorted. Han with its radicals and marks, kana, bopomofo, hangul; without their punctuation.
constexpr std::array kUnspaced{Range{0x1100, 0x11FF}, Range{0x2E80, 0x2FDF},   Range{0x3005, 0x3007},
                               Range{0x3021, 0x3029}, Range{0x3031, 0x3035},   Range{0x3041, 0x309A},
                               Range{0x309D, 0x309F}, Range{0x30A1, 0x30FA},   Range{0x30FC, 0x30FF},
                               Range{0x3105, 0x312F}, Range{0x3131, 0x318E},   Range{0x31A0, 0x31BF},
                               Range{0x31F0, 0x31FF}, Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},
                               Range{0xA960, 0xA97C}, Range{0xAC00, 0xD7FB},   Range{0xF900, 0xFAFF},
                               Range{0xFF66, 0xFFDC}, Range{0x1B000, 0x1B16F}, Range{0x20000, 0x323AF}};

// The code point at `at` and its length in bytes; what is no UTF-8 counts as one byte of no script.
char32_t codePointAt(const unsigned char* text, int size, int at, int& length) {
    const unsigned char lead = text[at];
    length = lead < 0xE0 ? 1 : lead < 0xF0 ? 3 : 4; // the scripts in question begin at three bytes
    if (length == 1 || at + length > size) {
        length = 1;
        return 0;
    }
    char32_t code = lead & (length == 3 ? 0x0F : 0x07);
    for (int i = 1; i < length; ++i) code = (code << 6) | (text[at + i] & 0x3F);
    return code;
}

using Sink = int (*)(void*, int, const char*, int, int, int);

struct Shifted { // what is given to unicode61 begins later in the text
    void* context;
    Sink sink;
    int by;
};

int shift(void* context, int flags, const char* token, int size, int begin, int end) {
    const auto& shifted = *static_cast<Shifted*>(context);
    return shifted.sink(shifted.context, flags, token, size, begin + shifted.by, end + shifted.by);
}

// A run of n characters takes n places, so that a phrase goes on over its ends: at each place stand the character and, in
// the index, the pair that begins there. A query asks for the pairs alone, which says all, and for the last character only
// where it stands alone or something follows it.
int tokenizeRun(const char* text, int begin, int end, bool query, bool last, void* context, Sink sink) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text);
    for (int at = begin; at < end;) {
        int length = 0, nextLength = 0;
        codePointAt(bytes, end, at, length);
        const int next = at + length;
        if (next < end) {
            codePointAt(bytes, end, next, nextLength);
            if (int stop = sink(context, 0, text + at, length + nextLength, at, next + nextLength))
                return stop;
            if (!query)
                if (int stop = sink(context, FTS5_TOKEN_COLOCATED, text + at, length, at, next)) return stop;
        } else if (!query || !last || at == begin) {
            if (int stop = sink(context, 0, text + at, length, at, next)) return stop;
        }
        at = next;
    }
    return SQLITE_OK;
}

int tokenize(Words& words, int flags, const char* text, int size, void* context, Sink sink) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text);
    const bool query = (flags & FTS5_TOKENIZE_QUERY) != 0;
    for (int at = 0; at < size;) {
        int end = at, length = 0;
        while (end < size && (bytes[end] < 0xE1 || !isUnspaced(codePointAt(bytes, size, end, length)))) ++end;
        if (end > at) {
            Shifted shifted{context, sink, at};
            if (int stop =
                    words.functions.xTokenize(words.instance, &shifted, flags, text + at, end - at, shift))
                return stop;
        }
        at = end;
        while (end < size && bytes[end] >= 0xE1 && isUnspaced(codePointAt(bytes, size, end, length)))
            end += length;
        if (end > at)
            if (int stop = tokenizeRun(text, at, end, query, end == size, context, sink)) return stop;
        at = end;
    }
    return SQLITE_OK;
}

int create(void* api, const char**, int, Fts5Tokenizer** made) {
    std::unique_ptr<Words> words;
    if (int result = makeWords(static_cast<fts5_api*>(api), words)) return result;
    *made = reinterpret_cast<Fts5Tokenizer*>(words.release());
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer* made) { delete reinterpret_cast<Words*>(made); }

int tokenizeForFts(Fts5Tokenizer* made, void* context, int flags, const char* text, int size, Sink sink) {
    return tokenize(*reinterpret_cast<Words*>(made), flags, text, size, context, sink);
}

Error noFullText(int code) {
    return {ErrorCode::Database, "SQLite has no full-text search (FTS5, error " + std::to_string(code) +
                                     "): install one that was built with it"};
}

} // namespace

bool isUnspaced(char32_t character) {
    if (character >= 0x4E00 && character <= 0x9FFF) return true; // nearly always
    const auto range = std::find_if(kUnspaced.begin(), kUnspaced.end(),
                                    [character](const Range& r) { return character <= r.last; });
    return range != kUnspaced.end() && character >= range->first;
}

Result<void> registerFullText(sqlite3* connection) {
    fts5_api* api = apiOf(connection);
    if (!api) return noFullText(SQLITE_ERROR);
    fts5_tokenizer functions{create, destroy, tokenizeForFts};
    if (int result = api->xCreateTokenizer(api, "ponder", api, &functions, nullptr))
        return noFullText(result);
    if (int result = registerRank(api)) return noFullText(result);
    return {};
}

Result<void> eachToken(sqlite3* connection, QByteArrayView utf8, TokenUse use,
                       const std::function<bool(const Token&)>& see) {
    fts5_api* api = apiOf(connection);
    std::unique_ptr<Words> words;
    if (!api) return noFullText(SQLITE_ERROR);
    if (int result = makeWords(api, words)) return noFullText(result);
    const Sink sink = [](void* context, int flags, const char* token, int size, int begin, int end) {
        const auto& wanted = *static_cast<const std::function<bool(const Token&)>*>(context);
        const Token seen{{token, static_cast<size_t>(size)}, begin, end, (flags & FTS5_TOKEN_COLOCATED) != 0};
        return wanted(seen) ? SQLITE_OK : SQLITE_DONE;
    };
    void* context = const_cast<void*>(static_cast<const void*>(&see));
    const int flags = use == TokenUse::Query ? FTS5_TOKENIZE_QUERY : FTS5_TOKENIZE_AUX;
    const int result = tokenize(*words, flags, utf8.data(), static_cast<int>(utf8.size()), context, sink);
    if (result != SQLITE_OK && result != SQLITE_DONE) return noFullText(result);
    return {};
}

} // namespace ponder::app
