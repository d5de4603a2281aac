#include "app/markdown/markdown_stream.h"

#include <algorithm>

namespace ponder::app {

namespace {

// "[name]: address", perhaps within a list or a quotation. Other lines may look like one; they only cost time.
bool definesReference(QStringView line) {
    qsizetype at = 0;
    while (at < line.size() &&
           (line[at].isSpace() || line[at].isDigit() || QStringView(u">-+*.)").contains(line[at])))
        ++at;
    return at < line.size() && line[at] == QLatin1Char('[') && line.contains(QLatin1String("]:"));
}

} // namespace

MarkdownStream::Change MarkdownStream::append(const QString& more) {
    m_text += more;
    // Definitions are looked for line by line, the open line each time.
    for (qsizetype end = m_checked; !m_references && end >= 0 && m_checked < m_text.size();) {
        end = m_text.indexOf(QLatin1Char('\n'), m_checked);
        m_references = definesReference(QStringView(m_text).mid(m_checked, end < 0 ? -1 : end - m_checked));
        if (end >= 0) m_checked = end + 1;
    }
    if (m_references) m_cut = 0, m_settled = 0;

    ParsedMarkdown tail = parseMarkdownToCut(m_cut == 0 ? m_text : m_text.mid(m_cut));
    for (Block& block : tail.blocks)
        if (block.begin >= 0) block.begin += m_cut;
    Change change;
    change.before = m_blocks.size();
    change.after = m_settled + tail.blocks.size();
    change.firstChanged = m_settled;
    const size_t common = std::min(change.before, change.after);
    while (change.firstChanged < common &&
           m_blocks[change.firstChanged] == tail.blocks[change.firstChanged - m_settled])
        ++change.firstChanged;
    m_blocks.resize(m_settled);
    std::move(tail.blocks.begin(), tail.blocks.end(), std::back_inserter(m_blocks));
    if (!m_references && tail.cut > 0) {
        m_cut += tail.cut;
        m_settled += tail.blocksBeforeCut;
    }
    return change;
}

} // namespace ponder::app
