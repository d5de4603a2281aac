#pragma once
// A rounded outline of dashes, around where something may be dropped. GUI thread.

#include <QColor>
#include <QPainter>
#include <QQuickPaintedItem>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class DashedFrame : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QColor color MEMBER m_color NOTIFY changed)
    Q_PROPERTY(qreal radius MEMBER m_radius NOTIFY changed)
public:
    explicit DashedFrame(QQuickItem* parent = nullptr) : QQuickPaintedItem(parent) {
        setAntialiasing(true);
        connect(this, &DashedFrame::changed, this, [this] { update(); });
    }

    void paint(QPainter* painter) override {
        QPen pen(m_color, 1.5);
        pen.setDashPattern({4, 3}); // in widths of the pen
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(pen);
        painter->drawRoundedRect(boundingRect().adjusted(1, 1, -1, -1), m_radius, m_radius);
    }

signals:
    void changed();

private:
    QColor m_color;
    qreal m_radius = 0;
};

} // namespace ponder::ui
