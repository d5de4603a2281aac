#pragma once
// A small circle that fills: how much of the context is used. GUI thread.

#include <QColor>
#include <QPainter>
#include <QQuickPaintedItem>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class Ring : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    // A signal each: a colour may be bound to the value.
    Q_PROPERTY(double value MEMBER m_value NOTIFY valueChanged) // 0 to 1
    Q_PROPERTY(QColor color MEMBER m_color NOTIFY colorChanged)
    Q_PROPERTY(QColor track MEMBER m_track NOTIFY trackChanged)
public:
    explicit Ring(QQuickItem* parent = nullptr) : QQuickPaintedItem(parent) {
        setAntialiasing(true);
        for (const auto signal : {&Ring::valueChanged, &Ring::colorChanged, &Ring::trackChanged})
            connect(this, signal, this, [this] { update(); });
    }

    void paint(QPainter* painter) override {
        const qreal stroke = 3;
        const QRectF circle = boundingRect().adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_track, stroke));
        painter->drawEllipse(circle);
        painter->setPen(QPen(m_color, stroke, Qt::SolidLine, Qt::RoundCap));
        // Qt counts sixteenths of a degree, from three o'clock and against the clock.
        if (m_value > 0)
            painter->drawArc(circle, 90 * 16, -static_cast<int>(std::min(1.0, m_value) * 360 * 16));
    }

signals:
    void valueChanged();
    void colorChanged();
    void trackChanged();

private:
    double m_value = 0;
    QColor m_color, m_track;
};

} // namespace ponder::ui
