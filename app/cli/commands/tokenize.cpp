#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands/commands.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "models/tokenizer.h"

namespace ponder::app::cli {

namespace {

Result<void> tokenizeArray(const models::Tokenizer& tokenizer, std::string_view input) {
    const auto texts = nlohmann::json::parse(input, nullptr, /*allow_exceptions=*/false);
    if (texts.is_discarded() || !texts.is_array())
        return {ErrorCode::InvalidArgument,
                "Standard input is not a JSON array of texts: give one such as [\"one\", \"two\"]."};
    std::string out = "[";
    for (size_t i = 0; i < texts.size(); ++i) {
        if (!texts[i].is_string())
            return {
                ErrorCode::InvalidArgument,
                fmt::format(
                    "Item {} of the array on standard input is not a text: put it between quotation marks.",
                    i + 1)};
        const auto& text = texts[i].get_ref<const std::string&>();
        out += fmt::format("{}[{}]", i > 0 ? ",\n" : "",
                           fmt::join(tokenizer.encode(text, models::SpecialTokens::Recognize), ","));
    }
    RETURN_IF_ERROR(write(out + "]\n"));
    return flush();
}

} // namespace

Result<void> runTokenize(const CommandLine& line) {
    ASSIGN_OR_RETURN(const auto file, openModel(line));
    ASSIGN_OR_RETURN(const auto tokenizer, models::Tokenizer::create(file));
    ASSIGN_OR_RETURN(const std::string input, readStandardInput());
    if (line.json) return tokenizeArray(*tokenizer, input);
    const auto ids = tokenizer->encode(input, models::SpecialTokens::Recognize);
    RETURN_IF_ERROR(write(fmt::format("{}\n", fmt::join(ids, ",")))); // as --tokens takes them
    return flush();
}

} // namespace ponder::app::cli
