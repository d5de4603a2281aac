#pragma once
// Prints an answer as it comes, thoughts dimmed where standard output is a terminal, and keeps what a conversation needs of
// it. One answer an object; one thread.

#include <string>
#include <vector>

#include "inference/engine.h"
#include "models/base/result.h"

namespace ponder::app::cli {

class AnswerPrinter {
public:
    explicit AnswerPrinter(const inference::Engine& engine);

    Result<void> print(const inference::GeneratedToken& token);
    Result<void> finish(); // ends the line and the dimming

    const std::string& answer() const { return m_answer; }
    const std::vector<models::TokenId>& answerIds() const {
        return m_answerIds;
    } // without the layout's own tokens

private:
    const inference::Engine& m_engine;
    bool m_terminal;
    bool m_dimmed = false, m_lineOpen = false, m_anything = false;
    models::Channel m_channel = models::Channel::Answer;
    std::string m_answer;
    std::vector<models::TokenId> m_answerIds;
};

// "24 tokens, 48.1 tokens/s; prompt 12 tokens, 310 tokens/s"
std::string statsLine(const protocol::GenerationStats& stats);

} // namespace ponder::app::cli
