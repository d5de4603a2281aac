#pragma once
// The text of a thought in a TextEdit: line height and paragraph spacing, which TextEdit has no properties for, and
// appending that costs the same at any length. It stands beside the TextEdit and works on its document. Words come sixty
// times a second, so nothing of QML runs for one: bindings and handlers would make objects each time. GUI thread.

#include <QPointer>
#include <QQuickItem>
#include <QQuickTextDocument>
#include <QtQml/qqmlregistration.h>

#include "app/chat/chat_model.h"

namespace ponder::ui {

class StreamText : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document READ document WRITE setDocument NOTIFY documentChanged)
    Q_PROPERTY(qreal lineHeight READ lineHeight WRITE setLineHeight NOTIFY formatChanged)
    Q_PROPERTY(qreal paragraphGap MEMBER m_paragraphGap NOTIFY formatChanged)
    // Above so many characters the first paragraphs go, until half are left; 0: nothing goes.
    Q_PROPERTY(int limit MEMBER m_limit NOTIFY formatChanged)
    // What stands there; a text that goes on where the last one ended is appended.
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
    // Or: what the thought of that message grows by is appended.
    Q_PROPERTY(ponder::app::ChatModel* transcript READ transcript WRITE setTranscript NOTIFY sourceChanged)
    Q_PROPERTY(double message MEMBER m_message NOTIFY sourceChanged)
    // An item in the TextEdit; while it is visible it is put where the next word will stand.
    Q_PROPERTY(QQuickItem* caret READ caret WRITE setCaret NOTIFY caretChanged)
public:
    using QObject::QObject;

    QQuickTextDocument* document() const { return m_document; }
    void setDocument(QQuickTextDocument* document);
    qreal lineHeight() const { return m_lineHeight; }
    void setLineHeight(qreal height); // of what stands there, too
    QString text() const { return m_text; }
    void setText(const QString& text);
    app::ChatModel* transcript() const { return m_transcript; }
    void setTranscript(app::ChatModel* transcript);
    QQuickItem* caret() const { return m_caret; }
    void setCaret(QQuickItem* caret);

    Q_INVOKABLE void set(const QString& text);
    Q_INVOKABLE void append(const QString& more);

signals:
    void documentChanged();
    void formatChanged();
    void textChanged();
    void sourceChanged();
    void caretChanged();

private:
    void insert(const QString& text);
    void dropBeginning();
    void placeCaret();

    QQuickTextDocument* m_document = nullptr;
    app::ChatModel* m_transcript = nullptr;
    double m_message = 0; // as QML has its number
    QPointer<QQuickItem> m_caret;
    QString m_text; // of the property only
    qreal m_lineHeight = 22;
    qreal m_paragraphGap = 8;
    int m_limit = 0;
    bool m_atBreak = false; // the text so far ends with a line break: those that follow add nothing
};

} // namespace ponder::ui
