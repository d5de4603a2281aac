#include "app/cli/commands/commands.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "models/chat_template.h"

namespace ponder::app::cli {

Result<void> runPrompt(const CommandLine& line) {
    ASSIGN_OR_RETURN(const auto file, openModel(line));
    ASSIGN_OR_RETURN(const auto tokenizer, models::Tokenizer::create(file));
    ASSIGN_OR_RETURN(const auto layout, models::ChatTemplate::forModel(file, *tokenizer));
    ASSIGN_OR_RETURN(const std::string input, readStandardInput());
    ASSIGN_OR_RETURN(const auto messages, parseMessages(input, "standard input"));
    RETURN_IF_ERROR(write(layout.text(layout.render(messages))));
    return flush();
}

} // namespace ponder::app::cli
