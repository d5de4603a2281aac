#pragma once
// What Markdown becomes: blocks, each ready for one row of the transcript. Text is plain, and how parts of it look is said
// by spans beside it, so a place in a block is simply a character of its text. Values; any thread.

#include <QList>
#include <QMetaType>
#include <QString>
#include <QVariant>

namespace ponder::app {

enum class SpanKind { Bold, Italic, Struck, Code, Link, Formula };

// How some characters of a text look. Spans may lie over one another; none is empty.
struct Span {
    SpanKind kind = SpanKind::Bold;
    int start = 0, length = 0;
    QString target; // of a link: its address; of a formula, which is the one character U+FFFC: its TeX
    QString source; // of a formula: as it was written, with its delimiters
    bool operator==(const Span&) const = default;
};

// A piece of running text. Hard line breaks are U+2028.
struct Prose {
    QString text;
    QList<Span> spans;
    bool operator==(const Prose&) const = default;
};

// The same text as a reader would copy it: formulas as they were written, hard breaks as new lines.
QString plainText(const Prose& prose, qsizetype begin = 0, qsizetype end = -1);

struct Cells {
    QList<Prose> list;                                               // row by row, the heading first
    operator QVariant() const { return QVariant::fromValue(*this); } // as a model's role
    bool operator==(const Cells&) const = default;
};

enum class BlockKind { Paragraph, Heading, Code, Table, Rule, Formula };

struct Block {
    BlockKind kind = BlockKind::Paragraph;
    int level = 0;          // of a heading, 1 to 6
    int indent = 0;         // lists around it
    int quote = 0;          // quotations around it
    QString marker;         // "•" or "3." on the first block of a list's item
    int task = 0;           // 0: not a task, 1: open, 2: done
    bool continued = false; // goes on with the paragraph above, which was too long for one row
    QString text;           // of paragraphs and headings; the code; of a formula its TeX
    QList<Span> spans;      // of paragraphs and headings
    QString language;       // of code
    QString source;         // of a formula: as it was written
    Cells cells;            // of a table
    int columns = 0;
    QList<int> alignments; // of a table's columns: Qt::AlignLeft, …
    qsizetype begin = -1;  // where in the Markdown its first text stands, -1: it has none
    Prose prose() const { return {text, spans}; }
    bool operator==(const Block&) const = default;
};

// Everything that is to be read in a block, as plain text: what is searched and read aloud.
QString plainText(const Block& block);

} // namespace ponder::app
