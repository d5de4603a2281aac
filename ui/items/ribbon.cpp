#include "ui/items/ribbon.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

namespace ponder::ui {

namespace {
enum Kind { Plan, Compute, Check, Backtrack, Conclude }; // StepKind of the application
constexpr qreal kBar = 6, kDip = 4, kShortest = 4;
constexpr qreal kPixelsPerCharacter = 0.075; // until the ribbon is as wide as it may be
} // namespace

Ribbon::Ribbon(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAntialiasing(true);
    setImplicitHeight(kBar + kDip);
    connect(this, &Ribbon::changed, this, [this] { update(); });
}

void Ribbon::setSteps(const QVariantList& steps) {
    if (steps == m_steps) return;
    m_steps = steps;
    layOut();
    emit changed();
}

int Ribbon::backtracks() const {
    int found = 0;
    for (int i = 0; i < count(); ++i) found += kindOf(i) == Backtrack ? 1 : 0;
    return found;
}

int Ribbon::kindOf(int segment) const {
    return segment < 0 || segment >= count() ? -1 : m_steps[2 * segment].toInt();
}

// Every segment is seen, however short its step; the rest of the width is shared by length.
void Ribbon::layOut() {
    m_spans.clear();
    if (count() == 0) return setImplicitWidth(0);
    const qreal gap = m_solid ? 3 : 2;
    qreal characters = 0;
    for (int i = 0; i < count(); ++i) characters += m_steps[2 * i + 1].toDouble();
    const qreal gaps = gap * (count() - 1);
    const qreal wanted =
        std::min(m_most - gaps, std::max(kShortest * count(), characters * kPixelsPerCharacter));
    const qreal shortest = std::min(kShortest, wanted / count());
    const qreal free = std::max(0.0, wanted - shortest * count());
    qreal x = 0;
    for (int i = 0; i < count(); ++i) {
        const qreal part = characters > 0 ? m_steps[2 * i + 1].toDouble() / characters : 0;
        const qreal end = x + shortest + free * part;
        m_spans.push_back({std::round(x), std::max(1.0, std::round(end) - std::round(x))});
        x = end + gap;
    }
    setImplicitWidth(std::ceil(m_spans.back().x + m_spans.back().width));
}

int Ribbon::segmentAt(qreal x) const {
    for (size_t i = 0; i < m_spans.size(); ++i)
        if (x >= m_spans[i].x - 1 && x < m_spans[i].x + m_spans[i].width + 1) return static_cast<int>(i);
    return -1;
}

void Ribbon::paint(QPainter* painter) {
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    for (int i = 0; i < count(); ++i) {
        const Span& span = m_spans[static_cast<size_t>(i)];
        const int kind = kindOf(i);
        QColor color = kind == Conclude ? m_end : m_color;
        if (!m_solid)
            color.setAlphaF(kind == Compute ? 0.28f : kind == Plan ? 0.55f : kind == Check ? 0.75f : 1.0f);
        painter->setBrush(color);
        painter->drawRoundedRect(QRectF(span.x, kind == Backtrack ? kDip : 0, span.width, kBar), 2, 2);
    }
}

} // namespace ponder::ui
