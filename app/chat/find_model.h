#pragma once
// Find within the conversation: every place where the words stand, in questions, thoughts (also shut ones) and answers, one
// of them the current one. A list of the hits. Texts are searched as they are shown, not as they were written. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/chat/chat_model.h"

namespace ponder::app {

class FindModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the transcript")
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
    Q_PROPERTY(int count READ count NOTIFY hitsChanged)
    Q_PROPERTY(int current READ current NOTIFY currentChanged)       // from 0; -1: none
    Q_PROPERTY(int currentRow READ currentRow NOTIFY currentChanged) // of the transcript; -1: none
    Q_PROPERTY(
        int currentOrdinal READ currentOrdinal NOTIFY currentChanged) // which of the hits of that row, from 0
    Q_PROPERTY(int currentStart READ currentStart NOTIFY currentChanged) // where in the row's plain text
public:
    enum Role { ExcerptRole = Qt::UserRole + 1, KindRole, RowRole };

    explicit FindModel(ChatModel& chat);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    QString query() const { return m_query; }
    void setQuery(const QString& query);
    int count() const { return static_cast<int>(m_hits.size()); }
    int current() const { return m_current; }
    int currentRow() const;
    int currentOrdinal() const;
    int currentStart() const;

    // To the next hit behind a row (of the place that one reads), or behind the current one; round at the end.
    Q_INVOKABLE void next() { step(1); }
    Q_INVOKABLE void previous() { step(-1); }
    Q_INVOKABLE void startAt(int row); // the first hit in or below that row becomes the current one
    Q_INVOKABLE void clear() { setQuery({}); }
    // A hit of the search over all conversations: channel as in SegmentChannel, offset and length in the stored text.
    // Its words become the query. false: it is not there any more.
    Q_INVOKABLE bool showHit(qint64 message, int channel, qint64 offset, int length);

signals:
    void queryChanged();
    void hitsChanged();
    void currentChanged();
    void wanted(int row); // the current hit is to be brought into view; its thought is open

private:
    struct Hit {
        ChatModel::Piece piece;
        qsizetype start = 0;
        int ordinal = 0; // within the piece
    };

    void refresh(); // finds again; the current hit stays
    std::vector<Hit> search() const;
    void step(int by);
    void setCurrent(int hit);

    ChatModel& m_chat;
    QString m_query;
    std::vector<Hit> m_hits;
    int m_current = -1;
    QTimer m_refreshTimer;
};

} // namespace ponder::app
