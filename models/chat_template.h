#pragma once
// Messages to a prompt in the layout that a model was trained on, rendered natively: templates in files are never run.
// A layout emits pieces; only its own pieces may hold special tokens, so that text of a user never yields one.
// What the layout already opened (`<think>`) is known, so that every generated token has a channel from the first on. Values;
// any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"
#include "models/tokenizer.h"

namespace ponder::models {

class GgufFile;

enum class Role { System, User, Assistant };
enum class Channel { Thought, Answer };

struct ChatMessage {
    Role role = Role::User;
    std::string content; // of an assistant: the answer; a thought before `</think>` is dropped by the layout
    std::vector<TokenId> ids; // of an assistant, when known: the stored ids of its answer, used instead of content
};

struct PromptPiece {
    std::string text;
    bool special = false;     // the layout's own: special tokens in it count
    std::vector<TokenId> ids; // stored ids that stand for this piece
};

// Only the part of an assistant's message behind its last `</think>`: thoughts are not shown to the model again.
std::string_view withoutThought(std::string_view content);

enum class ChatFamily { DeepSeekR1, ChatML, Llama3 };

class ChatTemplate {
public:
    // From the vocabulary (the special tokens it has) and tokenizer.chat_template (only recognised, never executed).
    static Result<ChatTemplate> forModel(const GgufFile& file, const Tokenizer& tokenizer);
    // The same from the text of the template; empty where the file has none.
    static Result<ChatTemplate> forVocabulary(const Tokenizer& tokenizer, std::string_view templateText);

    ChatFamily family() const { return m_family; }
    // `think`: open a thought (R1's own way); false closes it at once, empty, so that the answer begins.
    // Roles may come in any order; of several system messages all count, in R1's layout together at its beginning.
    std::vector<PromptPiece> render(const std::vector<ChatMessage>& messages, bool think = true) const;
    std::string text(const std::vector<PromptPiece>& pieces) const;
    std::vector<TokenId> tokens(const std::vector<PromptPiece>& pieces, const Tokenizer& tokenizer) const;

    // What ends a thought that was left open, and comes before the answer; nothing where the layout knows no thoughts.
    std::vector<PromptPiece> closeThought() const;

    Channel opensWith(bool think = true) const; // the channel of the first generated token
    std::optional<TokenId> thinkStart() const { return m_thinkStart; }
    std::optional<TokenId> thinkEnd() const { return m_thinkEnd; }
    const std::vector<TokenId>& stopTokens() const { return m_stopTokens; }

private:
    class Pieces;
    void renderDeepSeekR1(const std::vector<ChatMessage>& messages, Pieces& out) const;
    void renderChatML(const std::vector<ChatMessage>& messages, Pieces& out) const;
    void renderLlama3(const std::vector<ChatMessage>& messages, Pieces& out) const;

    ChatFamily m_family = ChatFamily::DeepSeekR1;
    std::optional<TokenId> m_thinkStart, m_thinkEnd; // both or neither
    std::vector<TokenId> m_stopTokens;
    std::string m_bos; // text of the token that a prompt begins with; empty: none
    std::string m_eos; // R1: what ends an answer
};

std::string_view chatFamilyName(ChatFamily family); // "DeepSeek R1", for people

} // namespace ponder::models
