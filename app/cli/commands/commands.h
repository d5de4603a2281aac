#pragma once
// The commands of ponder-cli, one source file each. An error is what the program prints in one line before it exits with
// status 1. Main thread.

#include "app/cli/command_line.h"
#include "models/base/result.h"

namespace ponder::app::cli {

Result<void> runDevices(const CommandLine& line);
Result<void> runInfo(const CommandLine& line);
Result<void> runTokenize(const CommandLine& line);
Result<void> runPrompt(const CommandLine& line);
Result<void> runLogits(const CommandLine& line);
Result<void> runGenerate(const CommandLine& line);
Result<void> runChat(const CommandLine& line);
Result<void> runBench(const CommandLine& line);
Result<void> runMtpPack(const CommandLine& line);

} // namespace ponder::app::cli
