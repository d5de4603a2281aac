#include "app/markdown/markdown.h"

#include <algorithm>
#include <string>

#include "app/markdown/block_builder.h"
#include "app/markdown/markdown_tree.h"

namespace ponder::app {

namespace {

// A mark of punctuation that means nothing in Markdown, so that the words and emphasis around it are read as they would be
// beside a dollar. That it may also stand in the text does no harm: a formula is known by its place.
constexpr std::string_view kPlaceholder = "\xE2\xB8\xBD";

// The source with a placeholder for each formula: whatever a formula holds, lines that look like lists or headings
// included, cannot be read as Markdown.
struct Masked {
    std::string text;
    std::vector<Placeholder> formulas;

    size_t toSource(size_t at) const {
        const auto next =
            std::upper_bound(formulas.begin(), formulas.end(), at,
                             [](size_t wanted, const Placeholder& f) { return wanted < f.textEnd; });
        return next == formulas.begin() ? at : at - std::prev(next)->textEnd + std::prev(next)->sourceEnd;
    }
};

bool standsAlone(std::string_view source, const FoundFormula& formula) {
    const size_t behind = source.find_first_not_of(" \t\r", formula.end);
    if (behind == std::string_view::npos || source[behind] != '\n') return false;
    size_t begin = formula.begin;
    while (begin > 0 && (source[begin - 1] == ' ' || source[begin - 1] == '\t')) --begin;
    return begin == 0 || source[begin - 1] == '\n'; // in a quotation a blank line would end it
}

Masked mask(std::string_view source, const FoundFormulas& found) {
    Masked masked;
    masked.text.reserve(source.size());
    size_t done = 0;
    for (const FoundFormula& formula : found.list) {
        masked.text += source.substr(done, formula.begin - done);
        Placeholder& hole = masked.formulas.emplace_back();
        hole.at = masked.text.size();
        hole.size = kPlaceholder.size();
        hole.display = formula.display;
        hole.tex = QString::fromUtf8(formula.tex);
        hole.source = QString::fromUtf8(formula.source);
        hole.sourceEnd = done = formula.end;
        masked.text += kPlaceholder;
        // A line of its own is a paragraph of its own: --- below it is a rule and does not make it a heading.
        if (formula.display && standsAlone(source, formula)) masked.text += '\n';
        hole.textEnd = masked.text.size();
    }
    masked.text += source.substr(done);
    return masked;
}

bool mayHoldFormula(std::string_view source) {
    return source.find('$') != std::string_view::npos || source.find("\\(") != std::string_view::npos ||
           source.find("\\[") != std::string_view::npos || source.find("\\boxed{") != std::string_view::npos;
}

// Counts UTF-16 units along growing offsets into UTF-8.
class UnitCounter {
public:
    explicit UnitCounter(std::string_view text) : m_text(text) {}

    qsizetype at(size_t offset) {
        if (offset < m_at) m_at = 0, m_units = 0;
        for (; m_at < offset && m_at < m_text.size(); ++m_at) {
            const auto byte = static_cast<unsigned char>(m_text[m_at]);
            if ((byte & 0xC0) != 0x80) m_units += byte >= 0xF0 ? 2 : 1;
        }
        return m_units;
    }

private:
    std::string_view m_text;
    size_t m_at = 0;
    qsizetype m_units = 0;
};

// Only behind an empty line is it certain that the line is the first of its block: the one above may be a lone backslash.
bool isBlankBefore(std::string_view source, size_t line) {
    const size_t above = source.find_last_not_of(" \t\r", line - 2);
    return line < 2 || above == std::string_view::npos || source[above] == '\n';
}

// The last top-level block whose first line is whole: all before it is settled.
void findCut(const MarkdownTree& tree, const BuiltBlocks& built, const Masked& masked,
             std::string_view source, size_t open, UnitCounter& units, ParsedMarkdown& parsed) {
    for (size_t i = built.tops.size(); i-- > 0;) {
        const size_t at = masked.toSource(built.tops[i]);
        if (at == 0 || at > open || !isBlankBefore(source, at) ||
            source.find('\n', at) == std::string_view::npos)
            continue;
        if (!std::binary_search(tree.tops.begin(), tree.tops.end(), at)) continue;
        parsed.cut = units.at(at);
        parsed.blocksBeforeCut = built.topBlocks[i];
        return;
    }
}

} // namespace

ParsedMarkdown parseMarkdownToCut(const QString& text) {
    const QByteArray utf8 = text.toUtf8();
    const std::string_view source(utf8.constData(), static_cast<size_t>(utf8.size()));
    const MarkdownTree tree = readTree(source);
    FoundFormulas found;
    if (mayHoldFormula(source)) found = findFormulas(source, tree.runs, tree.leaves);
    const Masked masked = mask(source, found);
    BuiltBlocks built = buildBlocks(masked.text, masked.formulas);

    ParsedMarkdown parsed;
    if (built.failed) { // out of memory inside of the parser: the text as it is
        parsed.blocks.emplace_back().text = text;
        return parsed;
    }
    UnitCounter units(source);
    for (Block& block : built.blocks)
        if (block.begin >= 0) block.begin = units.at(masked.toSource(static_cast<size_t>(block.begin)));
    UnitCounter cutUnits(source);
    findCut(tree, built, masked, source, found.open, cutUnits, parsed);
    parsed.blocks = std::move(built.blocks);
    return parsed;
}

std::vector<Block> parseMarkdown(const QString& text) { return parseMarkdownToCut(text).blocks; }

} // namespace ponder::app
