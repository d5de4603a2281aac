#include "app/cli/io.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "app/cli/statistics.h"

using namespace ponder;
using namespace ponder::app::cli;

TEST_CASE("messages") {
    const auto messages =
        parseMessages(R"([{"role":"system","content":"s"},{"role":"user","content":"ü","name":"x"},
                                            {"role":"assistant","content":""}])",
                      "standard input");
    REQUIRE(messages.ok());
    REQUIRE(messages->size() == 3);
    CHECK((*messages)[0].role == models::Role::System);
    CHECK((*messages)[1].content == "ü");
    CHECK((*messages)[2].role == models::Role::Assistant);
    CHECK(parseMessages("[]", "standard input").value().empty());
}

TEST_CASE("messages that are none say which and why") {
    const auto message = [](std::string_view json) {
        const auto result = parseMessages(json, "standard input");
        REQUIRE_FALSE(result.ok());
        return result.error().message;
    };
    CHECK(message("").find("not a JSON array") != std::string::npos);
    CHECK(message("{}").find("not a JSON array") != std::string::npos);
    CHECK(message("[1").find("not a JSON array") != std::string::npos);
    CHECK(message("[\"\xFF\"]").find("not a JSON array") != std::string::npos);
    CHECK(message(R"([{"role":"user","content":"a"},1])") ==
          "Message 2 of standard input is not an object with \"role\" and \"content\".");
    CHECK(message(R"([{"content":"a"}])").find("has no \"role\"") != std::string::npos);
    CHECK(message(R"([{"role":"user"}])").find("has no \"content\"") != std::string::npos);
    CHECK(message(R"([{"role":"user","content":null}])").find("not a text") != std::string::npos);
    CHECK(message(R"([{"role":"wizard","content":"a"}])").find("'wizard'") != std::string::npos);
}

TEST_CASE("files") {
    const auto path = std::filesystem::temp_directory_path() / "ponder_io_test.txt";
    std::ofstream(path) << "5, 6\n7\n";
    CHECK(readFile(path.string()).value() == "5, 6\n7\n");
    CHECK(readTokens("@" + path.string()).value() == std::vector<models::TokenId>{5, 6, 7});
    CHECK(readTokens("8,9").value() == std::vector<models::TokenId>{8, 9});
    std::filesystem::remove(path);
    CHECK(readFile(path.string()).error().code == ErrorCode::NotFound);
    CHECK(readFile(std::filesystem::temp_directory_path().string()).error().code == ErrorCode::Io); // a folder
}

TEST_CASE("text of a model cannot drive the terminal") {
    CHECK(forTerminal("a\tb\n\033[31mred\033[0m\a\r\x7F") == "a\tb\n[31mred[0m");
    CHECK(forTerminal("\u009B31m\u00E9") == "31m\u00E9"); // the one-character form of the same
}

TEST_CASE("median, least and greatest") {
    CHECK(spreadOf({3, 1, 2}).median == 2);
    CHECK(spreadOf({4, 1, 2, 3}).median == 2.5);
    CHECK(spreadOf({4, 1, 2, 3}).least == 1);
    CHECK(spreadOf({4, 1, 2, 3}).greatest == 4);
    CHECK(spreadOf({}).median == 0);
}
