#include "app/storage/search_query.h"

#include <array>

namespace ponder::app {

namespace {

constexpr qsizetype kLongest = 256; // characters of a query that are looked at
constexpr size_t kMostTerms = 24;

struct Filter {
    const char* name;
    bool SearchQuery::*column;
};
constexpr std::array kFilters{
    Filter{"in:title", &SearchQuery::inTitle}, Filter{"in:question", &SearchQuery::inQuestion},
    Filter{"in:answer", &SearchQuery::inAnswer}, Filter{"in:thought", &SearchQuery::inThought}};

bool isFilter(const QString& word, SearchQuery& query, bool& filtered) {
    for (const Filter& filter : kFilters) {
        if (word.compare(QLatin1String(filter.name), Qt::CaseInsensitive) != 0) continue;
        if (!std::exchange(filtered, true))
            for (const Filter& other : kFilters) query.*other.column = false;
        query.*filter.column = true;
        return true;
    }
    return false;
}

} // namespace

SearchQuery parseSearchQuery(const QString& typed) {
    SearchQuery query;
    bool filtered = false;
    QString text = typed.left(kLongest);
    if (!text.isEmpty() && text.back().isHighSurrogate()) text.chop(1);
    for (qsizetype at = 0; at < text.size() && query.terms.size() < kMostTerms;) {
        const QChar c = text[at];
        if (c.isSpace() || c.category() == QChar::Other_Control) {
            ++at;
            continue;
        }
        qsizetype end = at;
        SearchTerm term;
        if (c == QLatin1Char('"')) {
            end = text.indexOf(QLatin1Char('"'), at + 1);
            term.prefix = end < 0; // the phrase is still being typed
            if (end < 0) end = text.size();
            term.text = text.mid(at + 1, end - at - 1);
            at = end + 1;
        } else {
            while (end < text.size() && !text[end].isSpace() && text[end] != QLatin1Char('"')) ++end;
            term.text = text.mid(at, end - at);
            term.prefix = end == text.size();
            at = end;
            if (isFilter(term.text, query, filtered)) continue;
        }
        for (QChar& character : term.text) // the end of a string for SQLite, and what nobody means
            if (character.category() == QChar::Other_Control) character = QLatin1Char(' ');
        if (!term.text.trimmed().isEmpty()) query.terms.push_back(std::move(term));
    }
    return query;
}

} // namespace ponder::app
