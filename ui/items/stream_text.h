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
    Q_PROPERTY(qreal lineHeight MEMBER m_lineHeight NOTIFY formatChanged)
    Q_PROPERTY(qreal paragraphGap MEMBER m_paragraphGap NOTIFY formatChanged)
public:
    using QObject::QObject;

    QQuickTextDocument* document() const { return m_document; }
    void setDocument(QQuickTextDocument* document);

    Q_INVOKABLE void set(const QString& text);
    Q_INVOKABLE void append(const QString& more);

signals:
    void documentChanged();
    void formatChanged();

private:
    void insert(const QString& text);

    QQuickTextDocument* m_document = nullptr;
    qreal m_lineHeight = 22;
    qreal m_paragraphGap = 8;
    bool m_atBreak = false; // the text so far ends with a line break: those that follow add nothing
};

} // namespace ponder::ui
