#pragma once
// Which of the rows that a search finds are the best. Registered with a connection as the FTS5 function
// "ponder_rank(search, weight of each column …)"; smaller is better, as of bm25(). The thread of the database.

struct fts5_api;

namespace ponder::app {

int registerRank(fts5_api* api); // SQLite's result code

} // namespace ponder::app
