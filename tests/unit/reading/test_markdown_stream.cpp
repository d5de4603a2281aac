// What stands there in the end never depends on how it arrived.
#include <random>

#include <doctest/doctest.h>

#include "app/markdown/markdown_stream.h"

using namespace ponder::app;

namespace {

// Pieces of answers, whole and broken, in any order: what follows may change what a piece means.
const std::vector<QString>& pieces() {
    static const std::vector<QString> all = [] {
        std::vector<QString> list;
        for (const char* piece : {"Plain words and more of them.\n",
                                  "\n",
                                  "\n\n",
                                  "# Heading\n",
                                  "Setext\n===\n",
                                  "---\n",
                                  "- item\n",
                                  "- item\n\n",
                                  "* other\n",
                                  "1. one\n",
                                  "2. two\n\n",
                                  "2",
                                  "1",
                                  "- ",
                                  "   continued\n",
                                  "    indented\n",
                                  "  - inner\n",
                                  "> quoted\n",
                                  "> > twice\n",
                                  ">\n",
                                  "```python\n",
                                  "```\n",
                                  "   ```\n",
                                  "````\n",
                                  "~~~\n",
                                  "x = [1, 2]: y\n",
                                  "| a | b |\n",
                                  "|---|:-:|\n",
                                  "| 1 | $x|$ |\n",
                                  "**bold",
                                  "** and *it*",
                                  "`code",
                                  "`",
                                  "$x^2$ ",
                                  "$",
                                  "$$",
                                  "$$\n",
                                  "\\[\n",
                                  "\\]\n",
                                  "\\[ a\n+ b\n\\]\n",
                                  "\\(y\\) ",
                                  "\\",
                                  "(",
                                  "costs $5 and $10 ",
                                  "\\boxed{4",
                                  "}",
                                  "= y\n",
                                  "+ z\n",
                                  "[a]: https://e.org\n",
                                  "[a] ",
                                  "<b>",
                                  "&amp",
                                  ";",
                                  "为什么",
                                  "🧠",
                                  "https://example.org ",
                                  "\t",
                                  "- [x] done\n",
                                  "a  \n",
                                  "\\\n"})
            list.push_back(QString::fromUtf8(piece));
        return list;
    }();
    return all;
}

void checkStream(const QString& text, std::mt19937& random, int longest) {
    MarkdownStream stream;
    std::vector<Block> before;
    for (qsizetype at = 0; at < text.size();) {
        const auto step = static_cast<qsizetype>(1 + random() % static_cast<unsigned>(longest));
        const auto change = stream.append(text.mid(at, step));
        at += step;
        REQUIRE(change.before == before.size());
        REQUIRE(change.after == stream.blocks().size());
        for (size_t i = 0; i < change.firstChanged; ++i) REQUIRE(stream.blocks()[i] == before[i]);
        before = stream.blocks();
    }
    REQUIRE(stream.text() == text);
    REQUIRE(stream.blocks() == parseMarkdown(text));
}

} // namespace

TEST_CASE("random Markdown in random pieces ends as the whole does") {
    std::mt19937 random(2718U);
    for (int round = 0; round < 1500; ++round) {
        QString text;
        const auto count = static_cast<unsigned>(2 + random() % 24);
        const bool references = round % 8 == 0;
        for (unsigned i = 0; i < count; ++i) {
            const QString& piece = pieces()[random() % pieces().size()];
            if (references || !piece.startsWith("[a]:")) text += piece;
        }
        CAPTURE(round);
        CAPTURE(text.toStdString());
        checkStream(text, random, round % 3 == 0 ? 1 : round % 3 == 1 ? 7 : 60);
    }
}

TEST_CASE("an ordinary answer, letter by letter") {
    const QString text = QString::fromUtf8(
        "# One *of* each\n\nA **bold** `code<T>` line.\n\n1. first\n2. second\n   - inner\n\n"
        "     with a paragraph\n3. third\n\nThen\n\n\\[\nx = 1\n+ 2\n\\]\n\nand $y$.\n\n- [x] done\n\n> "
        "quoted\n>\n"
        "> > twice\n\nText\n\n| a | b |\n| :-: | --: |\n| 1 | **2** |\n\n```cpp\nint main() {\n\treturn "
        "0;\n}\n```\n\n"
        "The end.\n");
    std::mt19937 random(1);
    for (const int longest : {1, 2, 3, 7, 31}) checkStream(text, random, longest);
}

TEST_CASE("only the end of a long answer is touched") {
    MarkdownStream stream;
    for (int i = 0; i < 200; ++i) stream.append(QString("Paragraph %1 with $x_%1$ in it.\n\n").arg(i));
    const auto change = stream.append("More");
    CHECK(change.before == 200);
    CHECK(change.after == 201);
    CHECK(change.firstChanged == 200);
}
