// ponder-cli: reads the command line, runs one command, turns its error into a line and a status.
// 0: done; 1: something was wrong with the input or the machine; 2: wrong usage. Never a signal.

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_line.h"
#include "app/cli/commands/commands.h"
#include "app/cli/io.h"
#include "inference/tuning.h"

namespace {

using namespace ponder;
using namespace ponder::app::cli;

Result<void> runCommand(const CommandLine& line) {
    switch (*line.command) {
    case Command::Devices:
        return runDevices(line);
    case Command::Info:
        return runInfo(line);
    case Command::Tokenize:
        return runTokenize(line);
    case Command::Prompt:
        return runPrompt(line);
    case Command::Logits:
        return runLogits(line);
    case Command::Generate:
        return runGenerate(line);
    case Command::Chat:
        return runChat(line);
    case Command::Bench:
        return runBench(line);
    case Command::MtpPack:
        return runMtpPack(line);
    }
    return {};
}

Result<void> print(const std::string& text) {
    RETURN_IF_ERROR(write(text));
    return flush();
}

int report(std::string message, int status) {
    for (char& c : message) // one line, whatever a driver had to say
        if (c == '\n' || c == '\r') c = ' ';
    std::fprintf(stderr, "ponder-cli: %s\n", message.c_str());
    return status;
}

int run(const std::vector<std::string_view>& arguments) {
    const auto line = parseCommandLine(arguments);
    if (!line) return report(line.error().message, 2);
    Result<void> result;
    if (line->version)
        result = print(std::string("ponder-cli ") + PONDER_VERSION + "\n");
    else if (line->help)
        result = print(helpText(line->command));
    else
        result = runCommand(*line);
    return result ? 0 : report(result.error().message, 1);
}

} // namespace

int main(int count, char** values) {
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of write()
    std::signal(SIGXFSZ, SIG_IGN); // so is a file that may not grow
    try {
        ponder::setLogLevel(ponder::inference::tuning().logLevel);
        return run(std::vector<std::string_view>(values + (count > 0 ? 1 : 0), values + count));
    } catch (const std::bad_alloc&) {
        return report(
            "The memory of this computer is used up: close other programs, or choose a smaller file.", 1);
    } catch (const std::exception& exception) { // third-party code only; ours throws nothing
        return report(std::string("Something unexpected happened: ") + exception.what(), 1);
    }
}
