#pragma once
// A table of an answer: lines only, the one below its head strong. Cells are laid out when they come into view; until then
// the height of their row is a good guess, refined a little at a time, so 500 rows stall nothing. GUI thread.

#include <deque>

#include <QTimer>

#include "ui/items/prose_flow.h"
#include "ui/items/selectable_paper.h"

namespace ponder::ui {

class TableText : public ponder::ui::SelectablePaper {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariant cells READ cells WRITE setCells NOTIFY textChanged)
    Q_PROPERTY(int columns MEMBER m_columns NOTIFY shapeChanged)
    Q_PROPERTY(QList<int> alignments MEMBER m_alignments NOTIFY shapeChanged)
    Q_PROPERTY(qreal room MEMBER m_room NOTIFY shapeChanged) // width that it should make do with where it can
    Q_PROPERTY(QColor headLine MEMBER m_headLine NOTIFY styleChanged)
    Q_PROPERTY(QColor rowLine MEMBER m_rowLine NOTIFY styleChanged)
public:
    explicit TableText(QQuickItem* parent = nullptr);

    QVariant cells() const { return QVariant::fromValue(m_cells); }
    void setCells(const QVariant& cells);
    int rows() const { return m_columns > 0 ? static_cast<int>(m_cells.list.size()) / m_columns : 0; }

signals:
    void shapeChanged();

protected:
    void componentComplete() override;
    void prepare() override;
    void paintPart(QPainter& painter, const QRectF& part) override;
    void restyle() override;
    int length() const override { return static_cast<int>(m_cells.list.size()); }
    int placeAt(QPointF point) const override;
    QString textBetween(int begin, int end) const override;
    std::pair<int, int> wordAt(int place) const override { return {place, place + 1}; }
    QString linkAt(QPointF point) const override;
    QString searched() const override;
    QRectF lineOf(int place) const override;
    int placeBelow(int place, int lines) const override { return place + lines * m_columns; }

private:
    struct Row {
        std::vector<ProseFlow> cells; // empty: not laid out
        qreal height = 0;
        bool exact = false;
        bool waiting = false; // for formulas
    };
    void reshape(size_t firstChanged);
    void placeRows();
    void layRow(int row);
    void refine();
    int rowAt(qreal y) const;
    int columnAt(qreal x) const;
    qreal innerWidth(int column) const;
    qreal leastOf(const app::Prose& cell) const;
    void refineAgain();
    qreal wishOf(const app::Prose& cell) const; // px, in one line
    qreal guessHeight(int row) const;
    ProseStyle styleOf(int row, int column) const;
    QPointF originOf(int row, int column) const;

    app::Cells m_cells;
    int m_columns = 0;
    QList<int> m_alignments;
    qreal m_room = 600;
    QColor m_headLine, m_rowLine;
    std::vector<qreal> m_wishes; // of each cell
    std::vector<qreal> m_lefts;  // of the columns, and the right end
    std::deque<Row> m_rows;
    std::vector<qreal> m_tops; // of the rows, and the bottom
    QTimer m_refine;
    int m_next = 0; // row to be refined next
};

} // namespace ponder::ui
