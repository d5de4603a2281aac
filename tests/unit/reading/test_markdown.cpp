// Markdown becomes blocks, and nothing in it can load anything.
#include <doctest/doctest.h>

#include "app/markdown/markdown.h"
#include "app/markdown/prose_html.h"

using namespace ponder::app;

namespace {

std::vector<Block> of(const char* text) { return parseMarkdown(QString::fromUtf8(text)); }

// The spans in a form that is quick to read: "bold 2+4".
QStringList spansOf(const Block& block) {
    static const char* const names[] = {"bold", "italic", "struck", "code", "link", "formula"};
    QStringList list;
    for (const Span& span : block.spans)
        list << QString("%1 %2+%3").arg(names[static_cast<int>(span.kind)]).arg(span.start).arg(span.length);
    return list;
}

} // namespace

TEST_CASE("kinds of blocks") {
    const auto blocks = of(
        "# One *of* each\n\nA **bold** `code<T>` line with [a link](https://example.org/?a=1&b=2) and "
        "<b>raw</b> "
        "&amp; 5 < 6.\nSecond line\n\n1. first\n2. second\n   - inner\n\n     with a paragraph\n3. third\n\n"
        "- [x] done\n- [ ] open\n-\n\n---\n\n![alt text](https://example.org/x.png) 为什么 "
        "🧠\n\n~~gone~~");
    REQUIRE(blocks.size() == 13);
    CHECK(blocks[0].kind == BlockKind::Heading);
    CHECK(blocks[0].level == 1);
    CHECK(blocks[0].text == "One of each");
    CHECK(spansOf(blocks[0]) == QStringList{"italic 4+2"});
    CHECK(blocks[1].text == "A bold code<T> line with a link and <b>raw</b> & 5 < 6. Second line");
    CHECK(spansOf(blocks[1]) == QStringList{"bold 2+4", "code 7+7", "link 25+6"});
    CHECK(blocks[1].spans[2].target == "https://example.org/?a=1&b=2");
    CHECK(blocks[2].marker == "1.");
    CHECK(blocks[4].marker == QString::fromUtf8("•"));
    CHECK(blocks[4].indent == 2);
    CHECK(blocks[5].marker.isEmpty()); // the second paragraph of that item
    CHECK(blocks[5].indent == 2);
    CHECK(blocks[6].marker == "3.");
    CHECK(blocks[7].task == 2);
    CHECK(blocks[8].task == 1);
    CHECK(blocks[9].text.isEmpty());
    CHECK(blocks[10].kind == BlockKind::Rule);
    CHECK(blocks[11].text == QString::fromUtf8("alt text 为什么 🧠"));
    CHECK(spansOf(blocks[12]) == QStringList{"struck 0+4"});
}

TEST_CASE("an item without text, quotations, tables and code") {
    CHECK(of("-").size() == 1);
    CHECK(of("> a\n> > b")[1].quote == 2);
    const auto table = of("| a | b |\n| :-: | --: |\n| 1 | **2** |\n| x |");
    REQUIRE(table.size() == 1);
    CHECK(table[0].columns == 2);
    REQUIRE(table[0].cells.list.size() == 6);
    CHECK(table[0].cells.list[3].text == "2");
    CHECK(table[0].cells.list[3].spans.size() == 1);
    CHECK(table[0].cells.list[5].text.isEmpty());
    CHECK(table[0].alignments == QList<int>{Qt::AlignHCenter, Qt::AlignRight});
    const auto code = of("```c++\n<b>&amp;\n\n```");
    REQUIRE(code.size() == 1);
    CHECK(code[0].text == "<b>&amp;\n");
    CHECK(code[0].language == "c++");
    CHECK(of("```\nnever closed")[0].text == "never closed");
}

TEST_CASE("breaks, bare addresses and entities") {
    CHECK(of("one  \ntwo\\\nthree\nfour")[0].text == QString::fromUtf8("one\u2028two\u2028three four"));
    const auto bare = of("see https://example.org/a_b_c and www.example.org, or mail a@example.org");
    REQUIRE(bare[0].spans.size() == 3);
    CHECK(bare[0].spans[0].target == "https://example.org/a_b_c");
    CHECK(bare[0].spans[1].target == "http://www.example.org");
    CHECK(bare[0].spans[2].target == "mailto:a@example.org");
    CHECK(of("&alpha;&#945;&#x3B1;&hellip;&nosuch;")[0].text == QString::fromUtf8("ααα…&nosuch;"));
}

TEST_CASE("emphasis within emphasis covers what it should") {
    const auto blocks = of("**bold *and italic* here** plain ***both***");
    CHECK(blocks[0].text == "bold and italic here plain both");
    CHECK(spansOf(blocks[0]).size() == 4);
    for (const Span& span : blocks[0].spans) {
        CHECK(span.length > 0);
        CHECK(span.start + span.length <= blocks[0].text.size());
    }
}

TEST_CASE("nothing that a model writes loads anything") {
    for (const char* text :
         {"[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](data:text/html;base64,AAAA)",
          "[x](JavaScript:alert(1))", "<file:///etc/passwd>", "[x](vbscript:a)", "![x](file:///etc/passwd)",
          "[![x](https://e.org/t.png)](file:///x)", "[x](//e.org/x)", "[x](relative)", "[x](#here)"}) {
        CAPTURE(text);
        for (const Block& block : of(text))
            for (const Span& span : block.spans) CHECK(span.kind != SpanKind::Link);
    }
    CHECK(of("<img src='https://e.org/t.png'>")[0].text == "<img src='https://e.org/t.png'>");
    CHECK(of("<style>@import url(https://e.org)</style>")[0].text.startsWith("<style>"));
    CHECK(of("![a picture](https://e.org/t.png)")[0].text == "a picture");
}

TEST_CASE("where a block begins in the source") {
    const QString text =
        QString::fromUtf8("# für 🧠\n\nzwei $x$ drei\n\n```\ncode\n```\n\n\\[ y \\]\n\nEnde");
    const auto blocks = parseMarkdown(text);
    REQUIRE(blocks.size() == 5);
    CHECK(blocks[0].begin == text.indexOf("für"));
    CHECK(blocks[1].begin == text.indexOf("zwei"));
    CHECK(blocks[2].begin == text.indexOf("code"));
    CHECK(blocks[3].begin == text.indexOf("\\["));
    CHECK(blocks[4].begin == text.indexOf("Ende"));
}

TEST_CASE("what is copied of a block") {
    const auto blocks = of("a **b** $x^2$ c  \nd\n\n| $y$ | b |\n|---|---|\n| 1 | 2 |");
    CHECK(plainText(blocks[0]) == "a b $x^2$ c\nd");
    CHECK(plainText(blocks[0].prose(), 2, 5) == "b $x^2$");
    CHECK(plainText(blocks[1]) == "$y$\tb\n1\t2\n");
}

TEST_CASE("a very long paragraph becomes several rows that say the same") {
    QString text;
    for (int i = 0; i < 900; ++i) text += QString("Sentence number **%1** of many. ").arg(i);
    const auto blocks = parseMarkdown(text);
    REQUIRE(blocks.size() > 4);
    QString all;
    int spans = 0;
    for (size_t i = 0; i < blocks.size(); ++i) {
        CHECK(blocks[i].text.size() <= 4000);
        CHECK(blocks[i].continued == (i > 0));
        all += blocks[i].text;
        spans += static_cast<int>(blocks[i].spans.size());
        for (const Span& span : blocks[i].spans) CHECK(span.start + span.length <= blocks[i].text.size());
    }
    CHECK(all.size() == parseMarkdown(text.left(0)).size() + all.size());
    CHECK(spans == 900);
    CHECK(all.contains("number 899 of"));
    // One word without an end, of characters that are two units each.
    const QString word = QString::fromUtf8("🧠").repeated(5000);
    QString joined;
    for (const Block& block : parseMarkdown(word)) {
        CHECK(!block.text.front().isLowSurrogate());
        joined += block.text;
    }
    CHECK(joined == word);
}

TEST_CASE("hostile input ends in blocks, not in a crash") {
    CHECK(parseMarkdown({}).empty());
    for (const char* mark : {"> ", "- ", "1. ", "* ", "+ "}) {
        const auto deep = parseMarkdown(QString(mark).repeated(1000) + "x");
        REQUIRE(!deep.empty());
        for (const Block& block : deep) {
            CHECK(block.quote <= 8);
            CHECK(block.indent <= 8);
        }
    }
    CHECK(!parseMarkdown(QString("*").repeated(20000)).empty());
    CHECK(!parseMarkdown(QString("[").repeated(5000)).empty());
    CHECK(!parseMarkdown(QString("`").repeated(5000)).empty());
    CHECK(!parseMarkdown(QString("**a ").repeated(5000)).empty());
    CHECK(parseMarkdown(QString(QChar(0)) + "a" + QChar(0xD800)).size() == 1);
    CHECK(parseMarkdown("|a|\n|-|\n" + QString("|").repeated(3000)).size() >= 1);
    CHECK(parseMarkdown("99999999999999999999. x").size() == 1);
    CHECK(parseMarkdown("999999999. x\n1. y").size() == 2);
    const auto controls =
        parseMarkdown(QString("a\x01\x07\x1b[31mb") + QChar(0x9B) + QChar(0xFFFC) + QChar(0x2029));
    REQUIRE(controls.size() == 1);
    for (const QChar c : controls[0].text)
        CHECK((c.unicode() >= 0x20 && c != QChar(0xFFFC) && c != QChar(0x2029)));
    CHECK(parseMarkdown(QString::fromUtf8("\u202Eevil\n\nשלום world مرحبا")).size() == 2);
}

TEST_CASE("running text as HTML") {
    const auto html = [](const char* text) { return proseHtml(of(text)[0].prose()); };
    CHECK(html("a **b *c* d** `<e>` ~~f~~") == "a <b>b <i>c</i> d</b> <code>&lt;e&gt;</code> <s>f</s>");
    CHECK(html("***x***").size() == 15);
    CHECK(html("[a \"b\"](https://e.org/?a=1&b=\"2\")") ==
          "<a href=\"https://e.org/?a=1&amp;b=&quot;2&quot;\">a &quot;b&quot;</a>");
    CHECK(html("<img src=x>  \ny") == "&lt;img src=x&gt;<br>y");
    CHECK(html("**a $x<y$**") == "<b>a $x&lt;y$</b>");
    const Prose crossing{"abcdef", {{SpanKind::Bold, 0, 4, {}, {}}, {SpanKind::Italic, 2, 4, {}, {}}}};
    CHECK(proseHtml(crossing) == "<b>ab<i>cd</i></b><i>ef</i>");
    CHECK(proseHtml(of("a $x$ b")[0].prose(), [](const Span& span) { return "[" + span.target + "]"; }) ==
          "a [x] b");
}
