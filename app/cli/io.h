#pragma once
// Reading and writing of the commands: whole inputs with a limit, outputs that notice a full disk or a closed pipe.
// Standard output belongs to one thread.

#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"
#include "models/chat_template.h"
#include "models/tokenizer.h"

namespace ponder::app::cli {

inline constexpr size_t kMostInputBytes = 256u << 20;

Result<std::string> readStandardInput();
Result<std::string> readFile(const std::string& path); // "-": standard input
// "1,2,3" or "@FILE", as --tokens takes them.
Result<std::vector<models::TokenId>> readTokens(std::string_view argument);

// [{"role": ..., "content": ...}, ...]; `source` names it in errors.
Result<std::vector<models::ChatMessage>> parseMessages(std::string_view json, std::string_view source);

Result<void>
write(std::string_view text); // to standard output; Io when nobody reads it any more or the disk is full
Result<void> flush();
bool isTerminal(int descriptor);

// Text of a model for a terminal: without control characters, which could drive it; newlines and tabs stay.
std::string forTerminal(std::string_view text);

} // namespace ponder::app::cli
