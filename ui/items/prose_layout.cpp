#include "ui/items/prose_layout.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

#include "app/formula/formula_painter.h"

namespace ponder::ui {

namespace {
constexpr double kSmallest = 0.4;   // a formula wider than the line shrinks to this at most
constexpr double kWaitAscent = 0.7; // em, of one that is still being computed
constexpr double kAir = 2;          // px, above and below a line that is higher than the others
} // namespace

ProseLayout::Inline* ProseLayout::of(const QTextFormat& format) {
    const int index = format.intProperty(kFormulaProperty) - 1; // 0: the property is not there
    return index >= 0 && index < static_cast<int>(formulas.size()) ? &formulas[static_cast<size_t>(index)]
                                                                   : nullptr;
}

void ProseLayout::resizeInlineObject(QTextInlineObject item, int, const QTextFormat& format) {
    Inline* found = of(format);
    if (!found) return;
    if (!found->formula) {
        item.setWidth(found->waitingWidth);
        item.setAscent(kWaitAscent * em);
        item.setDescent(0);
        return;
    }
    const app::Formula& formula = *found->formula;
    const double wide = formula.width * em;
    found->scale = width > 0 && wide > width ? std::max(kSmallest, width / wide) : 1;
    item.setWidth(wide * found->scale);
    item.setAscent(formula.height * em * found->scale);
    item.setDescent(std::max(0.0, formula.depth * em * found->scale));
}

void ProseLayout::drawInlineObject(QPainter* painter, const QRectF& rect, QTextInlineObject object, int,
                                   const QTextFormat& format) {
    const Inline* found = of(format);
    if (!found || !found->formula) return;
    const QBrush brush = format.foreground();
    app::paintFormula(*painter, *found->formula, QPointF(rect.x(), rect.y() + object.ascent()),
                      em * found->scale, brush.style() == Qt::NoBrush ? text : brush.color());
}

qreal ProseLayout::layOut(qreal lineWidth, qreal lineHeight, Qt::Alignment align) {
    width = lineWidth;
    const QTextBlock block = document()->firstBlock();
    QTextLayout& layout = *block.layout();
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(align);
    option.setTextDirection(block.text().isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    layout.setTextOption(option);
    layout.setCacheEnabled(true);
    const QFontMetricsF metrics(document()->defaultFont());
    // Where the baseline stands in a line that only has text.
    const qreal above = std::round((lineHeight - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent());
    qreal y = 0;
    rise = 0;
    layout.beginLayout();
    for (;;) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) break;
        line.setLineWidth(std::max<qreal>(1, lineWidth));
        const qreal over = line.ascent() > above ? std::ceil(line.ascent() - above + kAir) : 0;
        const qreal under =
            line.descent() > lineHeight - above ? std::ceil(line.descent() - (lineHeight - above) + kAir) : 0;
        if (y == 0) rise = over;
        line.setPosition(QPointF(0, y + over + above - line.ascent()));
        y += lineHeight + over + under;
    }
    layout.endLayout();
    return std::max(y, lineHeight);
}

} // namespace ponder::ui
