#pragma once
// A paragraph or a heading of an answer: running text with formulas on its lines, links, code. implicitHeight follows its
// width. GUI thread.

#include "ui/items/prose_flow.h"
#include "ui/items/selectable_paper.h"

namespace ponder::ui {

class ProseText : public ponder::ui::SelectablePaper {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariant prose READ prose WRITE setProse NOTIFY textChanged)
    Q_PROPERTY(qreal rise READ rise NOTIFY laidOut) // that the first line is lower than one without formulas
public:
    explicit ProseText(QQuickItem* parent = nullptr);

    QVariant prose() const { return QVariant::fromValue(m_prose); }
    void setProse(const QVariant& prose);
    qreal rise() const { return m_flow.rise(); }

signals:
    void laidOut();

protected:
    void componentComplete() override;
    void geometryChange(const QRectF& now, const QRectF& before) override;
    void prepare() override;
    void paintPart(QPainter& painter, const QRectF& part) override;
    void restyle() override;
    int length() const override { return static_cast<int>(m_prose.text.size()); }
    int placeAt(QPointF point) const override { return m_flow.placeAt(point); }
    QString textBetween(int begin, int end) const override;
    std::pair<int, int> wordAt(int place) const override;
    QString linkAt(QPointF point) const override { return m_flow.linkAt(point); }
    int placeBelow(int place, int lines) const override;
    QString searched() const override { return m_prose.text; }
    QRectF lineOf(int place) const override { return m_flow.placeRect(place); }

private:
    void lay();

    app::Prose m_prose;
    ProseFlow m_flow;
    ProseStyle m_style;
    bool m_stale = true;    // text or type are others than those laid out
    bool m_waiting = false; // for formulas
};

} // namespace ponder::ui
