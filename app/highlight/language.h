#pragma once
// What a programming language looks like, as data: enough to colour it, not to understand it. The next language is one more
// row in languages.cpp. Values; any thread.

#include <QSet>
#include <QString>
#include <QStringList>

namespace ponder::app {

// Text between two marks that is coloured as a whole.
struct Enclosed {
    QString open, close;    // close empty: to the end of the line
    bool isComment = false; // else a string
    bool escapes = true;    // a backslash takes the meaning of what follows it
    bool lines = false;     // goes on over the end of a line
    bool nests = false;     // one within another
    bool atStart = false;   // only where the line begins
};

enum class Shape { Words, Markup, Diff, Markdown };

struct CodeLanguage {
    QString title;     // as it is shown
    QStringList names; // as it is written behind the fence, small
    Shape shape = Shape::Words;
    QList<Enclosed> enclosed; // the longest mark that fits is taken: """ before "
    QSet<QString> keywords;
    bool ignoresCase = false;
    bool backslashCommands = false; // \alpha is a keyword
    bool atCommands = false;        // @name is one
    bool hashCommands = false;      // so is #name at the beginning of a line
    QString keyEnd; // a word or string before one of these at its place is a key: ":" of JSON and YAML
    QString wordCharacters = QStringLiteral("_"); // beside letters and digits
};

const CodeLanguage* findLanguage(const QString& name); // null: not known, it stays plain
QString languageTitle(const QString& name);            // "cpp" -> "C++"; what is not known as it was written
QString languageSuffix(const QString& name); // "cpp" -> "cpp", for a file; "txt" where it is not known
const QList<CodeLanguage>& languages();

} // namespace ponder::app
