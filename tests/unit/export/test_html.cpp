// The HTML file: well-formed, harmless, and the same words as the conversation.

#include <doctest/doctest.h>

#include <QRegularExpression>
#include <QXmlStreamReader>

#include "app/export/html_body.h"
#include "app/export/writers.h"
#include "trees.h"

using namespace ponder;
using namespace ponder::app;

namespace {

struct Page {
    QString text;
    QStringList tags, links;
    QString error;
};

Page parsed(const QByteArray& html) {
    Page page;
    QXmlStreamReader reader(html);
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.isStartElement()) {
            page.tags << reader.name().toString();
            for (const QXmlStreamAttribute& attribute : reader.attributes()) {
                const QString name = attribute.name().toString();
                CHECK_FALSE_MESSAGE(name.startsWith(QLatin1String("on")), name.toStdString());
                CHECK(name != QLatin1String("src"));
                if (name == QLatin1String("href")) page.links << attribute.value().toString();
            }
        }
        if (reader.isCharacters()) page.text += reader.text();
    }
    if (reader.hasError())
        page.error = QStringLiteral("line %1: %2").arg(reader.lineNumber()).arg(reader.errorString());
    return page;
}

QByteArray html(const ConversationTree& tree, ExportScope scope = ExportScope::All, bool thoughts = true) {
    ExportOptions options;
    options.scope = scope;
    options.thoughts = thoughts;
    options.program = QStringLiteral("Ponder \"<0.1.0>\"");
    const auto bytes = writeHtml(tree, options);
    REQUIRE(bytes.ok());
    return *bytes;
}

QString flat(const QString& markdown) {
    return htmlOfMarkdown(markdown, {HtmlUse::Screen}).remove(QLatin1Char('\n'));
}

} // namespace

TEST_CASE("any conversation is a well-formed page that can do nothing") {
    for (unsigned seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        const Page page = parsed(html(randomTree(seed)));
        CHECK_MESSAGE(page.error.isEmpty(), page.error.toStdString());
        for (const char* tag : {"script", "img", "iframe", "object", "link", "form", "base", "svg"})
            CHECK_FALSE(page.tags.contains(QLatin1String(tag)));
        for (const QString& link : page.links)
            CHECK((link.startsWith("https://") || link.startsWith("http://") || link.startsWith("mailto:")));
    }
}

TEST_CASE("the style loads nothing") {
    const QByteArray page = html(smallTree());
    const qsizetype begin = page.indexOf("<style>");
    const QByteArray style = page.mid(begin, page.indexOf("</style>") - begin);
    CHECK_FALSE(style.contains("url("));
    CHECK_FALSE(style.contains("@import"));
    CHECK_FALSE(style.contains("http"));
    CHECK(style.contains("prefers-color-scheme: dark"));
    CHECK(page.contains("default-src 'none'"));
}

TEST_CASE("thoughts are folded, and away when they are not wanted") {
    Page page = parsed(html(smallTree(), ExportScope::All));
    CHECK(page.tags.contains("details"));
    CHECK(page.text.contains("Thought for 9.6 s, 3 tokens"));
    CHECK(page.text.contains("So no."));
    page = parsed(html(smallTree(), ExportScope::All, false));
    CHECK_FALSE(page.text.contains("So no."));
    CHECK_FALSE(page.text.contains("Thought for"));
}

TEST_CASE("the shown branch comes first, the others can be unfolded") {
    const Page page = parsed(html(smallTree()));
    const auto at = [&](const char* words) { return page.text.indexOf(QString::fromUtf8(words)); };
    CHECK(at("No, 7 divides it") > 0);
    CHECK(at("No, 7 divides it") < at("Another version"));
    CHECK(at("Another version") < at("91 = 7"));
    CHECK(at("91 = 7") < at("And 97?"));
    CHECK(at("R1 Tiny, version 2 of 2") > 0);
}

TEST_CASE("lists and quotations are nested again") {
    CHECK(flat("1. a\n2. b\n   - c\n   - d\n3. e") ==
          "<ol "
          "start=\"1\"><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li><li><p>d</p></li></ul></"
          "li><li><p>e</p>"
          "</li></ol>");
    CHECK(flat("> a\n>\n> b\n\nc") == "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>");
    CHECK(flat("- a\n\n  > b\n\n- c") ==
          "<ul><li><p>a</p><blockquote><p>b</p></blockquote></li><li><p>c</p></li></ul>");
    CHECK(flat("> - a\n> - b") == "<blockquote><ul><li><p>a</p></li><li><p>b</p></li></ul></blockquote>");
    CHECK(flat("- a\n\n1. b") == "<ul><li><p>a</p></li></ul><ol start=\"1\"><li><p>b</p></li></ol>");
    CHECK(flat("- [x] a\n- [ ] b") == "<ul><li><p>☑ a</p></li><li><p>☐ b</p></li></ul>");
}

TEST_CASE("tables and code") {
    CHECK(flat("| a | b |\n| --- | ---: |\n| 1 | <2 |").contains("<td align=\"right\">&lt;2</td>"));
    CHECK(flat("```c++\nif (a < b && c)\n```") ==
          "<pre title=\"c++\"><code>if (a &lt; b &amp;&amp; c)</code></pre>");
}

TEST_CASE("inline text is closed, known and harmless") {
    CHECK(flat("**a *b* c** d") == "<p><b>a <i>b</i> c</b> d</p>");
    CHECK(flat("a\\\nb") == "<p>a<br/>b</p>");
    CHECK(flat("<script>alert(1)</script> <b>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;</p>");
    CHECK(flat("&copy; &amp; &#65; &nope;") == QString::fromUtf8("<p>© &amp; A &amp;nope;</p>"));
    CHECK(flat("![x](https://e.org/i.png) [y](javascript:alert(1))") == "<p>x y</p>");
    CHECK(flat("[y](https://e.org/?a=1&b=2)") ==
          "<p><a rel=\"noopener noreferrer\" href=\"https://e.org/?a=1&amp;b=2\">y</a></p>");
    CHECK(flat(QString(QChar(0x1))) == "<p>" + QString(QChar(0xFFFD)) + "</p>");
    CHECK(xmlEscaped(QString(QChar(0xD800)) + "<" + QChar(0xFFFF)) ==
          QChar(0xFFFD) + QString("&lt;") + QChar(0xFFFD));
    // A formula that is none stays as it was written, and so does every one where KaTeX is not there.
    CHECK(flat("so $\\frac$ is wrong").contains("<code class=\"formula\">$\\frac$</code>"));
    const QString formula = flat("so $x < y$ holds");
    CHECK((formula.contains("<math") || formula.contains("<code class=\"formula\">$x &lt; y$</code>")));
}
