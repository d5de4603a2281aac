#pragma once
// What the search field finds, as it is typed: conversations by their titles first, then places in what was said. A
// search runs on the store's thread, a moment after the last key, one at a time; what it finds for a query that is no
// longer there is dropped. GUI thread.

#include <vector>

#include <QAbstractListModel>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include "app/storage/store_thread.h"

namespace ponder::app {

class SearchModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(bool searching READ searching NOTIFY searchingChanged)
public:
    enum Kind { Chat, Hit }; // a title, or a place in a message
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1,
        ChatRole,
        MessageRole, // 0 of a title
        ChannelRole, // of SegmentChannel, as openHit() takes it
        OffsetRole,  // characters, in the text of that channel
        LengthRole,
        TitleRole,
        SnippetRole, // plain text
        MarksRole,   // of the snippet, of a title hit the title: [from, length, from, length, …]
        WhenRole,    // "3 May", for people
        ModelRole
    };
    Q_ENUM(Role)

    explicit SearchModel(StoreThread& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex& parent) const override {
        return !parent.isValid() && m_more && !m_searching;
    }
    void fetchMore(const QModelIndex& parent) override;
    int count() const { return static_cast<int>(m_hits.size()); }

    QString query() const { return m_query; }
    void setQuery(const QString& query);
    bool searching() const {
        return m_searching || m_pause.isActive();
    } // what is shown is not yet what was typed

signals:
    void queryChanged();
    void countChanged();
    void searchingChanged();

private:
    void search();
    void show(std::vector<SearchHit> hits);

    StoreThread& m_store;
    QString m_query;
    SearchQuery m_parsed; // what the hits are of, or will be
    std::vector<SearchHit> m_hits;
    QTimer m_pause;           // since the last key
    int m_limit = 0;          // asked for so far
    bool m_more = false;      // there may be hits beyond those
    bool m_searching = false; // one search at a time: on a slow disk typing does not pile them up
    bool m_again = false;     // what is being searched is no longer what is wanted
};

} // namespace ponder::app
