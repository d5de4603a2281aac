#pragma once
// The words of a text as the search index sees them: those of SQLite's unicode61, folded and without diacritics, and for
// runs of Han, kana and hangul, which have no spaces, every pair of neighbours and every single character. Registered with
// a connection as the FTS5 tokenizer "ponder"; the same code finds the place of a hit in a text. The thread of the database.

#include <functional>
#include <string_view>

#include <QByteArrayView>

#include "models/base/result.h"

struct sqlite3;

namespace ponder::app {

Result<void> registerFullText(sqlite3* connection); // and the order of what is found (search_rank.h)

// One code point of a script written without spaces.
bool isUnspaced(char32_t character);

struct Token {
    std::string_view text;  // folded; valid during the call
    int begin = 0, end = 0; // bytes of the text
    bool beside = false;    // stands at the place of the token before it
};

// Index: as it is stored. Query: as it is looked for, without what the pairs say already.
enum class TokenUse { Index, Query };

// Calls `see` for every token until it returns false.
Result<void> eachToken(sqlite3* connection, QByteArrayView utf8, TokenUse use,
                       const std::function<bool(const Token&)>& see);

} // namespace ponder::app
