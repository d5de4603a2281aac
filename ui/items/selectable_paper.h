#pragma once
// A painted item whose content can be selected and copied, with the mouse and the keyboard. Places count whatever the item
// shows: characters, or the cells of a table. GUI thread.

#include <QColor>
#include <QFont>

#include "ui/items/paper.h"

namespace ponder::ui {

class SelectablePaper : public ponder::ui::Paper {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(QColor color MEMBER m_color NOTIFY styleChanged)
    Q_PROPERTY(QColor linkColor MEMBER m_linkColor NOTIFY styleChanged)
    Q_PROPERTY(QColor codeColor MEMBER m_codeColor NOTIFY styleChanged) // behind code in running text
    Q_PROPERTY(QColor selectionColor MEMBER m_selectionColor NOTIFY styleChanged)
    Q_PROPERTY(QColor selectedTextColor MEMBER m_selectedTextColor NOTIFY styleChanged)
    Q_PROPERTY(QFont font MEMBER m_font NOTIFY styleChanged)
    Q_PROPERTY(QString mono MEMBER m_mono NOTIFY styleChanged) // family of code
    Q_PROPERTY(qreal lineHeight MEMBER m_lineHeight NOTIFY styleChanged)
    Q_PROPERTY(QString text READ text NOTIFY textChanged) // all of it, to be read aloud
    Q_PROPERTY(QString selectedText READ selectedText NOTIFY selectionChanged)
public:
    explicit SelectablePaper(QQuickItem* parent = nullptr);

    virtual QString text() const { return textBetween(0, length()); }
    QString selectedText() const { return textBetween(selectionStart(), selectionEnd()); }
    Q_INVOKABLE void copy() const;
    Q_INVOKABLE void selectAll() { select(0, length()); }
    Q_INVOKABLE void select(int anchor, int cursor);

    // Every place where the words stand is marked, one of them, counted from 0, more than the others.
    void setMarks(const QString& query, int current, const QColor& mark, const QColor& markCurrent);
    QRectF currentMarkRect() const; // its line; empty: it is not here
    int markCount() const { return static_cast<int>(marks().size()); }

signals:
    void styleChanged();
    void textChanged();
    void selectionChanged();
    void linkActivated(const QString& link);

protected:
    virtual int length() const = 0;
    virtual int placeAt(QPointF point) const = 0;
    virtual QString textBetween(int begin, int end) const = 0;
    virtual std::pair<int, int> wordAt(int place) const { return {place, place}; }
    virtual QString linkAt(QPointF) const { return {}; }
    virtual int placeBelow(int place, int lines) const { return place + lines; }
    virtual QString searched() const = 0;       // the text that marks count in
    virtual QRectF lineOf(int place) const = 0; // of the searched text
    virtual void restyle() = 0;                 // colours or type are others

    void textIsOther(); // to be called whenever it is
    int selectionStart() const { return std::min(m_anchor, m_cursor); }
    int selectionEnd() const { return std::max(m_anchor, m_cursor); }

    struct Mark {
        int start = 0, length = 0;
        QColor colour;
    };
    QList<Mark> marksWithin(int begin, int end) const; // of the searched text; counted from begin on

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void hoverMoveEvent(QHoverEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    QColor m_color = Qt::black, m_linkColor = Qt::blue, m_codeColor, m_selectionColor = Qt::blue,
           m_selectedTextColor = Qt::white;
    QFont m_font;
    QString m_mono = QStringLiteral("monospace");
    qreal m_lineHeight = 26;

private:
    const QList<int>& marks() const; // where they begin

    QString m_query;
    int m_currentMark = -1;
    QColor m_markColor, m_markOnColor;
    mutable QList<int> m_marks;
    mutable bool m_marksStale = true;
    int m_anchor = 0, m_cursor = 0;
    QPointF m_pressed;
    bool m_dragged = false;
};

} // namespace ponder::ui
