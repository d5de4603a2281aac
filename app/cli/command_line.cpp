#include "app/cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

constexpr uint32_t bit(Command command) { return 1u << static_cast<int>(command); }
constexpr uint32_t kEverywhere = (1u << kCommandCount) - 1;
constexpr uint32_t kMostTokens = 1u << 24; // of any count; far beyond every context

struct CommandRow {
    Command command;
    std::string_view name;
    std::string_view usage;   // behind the name
    std::string_view summary; // one line
    std::string_view details; // more lines for its own help, or nothing
    size_t operands;          // exactly so many: FILE, and OUT of mtp-pack
};

constexpr CommandRow kCommands[] = {
    {Command::Devices, "devices", "[--json]", "the devices that Ponder can use, the CPU among them",
     "Shows what a device's kernels and a copy reach, once the first load of a model on it has measured "
     "that.\n",
     0},
    {Command::Info, "info", "FILE [--json]", "what the file is, and the memory plan for each device",
     "Proves that every tensor lies inside the file.\n", 1},
    {Command::Tokenize, "tokenize", "FILE [--json]", "text on standard input -> token ids",
     "Special tokens are recognised, no BOS is added. With --json an array of texts -> an array of arrays.\n"
     "Works on a file with a vocabulary and no tensors.\n",
     1},
    {Command::Prompt, "prompt", "FILE", "messages as JSON on standard input -> the prompt's text",
     "Reads [{\"role\": \"system\"|\"user\"|\"assistant\", \"content\": TEXT}, ...]; nothing is added to the "
     "text, not even a newline.\n"
     "Works on a file with a vocabulary and no tensors.\n",
     1},
    {Command::Logits, "logits", "FILE --tokens LIST --output FILE.f32 [--step] [--mtp]",
     "logits of every position, as float32",
     "Writes little-endian float32 [tokens][vocabulary]. Standard error names device and kernel path.\n", 1},
    {Command::Generate, "generate", "FILE (--prompt TEXT | --messages FILE | --tokens LIST) [OPTIONS]",
     "an answer, token by token",
     "--prompt is one user message in the model's layout; with --raw it is the text as it is. Tokens are "
     "taken as they are.\n"
     "The same seed and settings give the same answer. --json prints one event a line:\n"
     "  {\"type\":\"token\",\"channel\":\"thought\"|\"answer\",\"text\":TEXT,\"id\":N}\n"
     "  {\"type\":\"done\",\"reason\":\"stop\"|\"length\"|\"cancelled\"|\"error\",\"stats\":{...}}\n",
     1},
    {Command::Chat, "chat", "FILE", "a conversation in the terminal, thoughts dimmed",
     "/new begins another conversation, /exit or Ctrl+D ends, Ctrl+C stops an answer.\n", 1},
    {Command::Bench, "bench", "FILE [OPTIONS]", "how fast the file runs here",
     "Feeds random tokens, never its own output. Prints medians with least and greatest.\n", 1},
    {Command::MtpPack, "mtp-pack", "FOLDER OUT.gguf",
     "the multi-token-prediction block of the official safetensors as a side file", "", 2},
};

const CommandRow& rowOf(Command command) { return kCommands[static_cast<size_t>(command)]; }

Error usage(std::string message) { return {ErrorCode::InvalidArgument, std::move(message)}; }

// Values of options. Each names the option in its error; `least` and `most` are inclusive.
template <typename T>
Result<void> readNumber(std::string_view name, std::string_view text, T least, T most, T& into) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool good = error == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
    if constexpr (std::is_floating_point_v<T>) good = good && std::isfinite(value);
    if (!good) {
        if constexpr (std::is_floating_point_v<T>)
            return usage(fmt::format("{} takes a number from {} to {}, not '{}'.", name, least, most,
                                     printable(text)));
        else
            return usage(fmt::format("{} takes a whole number from {} to {}, not '{}'.", name, least, most,
                                     printable(text)));
    }
    into = value;
    return {};
}

Result<void> readBytes(std::string_view name, std::string_view text, uint64_t& into) {
    const auto bytes = parseBytes(text);
    if (!bytes) return usage(fmt::format("{} takes bytes such as 24GiB, not '{}'.", name, printable(text)));
    into = *bytes;
    return {};
}

Result<void> readDevice(std::string_view text, std::string& into) {
    constexpr std::string_view kPrefix = "vulkan:";
    const std::string_view number =
        text.substr(0, kPrefix.size()) == kPrefix ? text.substr(kPrefix.size()) : "";
    const bool digits = !number.empty() && number.size() <= 3 &&
                        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text != "cpu" && !digits)
        return usage(
            fmt::format("--device takes vulkan:0, another number, or cpu, not '{}'.", printable(text)));
    into = text;
    return {};
}

Result<void> readTokens(std::string_view text, std::optional<std::string>& into) {
    if (text.substr(0, 1) != "@") // a file is read later
        if (auto list = parseTokenList(text); !list) return std::move(list).error();
    into = text;
    return {};
}

struct OptionRow {
    std::string_view name;  // with its dashes
    std::string_view value; // what its value is called in the help; empty: a switch
    uint32_t commands;      // that know it
    std::string_view help;
    Result<void> (*read)(std::string_view value, CommandLine& into);
};

using Line = CommandLine;
using View = std::string_view;

const OptionRow kOptions[] = {
    {"--json", "",
     bit(Command::Devices) | bit(Command::Info) | bit(Command::Tokenize) | bit(Command::Generate) |
         bit(Command::Bench),
     "machine-readable output",
     [](View, Line& l) -> Result<void> {
         l.json = true;
         return {};
     }},
    {"--tokens", "LIST", bit(Command::Logits) | bit(Command::Generate), "token ids: 1,2,3 or @FILE",
     [](View v, Line& l) { return readTokens(v, l.tokens); }},
    {"--output", "FILE", bit(Command::Logits), "where the logits go",
     [](View v, Line& l) -> Result<void> {
         l.output = v;
         return {};
     }},
    {"--step", "", bit(Command::Logits), "one token at a time through the decoding path",
     [](View, Line& l) -> Result<void> {
         l.step = true;
         return {};
     }},
    {"--mtp", "", bit(Command::Logits), "[tokens-1][vocabulary] of the prediction block",
     [](View, Line& l) -> Result<void> {
         l.mtp = true;
         return {};
     }},
    {"--prompt", "TEXT", bit(Command::Generate), "one user message",
     [](View v, Line& l) -> Result<void> {
         l.prompt = v;
         return {};
     }},
    {"--messages", "FILE", bit(Command::Generate),
     "a conversation as JSON, as `prompt` reads it; - for standard input",
     [](View v, Line& l) -> Result<void> {
         l.messages = v;
         return {};
     }},
    {"--max-tokens", "N", bit(Command::Generate), "at most so many, thought and answer together (32768)",
     [](View v, Line& l) { return readNumber<uint32_t>("--max-tokens", v, 1, kMostTokens, l.maxTokens); }},
    {"--seed", "S", bit(Command::Generate), "of the random choices (0)",
     [](View v, Line& l) { return readNumber<uint64_t>("--seed", v, 0, UINT64_MAX, l.sampling.seed); }},
    {"--temperature", "T", bit(Command::Generate), "0: always the likeliest token (0.6)",
     [](View v, Line& l) { return readNumber<float>("--temperature", v, 0, 100, l.sampling.temperature); }},
    {"--top-p", "P", bit(Command::Generate), "the likeliest tokens that make up this share; 1: all (0.95)",
     [](View v, Line& l) { return readNumber<float>("--top-p", v, 0, 1, l.sampling.topP); }},
    {"--top-k", "K", bit(Command::Generate), "the K likeliest tokens; 0: all (0)",
     [](View v, Line& l) { return readNumber<int>("--top-k", v, 0, INT32_MAX, l.sampling.topK); }},
    {"--min-p", "P", bit(Command::Generate),
     "tokens at least this share as likely as the likeliest; 0: all (0)",
     [](View v, Line& l) { return readNumber<float>("--min-p", v, 0, 1, l.sampling.minP); }},
    {"--raw", "", bit(Command::Generate), "the text or the tokens as they are, without a layout",
     [](View, Line& l) -> Result<void> {
         l.raw = true;
         return {};
     }},
    {"--prompt", "N", bit(Command::Bench), "tokens to read (512)",
     [](View v, Line& l) { return readNumber<uint32_t>("--prompt", v, 0, kMostTokens, l.benchPrompt); }},
    {"--generate", "N", bit(Command::Bench), "tokens to generate (128)",
     [](View v, Line& l) { return readNumber<uint32_t>("--generate", v, 0, kMostTokens, l.benchGenerate); }},
    {"--depth", "N", bit(Command::Bench), "tokens already in the cache (0)",
     [](View v, Line& l) { return readNumber<uint32_t>("--depth", v, 0, kMostTokens, l.benchDepth); }},
    {"--batch", "N", bit(Command::Bench), "sequences at once (1)",
     [](View v, Line& l) { return readNumber<uint32_t>("--batch", v, 1, 1024, l.benchBatch); }},
    {"--repeat", "N", bit(Command::Bench), "measured runs, after one to warm up (5)",
     [](View v, Line& l) { return readNumber<uint32_t>("--repeat", v, 1, 10000, l.benchRepeat); }},

    {"--device", "vulkan:N|cpu", kEverywhere, "which device (the first that `devices` lists)",
     [](View v, Line& l) { return readDevice(v, l.load.device); }},
    {"--context", "N", kEverywhere, "tokens of context (the least of the file's, 32768, and what fits)",
     [](View v, Line& l) { return readNumber<uint32_t>("--context", v, 1, kMostTokens, l.load.context); }},
    {"--vram-budget", "BYTES", kEverywhere, "device memory to use: bytes, or 24GiB (what is free)",
     [](View v, Line& l) { return readBytes("--vram-budget", v, l.load.vramBudget); }},
    {"--ram-budget", "BYTES", kEverywhere, "host memory to use: bytes, or 24GiB (what is free)",
     [](View v, Line& l) { return readBytes("--ram-budget", v, l.load.ramBudget); }},
    {"--precise", "", kEverywhere, "float32 activations and cache; slow, for comparisons",
     [](View, Line& l) -> Result<void> {
         l.load.precise = true;
         return {};
     }},
    {"--experts", "auto|host|device", kEverywhere, "where the experts of a mixture are computed (auto)",
     [](View v, Line& l) -> Result<void> {
         if (v != "auto" && v != "host" && v != "device")
             return usage(fmt::format("--experts takes auto, host or device, not '{}'.", printable(v)));
         using protocol::Experts;
         l.load.experts = v == "host" ? Experts::Host : v == "device" ? Experts::Device : Experts::Auto;
         return {};
     }},
    {"--cache", "f16|q8", kEverywhere, "keys and values in 16 bits or in 8, which take half the memory (f16)",
     [](View v, Line& l) -> Result<void> {
         if (v != "f16" && v != "q8")
             return usage(fmt::format("--cache takes f16 or q8, not '{}'.", printable(v)));
         l.load.cache = v == "q8" ? protocol::Cache::Q8 : protocol::Cache::F16;
         return {};
     }},
    {"--draft", "off|auto|N", kEverywhere, "tokens guessed ahead; none is yet, so without effect (auto)",
     [](View v, Line& l) -> Result<void> {
         l.draft.reset();
         if (v == "auto") return {};
         uint32_t count = 0;
         if (v != "off" && !readNumber<uint32_t>("--draft", v, 0, 7, count))
             return usage(
                 fmt::format("--draft takes off, auto or a number from 0 to 7, not '{}'.", printable(v)));
         l.draft = count;
         return {};
     }},
    {"--mtp-file", "FILE", kEverywhere, "side file with the multi-token-prediction block",
     [](View v, Line& l) -> Result<void> {
         l.mtpFile = v;
         return {};
     }},
};

const OptionRow* findOption(Command command, std::string_view name) {
    const auto found = std::find_if(std::begin(kOptions), std::end(kOptions), [&](const OptionRow& row) {
        return row.name == name && (row.commands & bit(command)) != 0;
    });
    return found == std::end(kOptions) ? nullptr : &*found;
}

std::string seeHelp(Command command) { return fmt::format("see ponder-cli {} --help", commandName(command)); }

Result<void> checkComplete(const CommandLine& line, const std::vector<std::string_view>& operands) {
    const Command command = *line.command;
    const CommandRow& row = rowOf(command);
    if (operands.size() < row.operands)
        return usage(fmt::format("{} needs {}: {}.", row.name,
                                 row.operands == 2 ? "a folder and the file to write" : "a model file",
                                 seeHelp(command)));
    if (operands.size() > row.operands)
        return usage(fmt::format("'{}' is one argument too many for {}: {}.",
                                 printable(operands[row.operands]), row.name, seeHelp(command)));
    if (row.operands > 0 && line.file.empty())
        return usage(fmt::format("The name of the file is empty: {}.", seeHelp(command)));
    if (command == Command::Logits && (!line.tokens || line.output.empty()))
        return usage(fmt::format("logits needs --tokens and --output: {}.", seeHelp(command)));
    if (command == Command::Logits && line.step && line.mtp)
        return usage("--step and --mtp exclude each other: give one of them.");
    if (command == Command::Generate) {
        const int sources =
            int{line.prompt.has_value()} + int{line.messages.has_value()} + int{line.tokens.has_value()};
        if (sources != 1)
            return usage(fmt::format("generate needs exactly one of --prompt, --messages and --tokens: {}.",
                                     seeHelp(command)));
        if (line.messages && line.raw)
            return usage("--messages have a layout, --raw means none: give one of them.");
    }
    if (command == Command::Bench && line.benchPrompt == 0 && line.benchGenerate == 0)
        return usage("bench has nothing to measure with --prompt 0 and --generate 0: give one of them more.");
    return {};
}

// Those of one command, or those that stand everywhere.
void appendOptions(std::string& text, std::optional<Command> command) {
    for (const OptionRow& row : kOptions) {
        const bool everywhere = row.commands == kEverywhere;
        if (command ? everywhere || (row.commands & bit(*command)) == 0 : !everywhere) continue;
        text += fmt::format(
            "  {:<27} {}\n",
            row.value.empty() ? std::string(row.name) : fmt::format("{} {}", row.name, row.value), row.help);
    }
}

} // namespace

std::string_view commandName(Command command) { return rowOf(command).name; }

Result<CommandLine> parseCommandLine(std::span<const std::string_view> arguments) {
    CommandLine line;
    std::vector<std::string_view> operands;
    bool optionsEnded = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (!line.command) {
            if (argument == "--help" || argument == "-h" || argument == "help") {
                line.help = true;
                return line;
            }
            if (argument == "--version") {
                line.version = true;
                return line;
            }
            const auto row = std::find_if(std::begin(kCommands), std::end(kCommands),
                                          [&](const CommandRow& r) { return r.name == argument; });
            if (row == std::end(kCommands))
                return usage(
                    fmt::format("There is no command '{}': see ponder-cli --help.", printable(argument)));
            line.command = row->command;
            continue;
        }
        if (optionsEnded || argument.size() < 2 || argument[0] != '-') {
            operands.push_back(argument);
            continue;
        }
        if (argument == "--") {
            optionsEnded = true;
            continue;
        }
        if (argument == "--help" || argument == "-h") {
            line.help = true;
            return line;
        }
        const size_t equals = argument.find('=');
        const std::string_view name = argument.substr(0, equals);
        const OptionRow* option = findOption(*line.command, name);
        if (option == nullptr)
            return usage(fmt::format("{} knows no option '{}': {}.", commandName(*line.command),
                                     printable(name), seeHelp(*line.command)));
        std::string_view value;
        if (option->value.empty()) {
            if (equals != std::string_view::npos) return usage(fmt::format("{} takes no value.", name));
        } else if (equals != std::string_view::npos) {
            value = argument.substr(equals + 1);
        } else if (i + 1 < arguments.size()) {
            value = arguments[++i];
        } else {
            return usage(fmt::format("{} needs a value: {}.", name, option->value));
        }
        RETURN_IF_ERROR(option->read(value, line));
    }
    if (!line.command) return usage("ponder-cli needs a command: see ponder-cli --help.");
    if (!operands.empty()) line.file = operands[0];
    if (*line.command == Command::MtpPack && operands.size() > 1) line.output = operands[1];
    RETURN_IF_ERROR(checkComplete(line, operands));
    return line;
}

std::string helpText(std::optional<Command> command) {
    std::string text;
    if (!command) {
        text = "ponder-cli: reasoning models on your own computer, in the terminal.\n\n";
        for (const CommandRow& row : kCommands)
            text += fmt::format("  ponder-cli {:<9} {}\n", row.name, row.summary);
        text += "\nponder-cli COMMAND --help says more. Everywhere:\n";
    } else {
        const CommandRow& row = rowOf(*command);
        text = fmt::format("ponder-cli {} {}\n\n{}\n{}\n", row.name, row.usage, row.summary, row.details);
        appendOptions(text, command);
        text += "Everywhere:\n";
    }
    appendOptions(text, std::nullopt);
    return text;
}

Result<uint64_t> parseBytes(std::string_view text) {
    struct Unit {
        std::string_view name;
        double bytes;
    };
    constexpr Unit kUnits[] = {{"", 1},
                               {"B", 1},
                               {"kB", 1e3},
                               {"KB", 1e3},
                               {"MB", 1e6},
                               {"GB", 1e9},
                               {"TB", 1e12},
                               {"KiB", 1024},
                               {"MiB", 1048576},
                               {"GiB", 1073741824},
                               {"TiB", 1099511627776}};
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    std::string_view rest =
        error == std::errc() ? text.substr(static_cast<size_t>(end - text.data())) : std::string_view("?");
    if (rest.size() > 1 && rest[0] == ' ') rest.remove_prefix(1);
    const auto unit =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& u) { return u.name == rest; });
    if (unit == std::end(kUnits) || !std::isfinite(number)) return usage("not a number of bytes");
    const double bytes = number * unit->bytes;
    if (bytes < 1 || bytes >= 9.2e18) return usage("not a number of bytes that a machine has");
    return static_cast<uint64_t>(bytes);
}

Result<std::vector<models::TokenId>> parseTokenList(std::string_view text) {
    std::vector<models::TokenId> tokens;
    const auto separator = [](char c) { return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    for (size_t at = 0; at < text.size();) {
        if (separator(text[at])) {
            ++at;
            continue;
        }
        size_t end = at;
        while (end < text.size() && !separator(text[end])) ++end;
        models::TokenId id = 0;
        RETURN_IF_ERROR(
            readNumber<models::TokenId>("A list of tokens", text.substr(at, end - at), 0, INT32_MAX, id));
        tokens.push_back(id);
        at = end;
    }
    if (tokens.empty()) return usage("The list of tokens is empty: give ids such as 1,2,3.");
    return tokens;
}

} // namespace ponder::app::cli
