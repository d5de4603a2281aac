#pragma once
// Makes blocks of what md4c reports. The text that it is given has one placeholder for each formula; where they stand and
// what they are is told beside it. Any one thread.

#include <string_view>
#include <vector>

#include "app/markdown/block.h"

namespace ponder::app {

struct Placeholder {
    size_t at = 0;        // in the text that is parsed
    size_t size = 0;      // bytes of it there
    size_t sourceEnd = 0; // end of the formula in the source
    size_t textEnd = 0;   // the same place in the text that is parsed
    bool display = false;
    QString tex, source;
};

struct BuiltBlocks {
    std::vector<Block> blocks;     // their begin in bytes of the text that is parsed
    std::vector<size_t> tops;      // where lines begin with which paragraphs or headings at the top begin
    std::vector<size_t> topBlocks; // number of blocks before each of them
    bool failed = false;           // out of memory inside of the parser
};

BuiltBlocks buildBlocks(std::string_view text, const std::vector<Placeholder>& formulas);

} // namespace ponder::app
