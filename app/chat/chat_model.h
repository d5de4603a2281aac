#pragma once
// The transcript as a flat list: a row is a question, the head of a thought, a part of an open thought, one block of an
// answer, a notice or the line under an answer, so a view creates only what it shows and a growing answer touches only its
// last row. Tokens are gathered and shown at display rate. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QElapsedTimer>
#include <QHash>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/chat/conversation.h"
#include "app/chat/turn.h"

namespace ponder::app {

class FindModel;

class ChatModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_MOC_INCLUDE("app/chat/find_model.h")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(ponder::app::FindModel* find READ find CONSTANT)
    Q_PROPERTY(bool allThoughts READ allThoughts WRITE setAllThoughts NOTIFY allThoughtsChanged)
public:
    enum Kind { Question, Thought, Text, Heading, Code, Table, Rule, NoticeRow, Footer, Part, Formula };
    Q_ENUM(Kind)
    enum Phase { None, Waiting, Reading, Live, Finished };
    Q_ENUM(Phase)
    enum Shown { Shut, Tail, Full }; // how much of a thought is there to read
    Q_ENUM(Shown)
    enum Role {
        KindRole = Qt::UserRole + 1,
        TextRole,
        GapRole,
        LevelRole,
        IndentRole,
        QuoteRole,
        MarkerRole,
        TaskRole,
        LanguageRole,
        CellsRole,
        ColumnsRole,
        AlignmentsRole,
        PhaseRole,
        ShownRole,
        LabelRole,
        ClockRole,
        DetailRole,
        ProgressRole,
        TitleRole,
        ButtonRole,
        GraveRole,
        MessageRole,
        SiblingRole,
        SiblingsRole,
        StepsRole,   // of a thought: {kind, length} of the ribbon's segments, in turn
        StepRole,    // of a part: kind of the step that it begins, -1: it goes on
        OutcomeRole, // of a footer: whether the answer was stopped and can go on
        ProseRole,   // running text with its spans, for ProseText
        SourceRole,  // of a formula: as it was written
    };
    Q_ENUM(Role)

    // A place of the conversation, whether it is a row now or hidden in a thought that is shut.
    struct Piece {
        size_t turn = 0;
        Kind kind = Question;
        size_t block = 0;
        bool operator==(const Piece&) const = default;
    };

    explicit ChatModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(m_rows.size()); }
    FindModel* find() { return m_find; }

    // What is there already stays as it is, so that a change below does not move what is read.
    void show(const std::vector<PathEntry>& path);
    // Below the last; a streaming answer is the live one from now on.
    void add(const MessageRecord& message, int sibling = 0, int siblings = 1);

    void setQuestionId(qint64 id); // of the last question, which was shown before the store had numbered it

    // Of the live answer, the last message.
    void setMessageId(qint64 id);
    void setPhase(Phase phase);
    void setPrefill(int done, int total);
    void append(SegmentChannel channel, const QString& text);
    void cutShort(); // its thought ends here, because the person wants the answer
    void finish(const MessageRecord& message);
    void flush(); // shows what has been gathered, now

    // The choice of the person wins for that thought, also when the conversation is opened again.
    Q_INVOKABLE void toggleThought(int row); // any row of the answer
    Q_INVOKABLE void showThought(int row, ponder::app::ChatModel::Shown shown);
    Q_INVOKABLE void toggleLastThought();
    Q_INVOKABLE void toggleAllThoughts() { setAllThoughts(!m_allThoughts); }
    bool allThoughts() const { return m_allThoughts; }
    void setAllThoughts(bool all); // every thought open, and those to come; false: open while live, then shut
    Q_INVOKABLE int thoughtRowOf(int row) const; // the head of the thought of that row's answer, -1: none
    Q_INVOKABLE int openStep(int row,
                             int segment); // of the ribbon: opens the thought, gives the row where it begins
    Q_INVOKABLE QString thoughtTail(int row) const;
    Q_INVOKABLE int lastQuestion() const; // its row, -1: none
    Q_INVOKABLE int lastCode() const;
    Q_INVOKABLE int turnBegin(int row, int step) const; // the row of the question before or after that row
    Q_INVOKABLE QVariantList statistics(qint64 message) const; // {label, value} each
    Q_INVOKABLE QString stepName(int kind) const;

    QString answerText(int row) const;
    QString thoughtText(int row) const;
    QString blockText(int row) const; // of code: the code
    Q_INVOKABLE qint64 messageAt(int row) const;

    // For finding.
    std::vector<Piece> pieces() const;           // everything that can be searched, in order
    QString plainText(const Piece& piece) const; // as its delegate's document holds it
    int rowOf(const Piece& piece) const;         // -1: hidden
    int reveal(const Piece& piece);              // opens its thought if need be
    const std::vector<Turn>& turns() const { return m_turns; }

signals:
    void countChanged();
    void allThoughtsChanged();
    void thoughtGrew(qint64 message, const QString& more); // to append to the running text of its tail
    void contentChanged();                                 // something that can be searched is different
    void answerBegan();
    void answerEnded(bool stopped);
    void thoughtChosen(qint64 message, ponder::app::ThoughtShown shown); // by the person, for that thought
    void choicesForgotten();                                             // of all thoughts that are shown

private:
    using Row = Piece;

    void syncRows(size_t turn); // the turn's rows in the list follow what it holds now
    const Turn& turnAt(int row) const { return m_turns[m_rows[static_cast<size_t>(row)].turn]; }
    double thoughtSeconds(const Turn& turn) const;
    Shown shownOf(const Turn& turn) const;
    void setShown(size_t turn, Shown shown);
    void choose(size_t turn, Shown shown); // the same, by the person
    int headOf(size_t turn) const;         // of its thought, -1: none
    int thoughtRow() const { return m_live ? headOf(m_turns.size() - 1) : -1; }
    void changed(int row, const QList<int>& roles);
    void flushThought(Turn& turn);
    void flushAnswer(Turn& turn);
    void dropPending();

    std::vector<Turn> m_turns;
    std::vector<Row> m_rows;
    QHash<qint64, Shown> m_choices; // by message
    FindModel* m_find = nullptr;
    QString m_pendingThought, m_pendingAnswer;
    int m_pendingThoughtTokens = 0;
    QTimer m_flushTimer, m_clockTimer;
    QElapsedTimer m_thoughtClock, m_flushed;
    bool m_live = false;
    bool m_allThoughts = false;
};

} // namespace ponder::app
