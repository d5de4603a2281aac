#pragma once
// What the window does with a conversation: ask, stop, go on, open another one. It keeps the order that makes losing
// impossible: the question is committed before anything is generated, the answer once a second and at its end. Owns the
// open conversation and its transcript; GUI thread.

#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/chat/chat_model.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/search_model.h"
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
    Q_PROPERTY(ponder::app::Notice* notice READ notice CONSTANT)
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(QVariant chat READ chat NOTIFY conversationChanged)
    Q_PROPERTY(QString title READ title NOTIFY conversationChanged)
    Q_PROPERTY(int questions READ questions NOTIFY conversationChanged)
    Q_PROPERTY(bool busy READ busy NOTIFY stateChanged)
    Q_PROPERTY(int contextUsed READ contextUsed NOTIFY contextChanged)
    Q_PROPERTY(ponder::app::SearchModel* search READ search CONSTANT)
    Q_PROPERTY(ponder::app::TrashModel* trash READ trash CONSTANT)
    Q_PROPERTY(QString trashed READ trashed NOTIFY trashedChanged)
    Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
    Q_PROPERTY(int draftTokens READ draftTokens NOTIFY contextChanged)
    Q_PROPERTY(bool think READ think WRITE setThink NOTIFY thinkChanged)
public:
    // Of the answer in this window; Waiting: asked, and the model is still loading.
    enum State { Idle, Waiting, Prefilling, Generating, Stopping };
    Q_ENUM(State)

    ChatController(ChatBackend& backend, StoreThread& store, ModelLoader& loader, QObject* parent = nullptr);

    ChatModel* transcript() { return &m_transcript; }
    ConversationListModel* conversations() { return &m_conversations; }
    SearchModel* search() { return &m_search; }
    TrashModel* trash() { return &m_trash; }
    Notice* notice() { return &m_notice; }
    State state() const { return m_state; }
    bool busy() const { return m_state != Idle; }
    qint64 chat() const { return m_conversation.id(); }
    QString title() const { return m_conversation.chat().title; }
    int questions() const { return m_conversation.questions(); }
    int contextUsed() const { return m_contextUsed; }
    QString trashed() const { return m_trashed; } // the title of what undoTrash() brings back; empty: nothing
    // What stands in the composer. It survives the window: half a second after the last key it is in the database.
    QString draft() const { return m_draft; }
    void setDraft(const QString& text);
    int draftTokens() const { return m_draftTokens; } // -1: not known (yet)
    bool think() const { return m_think; }
    void setThink(bool think) {
        m_think = think;
        emit thinkChanged();
    }

    Q_INVOKABLE bool ask(const QString& text); // false: not now, the text stays where it is
    Q_INVOKABLE void stop();
    Q_INVOKABLE void newConversation();
    Q_INVOKABLE void openConversation(qint64 chat);
    Q_INVOKABLE void actOn(int row);   // the button of a notice in the transcript
    Q_INVOKABLE void askAgain();       // another answer to the last question, beside the one that is there
    Q_INVOKABLE void continueAnswer(); // goes on from a stopped or interrupted one
    // Of one message: a new version beside it becomes the visible one, nothing is overwritten.
    Q_INVOKABLE bool editQuestion(qint64 message, const QString& text); // false: not now
    Q_INVOKABLE void regenerate(qint64 message);                        // an answer, or a question's answer
    Q_INVOKABLE void showSibling(qint64 message, int step);             // -1: the older version, 1: the newer
    // Of any conversation.
    Q_INVOKABLE void renameChat(qint64 chat, const QString& title);
    Q_INVOKABLE void pinChat(qint64 chat, bool pinned);
    Q_INVOKABLE void trashChat(qint64 chat);
    Q_INVOKABLE void undoTrash(); // the last of trashChat()
    Q_INVOKABLE void restoreChat(qint64 chat);
    Q_INVOKABLE void purgeChat(qint64 chat); // gone for good
    // Opens the conversation at that place; hitWanted() follows once it is shown. channel: of SegmentChannel.
    Q_INVOKABLE void openHit(qint64 chat, qint64 message, int channel, qint64 offset, int length);
    Q_INVOKABLE void copyThought(int row);
    Q_INVOKABLE void copyBoth(int row);
    Q_INVOKABLE void copyAnswer(int row);
    Q_INVOKABLE void copyBlock(int row);
    void openLast();
    void saveNow(); // the answer in progress, before the window goes

signals:
    void stateChanged();
    void conversationChanged();
    void contextChanged();
    void thinkChanged();
    void trashedChanged();
    void draftChanged(); // from here too: another conversation, or a question that could not be kept
    void hitWanted(qint64 message, int channel, qint64 offset, int length);

private:
    void onEvent(const protocol::Event& event);
    void onToken(const protocol::TokenEvent& token);
    void startAnswer(qint64 question, std::vector<Segment> goOnFrom);
    void beginGeneration();
    void finish(MessageState state, const QString& code = {}, const QString& text = {},
                const QString& stats = {});
    void abandon();     // the answer that has not begun
    void leaveAnswer(); // stops what is under way and keeps it, before another conversation is shown
    void saveProgress();
    void setState(State state);
    void reportStore(const Error& error);
    void showConversation(Conversation conversation);

    ChatBackend& m_backend;
    StoreThread& m_store;
    ModelLoader& m_loader;
    ChatModel m_transcript;
    ConversationListModel m_conversations;
    SearchModel m_search;
    TrashModel m_trash;
    Notice m_notice; // of the database
    QString m_trashed, m_draft;
    int m_draftTokens = -1;
    Conversation m_conversation;
    State m_state = Idle;
    MessageRecord m_live;  // the answer under way; id 0: the store has not numbered it yet
    qint64 m_question = 0; // that it answers
    protocol::GenerateRequest m_prepared;
    QString m_request;        // of the generation
    bool m_liveBegan = false; // the transcript has a row for it
    bool m_unsaved = false;
    bool m_think = true;
    bool m_toldOfDeath = false; // the transcript says that the engine ended
    QTimer m_saver;
    int m_contextUsed = 0;
    quint64 m_epoch = 0; // answers of the store to what was asked before a change are not wanted
};

} // namespace ponder::app
