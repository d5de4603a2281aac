// Colours of code: what each language has of its own, strings and comments over lines, and any text at all.
#include <random>

#include <doctest/doctest.h>

#include "app/highlight/highlighted_code.h"

using namespace ponder::app;

namespace {

// "k:if n:1 s:"a" c:// b": the coloured parts of a line.
QString colours(const char* language, const QString& line, LexState state = 0) {
    const CodeLanguage* found = findLanguage(language);
    REQUIRE(found);
    QList<CodeToken> tokens;
    lexLine(*found, line, state, &tokens);
    QStringList parts;
    for (const CodeToken& token : tokens)
        parts << QString("?knsc").at(static_cast<int>(token.kind)) + QString(":") +
                     line.mid(token.start, token.length);
    return parts.join(" ");
}

QString colours(const char* language, const char* line) { return colours(language, QString::fromUtf8(line)); }

QString colourOfLine(HighlightedCode& code, int line) {
    QString kinds;
    for (const CodeToken& token : code.tokens(line))
        kinds += QString("?knsc").at(static_cast<int>(token.kind));
    return kinds;
}

} // namespace

TEST_CASE("keywords, numbers, strings and comments") {
    CHECK(colours("cpp", "int x = 0x1F; // \"no\"") == "k:int n:0x1F c:// \"no\"");
    CHECK(colours("c++", "#include <vector>") == "k:#include");
    CHECK(colours("cpp", "auto n = 1'000'000 + 1.5e-3f;") == "k:auto n:1'000'000 n:1.5e-3f");
    CHECK(colours("cpp", "char c = '\\''; f(\"a\\\"b\");") == "k:char s:'\\'' s:\"a\\\"b\"");
    CHECK(colours("python", "print(sum(1 for n in range(1, 2026) if n % 6 == 0))") ==
          "n:1 k:for k:in n:1 n:2026 k:if n:6 n:0");
    CHECK(colours("py", "@wraps  # it's") == "k:@wraps c:# it's");
    CHECK(colours("js", "const a = `x` + 'y'; /* z */ return a") == "k:const s:`x` s:'y' c:/* z */ k:return");
    CHECK(colours("json", "{\"a\": \"b\", \"c\": 1.5, \"d\": null}") ==
          "k:\"a\" s:\"b\" k:\"c\" n:1.5 k:\"d\" k:null");
    CHECK(colours("yaml", "- name: \"x\" # y") == "k:name s:\"x\" c:# y");
    CHECK(colours("toml", "key = 'v'") == "k:key s:'v'");
    CHECK(colours("css", "color: red; /* x */") == "k:color c:/* x */");
    CHECK(colours("html", "<a href=\"x\">if</a><!-- c -->") == "k:a s:\"x\" k:a c:<!-- c -->");
    CHECK(colours("bash", "if [ $# -gt 1 ]; then echo \"$x\"; fi # done") ==
          "k:if n:1 k:then k:echo s:\"$x\" k:fi c:# done");
    CHECK(colours("sql", "SELECT 'it' FROM t -- x") == "k:SELECT s:'it' k:FROM c:-- x");
    CHECK(colours("rust", "fn f<'a>(x: &'a str) -> u32 { 1 }") == "k:fn k:str k:u32 n:1");
    CHECK(colours("latex", "\\frac{a}{b} % c") == "k:\\frac c:% c");
    CHECK(colours("lua", "local s = [[a]] -- b") == "k:local s:[[a]] c:-- b");
    CHECK(colours("diff", "+added") == "k:+added");
    CHECK(colours("diff", "-gone") == "s:-gone");
    CHECK(colours("md", "# Head") == "k:# Head");
    CHECK(colours("haskell", "f x' = x' -- y") == "c:-- y");
    CHECK(colours("cmake", "IF(WIN32) # a") == "k:IF c:# a");
}

TEST_CASE("what goes on over lines") {
    HighlightedCode code;
    code.set("a = \"\"\"one\ntwo\n\"\"\" + 1\n# c", "python");
    CHECK(colourOfLine(code, 0) == "s");
    CHECK(colourOfLine(code, 1) == "s");
    CHECK(colourOfLine(code, 2) == "sn");
    CHECK(colourOfLine(code, 3) == "c");
    code.set("/* a /* b */ c\n*/ fn x() {}\n", "rust"); // comments of Rust nest
    CHECK(colourOfLine(code, 0) == "c");
    CHECK(colourOfLine(code, 1) == "ck");
    code.set("int a; /* b\nc */ int d;", "c");
    CHECK(colourOfLine(code, 1) == "ck");
    code.set("\"never closed\nint a;", "c"); // a string of C ends with its line
    CHECK(colourOfLine(code, 1) == "k");
    code.set("<a\n href='x\n y'>z", "xml");
    CHECK(colourOfLine(code, 1) == "s");
    CHECK(colourOfLine(code, 2) == "s");
}

TEST_CASE("code that grows is coloured as the whole is") {
    const QString text = "#include <a>\n/* one\ntwo */ int x = 1; // y\nconst char* s = \"a\";\n\nreturn 0;";
    for (const int step : {1, 3, 10}) {
        HighlightedCode grown, whole;
        whole.set(text, "cpp");
        for (qsizetype end = step; end < text.size() + step; end += step) {
            grown.set(text.left(end), "cpp");
            grown.tokens(grown.lines() - 1);
        }
        REQUIRE(grown.lines() == whole.lines());
        CHECK(grown.longest() == whole.longest());
        for (int line = 0; line < whole.lines(); ++line) {
            CHECK(grown.line(line) == whole.line(line));
            CHECK(grown.tokens(line) == whole.tokens(line));
        }
    }
    HighlightedCode code;
    code.set("a\nb\nc", "c");
    CHECK(code.set("a\nb\nc\nd", "c") == 2);
    CHECK(code.set("a\nx\nc\nd", "c") == 1);
    CHECK(code.set("a\nx\nc\nd", "c") == 4); // nothing is different
    CHECK(code.set("a\nx\nc\nd", "py") == 0);
    CHECK(code.set("", "py") == 0);
    CHECK(code.lines() == 1);
}

TEST_CASE("languages") {
    CHECK(languages().size() >= 30);
    CHECK(languageTitle("cpp") == "C++");
    CHECK(languageTitle("PYTHON ") == "Python");
    CHECK(languageTitle("brainfuck") == "brainfuck");
    CHECK(languageSuffix("python") == "py");
    CHECK(languageSuffix("") == "txt");
    CHECK(findLanguage("") == nullptr);
    QSet<QString> seen;
    for (const CodeLanguage& language : languages())
        for (const QString& name : language.names) {
            CHECK(name == name.toLower());
            CHECK(!seen.contains(name));
            seen.insert(name);
        }
    HighlightedCode plain;
    plain.set("if x", "nosuch");
    CHECK(plain.tokens(0).isEmpty());
}

TEST_CASE("any text in any language gives tokens in order, inside of their line") {
    std::mt19937 random(42);
    const QString marks =
        QString::fromUtf8("ab1 .'\"`/*#-<>!={}[]()\\$@%\n;:,+_é中🧠\t") + QChar(0) + QChar(0xD800);
    for (const CodeLanguage& language : languages()) {
        QString text;
        for (int i = 0; i < 1500; ++i)
            text += marks[static_cast<qsizetype>(random() % static_cast<unsigned>(marks.size()))];
        HighlightedCode code;
        code.set(text, language.names.front());
        for (int line = 0; line < code.lines(); ++line) {
            int at = 0;
            for (const CodeToken& token : code.tokens(line)) {
                REQUIRE(token.start >= at);
                REQUIRE(token.length > 0);
                at = token.start + token.length;
                REQUIRE(at <= code.line(line).size());
            }
        }
    }
}
