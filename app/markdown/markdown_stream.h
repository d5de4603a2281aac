#pragma once
// The text of an answer as it grows. After each append only the blocks from firstChanged on are different; only the part
// behind the last place where nothing that follows can change what stands before is parsed anew. What stands there in the
// end never depends on how it arrived. Any one thread.

#include "app/markdown/markdown.h"

namespace ponder::app {

class MarkdownStream {
public:
    struct Change {
        size_t firstChanged = 0, before = 0, after = 0; // before, after: number of blocks
    };
    Change append(const QString& more);

    const QString& text() const { return m_text; }
    const std::vector<Block>& blocks() const { return m_blocks; }

private:
    QString m_text;
    std::vector<Block> m_blocks;
    qsizetype m_cut = 0;       // in m_text: what stands before is settled
    size_t m_settled = 0;      // blocks before it
    bool m_references = false; // it defines links that words far above may refer to: always parsed as a whole
    qsizetype m_checked = 0;   // lines looked through for such definitions
};

} // namespace ponder::app
