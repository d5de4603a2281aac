#pragma once
// A block of code that grows at its end: its lines, and on demand the colours of one of them. Any one thread.

#include <vector>

#include "app/highlight/lexer.h"

namespace ponder::app {

class HighlightedCode {
public:
    // What stays the same at the beginning is not looked at again. Gives the first line that is different.
    int set(const QString& text, const QString& language);

    const QString& text() const { return m_text; }
    int lines() const { return static_cast<int>(m_starts.size()); }
    QStringView line(int index) const;
    qsizetype lineStart(int index) const { return m_starts[static_cast<size_t>(index)]; }
    int lineOf(qsizetype place) const;
    QList<CodeToken> tokens(int line);              // lexes the lines before it, once
    qsizetype longest() const { return m_longest; } // characters of the longest line

private:
    QString m_text, m_name;
    const CodeLanguage* m_language = nullptr;
    std::vector<qsizetype> m_starts{0};
    std::vector<LexState> m_states{0}; // with which each line begins, as far as it is known
    qsizetype m_longest = 0;
};

} // namespace ponder::app
