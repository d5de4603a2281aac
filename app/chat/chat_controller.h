#pragma once
// What the window does with conversations: ask, stop, go on, edit, turn to another version, open another one. It keeps the
// order that makes losing impossible: the question is committed before anything is generated, the answer once a second and
// at its end (answer_run.h); an answer goes on while another conversation is looked at. Owns the open conversation and its
// transcript, the answers under way and what belongs to the composer; GUI thread.

#include <memory>
#include <optional>

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/chat/answer_run.h"
#include "app/chat/chat_model.h"
#include "app/chat/chat_shelf.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/drafts.h"
#include "app/chat/prompt_meter.h"
#include "app/chat/search_model.h"
#include "app/chat/title_maker.h"
#include "app/chat/trash_model.h"
#include "app/chat_backend.h"
#include "app/library/model_loader.h"

namespace ponder::app {

class ChatController : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(ponder::app::ChatModel* transcript READ transcript CONSTANT)
    Q_PROPERTY(ponder::app::ConversationListModel* conversations READ conversations CONSTANT)
    Q_PROPERTY(ponder::app::SearchModel* search READ search CONSTANT)
    Q_PROPERTY(ponder::app::TrashModel* trash READ trash CONSTANT)
    Q_PROPERTY(ponder::app::Notice* notice READ notice CONSTANT)
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool busy READ busy NOTIFY stateChanged)
    Q_PROPERTY(bool thinking READ thinking NOTIFY
                   thinkingChanged) // a thought is being written, and can be cut short
    Q_PROPERTY(QVariant chat READ chat NOTIFY conversationChanged)
    Q_PROPERTY(bool temporary READ isTemporary NOTIFY conversationChanged)
    Q_PROPERTY(QString title READ title NOTIFY conversationChanged)
    Q_PROPERTY(int questions READ questions NOTIFY conversationChanged)
    Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
    Q_PROPERTY(int contextUsed READ contextUsed NOTIFY contextChanged)
    Q_PROPERTY(int draftTokens READ draftTokens NOTIFY contextChanged)
    Q_PROPERTY(QString trashed READ trashed NOTIFY trashedChanged)
    Q_PROPERTY(bool think READ think WRITE setThink NOTIFY thinkChanged)
public:
    // Of the answer that is shown; Waiting: asked, and the model is still loading.
    enum State { Idle, Waiting, Prefilling, Generating, Stopping };
    Q_ENUM(State)

    ChatController(ChatBackend& backend, StoreThread& store, ModelLoader& loader, QObject* parent = nullptr);
    ~ChatController() override;

    ChatModel* transcript() { return &m_transcript; }
    ConversationListModel* conversations() { return &m_conversations; }
    SearchModel* search() { return &m_search; }
    TrashModel* trash() { return &m_trash; }
    Notice* notice() { return &m_notice; }
    State state() const { return m_state; }
    bool busy() const { return m_state != Idle; }
    bool thinking() const { return m_thinking; }
    qint64 chat() const { return m_temporary ? 0 : m_conversation.id(); } // 0: not begun, or not kept
    bool isTemporary() const { return m_temporary; }
    QString title() const;
    int questions() const { return m_conversation.questions(); }
    // Of the model's context, in tokens: while an answer is under way what it takes, else what the next question would,
    // draft and all.
    int contextUsed() const;
    int draftTokens() const { return m_meter.draftTokens(); } // -1: not known (yet)
    // What stands in the composer. It survives the window: half a second after the last key it is in the database.
    QString draft() const { return m_drafts.text(); }
    void setDraft(const QString& text) { m_drafts.setText(text); }
    QString trashed() const { return m_shelf.thrownAway(); } // what undoTrash() brings back; empty: nothing
    bool think() const { return m_think; }
    void setThink(bool think);
    void follow(const Settings& settings) { m_settings = &settings; } // which must outlive this

    Q_INVOKABLE bool ask(const QString& text); // false: not now, the text stays where it is
    Q_INVOKABLE void stop();
    Q_INVOKABLE bool
    answerNow(); // ends the thought that is being written, and the answer begins; false: there is none
    Q_INVOKABLE void newConversation();
    // One of which nothing ever comes to the disk: no words, no title, no draft. It is in memory while it is open, and
    // temporaryGone() once it is left.
    Q_INVOKABLE void newTemporary();
    Q_INVOKABLE void openConversation(qint64 chat);
    Q_INVOKABLE void actOn(int row);   // the button of a notice in the transcript
    Q_INVOKABLE void askAgain();       // another answer to the last question, beside the one that is there
    Q_INVOKABLE void continueAnswer(); // goes on from one that was stopped or cut off, from its stored ids
    // Of one message: a new version beside it becomes the visible one, nothing is overwritten. What is being written on
    // the visible path is stopped and kept.
    Q_INVOKABLE bool editQuestion(qint64 message, const QString& text); // false: not now
    Q_INVOKABLE void regenerate(qint64 message);            // an answer, or the answer to a question
    Q_INVOKABLE void showSibling(qint64 message, int step); // -1: the older version, 1: the newer
    // Of any conversation.
    Q_INVOKABLE void renameChat(qint64 chat, const QString& title);
    Q_INVOKABLE void pinChat(qint64 chat, bool pinned) { m_shelf.pin(chat, pinned); }
    Q_INVOKABLE void trashChat(qint64 chat);
    Q_INVOKABLE void undoTrash() { m_shelf.undo(); } // the last of trashChat()
    Q_INVOKABLE void restoreChat(qint64 chat) { m_shelf.bringBack(chat); }
    Q_INVOKABLE void purgeChat(qint64 chat); // gone for good
    // Opens the conversation at that place; hitWanted() follows once it is shown. channel: of SegmentChannel.
    Q_INVOKABLE void openHit(qint64 chat, qint64 message, int channel, qint64 offset, int length);
    Q_INVOKABLE void copyAnswer(int row);
    Q_INVOKABLE void copyThought(int row);
    Q_INVOKABLE void copyBoth(int row);
    Q_INVOKABLE void copyBlock(int row);

    Q_INVOKABLE void readAt(int row,
                            double part); // the answer to placeAsked(): the row at the top; -1: the end

    void openLast();
    void keepPlace(); // while there is a view to ask
    void saveNow();   // everything else, before the window goes

signals:
    void stateChanged();
    void thinkingChanged();
    void conversationChanged();
    void contextChanged();
    void thinkChanged();
    void trashedChanged();
    void draftChanged(); // from here too: another conversation, or a question that could not be kept
    // A conversation is left: where is it read? And it is opened: that row, and so much of it above the top.
    void placeAsked();
    void placeWanted(int row, double part);
    void temporaryGone();
    void hitWanted(qint64 message, int channel, qint64 offset, int length);

private:
    struct Place {
        qint64 chat = 0, message = 0, offset = 0;
        int channel = 0, length = 0;
    };

    bool ready(); // a model is there or on its way; else says so
    void answer(AnswerRun::Order order, int sibling, int siblings);
    void onQuestionKept(AnswerRun& run, bool begun);
    void onAnswerBegan(AnswerRun& run);
    void onFinished(AnswerRun& run);
    void wantTitle(const AnswerRun& run, const MessageRecord& answer);
    void forgetRun(AnswerRun& run);
    AnswerRun* runOf(qint64 message) const; // that is writing it
    void stopRunsOf(qint64 chat, bool discard);

    StoreThread& storeOf(bool temporary) { return temporary ? *m_memory : m_store; }
    void leaveTemporary();
    void purgeFromMemory(qint64 chat);
    void read(qint64 chat, bool quiet);
    void showConversation(Conversation conversation);
    void showPath();          // the transcript as the conversation is, the answer under way attached
    void turnTo(qint64 leaf); // makes that the visible path
    bool showHit();           // false: none is wanted, or it is not there
    void rememberLast(qint64 chat);
    std::optional<MessageRecord> recordAt(int row) const;

    void update(); // what follows from the answers under way: state, context, whether titles may be made
    void updateMeter();
    void reportStore(const Error& error);

    ChatBackend& m_backend;
    StoreThread& m_store;
    ModelLoader& m_loader;
    const Settings* m_settings = nullptr; // how answers are sampled; none: as recommended
    ChatModel m_transcript;
    ConversationListModel m_conversations;
    SearchModel m_search;
    TrashModel m_trash;
    Notice m_notice; // of the database
    ChatShelf m_shelf;
    Drafts m_drafts;
    PromptMeter m_meter;
    TitleMaker m_titles;
    std::unique_ptr<StoreThread> m_memory; // of temporary conversations, from the first one on
    bool m_temporary = false;              // the open one is
    Conversation m_conversation;
    std::vector<std::unique_ptr<AnswerRun>> m_runs; // not yet ended, or not yet saved
    AnswerRun* m_shown = nullptr;                   // the one whose answer is the last of the transcript
    QTimer m_contextTimer;                          // contextUsed() has changed by its tokens
    State m_state = Idle;
    bool m_thinking = false;
    std::optional<Place> m_wantedHit;
    std::optional<ReadingPlace> m_place; // what readAt() answered
    qint64 m_reopen = 0;                 // was open when it was thrown away
    bool m_think = true;
    bool m_toldOfDeath = false; // the transcript says that the engine ended
    bool m_toldOfStore = false; // the notice says that something was not kept
    quint64 m_epoch = 0;        // conversations read for what was wanted before are not shown
};

} // namespace ponder::app
