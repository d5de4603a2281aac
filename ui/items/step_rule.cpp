#include "ui/items/step_rule.h"

#include <algorithm>

#include <QQuickWindow>
#include <QSGRectangleNode>

namespace ponder::ui {

StepRule::StepRule(QQuickItem* parent) : QQuickItem(parent) {
    setFlag(ItemHasContents);
    connect(this, &StepRule::changed, this, [this] { update(); });
}

void StepRule::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size()) update();
}

QList<QRectF> StepRule::pieces() const {
    QList<QRectF> all;
    const auto add = [&](qreal from, qreal to) {
        if (to > from && width() > 0) all.append({0, from, width(), to - from});
    };
    const bool gap = m_gapBottom > m_gapTop;
    add(0, gap ? std::min(m_gapTop, height()) : height());
    if (gap) add(std::max<qreal>(0, m_gapBottom), height());
    return all;
}

QSGNode* StepRule::updatePaintNode(QSGNode* node, UpdatePaintNodeData*) {
    if (!node) node = new QSGTransformNode; // that changes nothing: see paper.cpp
    const QList<QRectF> wanted = pieces();
    while (node->childCount() > wanted.size()) {
        QSGNode* last = node->lastChild();
        node->removeChildNode(last);
        delete last;
    }
    while (node->childCount() < wanted.size()) node->appendChildNode(window()->createRectangleNode());
    for (int i = 0; i < wanted.size(); ++i) {
        auto* piece = static_cast<QSGRectangleNode*>(node->childAtIndex(i));
        piece->setRect(wanted[i]);
        piece->setColor(m_color);
    }
    return node;
}

} // namespace ponder::ui
