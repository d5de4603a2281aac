#pragma once
// Where formulas stand in Markdown. They are found on what the parser says is text, never in code or addresses:
// $…$ and $$…$$, \(…\) and \[…\], and a bare \boxed{…}. "costs $5 and $10" has none: an opening dollar needs a character
// right behind it and no letter or digit before it; a closing one needs a character right before it and no digit behind it.
// Values; any thread.

#include <string_view>
#include <vector>

#include <QByteArray>

namespace ponder::app {

// A run of plain text as the parser reported it, bytes of the source.
struct TextRun {
    size_t begin = 0, end = 0;
    int leaf = 0;     // the paragraph, heading or row of a table that it stands in
    bool raw = false; // dropped by the parser, so its backslashes still stand in it
};

struct Leaf {
    bool barrier = false; // fenced code or a heading: no formula reaches over it
    int quote = 0;        // quotations around it
};

struct FoundFormula {
    size_t begin = 0, end = 0; // in the source, with the delimiters
    bool display = false;
    QByteArray tex;    // without quotation marks of continued lines
    QByteArray source; // the same with its delimiters
};

constexpr size_t kLongestFormula = 8000; // bytes; what is longer stays text

struct FoundFormulas {
    std::vector<FoundFormula> list; // in order, none over another
    size_t open = SIZE_MAX;         // where a display formula begins that text to come may still close
};

FoundFormulas findFormulas(std::string_view source, const std::vector<TextRun>& runs,
                           const std::vector<Leaf>& leaves);

} // namespace ponder::app
