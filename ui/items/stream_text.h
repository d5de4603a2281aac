#pragma once
// The text of a thought in a TextEdit: line height and paragraph spacing, which TextEdit has no properties for, and
// appending that costs the same at any length. It stands beside the TextEdit and works on its document. GUI thread.

#include <QObject>
#include <QQuickTextDocument>
#include <QtQml/qqmlregistration.h>

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
public:
    using QObject::QObject;

    QQuickTextDocument* document() const { return m_document; }
    void setDocument(QQuickTextDocument* document);
    qreal lineHeight() const { return m_lineHeight; }
    void setLineHeight(qreal height); // of what stands there, too
    QString text() const { return m_text; }
    void setText(const QString& text);

    Q_INVOKABLE void set(const QString& text);
    Q_INVOKABLE void append(const QString& more);

signals:
    void documentChanged();
    void formatChanged();
    void textChanged();

private:
    void insert(const QString& text);
    void dropBeginning();

    QQuickTextDocument* m_document = nullptr;
    QString m_text; // of the property only
    qreal m_lineHeight = 22;
    qreal m_paragraphGap = 8;
    int m_limit = 0;
    bool m_atBreak = false; // the text so far ends with a line break: those that follow add nothing
};

} // namespace ponder::ui
