#include "ui/items/formula_view.h"

#include <cmath>

#include <QPainter>

#include "app/formula/formula_painter.h"
#include "ui/items/formulas.h"

namespace ponder::ui {

namespace {
constexpr double kAir = 2;         // px around, for smoothed edges and italics that lean out
constexpr double kWaitingEm = 2.2; // height until it is there: that of a fraction, so little moves
} // namespace

void FormulaView::setTex(const QString& tex) {
    if (tex == m_tex) return;
    m_tex = tex;
    m_formula.reset();
    emit texChanged();
    lay();
}

void FormulaView::componentComplete() {
    SelectablePaper::componentComplete();
    if (Formulas* formulas = Formulas::of(this))
        connect(formulas, &Formulas::changed, this, [this] {
            if (!m_formula) lay();
        });
    lay();
}

qreal FormulaView::ascent() const {
    return std::round(kAir + (m_formula ? m_formula->height : kWaitingEm) * em());
}

void FormulaView::lay() {
    if (!isComponentComplete()) return;
    Formulas* formulas = Formulas::of(this);
    if (!m_formula && formulas) {
        m_formula = formulas->find(m_tex, true);
        if (m_formula) emit laidOut();
    }
    if (m_formula) {
        setImplicitSize(std::ceil(m_formula->width * em()) + 2 * kAir,
                        std::ceil((m_formula->height + m_formula->depth) * em()) + 2 * kAir);
    } else {
        setImplicitSize(1, std::ceil(kWaitingEm * em()));
    }
    repaint();
}

void FormulaView::paintPart(QPainter& painter, const QRectF&) {
    if (!m_formula || failed()) return;
    const bool selected = selectionEnd() > selectionStart();
    if (selected) painter.fillRect(QRectF(QPointF(), size()), m_selectionColor);
    app::paintFormula(painter, *m_formula, QPointF(kAir, ascent()), em(),
                      selected ? m_selectedTextColor : m_color);
}

} // namespace ponder::ui
