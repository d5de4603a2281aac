#pragma once
// Titles of conversations, made by the model from the first exchange when nothing else is wanted of it: an empty thought
// prefilled, greedy, a few tokens. It gives way to every other generation at once and tries again later. A title that a
// person gave is never replaced: only the automatic one is, the question's first words. GUI thread.

#include <deque>

#include <QObject>

#include "app/chat_backend.h"
#include "app/storage/store_thread.h"

namespace ponder::app {

QString automaticTitle(const QString& question); // its first words, cut at a space
// What a model said, as a title: one line without marks of Markdown, quotes, a label or a full stop, at most 60
// characters. Empty where nothing is left.
QString cleanedTitle(const QString& said);

class TitleMaker : public QObject {
    Q_OBJECT
public:
    TitleMaker(ChatBackend& backend, StoreThread& store, QObject* parent = nullptr);

    struct Exchange {
        qint64 chat = 0;
        QString question, answer;
        QString title; // the automatic one, which may be replaced
    };
    void want(Exchange exchange);
    void forget(qint64 chat);
    void setFree(bool free); // whether the engine has a model and nothing else to do

signals:
    void titled(qint64 chat, const QString& title); // the store has it

private:
    void next();
    void giveWay();
    void onEvent(const protocol::Event& event);
    void keep(const QString& title);

    ChatBackend& m_backend;
    StoreThread& m_store;

    std::deque<Exchange> m_wanted; // the newest last
    Exchange m_current;            // that of the request under way
    QString m_request, m_said;
    bool m_free = false;
};

} // namespace ponder::app
