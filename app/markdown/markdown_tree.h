#pragma once
// A first look at parsed Markdown: where its plain text stands and which blocks begin at the top, before anything is made of
// it. Values; any thread.

#include <string_view>
#include <vector>

#include "app/markdown/formula_finder.h"

struct MD_PARSER;

namespace ponder::app {

// The dialect of all answers, with nothing to call yet.
unsigned markdownFlags();

struct MarkdownTree {
    std::vector<TextRun> runs;
    std::vector<Leaf> leaves;
    std::vector<size_t> tops; // where lines begin with which paragraphs or headings at the top begin
};

MarkdownTree readTree(std::string_view source);

} // namespace ponder::app
