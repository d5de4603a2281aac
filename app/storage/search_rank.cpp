#include "app/storage/search_rank.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <sqlite3.h>

namespace ponder::app {

namespace {

// Of Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.4), usual values.
constexpr double kSaturation = 1.2; // k1
constexpr double kLength = 0.75;    // b

// Tokens of a row on average, kept for the query.
double* averageOf(const Fts5ExtensionApi& api, Fts5Context* fts) {
    if (auto* kept = static_cast<double*>(api.xGetAuxdata(fts, 0))) return kept;
    sqlite3_int64 rows = 0, tokens = 0;
    if (api.xRowCount(fts, &rows) != SQLITE_OK || api.xColumnTotalSize(fts, -1, &tokens) != SQLITE_OK)
        return nullptr;
    auto average = std::make_unique<double>(
        std::max(1.0, static_cast<double>(tokens) / static_cast<double>(std::max<sqlite3_int64>(1, rows))));
    double* const value = average.release(); // freed by SQLite, also where it refuses it
    const auto forget = [](void* kept) { delete static_cast<double*>(kept); };
    return api.xSetAuxdata(fts, value, forget) == SQLITE_OK ? value : nullptr;
}

// BM25 without the rarity of the words: every row found has all of them, so it would tell only whether the repetitions
// of the one or of the other count, and to know it bm25() reads all rows that have them, however many.
void rank(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* result, int count,
          sqlite3_value** weights) {
    const double* const average = averageOf(*api, fts);
    int places = 0, tokens = 0;
    if (!average || api->xInstCount(fts, &places) != SQLITE_OK ||
        api->xColumnSize(fts, -1, &tokens) != SQLITE_OK)
        return sqlite3_result_error_code(result, SQLITE_ERROR);
    std::vector<double> said(static_cast<size_t>(std::max(0, api->xPhraseCount(fts)))); // how often, weighed
    for (int i = 0; i < places; ++i) {
        int phrase = 0, column = 0, at = 0;
        if (int failed = api->xInst(fts, i, &phrase, &column, &at))
            return sqlite3_result_error_code(result, failed);
        said[static_cast<size_t>(phrase)] += column < count ? sqlite3_value_double(weights[column]) : 1.0;
    }
    const double length = kSaturation * (1 - kLength + kLength * tokens / *average);
    double worth = 0;
    for (const double often : said) worth += often * (kSaturation + 1) / (often + length);
    sqlite3_result_double(result, -worth);
}

} // namespace

int registerRank(fts5_api* api) { return api->xCreateFunction(api, "ponder_rank", nullptr, rank, nullptr); }

} // namespace ponder::app
