#include <cstdio>

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/answer_printer.h"
#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "inference/protocol/json.h"

namespace ponder::app::cli {

namespace {

using Json = nlohmann::ordered_json;

// The channel in which raw tokens leave off: a thought that was opened and not closed again.
models::Channel channelAfter(const models::ChatTemplate& layout, const std::vector<models::TokenId>& tokens) {
    for (auto it = tokens.rbegin(); it != tokens.rend(); ++it) {
        if (*it == layout.thinkStart()) return models::Channel::Thought;
        if (*it == layout.thinkEnd()) return models::Channel::Answer;
    }
    return models::Channel::Answer;
}

Result<inference::GenerationRequest> makeRequest(const CommandLine& line,
                                                 const std::vector<models::ChatMessage>& messages,
                                                 const std::vector<models::TokenId>& tokens,
                                                 const inference::Engine& engine) {
    inference::GenerationRequest request;
    request.maxTokens = line.maxTokens;
    request.sampling = line.sampling;
    const auto& layout = engine.chatTemplate();
    if (line.tokens || line.raw) {
        request.prompt =
            line.tokens ? tokens : engine.tokenizer().encode(*line.prompt, models::SpecialTokens::Recognize);
        if (request.prompt.empty())
            return {ErrorCode::InvalidArgument, "The prompt is empty: give at least one token."};
        if (layout) request.opens = channelAfter(*layout, request.prompt);
        return request;
    }
    if (!layout) return layout.error();
    request.prompt = layout->tokens(layout->render(messages), engine.tokenizer());
    request.opens = layout->opensWith();
    return request;
}

Result<void> writeJson(const Json& event) {
    RETURN_IF_ERROR(write(event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"));
    return flush();
}

Result<void> writeToken(const inference::GeneratedToken& token) {
    return writeJson({{"type", "token"},
                      {"channel", token.channel == models::Channel::Thought ? "thought" : "answer"},
                      {"text", token.text},
                      {"id", token.id}});
}

// As the protocol writes it, without what belongs to the protocol alone.
Result<void> writeDone(protocol::FinishReason reason, const protocol::GenerationStats& stats) {
    auto event = Json::parse(protocol::toJson(protocol::Event{"", protocol::DoneEvent{reason, stats}}),
                             nullptr, false);
    event.erase("v");
    event.erase("id");
    return writeJson(event);
}

} // namespace

Result<void> runGenerate(const CommandLine& line) {
    std::vector<models::ChatMessage> messages; // what can be wrong with them is found before a model is loaded
    std::vector<models::TokenId> tokens;
    if (line.messages) {
        ASSIGN_OR_RETURN(const std::string text, readFile(*line.messages));
        ASSIGN_OR_RETURN(messages, parseMessages(text, *line.messages == "-" ? "standard input"
                                                                             : "the file of --messages"));
    } else if (line.tokens) {
        ASSIGN_OR_RETURN(tokens, readTokens(*line.tokens));
    } else {
        messages.push_back({models::Role::User, *line.prompt, {}});
    }
    Interrupt interrupt;
    ASSIGN_OR_RETURN(const auto engine, loadModel(line, interrupt.token()));
    ASSIGN_OR_RETURN(auto request, makeRequest(line, messages, tokens, *engine));
    request.stop = interrupt.token();

    AnswerPrinter printer(*engine);
    Result<void> written;
    const auto outcome = engine->generate(std::move(request), [&](const inference::GeneratedToken& token) {
        written = line.json ? writeToken(token) : printer.print(token);
        return written.ok() && !interrupt.requested();
    });
    RETURN_IF_ERROR(std::move(written));
    if (line.json) {
        RETURN_IF_ERROR(writeDone(outcome ? outcome->reason : protocol::FinishReason::Error,
                                  outcome ? outcome->stats : protocol::GenerationStats{}));
    } else {
        RETURN_IF_ERROR(printer.finish());
    }
    if (!outcome) return outcome.error();
    if (!line.json && isTerminal(STDERR_FILENO)) fmt::print(stderr, "{}\n", statsLine(outcome->stats));
    return {};
}

} // namespace ponder::app::cli
