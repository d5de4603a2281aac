// Full-text search: the index says which rows, their texts say where.
#include <algorithm>
#include <map>

#include "app/storage/conversation_store.h"
#include "app/storage/hit_place.h"
#include "app/storage/rows.h"
#include "app/storage/tokenizer.h"

namespace ponder::app {

namespace {

// So many of the newest rows that match are ranked, which bounds the time whatever is looked for.
constexpr qint64 kCandidates = 2000;
constexpr size_t kLeastPrefix = 3; // letters of a word that may go on; fewer would gather half of the index

struct Wanted {
    std::vector<Phrase> phrases;
    QByteArray expression; // of FTS5: "a" AND "b c" AND "d" *
};

Result<Wanted> wantedBy(Database& database, const SearchQuery& query) {
    Wanted wanted;
    for (const SearchTerm& term : query.terms) {
        const QByteArray text = term.text.toUtf8();
        Phrase phrase;
        int end = 0;
        RETURN_IF_ERROR(eachToken(database.connection(), text, TokenUse::Query, [&](const Token& token) {
            phrase.tokens.emplace_back(token.text);
            end = token.end;
            return true;
        }));
        if (phrase.tokens.empty()) continue; // signs only, which the index does not have
        // A word that has been ended by a sign is whole; of the unspaced scripts every character is indexed.
        const QString lastWord = QString::fromStdString(phrase.tokens.back());
        phrase.prefix = term.prefix && end == text.size() &&
                        static_cast<size_t>(lastWord.size()) >= kLeastPrefix &&
                        !isUnspaced(lastWord.toUcs4().back());
        if (!wanted.expression.isEmpty()) wanted.expression += " AND ";
        wanted.expression += '"' + QByteArray(text).replace("\"", "\"\"") + (phrase.prefix ? "\" *" : "\"");
        wanted.phrases.push_back(std::move(phrase));
    }
    return wanted;
}

// The rows on one side of 0, titles or messages, the best first.
Result<std::vector<qint64>> ranked(Database& database, const QByteArray& expression, const char* side) {
    // Newest first within the index; a title says more than a question, and that more than what was thought about it.
    ASSIGN_OR_RETURN(
        Statement query,
        database.prepare(QByteArrayLiteral("SELECT rowid, ponder_rank(search, 8, 3, 2, 1) FROM search "
                                           "WHERE search MATCH ? AND rowid ") +
                         side + " ORDER BY rowid DESC LIMIT ?"));
    query.bindText(1, expression).bind(2, kCandidates);
    std::vector<std::pair<double, qint64>> rows;
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, query.step());
        if (!row) break;
        rows.emplace_back(query.real(1), query.integer(0));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<qint64> ids;
    for (const auto& [rank, id] : rows) ids.push_back(id);
    return ids;
}

void put(SearchHit& hit, Place place) {
    hit.snippet = std::move(place.snippet);
    hit.marks = std::move(place.marks);
    hit.offset = place.offset;
    hit.length = place.length;
}

bool wants(const SearchQuery& query, SegmentChannel channel) {
    return channel == SegmentChannel::Thought                                     ? query.inThought
           : channel == SegmentChannel::Answer || channel == SegmentChannel::Tool ? query.inAnswer
                                                                                  : query.inQuestion;
}

int preference(SegmentChannel channel) {
    return channel == SegmentChannel::Answer ? 2 : channel == SegmentChannel::Thought ? 0 : 1;
}

Result<void> placeInMessage(Database& database, const SearchQuery& query, const std::vector<Phrase>& phrases,
                            SearchHit& hit) {
    ASSIGN_OR_RETURN(Statement segments,
                     database.prepare("SELECT channel, text FROM segment WHERE message = ? ORDER BY idx"));
    segments.bind(1, hit.message);
    std::map<SegmentChannel, qint64> before; // characters in the segments read so far
    std::pair<int, int> best{-1, -1};
    for (;;) {
        ASSIGN_OR_RETURN(const bool row, segments.step());
        if (!row) return {};
        const SegmentChannel channel =
            meaningOf<SegmentChannel>(kChannelWords, segments.text(0)).value_or(SegmentChannel::Answer);
        if (!wants(query, channel)) continue;
        const QByteArray text = segments.blob(1);
        ASSIGN_OR_RETURN(Place place, findPlace(database, text, phrases));
        place.offset += before[channel];
        before[channel] += lengthUtf16(text);
        const std::pair<int, int> worth{place.found, preference(channel)};
        if (worth <= best) continue;
        best = worth;
        hit.channel = channel;
        put(hit, std::move(place));
    }
}

} // namespace

Result<std::vector<SearchHit>> ConversationStore::search(const SearchQuery& query, int limit) {
    std::vector<SearchHit> hits;
    if (limit <= 0) return hits;
    ASSIGN_OR_RETURN(const Wanted wanted, wantedBy(m_database, query));
    if (wanted.phrases.empty()) return hits;
    const bool inMessages = query.inQuestion || query.inAnswer || query.inThought;

    if (query.inTitle) {
        const size_t most = static_cast<size_t>(inMessages ? std::max(1, limit / 4) : limit);
        ASSIGN_OR_RETURN(const std::vector<qint64> rows,
                         ranked(m_database, "{title} : (" + wanted.expression + ")", "< 0"));
        for (const qint64 row : rows) {
            if (hits.size() >= most) break;
            const auto record = chat(-row);
            if (!record.ok()) {
                if (record.error().code == ErrorCode::NotFound) continue; // in the trash
                return record.error();
            }
            SearchHit& hit = hits.emplace_back();
            hit.chat = record->id;
            hit.inTitle = true;
            hit.title = record->title;
            hit.createdMs = record->updatedMs;
            ASSIGN_OR_RETURN(Place place, findPlace(m_database, record->title.toUtf8(), wanted.phrases));
            put(hit, std::move(place));
        }
    }
    if (!inMessages) return hits;

    QByteArray columns;
    if (query.inQuestion) columns += " question";
    if (query.inAnswer) columns += " answer";
    if (query.inThought) columns += " thought";
    ASSIGN_OR_RETURN(const std::vector<qint64> rows,
                     ranked(m_database, "{" + columns + "} : (" + wanted.expression + ")", "> 0"));
    ASSIGN_OR_RETURN(
        Statement about,
        m_database.prepare("SELECT c.id, c.title, m.created, m.model_name FROM message m "
                           "JOIN chat c ON c.id = m.chat WHERE m.id = ? AND c.deleted_at IS NULL"));
    for (const qint64 row : rows) {
        if (hits.size() >= static_cast<size_t>(limit)) break;
        ASSIGN_OR_RETURN(const bool there, about.bind(1, row).step());
        if (there) {
            SearchHit& hit = hits.emplace_back();
            hit.chat = about.integer(0);
            hit.message = row;
            hit.title = about.text(1);
            hit.createdMs = about.integer(2);
            hit.modelName = about.text(3);
            RETURN_IF_ERROR(placeInMessage(m_database, query, wanted.phrases, hit));
        }
        about.reset();
    }
    return hits;
}

} // namespace ponder::app
