#include "app/highlight/lexer.h"

#include <algorithm>

namespace ponder::app {

namespace {

// States of markup; of words: index of what is open + 1, and how often it is open, from bit 8 on.
constexpr LexState kInComment = 1, kInTag = 2, kInDouble = 3, kInSingle = 4;
constexpr LexState kFence = 1; // of Markdown
constexpr LexState kDeepest = 0xFFFF;

class Line {
public:
    Line(const CodeLanguage& language, QStringView line, QList<CodeToken>* tokens)
        : m_language(language), m_line(line), m_tokens(tokens) {}

    LexState words(LexState state) {
        if (state != 0 && (state & 0xFF) - 1 < static_cast<LexState>(m_language.enclosed.size()))
            state = finish(m_language.enclosed[static_cast<qsizetype>(state & 0xFF) - 1], state & 0xFF,
                           state >> 8, 0);
        while (m_at < m_line.size()) {
            const QChar c = m_line[m_at];
            if (c.isSpace()) {
                ++m_at;
            } else if (const qsizetype index = opens(); index >= 0) {
                const Enclosed& enclosed = m_language.enclosed[index];
                const qsizetype begin = m_at;
                m_at += enclosed.open.size();
                state = finish(enclosed, static_cast<LexState>(index) + 1, 1, begin);
            } else if (c.isDigit() || (c == QLatin1Char('.') && digitAt(m_at + 1) && !wordBefore())) {
                number();
            } else if (isWord(c) && c != QLatin1Char('-') && c != QLatin1Char('.')) {
                word();
            } else if ((c == QLatin1Char('\\') && m_language.backslashCommands) ||
                       (c == QLatin1Char('@') && m_language.atCommands) ||
                       (c == QLatin1Char('#') && m_language.hashCommands && atLineStart())) {
                command();
            } else {
                ++m_at;
            }
        }
        return state;
    }

    LexState markup(LexState state) {
        while (m_at < m_line.size()) {
            const qsizetype begin = m_at;
            if (state == kInComment) {
                state = until(QStringLiteral("-->"), TokenKind::Comment, begin) ? 0 : kInComment;
            } else if (state == kInDouble || state == kInSingle) {
                const QString mark(QLatin1Char(state == kInDouble ? '"' : '\''));
                if (until(mark, TokenKind::String, begin)) state = kInTag;
            } else if (state == kInTag) {
                state = tag();
            } else if (starts(QLatin1String("<!--"))) {
                state = until(QStringLiteral("-->"), TokenKind::Comment, begin) ? 0 : kInComment;
            } else if (m_line[m_at] == QLatin1Char('<') && m_at + 1 < m_line.size() &&
                       (m_line[m_at + 1].isLetter() || QStringView(u"/!?").contains(m_line[m_at + 1]))) {
                m_at += m_line[m_at + 1].isLetter() ? 1 : 2;
                const qsizetype name = m_at;
                while (m_at < m_line.size() &&
                       (m_line[m_at].isLetterOrNumber() || QStringView(u"-:_.").contains(m_line[m_at])))
                    ++m_at;
                add(TokenKind::Keyword, name, m_at);
                state = kInTag;
            } else {
                ++m_at;
            }
        }
        return state;
    }

    LexState diff() {
        const bool file = starts(QLatin1String("+++")) || starts(QLatin1String("---"));
        const bool about = file || starts(QLatin1String("@@")) || starts(QLatin1String("diff ")) ||
                           starts(QLatin1String("index "));
        if (about)
            add(TokenKind::Comment, 0, m_line.size());
        else if (starts(QLatin1String("+")))
            add(TokenKind::Keyword, 0, m_line.size());
        else if (starts(QLatin1String("-")))
            add(TokenKind::String, 0, m_line.size());
        return 0;
    }

    LexState markdown(LexState state) {
        while (m_at < m_line.size() && m_line[m_at].isSpace()) ++m_at;
        const bool fence = starts(QLatin1String("```")) || starts(QLatin1String("~~~"));
        if (fence || state == kFence)
            add(TokenKind::String, 0, m_line.size());
        else if (starts(QLatin1String("#")))
            add(TokenKind::Keyword, m_at, m_line.size());
        else if (starts(QLatin1String(">")))
            add(TokenKind::Comment, m_at, m_line.size());
        else
            for (qsizetype tick = m_line.indexOf(QLatin1Char('`')); tick >= 0;) {
                const qsizetype end = m_line.indexOf(QLatin1Char('`'), tick + 1);
                if (end < 0) break;
                add(TokenKind::String, tick, end + 1);
                tick = m_line.indexOf(QLatin1Char('`'), end + 1);
            }
        return fence ? (state == kFence ? 0 : kFence) : state;
    }

private:
    bool starts(QStringView with) const { return m_line.mid(m_at).startsWith(with); }
    bool starts(QLatin1String with) const { return m_line.mid(m_at).startsWith(with); }
    bool digitAt(qsizetype at) const { return at < m_line.size() && m_line[at].isDigit(); }
    bool isWord(QChar c) const { return c.isLetterOrNumber() || m_language.wordCharacters.contains(c); }
    bool wordBefore() const { return m_at > 0 && isWord(m_line[m_at - 1]); }

    bool atLineStart() const {
        return std::all_of(m_line.begin(), m_line.begin() + m_at, [](QChar c) { return c.isSpace(); });
    }

    void add(TokenKind kind, qsizetype begin, qsizetype end) {
        if (m_tokens && end > begin)
            m_tokens->append({kind, static_cast<int>(begin), static_cast<int>(end - begin)});
    }

    // What opens here: the longest mark wins. -1: nothing.
    qsizetype opens() const {
        qsizetype best = -1;
        for (qsizetype i = 0; i < m_language.enclosed.size(); ++i) {
            const Enclosed& enclosed = m_language.enclosed[i];
            if (m_line[m_at] != enclosed.open[0] || !starts(QStringView(enclosed.open))) continue;
            if (enclosed.atStart && m_at != 0) continue;
            // "# a" in shells and YAML is a comment, "a#b" and "$#" are not.
            if (enclosed.isComment && enclosed.open == QLatin1String("#") && m_at > 0 &&
                !m_line[m_at - 1].isSpace() && m_language.wordCharacters != QLatin1String("_"))
                continue;
            if (enclosed.isComment && enclosed.open == QLatin1String("#") && m_at > 0 &&
                m_line[m_at - 1] == QLatin1Char('$'))
                continue;
            if (best < 0 || enclosed.open.size() > m_language.enclosed[best].open.size()) best = i;
        }
        // An apostrophe within a word is none: 1'000'000, don't, x' of Haskell.
        if (best >= 0 && m_line[m_at] == QLatin1Char('\'') && wordBefore() &&
            m_language.enclosed[best].open.size() == 1)
            return -1;
        return best;
    }

    // From m_at to the end of what is open; gives the state behind it.
    LexState finish(const Enclosed& enclosed, LexState index, LexState depth, qsizetype begin) {
        const TokenKind kind = enclosed.isComment ? TokenKind::Comment : TokenKind::String;
        if (enclosed.close.isEmpty()) {
            m_at = m_line.size();
            add(kind, begin, m_at);
            return 0;
        }
        while (m_at < m_line.size()) {
            if (enclosed.escapes && m_line[m_at] == QLatin1Char('\\')) {
                m_at += 2;
            } else if (starts(QStringView(enclosed.close))) {
                m_at += enclosed.close.size();
                if (--depth == 0) {
                    addText(enclosed, kind, begin);
                    return 0;
                }
            } else if (enclosed.nests && starts(QStringView(enclosed.open))) {
                m_at += enclosed.open.size();
                depth = std::min(depth + 1, kDeepest);
            } else {
                ++m_at;
            }
        }
        m_at = std::min(m_at, m_line.size());
        add(kind, begin, m_at);
        return enclosed.lines ? index | (depth << 8) : 0;
    }

    // A string before a colon is a key.
    void addText(const Enclosed& enclosed, TokenKind kind, qsizetype begin) {
        add(!enclosed.isComment && isKey() ? TokenKind::Keyword : kind, begin, m_at);
    }

    bool isKey() const {
        if (m_language.keyEnd.isEmpty()) return false;
        qsizetype behind = m_at;
        while (behind < m_line.size() && m_line[behind].isSpace()) ++behind;
        return behind < m_line.size() && m_language.keyEnd.contains(m_line[behind]);
    }

    void number() {
        const qsizetype begin = m_at;
        while (m_at < m_line.size()) {
            const QChar c = m_line[m_at];
            const bool sign = (c == QLatin1Char('-') || c == QLatin1Char('+')) && m_at > begin &&
                              (m_line[m_at - 1] == QLatin1Char('e') || m_line[m_at - 1] == QLatin1Char('E')) &&
                              !m_line.mid(begin).startsWith(QLatin1String("0x")) && digitAt(m_at + 1);
            const bool point = c == QLatin1Char('.') && digitAt(m_at + 1);
            const bool group = c == QLatin1Char('\'') && digitAt(m_at + 1);
            if (!c.isLetterOrNumber() && c != QLatin1Char('_') && !sign && !point && !group) break;
            ++m_at;
        }
        add(TokenKind::Number, begin, m_at);
    }

    void word() {
        const qsizetype begin = m_at;
        while (m_at < m_line.size() &&
               (isWord(m_line[m_at]) || (m_line[m_at] == QLatin1Char('?') && m_at > begin))) {
            if (m_line[m_at] == QLatin1Char('?') && !isKeyword(m_line.mid(begin, m_at + 1 - begin))) break;
            ++m_at;
        }
        const bool key = isKey() && startsKey(begin);
        if (key || isKeyword(m_line.mid(begin, m_at - begin))) add(TokenKind::Keyword, begin, m_at);
    }

    // Keys stand at the beginning of their line, behind a dash or within braces.
    bool startsKey(qsizetype begin) const {
        for (qsizetype i = begin; i-- > 0;)
            if (!m_line[i].isSpace()) return QStringView(u"-{,;[").contains(m_line[i]);
        return true;
    }

    bool isKeyword(QStringView word) const {
        return m_language.keywords.contains(m_language.ignoresCase ? word.toString().toLower()
                                                                   : word.toString());
    }

    void command() {
        const qsizetype begin = m_at++;
        while (m_at < m_line.size() && m_line[m_at].isSpace() && m_language.hashCommands) ++m_at;
        while (m_at < m_line.size() && (m_line[m_at].isLetter() || m_line[m_at] == QLatin1Char('_'))) ++m_at;
        add(TokenKind::Keyword, begin, m_at);
    }

    bool until(const QString& mark, TokenKind kind, qsizetype begin) {
        const qsizetype end = m_line.indexOf(mark, m_at);
        m_at = end < 0 ? m_line.size() : end + mark.size();
        add(kind, begin, m_at);
        return end >= 0;
    }

    LexState tag() {
        const QChar c = m_line[m_at];
        const qsizetype begin = m_at++;
        if (c == QLatin1Char('>')) return 0;
        if (c != QLatin1Char('"') && c != QLatin1Char('\'')) return kInTag;
        const LexState open = c == QLatin1Char('"') ? kInDouble : kInSingle;
        return until(QString(c), TokenKind::String, begin) ? kInTag : open;
    }

    const CodeLanguage& m_language;
    QStringView m_line;
    QList<CodeToken>* m_tokens;
    qsizetype m_at = 0;
};

} // namespace

LexState lexLine(const CodeLanguage& language, QStringView line, LexState state, QList<CodeToken>* tokens) {
    Line one(language, line, tokens);
    switch (language.shape) {
    case Shape::Words:
        return one.words(state);
    case Shape::Markup:
        return one.markup(state);
    case Shape::Diff:
        return one.diff();
    case Shape::Markdown:
        return one.markdown(state);
    }
    return 0;
}

} // namespace ponder::app
