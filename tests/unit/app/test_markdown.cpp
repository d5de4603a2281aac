// Markdown becomes blocks, the same ones however it arrives, and nothing in it can load anything.
#include <doctest/doctest.h>

#include "app/markdown/markdown.h"

using namespace ponder::app;

namespace {

const QString kEverything =
    QString::fromUtf8("# One *of* each\n\nA **bold** `code<T>` line with [a "
                      "link](https://example.org/?a=1&b=2) and <b>raw</b> &amp; 5 < 6.\nSecond line\n\n"
                      "1. first\n2. second\n   - inner\n\n     with a paragraph\n3. third\n\n- [x] done\n- [ "
                      "] open\n-\n\n> quoted\n>\n> > twice\n\n---\n\n"
                      "| a | b |\n| :-: | --: |\n| 1 | **2** |\n| `x` |\n\n```cpp\nint main() {\n\treturn "
                      "0;\n}\n```\n\n    indented\n\n"
                      "![alt text](https://example.org/x.png) 为什么 🧠\n\n~~gone~~");

std::vector<Block> of(const char* text) { return parseMarkdown(QString::fromUtf8(text)); }

} // namespace

TEST_CASE("kinds of blocks") {
    const auto blocks = parseMarkdown(kEverything);
    REQUIRE(blocks.size() >= 16);
    CHECK(blocks[0].kind == BlockKind::Heading);
    CHECK(blocks[0].level == 1);
    CHECK(blocks[0].text == "One <i>of</i> each");
    CHECK(blocks[1].text.contains("<b>bold</b> <code>code&lt;T&gt;</code>"));
    CHECK(blocks[1].text.contains("&lt;b&gt;raw&lt;/b&gt;"));
    CHECK(blocks[1].text.contains("<a href=\"https://example.org/?a=1&amp;b=2\">a link</a>"));
    CHECK(blocks[2].marker == "1.");
    CHECK(blocks[4].marker == QString::fromUtf8("•"));
    CHECK(blocks[4].indent == 2);
    CHECK(blocks[5].marker.isEmpty()); // the second paragraph of that item
    CHECK(blocks[5].indent == 2);
    CHECK(blocks[6].marker == "3.");
    CHECK(blocks[7].task == 2);
    CHECK(blocks[8].task == 1);
}

TEST_CASE("an item without text, quotations, tables and code") {
    CHECK(of("-").size() == 1);
    CHECK(of("> a\n> > b")[1].quote == 2);
    const auto table = of("| a | b |\n| :-: | --: |\n| 1 | **2** |\n| x |");
    REQUIRE(table.size() == 1);
    CHECK(table[0].columns == 2);
    CHECK(table[0].cells == QStringList{"a", "b", "1", "<b>2</b>", "x", ""});
    CHECK(table[0].alignments == QVector<int>{Qt::AlignHCenter, Qt::AlignRight});
    const auto code = of("```c++\n<b>&amp;\n\n```");
    REQUIRE(code.size() == 1);
    CHECK(code[0].text == "<b>&amp;\n");
    CHECK(code[0].language == "c++");
    CHECK(of("```\nnever closed")[0].text == "never closed");
}

TEST_CASE("nothing that a model writes loads anything") {
    for (const char* text :
         {"![x](https://e.org/t.png)", "<img src='https://e.org/t.png'>",
          "[![x](https://e.org/t.png)](https://e.org)", "<iframe src=https://e.org></iframe>",
          "[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](data:text/html;base64,AAAA)",
          "<style>@import url(https://e.org)</style>", "&lt;img src=x&gt;",
          "[x](https://e.org/\"onclick=\"x)", "```\n<img src=x>\n```"}) {
        CAPTURE(text);
        for (const Block& block : of(text)) {
            if (block.kind == BlockKind::Code) continue; // shown as plain text, escaped by the view
            CHECK(!block.text.contains("<img"));
            CHECK(!block.text.contains("<iframe"));
            CHECK(!block.text.contains("<style"));
            CHECK(!block.text.contains("href=\"javascript"));
            CHECK(!block.text.contains("href=\"file"));
            CHECK(!block.text.contains("href=\"data"));
            CHECK(!block.text.contains("\"onclick"));
        }
    }
}

TEST_CASE("token by token it ends as the whole does, and only blocks from the reported one on change") {
    for (const int step : {1, 2, 3, 7, 31}) {
        CAPTURE(step);
        MarkdownStream stream;
        std::vector<Block> before;
        for (qsizetype at = 0; at < kEverything.size(); at += step) {
            const auto change = stream.append(kEverything.mid(at, step));
            CHECK(change.before == before.size());
            CHECK(change.after == stream.blocks().size());
            for (size_t i = 0; i < change.firstChanged; ++i) CHECK(stream.blocks()[i] == before[i]);
            before = stream.blocks();
        }
        CHECK(stream.text() == kEverything);
        CHECK(stream.blocks() == parseMarkdown(kEverything));
    }
}

TEST_CASE("hostile input ends in blocks, not in a crash") {
    CHECK(parseMarkdown({}).empty());
    const QString deep = QString("> ").repeated(3000) + "x";
    CHECK(!parseMarkdown(deep).empty());
    CHECK(!parseMarkdown(QString("- ").repeated(2000) + "x").empty());
    CHECK(!parseMarkdown(QString("*").repeated(20000)).empty());
    CHECK(!parseMarkdown(QString("[").repeated(5000)).empty());
    CHECK(parseMarkdown(QString(QChar(0)) + "a" + QChar(0xD800)).size() == 1);
    CHECK(parseMarkdown("|a|\n|-|\n" + QString("|").repeated(3000)).size() >= 1);
}
