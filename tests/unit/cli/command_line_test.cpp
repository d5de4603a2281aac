#include "app/cli/command_line.h"

#include <doctest/doctest.h>

using namespace ponder;
using namespace ponder::app::cli;

namespace {

Result<CommandLine> parse(std::initializer_list<std::string_view> arguments) {
    const std::vector<std::string_view> list(arguments);
    return parseCommandLine(list);
}

CommandLine good(std::initializer_list<std::string_view> arguments) {
    auto line = parse(arguments);
    if (!line) FAIL(line.error().message);
    return std::move(line).value();
}

void refused(std::initializer_list<std::string_view> arguments, std::string_view saying) {
    const auto line = parse(arguments);
    REQUIRE_FALSE(line.ok());
    CHECK(line.error().code == ErrorCode::InvalidArgument);
    CAPTURE(line.error().message);
    CHECK(line.error().message.find(saying) != std::string::npos);
    CHECK(line.error().message.find('\n') == std::string::npos);
}

} // namespace

TEST_CASE("every command of the fixed command line") {
    CHECK(good({"devices", "--json"}).json);
    CHECK(good({"info", "m.gguf", "--json"}).file == "m.gguf");
    CHECK(good({"tokenize", "m.gguf"}).command == Command::Tokenize);
    CHECK(good({"prompt", "m.gguf"}).command == Command::Prompt);

    const auto logits =
        good({"logits", "m.gguf", "--tokens", "1,2,3", "--output", "o.f32", "--step", "--precise"});
    CHECK(logits.tokens == "1,2,3");
    CHECK(logits.output == "o.f32");
    CHECK(logits.step);
    CHECK(logits.load.precise);
    CHECK(good({"logits", "m", "--tokens", "@ids.txt", "--output", "o", "--mtp"}).mtp);

    const auto generate = good({"generate", "m.gguf", "--prompt", "Hi there", "--max-tokens", "5", "--seed",
                                "18446744073709551615", "--temperature", "0", "--top-p", "0.5", "--top-k",
                                "40", "--min-p", "0.05", "--raw", "--json"});
    CHECK(generate.prompt == "Hi there");
    CHECK(generate.maxTokens == 5);
    CHECK(generate.sampling.seed == UINT64_MAX);
    CHECK(generate.sampling.temperature == 0);
    CHECK(generate.sampling.topP == 0.5f);
    CHECK(generate.sampling.topK == 40);
    CHECK(generate.sampling.minP == 0.05f);
    CHECK(generate.raw);
    CHECK(generate.json);
    CHECK(good({"generate", "m", "--messages", "f.json"}).messages == "f.json");

    CHECK(good({"chat", "m.gguf"}).command == Command::Chat);
    const auto bench = good({"bench", "m", "--prompt", "64", "--generate", "0", "--depth", "1000", "--batch",
                             "2", "--repeat", "3"});
    CHECK(bench.benchPrompt == 64);
    CHECK(bench.benchGenerate == 0);
    CHECK(bench.benchDepth == 1000);
    CHECK(bench.benchBatch == 2);
    CHECK(bench.benchRepeat == 3);
    const auto pack = good({"mtp-pack", "folder", "out.gguf"});
    CHECK(pack.file == "folder");
    CHECK(pack.output == "out.gguf");
}

TEST_CASE("defaults") {
    const auto generate = good({"generate", "m", "--prompt", ""});
    CHECK(generate.prompt == "");
    CHECK(generate.maxTokens == 32768);
    CHECK(generate.sampling == protocol::SamplingParams{});
    CHECK(generate.load == protocol::LoadOptions{});
    CHECK(generate.load.experts == protocol::Experts::Auto);
    CHECK_FALSE(generate.draft.has_value());
    const auto bench = good({"bench", "m"});
    CHECK(bench.benchPrompt == 512);
    CHECK(bench.benchGenerate == 128);
    CHECK(bench.benchDepth == 0);
    CHECK(bench.benchBatch == 1);
    CHECK(bench.benchRepeat == 5);
}

TEST_CASE("the options that stand everywhere") {
    for (const std::string_view command : {"info", "tokenize", "prompt", "chat", "bench"}) {
        const auto line = good({command, "--device", "vulkan:1", "--context=4096", "m", "--vram-budget",
                                "24GiB", "--ram-budget", "1000", "--precise", "--experts", "host", "--draft",
                                "off", "--mtp-file", "f", "--cache", "q8"});
        CHECK(line.file == "m");
        CHECK(line.load.device == "vulkan:1");
        CHECK(line.load.context == 4096);
        CHECK(line.load.vramBudget == 24ull << 30);
        CHECK(line.load.ramBudget == 1000);
        CHECK(line.load.precise);
        CHECK(line.load.experts == protocol::Experts::Host);
        CHECK(line.load.cache == protocol::Cache::Q8);
        CHECK(line.draft == 0u);
        CHECK(line.mtpFile == "f");
    }
    CHECK(good({"devices", "--device", "cpu"}).load.device == "cpu");
    CHECK(good({"chat", "m", "--draft", "3"}).draft == 3u);
    CHECK(good({"chat", "m", "--draft", "3", "--draft", "auto"}).draft == std::nullopt); // the last counts
}

TEST_CASE("help and version") {
    CHECK(good({"--help"}).help);
    CHECK(good({"-h"}).help);
    CHECK(good({"--version"}).version);
    const auto line = good({"bench", "--help", "--nonsense"});
    CHECK(line.help);
    CHECK(line.command == Command::Bench);
    CHECK(helpText(std::nullopt).find("mtp-pack") != std::string::npos);
    CHECK(helpText(std::nullopt).find("--ram-budget") != std::string::npos);
    for (int i = 0; i < kCommandCount; ++i) {
        const auto command = static_cast<Command>(i);
        CHECK(helpText(command).find("ponder-cli " + std::string(commandName(command))) == 0);
    }
    CHECK(helpText(Command::Chat).find("--top-k") == std::string::npos);
    CHECK(helpText(Command::Generate).find("--top-k K") != std::string::npos);
}

TEST_CASE("wrong usage says what to do, in one line") {
    refused({}, "needs a command");
    refused({"inf", "m"}, "no command 'inf'");
    refused({"in\nfo"}, "no command");
    refused({"info"}, "needs a model file");
    refused({"info", ""}, "empty");
    refused({"info", "a", "b"}, "'b' is one argument too many");
    refused({"devices", "a"}, "one argument too many");
    refused({"mtp-pack", "folder"}, "needs a folder");
    refused({"info", "m", "--top-k", "3"}, "info knows no option '--top-k'");
    refused({"info", "m", "--json=1"}, "takes no value");
    refused({"info", "m", "--context"}, "--context needs a value: N");
    refused({"info", "m", "--context", "0"}, "from 1 to");
    refused({"info", "m", "--context", "12x"}, "'12x'");
    refused({"info", "m", "--context", "-5"}, "'-5'");
    refused({"info", "m", "--context", "99999999999999999999"}, "--context");
    refused({"info", "m", "--device", "gpu"}, "'gpu'");
    refused({"info", "m", "--device", "vulkan:"}, "vulkan:");
    refused({"info", "m", "--vram-budget", "much"}, "24GiB");
    refused({"info", "m", "--experts", "gpu"}, "--experts");
    refused({"info", "m", "--cache", "f32"}, "--cache takes f16 or q8, not 'f32'");
    refused({"info", "m", "--draft", "9"}, "--draft");
    refused({"logits", "m", "--tokens", "1"}, "--output");
    refused({"logits", "m", "--output", "o"}, "--tokens");
    refused({"logits", "m", "--tokens", "1,x", "--output", "o"}, "'x'");
    refused({"logits", "m", "--tokens", "", "--output", "o"}, "empty");
    refused({"logits", "m", "--tokens", "1", "--output", "o", "--step", "--mtp"}, "exclude");
    refused({"generate", "m"}, "exactly one of");
    refused({"generate", "m", "--prompt", "a", "--tokens", "1"}, "exactly one of");
    refused({"generate", "m", "--messages", "f", "--raw"}, "--raw");
    refused({"generate", "m", "--prompt", "a", "--temperature", "nan"}, "--temperature");
    refused({"generate", "m", "--prompt", "a", "--temperature", "-1"}, "--temperature");
    refused({"generate", "m", "--prompt", "a", "--top-p", "1.5"}, "--top-p");
    refused({"generate", "m", "--prompt", "a", "--max-tokens", "0"}, "--max-tokens");
    refused({"bench", "m", "--prompt", "0", "--generate", "0"}, "nothing to measure");
}

TEST_CASE("values that look like options, and the end of options") {
    CHECK(good({"generate", "m", "--prompt", "--help"}).prompt == "--help");
    CHECK(good({"generate", "m", "--prompt=a=b"}).prompt == "a=b");
    CHECK(good({"info", "--", "--strange.gguf"}).file == "--strange.gguf");
    CHECK(good({"info", "-"}).file == "-");
}

TEST_CASE("bytes") {
    CHECK(parseBytes("123").value() == 123);
    CHECK(parseBytes("24GiB").value() == 24ull << 30);
    CHECK(parseBytes("24 GiB").value() == 24ull << 30);
    CHECK(parseBytes("1.5GB").value() == 1500000000);
    CHECK(parseBytes("512MiB").value() == 512ull << 20);
    for (const char* wrong :
         {"", " ", "GiB", "-1", "0", "1e3", "nan", "inf", "12 apples", "99999999999TiB", "1GiBx", "0x10"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parseBytes(wrong).ok());
    }
}

TEST_CASE("lists of tokens") {
    CHECK(parseTokenList("1,2,3").value() == std::vector<models::TokenId>{1, 2, 3});
    CHECK(parseTokenList(" 1 2\n3,\t4 ").value() == std::vector<models::TokenId>{1, 2, 3, 4});
    CHECK(parseTokenList("2147483647").value() == std::vector<models::TokenId>{INT32_MAX});
    for (const char* wrong : {"", ",", "a", "1,-2", "2147483648", "1.5", "1;2", "[1]"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parseTokenList(wrong).ok());
    }
}
