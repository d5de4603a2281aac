// Errors in the words of the window, and numbers with their units.
#include <doctest/doctest.h>

#include <QLocale>
#include <QSet>

#include "app/errors/advice.h"
#include "app/format.h"

using namespace ponder;
using namespace ponder::app;

TEST_CASE("every code has a title, a sentence and, where there is a remedy, a button") {
    QSet<QString> titles;
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
        CAPTURE(code);
        const Advice advice = adviseOn({static_cast<ErrorCode>(code), "the file has 3 bytes"});
        CHECK(!advice.title.isEmpty());
        CHECK(advice.title != "Something went wrong"); // what stands for a code without a row
        CHECK(!titles.contains(advice.title));
        titles.insert(advice.title);
        CHECK(advice.text == "The file has 3 bytes.");
        CHECK(advice.button.isEmpty() == (advice.remedy == Remedy::None));
        CHECK(codeFromName(codeName(static_cast<ErrorCode>(code))) == static_cast<ErrorCode>(code));
    }
}

TEST_CASE("names of tensors and files keep their spelling") {
    CHECK(adviseOn({ErrorCode::MalformedFile, "blk.3.attn_q: short"}).text == "blk.3.attn_q: short.");
    CHECK(adviseOn({ErrorCode::Io, ""}).text.isEmpty());
}

TEST_CASE("numbers have a unit and the digits that were measured") {
    QLocale::setDefault(QLocale::c());
    CHECK(formatBytes(0) == "0 B");
    CHECK(formatBytes(999) == "999 B");
    CHECK(formatBytes(4'683'073'184) == "4.7 GB");
    CHECK(formatMemory(1ull << 30) == "1.0 GiB");
    CHECK(formatMemory(UINT64_MAX).endsWith("TiB"));
    CHECK(formatSeconds(0.21) == "0.21 s");
    CHECK(formatSeconds(0.999) == "1.0 s");
    CHECK(formatSeconds(2.2) == "2.2 s");
    CHECK(formatSeconds(9.96) == "10 s");
    CHECK(formatSeconds(59.9) == "1:00");
    CHECK(formatSeconds(130.2) == "2:10");
    CHECK(formatClock(7.9) == "0:07");
    CHECK(formatRate(58.44) == "58.4 tok/s");
}

TEST_CASE("a sentence, whoever wrote it") {
    CHECK(sentence("the engine was ended by signal 9") == "The engine was ended by signal 9.");
    CHECK(sentence("The driver gave up: try again.") == "The driver gave up: try again.");
    CHECK(sentence("blk.3.attn_q: expected [1]") == "blk.3.attn_q: expected [1].");
    CHECK(sentence("").isEmpty());
}
