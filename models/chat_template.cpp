// The layouts: deepseek-ai/DeepSeek-R1 (tokenizer_config.json, chat_template), ChatML as Qwen/Qwen2.5-7B-Instruct and
// HuggingFaceTB/SmolLM2-135M-Instruct have it, meta-llama/Llama-3.1-8B-Instruct without its lines about dates and tools.

#include "models/chat_template.h"

#include <algorithm>
#include <array>

#include "models/gguf_file.h"

namespace ponder::models {

namespace {

constexpr std::string_view kThinkStart = "<think>", kThinkEnd = "</think>";
constexpr std::string_view kOpenThought = "<think>\n";
constexpr std::string_view kCloseThought = "\n</think>\n\n";           // as R1 itself ends one
constexpr std::string_view kClosedThought = "<think>\n\n</think>\n\n"; // both, with nothing between them

struct FamilyMarks {
    ChatFamily family;
    std::string_view name;
    std::array<std::string_view, 3> tokens; // special tokens that the vocabulary must have; empty ones do not count
    std::string_view mark;                  // in the file's template: this family
    std::array<std::string_view, 3> stops; // tokens that end an answer, where the vocabulary has them
};

// In order of preference where a file's template does not decide: a distilled R1 still has its parent's tokens.
constexpr FamilyMarks kFamilies[] = {
    {ChatFamily::DeepSeekR1,
     "DeepSeek R1",
     {"<｜User｜>", "<｜Assistant｜>", ""},
     "<｜Assistant｜>",
     {"<｜end▁of▁sentence｜>", "", ""}},
    {ChatFamily::ChatML,
     "ChatML",
     {"<|im_start|>", "<|im_end|>", ""},
     "<|im_start|>",
     {"<|im_end|>", "<|endoftext|>", ""}},
    {ChatFamily::Llama3,
     "Llama 3",
     {"<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"},
     "<|start_header_id|>",
     {"<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"}},
};

std::optional<TokenId> findSpecial(const Tokenizer& tokenizer, std::string_view text) {
    const auto id = tokenizer.find(text);
    return id && tokenizer.isSpecial(*id) ? id : std::nullopt;
}

bool vocabularyHas(const Tokenizer& tokenizer, const FamilyMarks& marks) {
    return std::all_of(marks.tokens.begin(), marks.tokens.end(), [&](std::string_view token) {
        return token.empty() || findSpecial(tokenizer, token);
    });
}

// The family whose tokens the vocabulary has; of several the one that the file's template speaks of.
const FamilyMarks* chooseFamily(const Tokenizer& tokenizer, std::string_view templateText) {
    const FamilyMarks* first = nullptr;
    for (const FamilyMarks& marks : kFamilies) {
        if (!vocabularyHas(tokenizer, marks)) continue;
        if (templateText.find(marks.mark) != std::string_view::npos) return &marks;
        if (first == nullptr) first = &marks;
    }
    return first;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n\v\f";
    const size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string_view roleName(Role role) {
    return role == Role::System ? "system" : role == Role::User ? "user" : "assistant";
}

} // namespace

// Joins neighbouring plain texts, as the model saw them tokenized in training: across the layout's "user\n" too.
class ChatTemplate::Pieces {
public:
    void special(std::string_view text) {
        if (!text.empty()) m_pieces.push_back({std::string(text), true, {}});
    }
    void plain(std::string_view text) {
        if (text.empty()) return;
        if (!m_pieces.empty() && !m_pieces.back().special && m_pieces.back().ids.empty())
            m_pieces.back().text += text;
        else
            m_pieces.push_back({std::string(text), false, {}});
    }
    void answer(const ChatMessage& message, std::string_view content) {
        if (message.ids.empty())
            plain(content);
        else
            m_pieces.push_back({std::string(content), false, message.ids});
    }
    std::vector<PromptPiece> take() { return std::move(m_pieces); }

private:
    std::vector<PromptPiece> m_pieces;
};

std::string_view withoutThought(std::string_view content) {
    const size_t end = content.rfind(kThinkEnd);
    return end == std::string_view::npos ? content : content.substr(end + kThinkEnd.size());
}

std::string_view chatFamilyName(ChatFamily family) {
    for (const FamilyMarks& marks : kFamilies)
        if (marks.family == family) return marks.name;
    return "unknown";
}

Result<ChatTemplate> ChatTemplate::forModel(const GgufFile& file, const Tokenizer& tokenizer) {
    return forVocabulary(tokenizer, file.getString("tokenizer.chat_template").value_or(std::string_view()));
}

Result<ChatTemplate> ChatTemplate::forVocabulary(const Tokenizer& tokenizer, std::string_view templateText) {
    const FamilyMarks* marks = chooseFamily(tokenizer, templateText);
    if (marks == nullptr)
        return {ErrorCode::UnsupportedArchitecture,
                "The vocabulary has the tokens of no chat layout that Ponder knows (DeepSeek R1, ChatML, "
                "Llama 3): use an instruction-tuned model, or, in the terminal, generate --raw."};
    ChatTemplate result;
    result.m_family = marks->family;
    const auto addStop = [&](std::optional<TokenId> id) {
        if (id && std::find(result.m_stopTokens.begin(), result.m_stopTokens.end(), *id) ==
                      result.m_stopTokens.end())
            result.m_stopTokens.push_back(*id);
    };
    addStop(tokenizer.eos());
    for (const std::string_view stop : marks->stops)
        if (!stop.empty()) addStop(findSpecial(tokenizer, stop));

    // R1 always thinks. Others that have the tokens do so unless their own template never speaks of it.
    const bool thinks = marks->family == ChatFamily::DeepSeekR1 || templateText.empty() ||
                        templateText.find(kThinkStart) != std::string_view::npos;
    const auto start = findSpecial(tokenizer, kThinkStart), end = findSpecial(tokenizer, kThinkEnd);
    if (thinks && start && end) {
        result.m_thinkStart = start;
        result.m_thinkEnd = end;
    }

    const auto bos = tokenizer.bos();
    const bool hasBos = bos && tokenizer.isSpecial(*bos);
    switch (marks->family) {
    case ChatFamily::DeepSeekR1:
        if (hasBos) result.m_bos = tokenizer.bytes(*bos);
        if (const auto eos = tokenizer.eos(); eos && tokenizer.isSpecial(*eos))
            result.m_eos = tokenizer.bytes(*eos);
        else if (findSpecial(tokenizer, marks->stops[0]))
            result.m_eos = marks->stops[0];
        break;
    case ChatFamily::ChatML: // SmolLM2 names <|im_start|> its BOS; the layout has it already
        if (hasBos && tokenizer.addsBos() && tokenizer.bytes(*bos) != marks->mark)
            result.m_bos = tokenizer.bytes(*bos);
        break;
    case ChatFamily::Llama3:
        if (hasBos) result.m_bos = tokenizer.bytes(*bos);
        break;
    }
    return result;
}

void ChatTemplate::renderDeepSeekR1(const std::vector<ChatMessage>& messages, Pieces& out) const {
    bool firstSystem = true;
    for (const ChatMessage& message : messages) {
        if (message.role != Role::System) continue;
        if (!firstSystem) out.plain("\n\n");
        out.plain(message.content);
        firstSystem = false;
    }
    for (const ChatMessage& message : messages) {
        if (message.role == Role::User) {
            out.special("<｜User｜>");
            out.plain(message.content);
        } else if (message.role == Role::Assistant) {
            out.special("<｜Assistant｜>");
            out.answer(message, withoutThought(message.content));
            out.special(m_eos);
        }
    }
    out.special("<｜Assistant｜>");
}

void ChatTemplate::renderChatML(const std::vector<ChatMessage>& messages, Pieces& out) const {
    const auto open = [&](std::string_view role) {
        out.special("<|im_start|>");
        out.plain(role);
        out.plain("\n");
    };
    for (const ChatMessage& message : messages) {
        open(roleName(message.role));
        if (message.role == Role::Assistant) {
            std::string_view answer = withoutThought(message.content);
            if (answer.size() != message.content.size()) // as Qwen's own templates do
                answer.remove_prefix(std::min(answer.find_first_not_of('\n'), answer.size()));
            out.answer(message, answer);
        } else {
            out.plain(message.content);
        }
        out.special("<|im_end|>");
        out.plain("\n");
    }
    open("assistant");
}

void ChatTemplate::renderLlama3(const std::vector<ChatMessage>& messages, Pieces& out) const {
    const auto open = [&](std::string_view role) {
        out.special("<|start_header_id|>");
        out.plain(role);
        out.special("<|end_header_id|>");
        out.plain("\n\n");
    };
    for (const ChatMessage& message : messages) {
        open(roleName(message.role));
        if (message.role == Role::Assistant)
            out.answer(message, trimmed(withoutThought(message.content)));
        else
            out.plain(trimmed(message.content));
        out.special("<|eot_id|>");
    }
    open("assistant");
}

std::vector<PromptPiece> ChatTemplate::render(const std::vector<ChatMessage>& messages, bool think) const {
    Pieces out;
    out.special(m_bos);
    switch (m_family) {
    case ChatFamily::DeepSeekR1:
        renderDeepSeekR1(messages, out);
        break;
    case ChatFamily::ChatML:
        renderChatML(messages, out);
        break;
    case ChatFamily::Llama3:
        renderLlama3(messages, out);
        break;
    }
    if (m_thinkStart) out.special(think ? kOpenThought : kClosedThought);
    return out.take();
}

std::vector<PromptPiece> ChatTemplate::closeThought() const {
    Pieces out;
    if (m_thinkEnd) out.special(kCloseThought);
    return out.take();
}

std::string ChatTemplate::text(const std::vector<PromptPiece>& pieces) const {
    std::string text;
    for (const PromptPiece& piece : pieces) text += piece.text;
    return text;
}

std::vector<TokenId> ChatTemplate::tokens(const std::vector<PromptPiece>& pieces,
                                          const Tokenizer& tokenizer) const {
    std::vector<TokenId> tokens;
    for (const PromptPiece& piece : pieces) {
        const auto ids = !piece.ids.empty()
                             ? piece.ids
                             : tokenizer.encode(piece.text, piece.special ? SpecialTokens::Recognize
                                                                          : SpecialTokens::AsText);
        tokens.insert(tokens.end(), ids.begin(), ids.end());
    }
    return tokens;
}

Channel ChatTemplate::opensWith(bool think) const {
    return think && m_thinkStart ? Channel::Thought : Channel::Answer;
}

} // namespace ponder::models
