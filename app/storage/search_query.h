#pragma once
// What a person typed into the search field, and what was found. Values; any thread.

#include <utility>
#include <vector>

#include <QString>

#include "app/storage/records.h"

namespace ponder::app {

struct SearchTerm {
    QString text;        // a word, or the words of a phrase in their order
    bool prefix = false; // the last word may go on: it is still being typed
    bool operator==(const SearchTerm&) const = default;
};

// Every term must be found in one message, or in one title.
struct SearchQuery {
    std::vector<SearchTerm> terms;
    bool inTitle = true, inQuestion = true, inAnswer = true, inThought = true;
    bool empty() const { return terms.empty(); }
    bool operator==(const SearchQuery&) const = default;
};

// words "and phrases" in:thought in:answer in:question in:title (several of these: any of them). Nothing is an error:
// what is not understood is searched for.
SearchQuery parseSearchQuery(const QString& typed);

// Positions and lengths count UTF-16 units, as QString does.
struct SearchHit {
    qint64 chat = 0;
    qint64 message = 0; // 0: the title
    SegmentChannel channel = SegmentChannel::Answer;
    bool inTitle = false;
    QString title;
    QString snippet;                        // the words around the place, in one line
    std::vector<std::pair<int, int>> marks; // begin and length in the snippet
    qint64 offset = 0;                      // of the place in the text of the channel, its segments joined
    int length = 0;
    qint64 createdMs = 0;
    QString modelName;
};

} // namespace ponder::app
