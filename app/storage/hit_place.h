#pragma once
// Where in a text a search has its hit: the place where most of what was looked for stands together, and the words around
// it. It reads the text with the tokenizer of the index, so both agree on what a word is. The thread of the database.

#include <string>
#include <utility>
#include <vector>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include "app/storage/database.h"

namespace ponder::app {

struct Phrase {
    std::vector<std::string> tokens; // as the tokenizer gives them for a query
    bool prefix = false;             // the last one may go on
};

struct Place {
    int found = 0; // how many of the phrases stand in the snippet; 0: none, and the snippet is the beginning
    qint64 offset = 0;
    int length = 0; // UTF-16, as QString counts
    QString snippet;
    std::vector<std::pair<int, int>> marks;
};

qint64 lengthUtf16(QByteArrayView utf8); // of valid UTF-8, as QString counts

Result<Place> findPlace(Database& database, const QByteArray& utf8, const std::vector<Phrase>& phrases);

} // namespace ponder::app
