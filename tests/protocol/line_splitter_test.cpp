#include "inference/server/line_splitter.h"

#include <vector>

#include <doctest/doctest.h>

using ponder::server::LineSplitter;

namespace {
std::vector<std::string> take(LineSplitter& lines) {
    std::vector<std::string> all;
    while (const auto line = lines.next()) all.push_back(line->tooLong ? "too long" : line->text);
    return all;
}
} // namespace

TEST_CASE("lines come out whole however they came in") {
    const std::string text = "one\n\ntwo \xe2\x82\xac\nthree";
    for (size_t step = 1; step <= text.size(); ++step) {
        LineSplitter lines(100);
        std::vector<std::string> all;
        for (size_t i = 0; i < text.size(); i += step) {
            lines.push(text.substr(i, step));
            for (auto& line : take(lines)) all.push_back(line);
        }
        CHECK(all == std::vector<std::string>{"one", "", "two \xe2\x82\xac"}); // what has no end yet is no line
    }
}

TEST_CASE("a line that is too long is dropped and said so, once") {
    for (const size_t step : {1u, 3u, 7u, 1000u}) {
        LineSplitter lines(10);
        std::vector<std::string> all;
        const std::string text =
            std::string(100, 'x') + "\nafter\n" + std::string(11, 'y') + "\n" + std::string(10, 'z') + "\n";
        for (size_t i = 0; i < text.size(); i += step) {
            lines.push(text.substr(i, step));
            for (auto& line : take(lines)) all.push_back(line);
        }
        CHECK(all == std::vector<std::string>{"too long", "after", "too long", std::string(10, 'z')});
    }
}
