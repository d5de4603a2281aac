#pragma once
// Marks every place of a TextEdit's document where some words stand, one of them more than the others. It changes how the
// text is drawn, never the text. Made of nothing until there is something to find. GUI thread.

#include <QColor>
#include <QPointer>
#include <QQuickItem>
#include <QQuickTextDocument>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class HitHighlighter;

class HitMarks : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickItem* edit MEMBER m_edit NOTIFY changed) // a TextEdit
    Q_PROPERTY(QString query MEMBER m_query NOTIFY changed)
    Q_PROPERTY(int current MEMBER m_current NOTIFY changed) // which of them, from 0; -1: none
    Q_PROPERTY(QColor mark MEMBER m_mark NOTIFY changed)
    Q_PROPERTY(QColor markCurrent MEMBER m_markCurrent NOTIFY changed)
    Q_PROPERTY(QColor ink MEMBER m_ink NOTIFY changed)
public:
    explicit HitMarks(QObject* parent = nullptr);

    // Where the line of the current hit begins and ends, in the item given; empty: it is not here.
    Q_INVOKABLE QRectF lineIn(QQuickItem* item) const;
    Q_INVOKABLE int count() const;

signals:
    void changed();

private:
    friend class HitHighlighter;
    QTextDocument* document() const;
    void apply();

    QPointer<QQuickItem> m_edit;
    QString m_query;
    int m_current = -1;
    QColor m_mark, m_markCurrent, m_ink;
    QPointer<HitHighlighter> m_highlighter;
};

} // namespace ponder::ui
