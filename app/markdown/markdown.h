#pragma once
// Markdown of an answer -> a flat list of blocks, each ready for one delegate. md4c parses; raw HTML is shown as it is
// written, images become their alternative text, and only http, https and mailto may become links, so nothing that a
// model writes can load anything. Pure; any thread.

#include <vector>

#include <QString>
#include <QStringList>
#include <QVector>

namespace ponder::app {

enum class BlockKind { Paragraph, Heading, Code, Table, Rule };

struct Block {
    BlockKind kind = BlockKind::Paragraph;
    int level = 0;     // of a heading, 1 to 6
    int indent = 0;    // lists around it
    int quote = 0;     // quotations around it
    QString marker;    // "•" or "3." on the first block of a list's item
    int task = 0;      // 0: not a task, 1: open, 2: done
    QString text;      // HTML of the inline part; of code: the plain text
    QString language;  // of code
    QStringList cells; // of a table, row by row, the heading first; HTML
    int columns = 0;
    QVector<int> alignments; // of a table's columns: Qt::AlignLeft, …
    bool operator==(const Block&) const = default;
};

std::vector<Block> parseMarkdown(const QString& text);

// The text of an answer as it grows. After each append only the blocks from firstChanged on are different. The whole text
// is parsed each time (0.6 ms for 100,000 characters), so what stands there in the end never depends on how it arrived.
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
};

} // namespace ponder::app
