// Formulas are found in text and nowhere else. Each case here is one that users of other windows have reported or that the
// rules in the header name.
#include <doctest/doctest.h>

#include "app/markdown/markdown.h"

using namespace ponder::app;

namespace {

// Each formula of a text: inline ones as "$tex$", display ones as "[tex]", in order.
QStringList formulas(const QString& text) {
    QStringList list;
    for (const Block& block : parseMarkdown(text)) {
        if (block.kind == BlockKind::Formula) list << "[" + block.text + "]";
        QList<Prose> all = block.cells.list;
        all.prepend(block.prose());
        for (const Prose& prose : all)
            for (const Span& span : prose.spans)
                if (span.kind == SpanKind::Formula) {
                    CHECK(prose.text[span.start] == QChar(QChar::ObjectReplacementCharacter));
                    CHECK(span.length == 1);
                    list << "$" + span.target + "$";
                }
    }
    return list;
}

QStringList formulas(const char* text) { return formulas(QString::fromUtf8(text)); }

QString shown(const char* text) {
    QStringList all;
    for (const Block& block : parseMarkdown(QString::fromUtf8(text))) all << plainText(block);
    return all.join("|");
}

using List = QStringList;

} // namespace

TEST_CASE("the four pairs of delimiters") {
    CHECK(formulas("a $x^2$ b") == List{"$x^2$"});
    CHECK(formulas("a \\(x^2\\) b") == List{"$x^2$"});
    CHECK(formulas("$$x^2$$") == List{"[x^2]"});
    CHECK(formulas("\\[x^2\\]") == List{"[x^2]"});
    CHECK(formulas("\\[\nx^2\n\\]") == List{"[x^2]"});
    CHECK(formulas("$$\nx^2\n$$") == List{"[x^2]"});
    CHECK(formulas("$a$, $b$ and \\(c\\).") == List{"$a$", "$b$", "$c$"});
    CHECK(formulas("设$x$为整数") == List{"$x$"});
}

TEST_CASE("dollars that are money") {
    CHECK(formulas("costs $5 and $10") == List{});
    CHECK(formulas("It costs $5, not $10, and $15 with tax.") == List{});
    CHECK(formulas("US$5 or A$10$") == List{});
    CHECK(formulas("$20 and you have 30$") == List{});
    CHECK(formulas("from $1,000 to $2,000") == List{});
    CHECK(formulas("$5 and $x$") == List{"$x$"});
    CHECK(formulas("I paid $3 for $n$ apples, so $3n$ in all") == List{"$n$", "$3n$"});
    CHECK(formulas("a $ b $ c") == List{});
    CHECK(formulas("a$") == List{});
    CHECK(formulas("$") == List{});
    CHECK(formulas("$$") == List{});
    CHECK(formulas("$$$$") == List{});
    CHECK(formulas("$$$x$$$") == List{});
    CHECK(shown("costs $5 and $10") == "costs $5 and $10");
}

TEST_CASE("no space behind the opening dollar, none before the closing one, no digit behind it") {
    CHECK(formulas("$ x$") == List{});
    CHECK(formulas("$x $") == List{});
    CHECK(formulas("$x$5") == List{});
    CHECK(formulas("$x$.") == List{"$x$"});
    CHECK(formulas("$x$-axis and the $n$th") == List{"$x$", "$n$"});
    CHECK(formulas("($x$)") == List{"$x$"});
}

TEST_CASE("escaped dollars are dollars") {
    CHECK(formulas("\\$x$") == List{});
    CHECK(formulas("\\$5 and \\$6") == List{});
    CHECK(shown("\\$5 and \\$6") == "$5 and $6");
    CHECK(formulas("$x \\$ y$") == List{"$x \\$ y$"});
    CHECK(formulas("\\\\$x$") == List{"$x$"}); // a backslash, then a formula
    CHECK(formulas("\\\\(x\\\\)") == List{});  // backslashes, no delimiters
}

TEST_CASE("code keeps its dollars and backslashes") {
    CHECK(formulas("`$x$` and `\\(y\\)`") == List{});
    CHECK(formulas("```\n$x$ \\[y\\]\n```") == List{});
    CHECK(formulas("~~~sh\necho $HOME $PATH\n~~~") == List{});
    CHECK(formulas("text\n\n    $x$\n") == List{});
    CHECK(shown("```\n$x$ \\[y\\] \\(z\\)\n```") == "$x$ \\[y\\] \\(z\\)");
    CHECK(shown("`\\(a\\)`") == "\\(a\\)");
    CHECK(formulas("\\[ x\n\n```\ncode \\]\n```\n\n\\]") == List{}); // none reaches over code
    CHECK(shown("`$a` and `b$`") == "$a and b$");
    CHECK(formulas("- item\n\n      code $x$\n\n  $y$") == List{"$y$"});
}

TEST_CASE("addresses keep theirs") {
    CHECK(formulas("[a](https://e.org/$x$)") == List{});
    CHECK(formulas("https://e.org/$x$") == List{});
    CHECK(formulas("[$x$](https://e.org)") == List{"$x$"});
}

TEST_CASE("what a formula holds is not Markdown") {
    CHECK(formulas("$a*b$ and $c*d$") == List{"$a*b$", "$c*d$"});
    CHECK(formulas("$\\hat{a}_{b} + \\hat{c}_{d}$") == List{"$\\hat{a}_{b} + \\hat{c}_{d}$"});
    CHECK(formulas("\\(a_1\\) and \\(b_2 \\{x\\}\\)") == List{"$a_1$", "$b_2 \\{x\\}$"});
    CHECK(formulas("$a < b > c & d$") == List{"$a < b > c & d$"});
    CHECK(formulas("$[a](b)$") == List{"$[a](b)$"});
    CHECK(formulas("$x &amp; y$") == List{"$x &amp; y$"});
    CHECK(formulas("\\(\\begin{pmatrix}1 & 2 \\\\ 3 & 4\\end{pmatrix}\\)") ==
          List{"$\\begin{pmatrix}1 & 2 \\\\ 3 & 4\\end{pmatrix}$"});
    CHECK(parseMarkdown("$a*b$ and $c*d$")[0].spans.size() == 2); // no emphasis between them
    CHECK(parseMarkdown("**$x$** and *\\(y\\)*")[0].spans.size() == 4);
    CHECK(parseMarkdown("**so:$x$** and")[0].spans.size() == 2);
}

TEST_CASE("display formulas whose lines look like Markdown") {
    CHECK(formulas("\\[\nx\n= y\n+ z\n- w\n\\]\n\nafter") == List{"[x\n= y\n+ z\n- w]"});
    CHECK(formulas("$$\na\n=\nb\n$$") == List{"[a\n=\nb]"});
    CHECK(formulas("\\[\na\n\n> b\n\\]") == List{}); // a quotation is not the same text
    CHECK(formulas("$$\n\\begin{aligned}\nx &= 1 \\\\\n  &+ 2\n\\end{aligned}\n$$") ==
          List{"[\\begin{aligned}\nx &= 1 \\\\\n  &+ 2\n\\end{aligned}]"});
    CHECK(formulas("$$\na\n\nb\n$$") == List{"[a\n\nb]"});
    CHECK(formulas("\\[ x \\]\n---\ntext") == List{"[x]"});
    CHECK(parseMarkdown("\\[ x \\]\n---\ntext")[1].kind == BlockKind::Rule);
    CHECK(formulas("> \\[\n> a\n> + b\n> \\]") == List{"[a\n+ b]"});
}

TEST_CASE("a display formula is a row of its own") {
    const auto blocks = parseMarkdown("So $$x = 1$$ holds, and\n\\[ y \\].\nThen");
    REQUIRE(blocks.size() == 5);
    CHECK(blocks[0].text == "So");
    CHECK(blocks[1].kind == BlockKind::Formula);
    CHECK(blocks[2].text == "holds, and");
    CHECK(blocks[3].text == "y."); // what ends the sentence stands on its line
    CHECK(blocks[4].text == "Then");
    const auto item = parseMarkdown("1. $$x$$\n2. so\n   \\[ y \\]\n   end");
    REQUIRE(item.size() == 4);
    CHECK(item[0].kind == BlockKind::Formula);
    CHECK(item[0].marker == "1.");
    CHECK(item[2].kind == BlockKind::Formula);
    CHECK(item[2].indent == 1);
    CHECK(item[3].text == "end");
    CHECK(formulas("# $$x$$ and $y$") == List{"$x$", "$y$"}); // in a heading they stay in the line
    CHECK(parseMarkdown("**so $$x$$ then**").size() == 3);
}

TEST_CASE("tables") {
    CHECK(formulas("| $a$ | b |\n|---|---|\n| $|x|$ | \\(y\\) |") == List{"$a$", "$|x|$", "$y$"});
    CHECK(formulas("| cost | n |\n|---|---|\n| $5 | $10 |") == List{});
}

TEST_CASE("boxed without delimiters") {
    CHECK(formulas("The answer is \\boxed{42}.") == List{"$\\boxed{42}$"});
    CHECK(formulas("**Answer** \\boxed{\\frac{1}{2}}") == List{"$\\boxed{\\frac{1}{2}}$"});
    CHECK(formulas("$\\boxed{42}$") == List{"$\\boxed{42}$"});
    CHECK(formulas("\\boxed{42") == List{});
    CHECK(formulas("`\\boxed{42}`") == List{});
}

TEST_CASE("an open formula is text until it is closed") {
    CHECK(formulas("so $x^") == List{});
    CHECK(shown("so $x^") == "so $x^");
    CHECK(formulas("so \\[ x") == List{});
    CHECK(formulas("$$\nx") == List{});
    CHECK(formulas("\\( x") == List{});
}

TEST_CASE("formulas that are too long stay text, and many openers take no time") {
    CHECK(formulas("$" + QString("x").repeated(9000) + "$") == List{});
    CHECK(formulas("\\[" + QString("x ").repeated(5000) + "\\]") == List{});
    for (const char* opener : {"\\(", "\\[", "$$ ", "$a ", "\\boxed{"})
        CHECK(!parseMarkdown(QString(opener).repeated(20000)).empty());
}
