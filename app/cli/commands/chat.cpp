#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>

#include <unistd.h>

#include <fmt/format.h>

#include "app/cli/answer_printer.h"
#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

// A line of standard input without its newline; nothing at its end, or when a signal asked to stop.
std::optional<std::string> readLine() {
    std::string line;
    for (;;) {
        errno = 0;
        const int c = std::fgetc(stdin);
        if (c == '\n') return line;
        if (c != EOF) {
            line += static_cast<char>(c);
            continue;
        }
        if (errno == EINTR) std::clearerr(stdin);
        if (errno != EINTR && !line.empty()) return line;
        return std::nullopt;
    }
}

struct Conversation {
    std::vector<models::ChatMessage> messages;
    protocol::SamplingParams sampling;

    void restart() {
        messages.clear();
        std::random_device device; // another conversation, other answers
        sampling.seed = (uint64_t{device()} << 32) | device();
    }
};

Result<void> answer(inference::Engine& engine, const models::ChatTemplate& layout, Conversation& conversation,
                    Interrupt& interrupt) {
    inference::GenerationRequest request;
    request.prompt = layout.tokens(layout.render(conversation.messages), engine.tokenizer());
    request.opens = layout.opensWith();
    request.sampling = conversation.sampling;
    request.stop = interrupt.token();
    AnswerPrinter printer(engine);
    Result<void> written;
    const auto outcome = engine.generate(std::move(request), [&](const inference::GeneratedToken& token) {
        written = printer.print(token);
        return written.ok() && !interrupt.requested();
    });
    RETURN_IF_ERROR(std::move(written));
    RETURN_IF_ERROR(printer.finish());
    if (!outcome) return outcome.error();
    // The very tokens of the answer come back into the next prompt, so that nothing is computed again.
    conversation.messages.push_back({models::Role::Assistant, printer.answer(), printer.answerIds()});
    if (outcome->reason == protocol::FinishReason::Length)
        RETURN_IF_ERROR(write("(the context is full; /new begins another conversation)\n"));
    if (outcome->reason == protocol::FinishReason::Cancelled) RETURN_IF_ERROR(write("(stopped)\n"));
    return write("\n");
}

} // namespace

Result<void> runChat(const CommandLine& line) {
    Interrupt interrupt;
    ASSIGN_OR_RETURN(const auto engine, loadModel(line, interrupt.token()));
    if (!engine->chatTemplate()) return engine->chatTemplate().error();
    const models::ChatTemplate& layout = *engine->chatTemplate();
    const bool terminal = isTerminal(STDIN_FILENO) && isTerminal(STDOUT_FILENO);
    if (terminal) {
        const auto name = engine->file().getString("general.name").value_or("model");
        RETURN_IF_ERROR(write(
            fmt::format("{} on {}. /new begins another conversation, /exit ends, Ctrl+C stops an answer.\n\n",
                        printable(name), printable(engine->device().name))));
    }
    Conversation conversation;
    conversation.restart();
    for (;;) {
        interrupt.rearm();
        if (terminal) RETURN_IF_ERROR(write("> "));
        RETURN_IF_ERROR(flush());
        const auto question = readLine();
        if (!question || *question == "/exit" || *question == "/quit") break;
        if (question->find_first_not_of(" \t\r") == std::string::npos) continue;
        if (*question == "/new") {
            conversation.restart();
            continue;
        }
        conversation.messages.push_back({models::Role::User, *question, {}});
        if (auto answered = answer(*engine, layout, conversation, interrupt); !answered) {
            if (answered.error().code != ErrorCode::ContextFull) return answered;
            conversation.messages.pop_back(); // too long a question: the conversation goes on without it
            RETURN_IF_ERROR(write(answered.error().message + "\n\n"));
        }
    }
    if (terminal) RETURN_IF_ERROR(write("\n"));
    return flush();
}

} // namespace ponder::app::cli
