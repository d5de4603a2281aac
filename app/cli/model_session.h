#pragma once
// A model file as the commands use it: opened for reading alone, or loaded into the engine with its progress shown on a
// terminal. One thread.

#include <memory>
#include <stop_token>

#include "app/cli/command_line.h"
#include "inference/engine.h"
#include "models/gguf_file.h"

namespace ponder::app::cli {

Result<models::GgufFile> openModel(const CommandLine& line);
Result<std::unique_ptr<inference::Engine>> loadModel(const CommandLine& line, std::stop_token stop = {});

} // namespace ponder::app::cli
