#pragma once
// What stands in the composer, one text for each conversation and one for the conversation that has not begun. It is in
// the database half a second after the last key, and every few seconds while somebody types without a pause, so neither
// leaving nor a crash costs it. GUI thread.

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "app/storage/store_thread.h"

namespace ponder::app {

class Drafts : public QObject {
    Q_OBJECT
public:
    explicit Drafts(StoreThread& store, QObject* parent = nullptr);

    const QString& text() const { return m_text; }
    void setText(const QString& text);           // typed
    void show(qint64 chat, const QString& text); // another conversation's; what was there is kept first
    void showNew();                              // that of the conversation that has not begun
    void showUnkept();       // of a conversation that is not kept: an empty one, in memory only
    void begun(qint64 chat); // the conversation that had not begun has a number now
    void asked();            // it became a question: the store empties it together with keeping that
    void keepAgain();        // the store emptied it with a question that came from elsewhere
    void
    giveBack(const QString& text); // a question that could not be kept; what was typed meanwhile comes after it
    void giveBackTo(qint64 chat, const QString& text); // the same, where that conversation is no longer shown
    void restore(const QString& text); // of the conversation that has not begun, from the last time
    void flush();

signals:
    void changed();
    void storeFailed(const ponder::Error& error);

private:
    void replace(const QString& text);

    static constexpr qint64 kUnkept = -1;

    StoreThread& m_store;
    qint64 m_chat = 0; // 0: that has not begun
    QString m_text;
    QString m_new; // that of the conversation that has not begun, while another one is shown
    QTimer m_timer;
    QElapsedTimer m_since; // the first key that is not kept
    bool m_unsaved = false;
};

} // namespace ponder::app
