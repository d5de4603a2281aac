// Markdown, plain text and PDF, and what is common to all formats.

#include <csignal>

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include "app/export/reading_order.h"
#include "app/export/writers.h"
#include "trees.h"

using namespace ponder;
using namespace ponder::app;

namespace {

ExportOptions wanted(ExportScope scope, qint64 message = 0, bool thoughts = true) {
    ExportOptions options;
    options.scope = scope;
    options.message = message;
    options.thoughts = thoughts;
    options.program = QStringLiteral("Ponder 0.1.0");
    return options;
}

std::string text(const Result<QByteArray>& bytes) {
    REQUIRE(bytes.ok());
    return bytes->toStdString();
}

} // namespace

TEST_CASE("Markdown of everything") {
    CHECK(text(writeMarkdown(smallTree(), wanted(ExportScope::All))) ==
          "# Is 91 prime?\n\n"
          "Friday, 22 November 2024 · R1 Tiny\n\n"
          "## You\n\nIs 91 prime?\n\n"
          "## R1 Tiny, version 2 of 2\n\nNo, 7 divides it.\n\n"
          "---\n\n**Another version, after “Is 91 prime?”**\n\n"
          "## R1 Tiny, version 1 of 2\n\n"
          "> **Thought for 9.6 s, 3 tokens**\n>\n> 7 · 13 = 91.\n>\n> So no.\n\n"
          "No: **91 = 7 · 13**.\n\n"
          "## You\n\nAnd 97?\n\n"
          "## R1 Tiny\n\nYes:\n\n```py\nall(97 % i\n```\n\n"
          "*Stopped here.*\n");
}

TEST_CASE("an answer that ended by its length says what was full") {
    MessageRecord answer;
    answer.state = MessageState::Length;
    answer.stats = QStringLiteral(R"({"context":2048,"contextUsed":2048})");
    CHECK(stateLine(answer) == "The context was full here.");
    answer.stats = QStringLiteral(R"({"context":2048,"contextUsed":512})");
    CHECK(stateLine(answer) == "As long as an answer may be.");
}

TEST_CASE("Markdown of one answer has its question and nothing else") {
    const std::string one = text(writeMarkdown(smallTree(), wanted(ExportScope::Answer, 2, false)));
    CHECK(one.find("Is 91 prime?\n\n## R1") != std::string::npos);
    CHECK(one.find("7 · 13") != std::string::npos);
    CHECK(one.find("So no") == std::string::npos);
    CHECK(one.find("97") == std::string::npos);
}

TEST_CASE("signs in a title stay signs in Markdown") {
    ConversationTree tree = smallTree();
    tree.chat.title = QStringLiteral("*a* <b> `c` # d");
    CHECK(text(writeMarkdown(tree, wanted(ExportScope::Branch))).rfind("# \\*a\\* \\<b\\> \\`c\\` \\# d\n", 0) ==
          0);
}

TEST_CASE("an open block of code ends with its answer") {
    ConversationTree tree = smallTree();
    for (const auto& [code, end] : {std::pair{"```\na", "a\n```\n\n"},
                                    {"~~~~\na\n~~~", "~~~\n~~~~\n\n"},
                                    {"```\na\n```", "a\n```\n\n"},
                                    {"````\n```\na", "a\n````\n\n"}}) {
        tree.messages[4].segments[0].text = QString::fromUtf8(code);
        tree.messages[4].state = MessageState::Done;
        const std::string all = text(writeMarkdown(tree, wanted(ExportScope::Answer, 5)));
        CHECK_MESSAGE(all.find(std::string(end).substr(0, std::string(end).size() - 1)) != std::string::npos,
                      all);
    }
}

TEST_CASE("plain text of a branch") {
    CHECK(text(writeText(smallTree(), wanted(ExportScope::Branch, 2))) ==
          "Is 91 prime?\n============\n\n"
          "Friday, 22 November 2024 · R1 Tiny\n\n"
          "You:\nIs 91 prime?\n\n"
          "R1 Tiny, version 1 of 2:\n"
          "[Thought for 9.6 s, 3 tokens]\n7 · 13 = 91.\n\nSo no.\n[End of the thought]\n\n"
          "No: **91 = 7 · 13**.\n");
    CHECK(text(writeText(smallTree(), wanted(ExportScope::Branch, 2, false))).find("So no") ==
          std::string::npos);
}

TEST_CASE("every message of a tree is written once, whatever its shape") {
    for (unsigned seed = 0; seed < 200; ++seed) {
        const ConversationTree tree = randomTree(seed);
        const auto branches = readingOrder(tree, wanted(ExportScope::All));
        REQUIRE(branches.ok());
        std::vector<qint64> ids;
        for (const ExportBranch& branch : *branches)
            for (const ExportTurn& turn : branch.turns) {
                ids.push_back(turn.message->id);
                CHECK(turn.version >= 1);
                CHECK(turn.version <= turn.versions);
            }
        std::sort(ids.begin(), ids.end());
        CHECK(ids.size() == tree.messages.size());
        CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
        // The first branch is the one that is shown, to its end and beyond to the newest below it.
        bool headThere = false;
        for (const ExportTurn& turn : branches->front().turns)
            headThere |= turn.message->id == tree.chat.head;
        CHECK(headThere);
    }
}

TEST_CASE("a circle in a damaged store ends") {
    ConversationTree tree = smallTree();
    tree.messages[0].parent = 3;
    for (const ExportFormat& format : exportFormats()) {
        (void)format.write(tree, wanted(ExportScope::All)).ok();
        CHECK(format.write(tree, wanted(ExportScope::Branch)).ok());
    }
}

TEST_CASE("a PDF has its pages and its words") {
    ConversationTree tree = smallTree();
    tree.messages[1].segments[1].text = QStringLiteral(
        "A sum $\\frac{1}{2} + x^2$ and\n\n$$\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}$$\n\n- a list with "
        "$y_3$\n\n"
        "| a | b |\n| --- | ---: |\n| $z$ | 2 |\n\n```py\nprint(1)\n```\n\n$\\nonsense{$ stays.");
    for (int i = 0; i < 80; ++i)
        tree.messages[1].segments[1].text += QStringLiteral("\n\nParagraph %1 of a long answer.").arg(i);
    const auto bytes = writePdf(tree, wanted(ExportScope::Branch, 2));
    REQUIRE(bytes.ok());
    CHECK(bytes->startsWith("%PDF-1."));
    CHECK(bytes->trimmed().endsWith("%%EOF"));
    CHECK(bytes->count("/Type /Page\n") >= 2);
    const QString out = qEnvironmentVariable("PONDER_TEST_PDF"); // to look at
    if (!out.isEmpty()) CHECK(writeFile(out, *bytes).ok());
}

TEST_CASE("file names are what every system takes") {
    CHECK(suggestedFileName("Is 91 prime?", "md") == "Is 91 prime.md");
    CHECK(suggestedFileName("a/b\\c:d*e?\"f<g>h|i\n\tj", "txt") == "a b c d e f g h i j.txt");
    CHECK(suggestedFileName("...hidden", "md") == "hidden.md");
    CHECK(suggestedFileName("", "md") == "Conversation.md");
    CHECK(suggestedFileName("???", "md") == "Conversation.md");
    CHECK(suggestedFileName(QString(300, 'x'), "md").size() <= 90);
    CHECK(suggestedFileName(QString(79, 'x') + QString::fromUtf8("😀😀"), "md").toUtf8().size() < 255);
    CHECK(suggestedFileName(QString(300, QChar(0x4E3A)), "md").toUtf8().size() <= 255);
}

TEST_CASE("a file is replaced as a whole or not at all") {
    QTemporaryDir folder;
    const QString path = folder.filePath("a.md");
    REQUIRE(writeFile(path, "first").ok());
    REQUIRE(writeFile(path, QByteArray(3'000'000, 'x')).ok());
    QFile file(path);
    CHECK(file.size() == 3'000'000);
    const auto inFolder = writeFile(folder.path(), "x");
    REQUIRE_FALSE(inFolder.ok());
    CHECK(inFolder.error().message.find("folder") != std::string::npos);
    const auto nowhere = writeFile(folder.filePath("not/there/a.md"), "x");
    REQUIRE_FALSE(nowhere.ok());
    CHECK(nowhere.error().message.find("choose another place") != std::string::npos);
    CHECK_FALSE(writeFile("/dev/null", "x").ok()); // and it is still what it was
    CHECK(QFileInfo("/dev/null").isFile() == false);
}

// A limit on the size of files is a full disk that needs no disk.
TEST_CASE("a disk that fills up takes nothing away") {
    QTemporaryDir folder;
    const QString path = folder.filePath("a.md");
    REQUIRE(writeFile(path, "first").ok());
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    getrlimit(RLIMIT_FSIZE, &old);
    rlimit small = old;
    small.rlim_cur = 2'000'000;
    setrlimit(RLIMIT_FSIZE, &small);
    const auto full = writeFile(path, QByteArray(3'000'000, 'x'));
    setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, before);
    REQUIRE_FALSE(full.ok());
    CHECK(full.error().message.find("could not be written") != std::string::npos);
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadOnly));
    CHECK(file.readAll() == "first");
    CHECK(QDir(folder.path()).entryList(QDir::Files).size() == 1); // no half a file beside it
}
