#include "app/highlight/highlighted_code.h"

#include <algorithm>

namespace ponder::app {

int HighlightedCode::set(const QString& text, const QString& language) {
    const bool other = language != m_name;
    qsizetype same = 0;
    if (!other) {
        const qsizetype common = std::min(text.size(), m_text.size());
        same = std::mismatch(m_text.cbegin(), m_text.cbegin() + common, text.cbegin()).first - m_text.cbegin();
        if (same == text.size() && same == m_text.size()) return lines();
    }
    m_name = language;
    m_language = findLanguage(language);
    // The line in which they differ is another one; its beginning is not.
    const auto next = std::upper_bound(m_starts.begin(), m_starts.end(), same);
    const auto first = static_cast<size_t>(next - m_starts.begin()) - 1;
    const bool grows = same == m_text.size();
    m_text = text;
    m_starts.resize(first + 1);
    if (!grows) {
        m_longest = 0;
        for (size_t i = 0; i < first; ++i) m_longest = std::max(m_longest, m_starts[i + 1] - 1 - m_starts[i]);
    }
    for (qsizetype at = m_text.indexOf(QLatin1Char('\n'), m_starts.back()); at >= 0;
         at = m_text.indexOf(QLatin1Char('\n'), at + 1)) {
        m_longest = std::max(m_longest, at - m_starts.back());
        m_starts.push_back(at + 1);
    }
    m_longest = std::max(m_longest, m_text.size() - m_starts.back());
    m_states.resize(std::min(m_states.size(), first + 1));
    return static_cast<int>(first);
}

QStringView HighlightedCode::line(int index) const {
    const auto i = static_cast<size_t>(index);
    const qsizetype end = i + 1 < m_starts.size() ? m_starts[i + 1] - 1 : m_text.size();
    return QStringView(m_text).mid(m_starts[i], end - m_starts[i]);
}

int HighlightedCode::lineOf(qsizetype place) const {
    return static_cast<int>(std::upper_bound(m_starts.begin(), m_starts.end(), place) - m_starts.begin()) - 1;
}

QList<CodeToken> HighlightedCode::tokens(int index) {
    QList<CodeToken> tokens;
    if (!m_language || index >= lines()) return tokens;
    while (static_cast<int>(m_states.size()) <= index)
        m_states.push_back(
            lexLine(*m_language, line(static_cast<int>(m_states.size()) - 1), m_states.back(), nullptr));
    const LexState after = lexLine(*m_language, line(index), m_states[static_cast<size_t>(index)], &tokens);
    if (static_cast<int>(m_states.size()) == index + 1) m_states.push_back(after);
    return tokens;
}

} // namespace ponder::app
