#pragma once
// One answer on its way: the question is committed, then the answer's row, then the engine is asked; what it says is kept
// once a second and at the end, until the store has it. It goes on whether its conversation is looked at or not. Owns the
// record of the answer until it is saved; GUI thread.
//
//   Keeping -> Waiting (for the model) -> Prefilling -> Generating -> Ended        stop() in any of them: -> Stopping -> Ended
//
// "Answer now" stops the engine within its thought and asks it to go on from the same ids with the thought closed: two
// requests to the engine, one answer here, Generating all the time.

#include <optional>

#include <QObject>
#include <QTimer>

#include "app/chat/conversation.h"
#include "app/chat/growing_answer.h"
#include "app/chat_backend.h"
#include "app/library/model_loader.h"
#include "app/storage/store_thread.h"

namespace ponder::app {

// A stop shows at once; the engine is waited for no longer than this for the last words and its count.
inline constexpr int kStopPatienceMs = 80;

// With the way to the disk no more than a second is lost to a kill (tests/safety).
inline constexpr int kSaveMs = 600;

class AnswerRun : public QObject {
    Q_OBJECT
public:
    enum Stage { Keeping, Waiting, Prefilling, Generating, Stopping, Ended };

    struct Order {
        bool temporary = false; // of a conversation that is never kept: its store is in memory
        qint64 chat = 0;        // 0: the question begins one
        QString title;          // of the one that begins
        MessageRecord question; // id 0: has to be kept first, below its parent
        History history;        // up to and including the question
        std::vector<Segment> goOnFrom;
        QString begunBy; // the model that wrote those
        bool think = true;
        std::optional<protocol::SamplingParams> sampling; // none: the defaults, and a seed of its own
        std::optional<uint32_t> maxTokens;
    };

    AnswerRun(Order order, ChatBackend& backend, StoreThread& store, ModelLoader& loader,
              QObject* parent = nullptr);

    void begin();
    void stop();
    bool answerNow(); // ends the thought that is being written, and lets the model answer; false: there is none
    void discard();   // its conversation is being deleted for good: nothing is written any more
    void saveNow();   // the program ends: what there is, as interrupted

    Stage stage() const { return m_stage; }
    bool inThought() const; // what was said last is of one that goes on
    bool thinking() const;  // and answerNow() would do something
    bool ended() const { return m_stage == Ended; }
    bool saved() const { return m_saved; } // ended, and the store has all of it
    bool temporary() const { return m_order.temporary; }
    qint64 chat() const { return m_order.chat; }
    const QString& title() const { return m_order.title; }
    const MessageRecord& question() const { return m_order.question; }
    qint64 message() const { return m_live.id; } // of the answer; 0: the store has not numbered it yet
    MessageRecord record() const; // of the answer, with all that has come; made anew while it grows
    bool silent() const { return m_words.isEmpty() && m_live.segments.empty(); } // nothing has come
    int prefillDone() const { return m_prefillDone; }
    int prefillTotal() const { return m_prefillTotal; }
    int contextUsed() const { return m_contextUsed; }
    const QString& firstQuestion() const { return m_firstQuestion; } // of the conversation
    size_t turns() const { return m_turns; }                         // messages that the model is told
    bool engineEnded() const { return m_engineEnded; }               // it ended because the engine did

signals:
    void stageChanged();
    void
    questionKept(bool begun); // chat() and question().id are known; begun: it is the first of its conversation
    void answerBegan();       // message() is known
    void prefilled();
    void appended(ponder::app::SegmentChannel channel, const QString& text);
    void thinkingChanged();
    void cutShort(); // the thought ends here, because a person said so
    void contextChanged();
    void finished(); // record() is as it will stay; question().id 0: the store did not take it
    void savedAll(); // the last thing it does
    void storeFailed(const ponder::Error& error); // it is tried again where there is something to lose
    void storeWorks();

private:
    void beginAnswer();
    void beginGeneration();
    void generate();
    void closeThought(const protocol::GenerationStats& stats);
    void tellThinking();
    void keepModel();
    void onEvent(const protocol::Event& event);
    void onToken(const protocol::TokenEvent& token);
    void onDone(const protocol::DoneEvent& done);
    void onError(const protocol::ErrorEvent& error);
    void saveProgress();
    void finish(MessageState state, const QString& code = {}, const QString& text = {});
    void save(); // the end of it
    void setStage(Stage stage);
    QString ownStats() const; // where the engine did not come to tell

    ChatBackend& m_backend;
    StoreThread& m_store;
    ModelLoader& m_loader;
    Order m_order;
    MessageRecord m_live; // its segments only when it has ended, until then:
    GrowingAnswer m_words;
    Reached m_kept; // of them, what the store has
    Stage m_stage = Keeping;
    protocol::SamplingParams m_sampling;
    QString m_firstQuestion;
    QString m_begunModel, m_begunSettings; // as they are in the store
    size_t m_turns = 0;
    QString m_request;                                       // of the generation
    std::optional<protocol::GenerationStats> m_thoughtStats; // of the thought, where that was cut short
    QTimer m_saver, m_patience;
    int m_prefillDone = 0, m_prefillTotal = 0, m_contextUsed = 0;
    bool m_toldThinking = false;
    bool m_closing = false;   // the thought is being stopped, for the answer to begin
    bool m_unsaved = false;   // tokens that the store has not been given
    bool m_saving = false;    // a second's worth is with the store
    bool m_saveDue = false;   // and took so long that the next one is due
    bool m_savingEnd = false; // all of it is
    bool m_saved = false, m_discarded = false, m_engineEnded = false, m_storeFailing = false;
};

} // namespace ponder::app
