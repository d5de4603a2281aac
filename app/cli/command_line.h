#pragma once
// The command line of ponder-cli as plain data: what was asked for, and nothing done yet. Options may stand anywhere behind
// the command, as `--name value` or `--name=value`; `--` ends them. Pure; any thread.
// A new option is one row of the table in command_line.cpp, a new command one row there and one file in commands/.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/protocol/messages.h"
#include "models/base/result.h"
#include "models/tokenizer.h"

namespace ponder::app::cli {

enum class Command { Devices, Info, Tokenize, Prompt, Logits, Generate, Chat, Bench, MtpPack };
inline constexpr int kCommandCount = 9;

struct CommandLine {
    std::optional<Command> command; // nothing: only help or the version is asked for
    bool help = false, version = false;

    // Everywhere.
    protocol::LoadOptions load;    // device, context, budgets, precise, experts, cache
    std::optional<uint32_t> draft; // tokens guessed ahead, which nothing does yet; nothing: automatic, 0: off
    std::string mtpFile;

    std::string file;   // FILE, or the FOLDER of mtp-pack
    std::string output; // logits --output, OUT of mtp-pack
    bool json = false;

    std::optional<std::string> tokens; // logits, generate: "1,2,3" or "@FILE"
    bool step = false, mtp = false;    // logits

    std::optional<std::string> prompt, messages; // generate
    uint32_t maxTokens = 32768;
    protocol::SamplingParams sampling;
    bool raw = false;

    uint32_t benchPrompt = 512, benchGenerate = 128, benchDepth = 0, benchBatch = 1, benchRepeat = 5;
};

// `arguments` without the program's name. Errors: InvalidArgument, one sentence; the caller exits with status 2.
Result<CommandLine> parseCommandLine(std::span<const std::string_view> arguments);

std::string_view commandName(Command command);
std::string helpText(std::optional<Command> command); // ends in a newline

// Parts of it, for whoever reads the same from files.
Result<uint64_t> parseBytes(std::string_view text);                         // "123", "24GiB", "1.5 GB"
Result<std::vector<models::TokenId>> parseTokenList(std::string_view text); // by commas or white space

} // namespace ponder::app::cli
