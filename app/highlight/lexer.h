#pragma once
// Colours one line of code. What a line leaves open, a string or a comment, is a small number that the next line begins
// with; so a change costs only the lines from it on until the numbers are the same again. Pure; any thread.

#include <QList>

#include "app/highlight/language.h"

namespace ponder::app {

enum class TokenKind : quint8 { Plain, Keyword, Number, String, Comment };

struct CodeToken {
    TokenKind kind = TokenKind::Plain;
    int start = 0, length = 0;
    bool operator==(const CodeToken&) const = default;
};

using LexState = quint32; // 0: nothing is open

// Tokens in order, without those that are plain. tokens may be null where only the state behind the line is wanted.
LexState lexLine(const CodeLanguage& language, QStringView line, LexState state, QList<CodeToken>* tokens);

} // namespace ponder::app
