#pragma once
// Files out and in, for the window: takes the conversation from the store, turns it into a file on a thread of its own, and
// says how it went. One file at a time. Owns that thread; GUI thread.

#include <functional>
#include <memory>

#include <QObject>
#include <QThread>
#include <QtQml/qqmlregistration.h>
#include <QUrl>
#include <QVariantList>

#include "app/chat/chat_controller.h"
#include "app/export/export_format.h"
#include "app/storage/store_thread.h"
#include "app/threads/mailbox.h"

namespace ponder::app {

class Exporter : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QVariantList formats READ formats CONSTANT) // of {format, name, suffix, use, thoughts}
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
public:
    enum Format { Markdown, Html, Pdf, Json, Text };
    Q_ENUM(Format)
    enum Scope { Answer, Branch, All };
    Q_ENUM(Scope)

    Exporter(StoreThread& store, ChatController& chat, QObject* parent = nullptr);
    ~Exporter() override; // waits for the file that is being written

    QVariantList formats() const;
    bool busy() const { return m_busy; }

    // Of the conversation that is open. message: of an Answer, its id; 0: the last one. Ends with done or failed.
    Q_INVOKABLE void exportAs(ponder::app::Exporter::Format format, ponder::app::Exporter::Scope scope,
                              qint64 message, bool withThoughts, const QUrl& file);
    // Of any conversation.
    Q_INVOKABLE void exportChatAs(qint64 chat, ponder::app::Exporter::Format format,
                                  ponder::app::Exporter::Scope scope, qint64 message, bool withThoughts,
                                  const QUrl& file);
    // A conversation that was exported as JSON becomes one of the store and is opened. Ends with imported or failed.
    Q_INVOKABLE void importFile(const QUrl& file);
    // Whether a file that was dropped on the window is for importFile and not a model.
    Q_INVOKABLE static bool canImport(const QUrl& file);
    // The path of a file to be written, as it is shown and edited ("~/Documents/Is 91 prime.md"): in the folder that was
    // used last, else in the documents. title: of the conversation.
    Q_INVOKABLE QString suggestedPath(const QString& title, ponder::app::Exporter::Format format) const;
    Q_INVOKABLE QString withSuffix(const QString& path, ponder::app::Exporter::Format format) const;
    Q_INVOKABLE static QUrl fileOf(const QString& path);
    Q_INVOKABLE static QString pathOf(const QUrl& file);
    Q_INVOKABLE static bool exists(const QString& path); // then it would be replaced

signals:
    void busyChanged();
    void done(const QUrl& file);
    void imported(qint64 chat);
    void failed(const QString& sentence);

private:
    void begin(std::function<void()> work); // on the other thread
    void end();
    void fail(const Error& error);

    StoreThread& m_store;
    ChatController& m_chat;
    bool m_busy = false;
    QString m_folder;  // where the last file was written
    Mailbox m_replies; // from the other thread to this one
    std::unique_ptr<QThread> m_worker;
};

} // namespace ponder::app
