#include "app/cli/answer_printer.h"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "app/cli/io.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

constexpr std::string_view kDim = "\033[2m", kPlain = "\033[0m";

bool isLayoutToken(const inference::Engine& engine, models::TokenId id) {
    const auto& layout = engine.chatTemplate();
    if (engine.tokenizer().isControl(id) || !layout) return engine.tokenizer().isControl(id);
    const auto& stops = layout->stopTokens();
    return id == layout->thinkStart() || id == layout->thinkEnd() ||
           std::find(stops.begin(), stops.end(), id) != stops.end();
}

} // namespace

AnswerPrinter::AnswerPrinter(const inference::Engine& engine)
    : m_engine(engine), m_terminal(isTerminal(STDOUT_FILENO)) {}

Result<void> AnswerPrinter::print(const inference::GeneratedToken& token) {
    if (token.channel == models::Channel::Answer && !isLayoutToken(m_engine, token.id)) {
        m_answer += token.text;
        m_answerIds.push_back(token.id);
    }
    std::string text = m_terminal ? forTerminal(token.text) : token.text;
    if (text.empty()) return {};
    std::string out;
    if (token.channel !=
        m_channel) { // the answer begins on a line of its own, its leading newlines are the layout's
        if (m_dimmed) out += kPlain;
        m_dimmed = false;
        if (m_anything) {
            text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
            if (text.empty()) return write(out);
            out += m_lineOpen ? "\n\n" : "\n";
        }
        m_channel = token.channel;
    }
    if (m_terminal && !m_dimmed && m_channel == models::Channel::Thought) {
        out += kDim;
        m_dimmed = true;
    }
    out += text;
    m_anything = true;
    m_lineOpen = text.back() != '\n';
    RETURN_IF_ERROR(write(out));
    return flush();
}

Result<void> AnswerPrinter::finish() {
    std::string out;
    if (m_dimmed) out += kPlain;
    if (m_lineOpen) out += '\n';
    m_dimmed = m_lineOpen = false;
    RETURN_IF_ERROR(write(out));
    return flush();
}

std::string statsLine(const protocol::GenerationStats& stats) {
    std::string line =
        fmt::format("{} tokens", formatCount(uint64_t{stats.thoughtTokens} + stats.answerTokens));
    if (stats.thoughtTokens > 0)
        line += fmt::format(", {} of them thought", formatCount(stats.thoughtTokens));
    if (stats.tokensPerSecond > 0) line += fmt::format(", {:.1f} tokens/s", stats.tokensPerSecond);
    line += fmt::format("; prompt {} tokens", formatCount(stats.promptTokens));
    if (stats.cachedTokens > 0) line += fmt::format(", {} of them known", formatCount(stats.cachedTokens));
    if (stats.prefillTokensPerSecond > 0)
        line += fmt::format(", {:.0f} tokens/s", stats.prefillTokensPerSecond);
    return line;
}

} // namespace ponder::app::cli
