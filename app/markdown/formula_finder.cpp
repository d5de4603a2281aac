#include "app/markdown/formula_finder.h"

#include <algorithm>
#include <cstring>

namespace ponder::app {

namespace {

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr size_t kDeepest = 100; // braces within braces
constexpr std::string_view kBoxed = "\\boxed{";

enum class Delimiter { None, Dollar, Dollars, Round, Square, Boxed };

class Finder {
public:
    Finder(std::string_view source, const std::vector<TextRun>& runs, const std::vector<Leaf>& leaves)
        : m_source(source), m_runs(runs), m_leaves(leaves) {}

    FoundFormulas find() {
        Place at;
        while (at.run < m_runs.size()) {
            if (at.offset == 0) at.offset = m_runs[at.run].begin;
            if (at.offset >= m_runs[at.run].end) {
                at = {at.run + 1, 0};
                continue;
            }
            const Delimiter opener = openerAt(at);
            if (opener == Delimiter::None) {
                skip(at);
                continue;
            }
            if (const size_t end = close(at, opener); end != 0) {
                while (at.run < m_runs.size() && m_runs[at.run].end <= end) at = {at.run + 1, 0};
                if (at.run < m_runs.size()) at.offset = std::max(m_runs[at.run].begin, end);
            } else {
                at.offset += opener == Delimiter::Dollars ? 2 : 1;
            }
        }
        return std::move(m_found);
    }

private:
    struct Place {
        size_t run = 0, offset = 0; // offset 0: the beginning of the run
    };

    char byte(size_t offset) const { return offset < m_source.size() ? m_source[offset] : '\0'; }

    // A character that a backslash before it makes plain: the parser leaves the backslash out of its text.
    bool isEscaped(const Place& at) const {
        if (m_runs[at.run].raw) {
            size_t first = at.offset;
            while (first > 0 && m_source[first - 1] == '\\') --first;
            return (at.offset - first) % 2 == 1;
        }
        return at.offset == m_runs[at.run].begin && at.offset > 0 && m_source[at.offset - 1] == '\\' &&
               (at.run == 0 || m_runs[at.run - 1].end < at.offset);
    }

    size_t dollarsAt(size_t offset) const {
        size_t count = 0;
        while (byte(offset + count) == '$') ++count;
        return count;
    }

    // To the next character that may begin a formula.
    void skip(Place& at) const {
        const size_t dollars = m_source[at.offset] == '$' && !isEscaped(at) ? dollarsAt(at.offset) : 1;
        at.offset += dollars;
        const size_t end = m_runs[at.run].end;
        while (at.offset < end && !std::strchr("$([\\", m_source[at.offset])) ++at.offset;
    }

    Delimiter openerAt(const Place& at) const {
        const char c = m_source[at.offset];
        const bool escaped = isEscaped(at);
        if (c == '(' && escaped) return Delimiter::Round;
        if (c == '[' && escaped) return Delimiter::Square;
        if (c == '\\' && m_source.substr(at.offset, kBoxed.size()) == kBoxed) return Delimiter::Boxed;
        if (c != '$' || escaped) return Delimiter::None;
        const size_t count = dollarsAt(at.offset);
        if (count == 2) return Delimiter::Dollars;
        const char before = at.offset > 0 ? m_source[at.offset - 1] : ' ';
        const char behind = byte(at.offset + 1);
        if (count > 2 || before == '$' || isDigit(before) || isLetter(before) || isSpace(behind) ||
            behind == 0)
            return Delimiter::None;
        return Delimiter::Dollar;
    }

    // Adds the formula that begins there and returns its end, 0: it is none.
    size_t close(const Place& opener, Delimiter kind) {
        switch (kind) {
        case Delimiter::Dollar:
            return closeDollar(opener);
        case Delimiter::Round:
            return closePair(opener, ')', false);
        case Delimiter::Square:
            return closePair(opener, ']', true);
        case Delimiter::Dollars:
            return closeDollars(opener);
        case Delimiter::Boxed:
            return closeBraces(opener);
        case Delimiter::None:
            break;
        }
        return 0;
    }

    // Calls with each place of plain text behind that one that holds the byte, until it returns true or the formula would
    // be too long: without that limit many openers without an end would take quadratic time.
    template <typename Visit>
    void eachFrom(Place at, size_t behind, char wanted, Visit visit, size_t until = SIZE_MAX) const {
        until = std::min(until, behind + kLongestFormula + 4);
        for (size_t run = at.run; run < m_runs.size() && m_runs[run].begin < until; ++run) {
            const size_t end = std::min(m_runs[run].end, until);
            for (size_t offset = std::max(m_runs[run].begin, behind); offset < end; ++offset)
                if (m_source[offset] == wanted && visit(Place{run, offset})) return;
        }
    }

    size_t closeDollar(const Place& opener) {
        const size_t content = opener.offset + 1;
        size_t end = 0;
        eachFrom(opener, content, '$', [&](const Place& at) {
            if (m_runs[at.run].leaf != m_runs[opener.run].leaf || at.offset - content > kLongestFormula)
                return true;
            if (isEscaped(at)) return false;
            // The next dollar closes it or nothing does: "$5 and $x$" has one formula, not "5 and ".
            const bool closes = at.offset > content && !isSpace(m_source[at.offset - 1]) &&
                                !isDigit(byte(at.offset + 1)) && dollarsAt(at.offset) == 1;
            if (closes && !isMoney(m_source.substr(content, at.offset - content))) end = at.offset + 1;
            return true;
        });
        return end == 0 ? 0 : add(opener, opener.offset, content, end - 1, end, false);
    }

    // "$20 and you have 30$": begins with a digit, has words, and nothing of a formula.
    static bool isMoney(std::string_view content) {
        return isDigit(content.front()) && content.find(' ') != std::string_view::npos &&
               content.find_first_of("\\^_={}+*/<>") == std::string_view::npos;
    }

    size_t closeDollars(const Place& opener) {
        const size_t content = opener.offset + 2;
        // Only dollars that stand alone on their line may hold blank lines.
        const size_t line = m_source.find_first_not_of(" \t\r", content);
        const bool alone = line == std::string_view::npos || m_source[line] == '\n';
        size_t end = 0;
        bool stopped = false;
        eachFrom(opener, content, '$', [&](const Place& at) {
            stopped = !reaches(opener, at) || (!alone && m_runs[at.run].leaf != m_runs[opener.run].leaf);
            if (stopped) return true;
            if (isEscaped(at) || dollarsAt(at.offset) < 2) return false;
            stopped = true;
            if (m_source.substr(content, at.offset - content).find_first_not_of(" \t\r\n") !=
                std::string_view::npos)
                end = at.offset + 2;
            return true;
        });
        if (end != 0) return add(opener, opener.offset, content, end - 2, end, true);
        const bool growing = alone || m_runs[opener.run].leaf == m_runs.back().leaf;
        if (!stopped && growing) noteOpen(opener, opener.offset);
        return 0;
    }

    size_t closePair(const Place& opener, char closer, bool display) {
        const size_t content = opener.offset + 1;
        const char again = display ? '[' : '(';
        size_t end = 0;
        bool stopped = false;
        const auto blocked = [&](const Place& at) {
            return display ? !reaches(opener, at)
                           : m_runs[at.run].leaf != m_runs[opener.run].leaf ||
                                 at.offset - content > kLongestFormula;
        };
        size_t nested = SIZE_MAX; // another one begins first: then this one is text
        eachFrom(opener, content, again, [&](const Place& at) {
            if (blocked(at)) return true;
            if (!isEscaped(at)) return false;
            nested = at.offset;
            return true;
        });
        eachFrom(
            opener, content, closer,
            [&](const Place& at) {
                stopped = blocked(at);
                if (stopped) return true;
                if (!isEscaped(at)) return false;
                stopped = true;
                if (at.offset - 1 > content) end = at.offset + 1;
                return true;
            },
            nested);
        if (end != 0) return add(opener, opener.offset - 1, content, end - 2, end, display);
        if (display && !stopped && nested == SIZE_MAX) noteOpen(opener, opener.offset - 1);
        return 0;
    }

    size_t closeBraces(const Place& opener) {
        const size_t leafEnd = endOfLeaf(opener);
        size_t depth = 0;
        for (size_t i = opener.offset + kBoxed.size() - 1; i < leafEnd; ++i) {
            const char c = m_source[i];
            if (c == '\\') ++i;
            if ((c == '{' && ++depth > kDeepest) || c == '`' || c == '$') return 0;
            if (c == '}' && --depth == 0)
                return add(opener, opener.offset, opener.offset, i + 1, i + 1, false);
        }
        return 0;
    }

    size_t endOfLeaf(const Place& at) const {
        size_t run = at.run;
        while (run + 1 < m_runs.size() && m_runs[run + 1].leaf == m_runs[at.run].leaf) ++run;
        return std::min(m_runs[run].end, at.offset + kLongestFormula);
    }

    // Whether a display formula from there may end here.
    bool reaches(const Place& opener, const Place& at) const {
        if (at.offset - opener.offset > kLongestFormula) return false;
        const auto first = static_cast<size_t>(m_runs[opener.run].leaf);
        const auto last = static_cast<size_t>(m_runs[at.run].leaf);
        for (size_t leaf = first; leaf <= last; ++leaf)
            if (leaf != first && (m_leaves[leaf].barrier || m_leaves[leaf].quote != m_leaves[first].quote))
                return false;
        return true;
    }

    // Text that is still to come may close it, unless code or a heading stands behind it already or it is too far away.
    void noteOpen(const Place& opener, size_t begin) {
        if (m_source.size() - begin > kLongestFormula + 16) return;
        const auto first = static_cast<size_t>(m_runs[opener.run].leaf);
        for (size_t leaf = first + 1; leaf < m_leaves.size(); ++leaf)
            if (m_leaves[leaf].barrier || m_leaves[leaf].quote != m_leaves[first].quote) return;
        m_found.open = std::min(m_found.open, begin);
    }

    size_t add(const Place& opener, size_t begin, size_t content, size_t contentEnd, size_t end,
               bool display) {
        FoundFormula formula;
        formula.begin = begin;
        formula.display = display;
        const int quote = m_leaves[static_cast<size_t>(m_runs[opener.run].leaf)].quote;
        formula.tex = unquoted(content, contentEnd, quote).trimmed();
        formula.source = unquoted(begin, end, quote);
        // What ends the sentence behind a display formula belongs on its line.
        if (display && std::strchr(".,;:", byte(end)) && byte(end) != 0 &&
            (isSpace(byte(end + 1)) || end + 1 == m_source.size())) {
            formula.tex += byte(end);
            formula.source += byte(end);
            ++end;
        }
        formula.end = end;
        m_found.list.push_back(std::move(formula));
        return end;
    }

    // Without the marks that lines of a quotation begin with.
    QByteArray unquoted(size_t begin, size_t end, int quote) const {
        QByteArray text;
        for (size_t i = begin; i < end; ++i) {
            text += m_source[i];
            if (m_source[i] != '\n') continue;
            for (int depth = 0; depth < quote; ++depth) {
                size_t mark = i + 1;
                while (mark < end && m_source[mark] == ' ') ++mark;
                if (mark >= end || m_source[mark] != '>') break;
                i = mark;
                if (byte(i + 1) == ' ') ++i;
            }
        }
        return text;
    }

    std::string_view m_source;
    const std::vector<TextRun>& m_runs;
    const std::vector<Leaf>& m_leaves;
    FoundFormulas m_found;
};

} // namespace

FoundFormulas findFormulas(std::string_view source, const std::vector<TextRun>& runs,
                           const std::vector<Leaf>& leaves) {
    return Finder(source, runs, leaves).find();
}

} // namespace ponder::app
