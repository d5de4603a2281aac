#pragma once
// Markdown of an answer -> a flat list of blocks. md4c parses; raw HTML is shown as it is written, images become their
// alternative text, and only http, https and mailto may become links, so nothing that a model writes can load anything.
// Formulas between $ $, $$ $$, \( \), \[ \] and bare \boxed{…} are found on the parsed tree (formula_finder.h). Pure; any
// thread.

#include <vector>

#include "app/markdown/block.h"

namespace ponder::app {

std::vector<Block> parseMarkdown(const QString& text);

struct ParsedMarkdown {
    std::vector<Block> blocks;
    // The last place where a parse may begin anew whatever follows, and the blocks before it. 0: only at the beginning.
    qsizetype cut = 0;
    size_t blocksBeforeCut = 0;
};
ParsedMarkdown parseMarkdownToCut(const QString& text);

} // namespace ponder::app
