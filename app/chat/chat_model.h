#pragma once
// The transcript as a flat list: a row is a question, a thought, one block of an answer, a notice or the line under an
// answer, so a view creates only what it shows and a growing answer touches only its last rows. Tokens are gathered and
// shown at display rate. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QElapsedTimer>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/chat/conversation.h"
#include "app/errors/advice.h"
#include "app/markdown/markdown_stream.h"

namespace ponder::app {

class ChatModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    enum Kind { Question, Thought, Text, Heading, Code, Table, Rule, NoticeRow, Footer };
    Q_ENUM(Kind)
    enum Phase { None, Waiting, Reading, Live, Finished };
    Q_ENUM(Phase)
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
        OpenRole,
        LabelRole,
        ClockRole,
        DetailRole,
        ProgressRole,
        TitleRole,
        ButtonRole,
        GraveRole,
        MessageRole
    };
    Q_ENUM(Role)

    explicit ChatModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(m_rows.size()); }

    void show(const std::vector<PathEntry>& path);
    // Below the last; a streaming answer is the live one from now on.
    void add(const MessageRecord& message, int sibling = 0, int siblings = 1);
    void setQuestionId(qint64 id); // of the last question, which was shown before the store had numbered it

    // Of the live answer, the last message.
    void setMessageId(qint64 id);
    void setPhase(Phase phase);
    void setPrefill(int done, int total);
    void append(SegmentChannel channel, const QString& text);
    void finish(const MessageRecord& message);
    void dropLive(); // it never began
    void flush();    // shows what has been gathered, now

    Q_INVOKABLE void toggleThought(int row);
    Q_INVOKABLE void toggleLastThought();
    QString answerText(int row) const;
    QString blockText(int row) const; // of code: the code
    qint64 messageAt(int row) const;

signals:
    void countChanged();
    void thoughtGrew(qint64 message, const QString& more); // appended to the text of its thought

private:
    struct Turn {
        qint64 message = 0;
        protocol::Role role = protocol::Role::User;
        MessageState state = MessageState::Done;
        QString question;
        Phase phase = None;
        QString thought;
        double thoughtSeconds = 0;
        int thoughtTokens = 0;
        int prefillDone = 0, prefillTotal = 0;
        int choice = -1; // of the person: 0 shut, 1 open, -1 none
        MarkdownStream answer;
        Advice notice;
        QString stats;
        bool hasNotice() const { return !notice.title.isEmpty(); }
    };
    struct Row {
        size_t turn;
        Kind kind;
        size_t block;
    };

    static Turn turnOf(const MessageRecord& message);
    void fillOutcome(Turn& turn, const MessageRecord& message) const;
    static Kind kindOf(const Block& block);
    void rowsOf(size_t turn, std::vector<Row>& rows) const;
    void syncRows(size_t turn); // the last turn's rows at the end of the list follow what it holds now
    int gap(int row) const;
    QString thoughtLabel(const Turn& turn) const;
    QString thoughtDetail(const Turn& turn) const;
    bool isOpen(const Turn& turn) const { return turn.choice >= 0 ? turn.choice == 1 : turn.phase == Live; }
    int thoughtRow() const; // of the live answer, -1: none
    void changed(int row, const QList<int>& roles);

    std::vector<Turn> m_turns;
    std::vector<Row> m_rows;
    QString m_pendingThought, m_pendingAnswer;
    int m_pendingThoughtTokens = 0;
    QTimer m_flushTimer, m_clockTimer;
    QElapsedTimer m_thoughtClock;
    bool m_live = false;
};

} // namespace ponder::app
