#include "app/storage/hit_place.h"

#include <algorithm>
#include <set>

#include "app/storage/tokenizer.h"

namespace ponder::app {

namespace {

constexpr int kNear = 240;        // bytes within which phrases stand together
constexpr qsizetype kBefore = 40; // characters of the snippet before the place
constexpr qsizetype kAfter = 120; // and from it on
constexpr size_t kMostMatches = 20'000;
constexpr int kMostBytes = 4; // of a character

struct Match {
    size_t phrase = 0;
    int begin = 0, end = 0; // bytes
};

// Follows the phrases through the tokens of a text.
class Matcher {
public:
    explicit Matcher(const std::vector<Phrase>& phrases) : m_phrases(phrases) {}

    void see(const Token& token) {
        if (!token.beside) {
            ++m_position;
            m_open.erase(std::remove_if(m_open.begin(), m_open.end(),
                                        [this](const Open& open) { return open.position < m_position; }),
                         m_open.end());
        }
        const size_t before = m_open.size();
        for (size_t i = 0; i < before; ++i)
            if (m_open[i].position == m_position) advance(m_open[i], token);
        for (size_t i = 0; i < m_phrases.size(); ++i) advance({i, 0, m_position, token.begin}, token);
    }

    const std::vector<Match>& matches() const { return m_matches; } // by their ends

private:
    struct Open { // a phrase of which some tokens stood in the text
        size_t phrase = 0, next = 0;
        int position = 0; // where the next must stand
        int begin = 0;
    };

    void advance(const Open open, const Token& token) {
        const Phrase& phrase = m_phrases[open.phrase];
        const std::string& wanted = phrase.tokens[open.next];
        const bool last = open.next + 1 == phrase.tokens.size();
        if (token.text != wanted && !(last && phrase.prefix && token.text.starts_with(wanted))) return;
        if (!last)
            m_open.push_back({open.phrase, open.next + 1, m_position + 1, open.begin});
        else if (m_matches.size() < kMostMatches)
            m_matches.push_back({open.phrase, open.begin, token.end});
    }

    const std::vector<Phrase>& m_phrases;
    std::vector<Open> m_open;
    std::vector<Match> m_matches;
    int m_position = -1;
};

bool insideCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// At most so many characters, none of them cut in two.
QString head(const QByteArray& utf8, int begin, qsizetype most) {
    qsizetype end = std::min(utf8.size(), begin + most * kMostBytes);
    while (end < utf8.size() && end > begin && insideCharacter(utf8[end])) --end;
    QString text = QString::fromUtf8(utf8.mid(begin, end - begin)).left(most);
    if (!text.isEmpty() && text.back().isHighSurrogate()) text.chop(1);
    return text;
}

QString tail(const QByteArray& utf8, int end, qsizetype most) {
    qsizetype begin = std::max<qsizetype>(0, end - most * kMostBytes);
    while (begin < end && insideCharacter(utf8[begin])) ++begin;
    QString text = QString::fromUtf8(utf8.mid(begin, end - begin)).right(most);
    if (!text.isEmpty() && text.front().isLowSurrogate()) text.remove(0, 1);
    return text;
}

Place around(const QByteArray& utf8, const std::vector<Match>& matches, const Match& first, int found) {
    Place place;
    place.found = found;
    place.offset = lengthUtf16(QByteArrayView(utf8).first(first.begin));
    place.length =
        static_cast<int>(lengthUtf16(QByteArrayView(utf8).sliced(first.begin, first.end - first.begin)));
    QString before = tail(utf8, first.begin, kBefore);
    // Not from the middle of a word, if one begins near.
    if (before.toUtf8().size() < first.begin && first.begin > 0)
        if (const qsizetype space = before.left(kBefore / 2).indexOf(QLatin1Char(' ')); space >= 0)
            before.remove(0, space + 1);
    const QString after = head(utf8, first.begin, kAfter);
    const int snippetBegin = first.begin - static_cast<int>(before.toUtf8().size());
    const int snippetEnd = first.begin + static_cast<int>(after.toUtf8().size());
    const QString lead = snippetBegin > 0 ? QStringLiteral("…") : QString();
    place.snippet = lead + before + after;
    for (QChar& character : place.snippet)
        if (character.isSpace() || character.category() == QChar::Other_Control) character = QLatin1Char(' ');
    if (snippetEnd < utf8.size()) place.snippet += QStringLiteral("…");
    for (const Match& match : matches) {
        if (match.begin < snippetBegin || match.end > snippetEnd) continue;
        const auto bytes = QByteArrayView(utf8);
        const auto begin = static_cast<int>(
            lead.size() + lengthUtf16(bytes.sliced(snippetBegin, match.begin - snippetBegin)));
        place.marks.emplace_back(
            begin, static_cast<int>(lengthUtf16(bytes.sliced(match.begin, match.end - match.begin))));
    }
    // One after the other, none within another.
    std::sort(place.marks.begin(), place.marks.end());
    std::vector<std::pair<int, int>> apart;
    for (const auto& [begin, length] : place.marks) {
        if (!apart.empty() && begin < apart.back().first + apart.back().second)
            apart.back().second = std::max(apart.back().second, begin + length - apart.back().first);
        else
            apart.emplace_back(begin, length);
    }
    place.marks = std::move(apart);
    return place;
}

} // namespace

// One a character, two where a surrogate pair is needed.
qint64 lengthUtf16(QByteArrayView utf8) {
    qint64 length = 0;
    for (const char byte : utf8)
        length += (insideCharacter(byte) ? 0 : 1) + (static_cast<unsigned char>(byte) >= 0xF0 ? 1 : 0);
    return length;
}

Result<Place> findPlace(Database& database, const QByteArray& utf8, const std::vector<Phrase>& phrases) {
    Matcher matcher(phrases);
    Match best;
    int bestFound = 0;
    size_t looked = 0; // matches
    RETURN_IF_ERROR(eachToken(database.connection(), utf8, TokenUse::Index, [&](const Token& token) {
        matcher.see(token);
        const std::vector<Match>& matches = matcher.matches();
        for (; looked < matches.size() && bestFound < static_cast<int>(phrases.size()); ++looked) {
            // What stands together with this one, back to where the first of it begins.
            std::set<size_t> together;
            Match first = matches[looked];
            for (size_t i = looked + 1; i-- > 0 && matches[i].begin > matches[looked].end - kNear;) {
                together.insert(matches[i].phrase);
                if (matches[i].begin < first.begin) first = matches[i];
            }
            if (static_cast<int>(together.size()) <= bestFound) continue;
            bestFound = static_cast<int>(together.size());
            best = first;
        }
        // All is found: on to the end of the snippet, and that is enough.
        return bestFound < static_cast<int>(phrases.size()) || token.begin < best.begin + kAfter * kMostBytes;
    }));
    return around(utf8, matcher.matches(), best, bestFound);
}

} // namespace ponder::app
