#pragma once
// The rule beside a part of an open thought, with a gap where the icon of a step stands on it: two plain rectangles in one
// item, as there is one in every row. GUI thread.

#include <QColor>
#include <QQuickItem>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class StepRule : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QColor color MEMBER m_color NOTIFY changed)
    Q_PROPERTY(qreal gapTop MEMBER m_gapTop NOTIFY changed)       // px from the top of the rule
    Q_PROPERTY(qreal gapBottom MEMBER m_gapBottom NOTIFY changed) // as gapTop: no gap
public:
    explicit StepRule(QQuickItem* parent = nullptr);

    QList<QRectF> pieces() const; // of the rule, in its own coordinates

signals:
    void changed();

protected:
    QSGNode* updatePaintNode(QSGNode* node, UpdatePaintNodeData*) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;

private:
    QColor m_color = Qt::black;
    qreal m_gapTop = 0, m_gapBottom = 0;
};

} // namespace ponder::ui
