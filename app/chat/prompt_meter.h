#pragma once
// How much of the context the next question would take, exactly: the loaded model's tokenizer counts. What is above the
// draft is counted when it changes, the draft alone while it is typed; the layouts set a message off by special tokens,
// so the sum is exact. At most one request is under way, so fast typing never queues. GUI thread.

#include <optional>

#include <QObject>

#include "app/chat/conversation.h"
#include "app/chat_backend.h"

namespace ponder::app {

class PromptMeter : public QObject {
    Q_OBJECT
public:
    explicit PromptMeter(ChatBackend& backend, QObject* parent = nullptr);

    // estimate: shown until it is counted, or where nothing can count.
    void setHistory(std::vector<protocol::Message> history, bool think, int estimate);
    void setDraft(const QString& draft);
    void setReady(bool ready); // a model is loaded, and nothing else is wanted of it

    int used() const;        // tokens of the whole prompt, draft included
    int draftTokens() const; // what the draft adds; -1: not counted

signals:
    void changed();

private:
    enum class Counting { Nothing, Frame, Base, Draft };
    void next();
    void forget();
    void onEvent(const protocol::Event& event);
    QString count(std::vector<protocol::Message> messages);

    ChatBackend& m_backend;
    std::vector<protocol::Message> m_history;
    QString m_draft, m_counted;      // as it is, and as it was when it was counted
    std::optional<int> m_frame;      // of an empty question alone
    std::optional<int> m_base;       // of the history and an empty question
    std::optional<int> m_draftCount; // of m_counted alone in its frame
    Counting m_counting = Counting::Nothing;
    bool m_stale = false; // what is being counted is no longer wanted
    QString m_request;
    int m_estimate = 0;
    bool m_think = true, m_ready = false;
};

} // namespace ponder::app
