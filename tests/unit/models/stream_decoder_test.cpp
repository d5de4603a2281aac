#include <string>

#include <doctest/doctest.h>

#include "models/tokenizer.h"
#include "models/unicode.h"

using namespace ponder;
using namespace ponder::models;

TEST_CASE("a stream never gives out half a character") {
    const std::string text = "a\u00E9\u4E2D\U0001F600z";
    for (size_t chunk = 1; chunk <= text.size(); ++chunk) {
        StreamDecoder decoder;
        std::string joined;
        for (size_t at = 0; at < text.size(); at += chunk) {
            const std::string part = decoder.push(std::string_view(text).substr(at, chunk));
            std::string storage;
            CHECK(toValidUtf8(part, storage).data() == part.data()); // well formed by itself
            joined += part;
        }
        CHECK(joined == text);
        CHECK(decoder.finish().empty());
    }
}

TEST_CASE("what cannot be completed becomes U+FFFD, and no sooner") {
    StreamDecoder decoder;
    CHECK(decoder.push("\xF0\x9F").empty());
    CHECK(decoder.push("\x98").empty());
    CHECK(decoder.push("x") == "\uFFFDx");
    CHECK(decoder.push("\xFF") == "\uFFFD");
    CHECK(decoder.push("\xE2\x82").empty());
    CHECK(decoder.finish() == "\uFFFD");
    CHECK(decoder.finish().empty());
    CHECK(decoder.push("").empty());
    CHECK(decoder.push("ok") == "ok");
}

TEST_CASE("malformed UTF-8 is replaced by maximal subparts") {
    // The example of The Unicode Standard, section 3.9, table 3-11.
    std::string storage;
    CHECK(toValidUtf8("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", storage) ==
          "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd");
    CHECK(toValidUtf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", storage) ==
          "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41"); // overlong, table 3-8
    CHECK(toValidUtf8("\xF4\x91\x92\x93\xFF\x41", storage) == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41");
}
